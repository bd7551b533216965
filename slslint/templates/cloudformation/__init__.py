"""CloudFormation templates: what they say, and what it deploys."""
