"""Actions and resources matched the way IAM does."""
