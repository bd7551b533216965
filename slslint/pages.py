"""Where the documentation stands on the web: the one place that knows."""

from __future__ import annotations

HOME = "https://slslint.github.io/slslint/"


def of_rule(rule_id: str) -> str:
    """The address of a rule's page."""
    return f"{HOME}rules/{rule_id}/"
