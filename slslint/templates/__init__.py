"""Templates lowered to Deployments, one room per dialect."""
