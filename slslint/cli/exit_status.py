"""What the exit status says."""

CLEAN = 0
"""Nothing at or above `--fail-on`."""

FINDINGS = 1

FAILURE = 2
"""The user's mistake, or an internal error: what was asked for was not done in full."""
