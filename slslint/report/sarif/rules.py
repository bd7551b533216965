"""Rules as SARIF describes them: what code scanning shows beside a finding."""

from __future__ import annotations

import re
from typing import Any

from slslint.finding import Severity
from slslint.registry import page
from slslint.result import ToolRule
from slslint.rule import Rule

DESCRIPTION = 1024
"""Code points that a rule's full description may have."""


def rule_of(rule: Rule) -> dict[str, Any]:
    """A rule of ours, with its page."""
    text = page(rule)
    why = _why(text) or rule.summary
    properties: dict[str, Any] = {
        "tags": ["serverless", *rule.tags, *(["security"] if rule.security is not None else [])],
        "precision": "high",
        "problem.severity": _problem(rule.severity),
    }
    if rule.security is not None:
        properties["security-severity"] = f"{rule.security:.1f}"
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": _short(why)},
        # A page is long, and who cannot show Markdown has the address.
        "help": {"text": f"{why}\n\n{rule.url}".rstrip(), "markdown": text},
        **({"helpUri": rule.url} if rule.url else {}),
        "defaultConfiguration": {"level": str(rule.severity), "enabled": rule.preset == "default"},
        "properties": properties,
    }


def tool_rule_of(rule: ToolRule) -> dict[str, Any]:
    """A rule of another linter."""
    return {
        "id": rule.id,
        "shortDescription": {"text": _sentence(rule.summary or rule.id)},
        "fullDescription": {"text": _short(_sentence(rule.description or rule.summary or rule.id))},
        "help": {"text": rule.description or rule.summary or rule.id},
        **({"helpUri": rule.url} if rule.url else {}),
        "defaultConfiguration": {"level": str(rule.severity)},
        "properties": {"tags": ["serverless"], "problem.severity": _problem(rule.severity)},
    }


def _problem(severity: Severity) -> str:
    return "recommendation" if severity is Severity.NOTE else str(severity)


def _why(text: str) -> str:
    """The first paragraph of the page's section "Why"."""
    match = re.search(r"^## Why\s+(.+?)(?:\n\n|\Z)", text, re.MULTILINE | re.DOTALL)
    return " ".join(match[1].split()) if match is not None else ""


def _short(text: str) -> str:
    return text if len(text) <= DESCRIPTION else f"{text[: DESCRIPTION - 3]}..."


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
