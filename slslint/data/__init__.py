"""Measured and compiled tables, read once, a part at a time."""
