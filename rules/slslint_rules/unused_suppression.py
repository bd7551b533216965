"""Suppressions that cover nothing."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import App, Finding, Severity, rule


@rule(Severity.WARNING, tags=("program",), by_engine=True)
def unused_suppression(app: App) -> Iterator[Finding]:
    """A comment or metadata ignores a rule that finds nothing there."""
    yield from ()
