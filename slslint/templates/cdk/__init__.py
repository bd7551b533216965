"""Applications of the AWS CDK, read as the cloud assemblies (`cdk.out`) or the templates that they synthesise."""
