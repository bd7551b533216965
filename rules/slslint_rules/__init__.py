"""The built-in rules: one rule, one module, one page."""
