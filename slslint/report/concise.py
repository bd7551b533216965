"""Findings as one line each, as compilers write them and editors read them."""

from __future__ import annotations

from collections.abc import Iterable

from slslint.report.terminal import visible
from slslint.result import Result
from slslint.rule import Rule
from slslint.source import Reader


def write(result: Result, rules: Iterable[Rule], reader: Reader) -> str:
    """`path:line:column: severity[rule] message` for every finding that nobody suppressed."""
    return "".join(
        f"{visible(finding.at.path)}:{finding.at.line}:{finding.at.column}: "
        f"{finding.severity}[{visible(finding.rule)}] {visible(finding.message)}\n"
        for finding in result.findings
        if finding.suppressed is None
    )
