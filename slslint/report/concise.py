"""Findings as one line each, as compilers write them and editors read them."""

from __future__ import annotations

from collections.abc import Iterable

from slslint.finding import Finding
from slslint.report.reasons import suppressed_by
from slslint.report.terminal import visible
from slslint.report.view import View
from slslint.result import Result
from slslint.rule import Rule
from slslint.source import Reader


def write(result: Result, rules: Iterable[Rule], reader: Reader, view: View) -> str:
    """`path:line:column: severity[rule] message` for every finding; suppressed ones only when they are asked for."""
    shown = (each for each in result.findings if each.suppressed is None or view.suppressed)
    return "".join(f"{_line(finding)}\n" for finding in shown)


def _line(finding: Finding) -> str:
    why = f" ({suppressed_by(finding.suppressed)})" if finding.suppressed is not None else ""
    return (
        f"{visible(finding.at.path)}:{finding.at.line}:{finding.at.column}: "
        f"{finding.severity}[{visible(finding.rule)}] {visible(finding.message)}{why}"
    )
