"""How many findings each rule has: `--statistics`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

from slslint.errors import UsageError
from slslint.finding import Finding
from slslint.report.terminal import visible
from slslint.result import Result

FORMS = ("text", "full", "concise", "json")
"""All but the last are the same here."""


def known_form(form: str) -> str:
    """The form itself. Raises UsageError for one that is not for numbers."""
    if form not in FORMS:
        raise UsageError(f"--statistics cannot be written as {form}; use text or json")
    return form


def write(form: str, result: Result) -> str:
    """A table, or in JSON a list, of the findings that nobody suppressed; rules with the most come first.

    `fixable` is how many of them slslint can mend itself.
    """
    if form == "json":
        return json.dumps(_rows(result.findings), indent=1) + "\n"
    rows = _rows(result.findings)
    return "".join(f"{row['count']:6}  {row['severity']:8} {visible(str(row['rule']))}\n" for row in rows)


def _rows(findings: Iterable[Finding]) -> list[dict[str, str | int]]:
    counts: Counter[tuple[str, str]] = Counter()
    fixable: Counter[tuple[str, str]] = Counter()
    for finding in findings:
        if finding.suppressed is None:
            key = (finding.rule, str(finding.severity))
            counts[key] += 1
            fixable[key] += finding.fix is not None
    return [
        {"rule": rule, "severity": severity, "count": count, "fixable": fixable[rule, severity]}
        for (rule, severity), count in sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    ]
