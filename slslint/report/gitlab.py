"""Findings as a Code Quality report, which GitLab shows in merge requests.

The format: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from slslint.finding import Finding, Severity
from slslint.fingerprint import fingerprints
from slslint.project import in_repository
from slslint.report.terminal import visible
from slslint.report.view import View
from slslint.result import Result
from slslint.rule import Rule
from slslint.source import Reader

SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}


def write(result: Result, rules: Iterable[Rule], reader: Reader, view: View) -> str:
    """A JSON list of the findings that nobody suppressed: GitLab knows no others."""
    told = zip(result.findings, fingerprints(result.findings, reader), strict=True)
    shown = [_degradation(finding, own, reader) for finding, own in told if finding.suppressed is None]
    return json.dumps(shown, indent=1) + "\n"


def _degradation(finding: Finding, fingerprint: str, reader: Reader) -> dict[str, Any]:
    advice = "\n".join(map(visible, finding.help.split("\n")))
    return {
        "description": visible(finding.message),
        "check_name": visible(finding.rule),
        "fingerprint": fingerprint,
        "severity": "blocker" if finding.rule == "internal-error" else SEVERITIES[finding.severity],
        "location": {
            "path": visible(in_repository(finding.at.path, reader)),
            "lines": {"begin": finding.at.line, "end": finding.at.end_line},
        },
        "engine_name": finding.tool,
        **({"content": {"body": advice}} if advice else {}),
    }
