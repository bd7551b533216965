"""Findings as SARIF's results: places, links, code flows, suppressions and fixes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from slslint.finding import Edit, Finding, Fix, Related, Suppression, listed
from slslint.project import in_repository
from slslint.report.terminal import visible
from slslint.source import Reader, Span

ROOT = "%SRCROOT%"
RELATED_SHOWN = 100
STEPS_SHOWN = 1000


def result_of(finding: Finding, fingerprint: str, index: Mapping[str, int], reader: Reader) -> dict[str, Any]:
    """A result. `index` has the places of the run's rules, by the ids that their tool gives them."""
    rule = finding.rule.removeprefix(f"{finding.tool}:")
    related = finding.related[:RELATED_SHOWN]
    result: dict[str, Any] = {"ruleId": rule}
    if rule in index:
        result["ruleIndex"] = index[rule]
    result |= {
        "level": str(finding.severity),
        "message": {"text": _message(finding, related)},
        "locations": [_location(finding.at, reader)],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint},
    }
    if related:
        result["relatedLocations"] = [
            {"id": number, **_location(each.at, reader, each.message)} for number, each in enumerate(related, 1)
        ]
    if finding.path:
        steps = [*finding.path[: STEPS_SHOWN - 1]]
        if steps[-1].at != finding.at:
            steps.append(Related(finding.at, finding.message))
        flow = [{"location": _location(step.at, reader, step.message)} for step in steps]
        result["codeFlows"] = [{"threadFlows": [{"locations": flow}]}]
    if finding.fix is not None:
        result["fixes"] = [_fix(finding.fix, reader)]
    if finding.suppressed is not None:
        result["suppressions"] = [_suppression(finding.suppressed, reader)]
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
    if len(finding.related) > len(related):
        parts.append(f"- and {len(finding.related) - len(related)} more places")
    if finding.also:
        parts.append(f"also true of {visible(listed(finding.also))}")
    if finding.help:
        parts.append("help: " + "\n".join(map(visible, finding.help.split("\n"))).replace("](", "] ("))
    return "\n".join(parts)


def _suppression(suppression: Suppression, reader: Reader) -> dict[str, Any]:
    return {
        "kind": "inSource" if suppression.kind in ("comment", "metadata") else "external",
        "status": "accepted",
        **({"justification": visible(suppression.reason)} if suppression.reason else {}),
        **({"location": _location(suppression.at, reader)} if suppression.at is not None else {}),
    }


def _fix(fix: Fix, reader: Reader) -> dict[str, Any]:
    files: dict[str, list[Edit]] = {}
    for edit in fix.edits:
        files.setdefault(edit.at.path, []).append(edit)
    changes = [
        {
            "artifactLocation": _artifact(path, reader),
            "replacements": [
                {"deletedRegion": _region(edit.at), "insertedContent": {"text": edit.text}} for edit in edits
            ],
        }
        for path, edits in files.items()
    ]
    return {
        "description": {"text": visible(fix.title)},
        "artifactChanges": changes,
        "properties": {"safety": str(fix.safety)},
    }


def _location(span: Span, reader: Reader, message: str = "") -> dict[str, Any]:
    location: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": _artifact(span.path, reader), "region": _region(span)}
    }
    if message:
        location["message"] = {"text": visible(message).replace("](", "] (")}
    return location


def _artifact(path: str, reader: Reader) -> dict[str, str]:
    named = in_repository(path, reader)
    if named.startswith("../"):
        from pathlib import Path

        return {"uri": Path(reader.base, path).resolve().as_uri()}
    # Names need not be text; in a URI bytes can stand.
    return {"uri": quote(os.fsencode(named)), "uriBaseId": ROOT}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
