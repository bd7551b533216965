"""Findings as JSON for other programs: keys may come, none goes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from slslint.finding import Finding, Fix, Related
from slslint.fingerprint import fingerprints
from slslint.report.view import View
from slslint.result import Result
from slslint.rule import Rule
from slslint.source import Reader, Span

VERSION = 1


def write(result: Result, rules: Iterable[Rule], reader: Reader, view: View) -> str:
    """The whole result, suppressed findings too; one line per finding."""
    findings = zip(result.findings, fingerprints(result.findings, reader), strict=True)
    lines = ",\n".join(f"  {json.dumps(_finding(finding, fingerprint))}" for finding, fingerprint in findings)
    listed = f"[\n{lines}\n ]" if lines else "[]"
    summary, hints = json.dumps(_summary(result)), json.dumps(result.hints)
    return f'{{"version": {VERSION},\n "findings": {listed},\n "summary": {summary},\n "hints": {hints}}}\n'


def _finding(finding: Finding, fingerprint: str) -> dict[str, Any]:
    suppressed = finding.suppressed
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "confidence": str(finding.confidence),
        "message": finding.message,
        "function": finding.function,
        **_span(finding.at),
        "related": [_related(each) for each in finding.related],
        "fix": finding.fix and _fix(finding.fix),
        "suppressed": suppressed and {"kind": suppressed.kind, "reason": suppressed.reason},
        "fingerprint": fingerprint,
        "variant": finding.variant,
        "tool": finding.tool,
        "also": list(finding.also),
        "help": finding.help,
        "path_steps": [_related(each) for each in finding.path],
    }


def _related(related: Related) -> dict[str, Any]:
    return {**_span(related.at), "message": related.message}


def _fix(fix: Fix) -> dict[str, Any]:
    edits = [{**_span(edit.at), "text": edit.text} for edit in fix.edits]
    return {"title": fix.title, "safety": str(fix.safety), "edits": edits}


def _span(span: Span) -> dict[str, Any]:
    return {
        "path": span.path,
        "start": {"line": span.line, "column": span.column},
        "end": {"line": span.end_line, "column": span.end_column},
    }


def _summary(result: Result) -> dict[str, int]:
    first = ("files", "functions", "errors", "warnings", "notes", "suppressed")
    counts = asdict(result.summary)
    return {name: counts[name] for name in (*first, *(name for name in counts if name not in first))}
