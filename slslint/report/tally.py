"""How many findings there are, in words and numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from slslint.finding import Finding, Severity, counted
from slslint.result import Summary


def kinds(summary: Summary) -> list[tuple[str, Severity]]:
    """Such as "2 errors" and "1 note", with the severity, the worst first; without what there is none of."""
    numbers = (
        (summary.errors, "error", Severity.ERROR),
        (summary.warnings, "warning", Severity.WARNING),
        (summary.notes, "note", Severity.NOTE),
    )
    return [(counted(number, word), severity) for number, word, severity in numbers if number]


def sentence(summary: Summary, found: int, paint: Callable[[str, Severity], str] = lambda text, _: text) -> str:
    """What was found, and how much was looked at. `paint` may colour the number of each severity."""
    if not summary.files and not found:
        return "Nothing to check: no template and no handler was found"
    said = ", ".join(paint(text, severity) for text, severity in kinds(summary))
    line = f"Found {counted(found, 'finding')} ({said}) " if found else "Found nothing "
    line += f"in {counted(summary.functions, 'function')} of {counted(summary.files, 'file')}"
    aside = {
        "suppressed": summary.suppressed - summary.baselined,
        "in the baseline": summary.baselined,
        "elsewhere, not shown": summary.unchanged,
    }
    return line + "".join(f"; {number} {what}" for what, number in aside.items() if number)


def by_rule(findings: Iterable[Finding]) -> list[tuple[Severity, str, int]]:
    """How many findings each rule has, the most severe first, then those with the most."""
    counts = Counter((finding.severity, finding.rule) for finding in findings)
    rows = ((severity, rule, count) for (severity, rule), count in counts.items())
    return sorted(rows, key=lambda row: (-row[0], -row[2], row[1]))


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, those that count first, then the most severe; otherwise as they stand."""
    return sorted(findings, key=rank)


def rank(finding: Finding) -> tuple[bool, int]:
    """What to sort findings by, so that those that matter most come first."""
    return finding.suppressed is not None, -finding.severity
