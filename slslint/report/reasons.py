"""Why a finding does not count, in words."""

from __future__ import annotations

from slslint.finding import Suppression
from slslint.report.terminal import visible

_BY = {
    "comment": "a comment",
    "metadata": "metadata",
    "config": "the settings",
    "baseline": "the baseline",
}


def suppressed_by(suppression: Suppression) -> str:
    """Such as "suppressed by a comment at src/app.py:3: the proxy ends it"."""
    by = _BY.get(suppression.kind, suppression.kind)
    where = f" at {visible(suppression.at.path)}:{suppression.at.line}" if suppression.at is not None else ""
    return f"suppressed by {by}{where}" + (f": {visible(suppression.reason)}" if suppression.reason else "")
