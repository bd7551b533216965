"""Services of the Serverless Framework: rewritten into the CloudFormation that they compile to."""

from slslint.templates.serverless.lowering import is_service, lower

__all__ = ["is_service", "lower"]
