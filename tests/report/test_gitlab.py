"""The Code Quality report, by what GitLab's own parser asks of it."""

import json

from slslint.finding import Finding, Severity
from slslint.record import replace
from slslint.report import write
from slslint.result import Result, Summary
from slslint.source import Reader, Span


def test_has_what_gitlab_asks_for(result: Result, reader: Reader) -> None:
    timeout, queue = json.loads(write("gitlab", result, (), reader))
    assert timeout["severity"] == "major"
    fingerprint = queue.pop("fingerprint")
    assert fingerprint
    assert queue == {
        "description": "messages reappear after the default 30 s, before `Bill` can finish (60 s timeout); needs 360 s",
        "check_name": "queue-redelivers-in-flight",
        "severity": "critical",
        "location": {"path": "template.yaml", "lines": {"begin": 2, "end": 2}},
        "engine_name": "slslint",
        "content": {"body": "on `Orders`, set\n  VisibilityTimeout: 360"},
    }


def test_no_two_fingerprints_are_alike_and_severities_are_known_ones(reader: Reader) -> None:
    finding = Finding(Span("template.yaml", 2, 3, 2, 9), "x", rule="a")
    many = [replace(finding, severity=severity) for severity in Severity]
    many.append(replace(finding, rule="internal-error", severity=Severity.ERROR))
    told = json.loads(write("gitlab", Result(tuple(many), Summary(files=1)), (), reader))
    assert [each["severity"] for each in told] == ["info", "major", "critical", "blocker"]
    assert len({each["fingerprint"] for each in told}) == 4


def test_nothing_found_is_an_empty_list(reader: Reader) -> None:
    assert json.loads(write("gitlab", Result((), Summary(files=3)), (), reader)) == []
