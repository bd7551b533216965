"""Applications of the AWS CDK, read as the cloud assemblies (`cdk.out`) that they synthesise."""
