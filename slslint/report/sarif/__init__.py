"""Findings as SARIF 2.1.0, in the parts that code scanning reads: one run for each tool that found something.

What GitHub uses and its limits: https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning

Paths are relative to the root of the repository, wherever slslint ran. There is no `automationDetails`: it would
overrule the category that somebody gives to the action which uploads the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from slslint import __version__, pages
from slslint.finding import Finding
from slslint.fingerprint import fingerprints
from slslint.report.sarif.results import ROOT, result_of
from slslint.report.sarif.rules import rule_of, tool_rule_of
from slslint.report.tally import rank
from slslint.report.view import View
from slslint.result import Result, Tool
from slslint.rule import Rule
from slslint.source import Reader

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MOST = 25_000
"""Results of a run; of a file with more, GitHub takes nothing."""
SHOWN = 5_000
"""Results of a run that GitHub shows."""
LARGEST = 10_000_000
"""Bytes of a file, compressed, that GitHub takes."""

Told: TypeAlias = tuple[Finding, str]
"""A finding and its fingerprint."""


def write(result: Result, rules: Iterable[Rule], reader: Reader, view: View) -> str:
    """The whole result, suppressed findings too, as far as GitHub takes it: the most severe findings come first."""
    told = list(zip(result.findings, fingerprints(result.findings, reader), strict=True))
    rules = sorted(rules, key=lambda rule: rule.id)
    others = {tool.name for tool in result.tools}
    own = [each for each in told if each[0].tool not in others]
    most = MOST
    while True:
        runs = [_own_run(own, rules, result, reader, most)]
        runs += [
            _other_run([each for each in told if each[0].tool == tool.name], tool, reader, most)
            for tool in result.tools
        ]
        text = json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": runs}) + "\n"
        if most == 1 or _fits(text):
            return text
        most = max(1, min(most, len(told)) * 3 // 4)


def _fits(text: str) -> bool:
    if len(text) <= LARGEST:
        return True
    from gzip import compress

    return len(compress(text.encode())) <= LARGEST


def _own_run(told: Sequence[Told], rules: Sequence[Rule], result: Result, reader: Reader, most: int) -> dict[str, Any]:
    driver = {
        "name": "slslint",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": pages.HOME,
        "rules": [rule_of(rule) for rule in rules],
    }
    failed = any(each.rule == "internal-error" for each in result.findings)
    return _run(driver, told, reader, most, hints=result.hints, failed=failed)


def _other_run(told: Sequence[Told], tool: Tool, reader: Reader, most: int) -> dict[str, Any]:
    driver = {
        "name": tool.name,
        "version": tool.version,
        **({"informationUri": tool.url} if tool.url else {}),
        "rules": [tool_rule_of(rule) for rule in tool.rules],
    }
    return _run(driver, told, reader, most)


def _run(
    driver: dict[str, Any],
    told: Sequence[Told],
    reader: Reader,
    most: int,
    hints: Sequence[str] = (),
    failed: bool = False,
) -> dict[str, Any]:
    index = {rule["id"]: number for number, rule in enumerate(driver["rules"])}
    notifications = [_notification(hint, "note") for hint in hints]
    findings = told
    if len(told) > min(SHOWN, most):
        findings = sorted(told, key=lambda each: rank(each[0]))[:most]
        notifications.append(_notification(_cut(len(told), len(findings)), "warning"))
    return {
        "tool": {"driver": driver},
        "invocations": [
            {
                "executionSuccessful": not failed,
                **({"toolExecutionNotifications": notifications} if notifications else {}),
            }
        ],
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": [result_of(finding, fingerprint, index, reader) for finding, fingerprint in findings],
    }


def _notification(text: str, level: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": text}}


def _cut(there: int, kept: int) -> str:
    cut = f"this file has the {kept:,} most severe of {there:,} findings" if kept < there else f"{there:,} findings"
    return f"{cut}; of each run GitHub shows the {SHOWN:,} most severe"
