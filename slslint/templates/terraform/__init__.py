"""Terraform and OpenTofu: root modules with their local modules, and plans."""
