"""Findings as SARIF 2.1.0, in the parts that code scanning reads.

What GitHub uses and its limits: https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from slslint import __version__
from slslint.finding import Finding, Related, Severity, Suppression, listed
from slslint.fingerprint import fingerprints
from slslint.registry import page
from slslint.report.terminal import visible
from slslint.result import Result
from slslint.rule import Rule
from slslint.source import Reader, Span

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT = "%SRCROOT%"
RELATED_SHOWN = 100
STEPS_SHOWN = 1000
DESCRIPTION = 1024
"""Code points that a rule's full description may have."""


def write(result: Result, rules: Iterable[Rule], reader: Reader) -> str:
    """The whole result as one run, suppressed findings too."""
    rules = sorted(rules, key=lambda rule: rule.id)
    index = {rule.id: number for number, rule in enumerate(rules)}
    findings = zip(result.findings, fingerprints(result.findings, reader), strict=True)
    run = {
        "tool": {
            "driver": {
                "name": "slslint",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "invocations": [_invocation(result)],
        "originalUriBaseIds": {ROOT: {"description": {"text": "the directory that slslint ran in"}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, fingerprint, index) for finding, fingerprint in findings],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n"


def _invocation(result: Result) -> dict[str, Any]:
    hints = [{"level": "note", "message": {"text": hint}} for hint in result.hints]
    return {
        "executionSuccessful": all(each.rule != "internal-error" for each in result.findings),
        **({"toolExecutionNotifications": hints} if hints else {}),
    }


# --- rules -----------------------------------------------------------------------------------------------------------


def _rule(rule: Rule) -> dict[str, Any]:
    text = page(rule.id)
    properties: dict[str, Any] = {
        "tags": ["serverless", *rule.tags, *(["security"] if rule.security is not None else [])],
        "precision": "high",
        "problem.severity": "recommendation" if rule.severity is Severity.NOTE else str(rule.severity),
    }
    if rule.security is not None:
        properties["security-severity"] = f"{rule.security:.1f}"
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": _why(text) or rule.summary},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": str(rule.severity), "enabled": rule.preset == "default"},
        "properties": properties,
    }


def _why(text: str) -> str:
    """The first paragraph of the page's section "Why", at most as long as GitHub takes it."""
    match = re.search(r"^## Why\s+(.+?)(?:\n\n|\Z)", text, re.MULTILINE | re.DOTALL)
    if match is None:
        return ""
    said = " ".join(match[1].split())
    return said if len(said) <= DESCRIPTION else f"{said[: DESCRIPTION - 3]}..."


# --- results ---------------------------------------------------------------------------------------------------------


def _result(finding: Finding, fingerprint: str, index: dict[str, int]) -> dict[str, Any]:
    related = finding.related[:RELATED_SHOWN]
    result: dict[str, Any] = {"ruleId": finding.rule}
    if finding.rule in index:
        result["ruleIndex"] = index[finding.rule]
    result |= {
        "level": str(finding.severity),
        "message": {"text": _message(finding, related)},
        "locations": [_location(finding.at)],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint},
    }
    if related:
        result["relatedLocations"] = [
            {"id": number, **_location(each.at, each.message)} for number, each in enumerate(related, 1)
        ]
    if finding.path:
        steps = [*finding.path[:STEPS_SHOWN]]
        if steps[-1].at != finding.at:
            steps.append(Related(finding.at, finding.message))
        flow = [{"location": _location(step.at, step.message)} for step in steps]
        result["codeFlows"] = [{"threadFlows": [{"locations": flow}]}]
    if finding.suppressed is not None:
        result["suppressions"] = [_suppression(finding.suppressed)]
    result["properties"] = {"confidence": str(finding.confidence)}
    if finding.function is not None:
        result["properties"]["function"] = visible(finding.function)
    if finding.also:
        result["properties"]["also"] = [visible(each) for each in finding.also]
    if finding.variant:
        result["properties"]["variant"] = finding.variant
    return result


def _message(finding: Finding, related: tuple[Related, ...]) -> str:
    """The message, the help, and a link to each related place: `[text](its id)`."""
    # What looks like a link in a name from the template must not become one.
    parts = [visible(finding.message).replace("](", "] (")]
    for number, each in enumerate(related, 1):
        text = visible(each.message).replace("[", "(").replace("]", ")")
        parts.append(f"- [{text}]({number})")
    if finding.also:
        parts.append(f"also true of {visible(listed(finding.also))}")
    if finding.help:
        parts.append("help: " + "\n".join(map(visible, finding.help.split("\n"))).replace("](", "] ("))
    return "\n".join(parts)


def _suppression(suppression: Suppression) -> dict[str, Any]:
    kind = "external" if suppression.kind == "config" else "inSource"
    return {"kind": kind} | ({"justification": visible(suppression.reason)} if suppression.reason else {})


def _location(span: Span, message: str = "") -> dict[str, Any]:
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(span.path), "uriBaseId": ROOT},
            "region": {
                "startLine": span.line,
                "startColumn": span.column,
                "endLine": span.end_line,
                "endColumn": span.end_column,
            },
        }
    }
    if message:
        location["message"] = {"text": visible(message).replace("](", "] (")}
    return location
