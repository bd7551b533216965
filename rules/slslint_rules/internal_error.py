"""Faults of slslint itself."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import App, Finding, Severity, rule


@rule(Severity.ERROR, tags=("program",), by_engine=True)
def internal_error(app: App) -> Iterator[Finding]:
    """A part of slslint failed on this file; everything else was checked."""
    yield from ()
