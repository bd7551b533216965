"""Workflows that are written as code, and the state machines that they could be."""
