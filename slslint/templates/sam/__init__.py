"""SAM templates: rewritten into the CloudFormation that they stand for."""

from slslint.templates.sam.lowering import lower

__all__ = ["lower"]
