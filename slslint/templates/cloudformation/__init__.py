"""CloudFormation templates: what they say, and what it deploys."""

from slslint.templates.cloudformation.lower import lower, lower_into

__all__ = ["lower", "lower_into"]
