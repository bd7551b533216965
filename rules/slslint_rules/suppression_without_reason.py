"""Suppressions that do not say why."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import App, Finding, Severity, rule


@rule(Severity.WARNING, preset="strict", tags=("program",), by_engine=True)
def suppression_without_reason(app: App) -> Iterator[Finding]:
    """A comment or metadata ignores a rule and does not say why."""
    yield from ()
