"""Applications of the AWS CDK, read as the cloud assemblies (`cdk.out`) that they synthesise."""

from slslint.templates.cdk.lowering import lower

__all__ = ["lower"]
