"""The report for programs."""

import json

from slslint.finding import Edit, Fix, Safety
from slslint.fingerprint import fingerprints
from slslint.record import replace
from slslint.report import write
from slslint.result import Result, Summary
from slslint.source import Reader, Span

PROMISED = [
    "rule", "severity", "confidence", "message", "function", "path", "start", "end", "related", "fix", "suppressed",
    "fingerprint",
]  # fmt: skip


def test_keeps_the_promised_keys_in_order(result: Result, reader: Reader) -> None:
    out = json.loads(write("json", result, (), reader))
    assert list(out) == ["version", "findings", "summary", "hints"]
    assert out["version"] == 1
    assert list(out["summary"])[:6] == ["files", "functions", "errors", "warnings", "notes", "suppressed"]
    for finding in out["findings"]:
        assert list(finding)[: len(PROMISED)] == PROMISED
    timeout, queue, suppressed = out["findings"]
    assert (queue["start"], queue["end"]) == ({"line": 2, "column": 3}, {"line": 2, "column": 9})
    assert queue["fix"] is None
    assert queue["suppressed"] is None
    assert list(queue["related"][0]) == ["path", "start", "end", "message"]
    assert [step["message"] for step in timeout["path_steps"]] == ["a queue invokes `Bill`", "`handler` calls `fetch`"]
    assert suppressed["suppressed"] == {"kind": "comment", "reason": "decided in 2025"}


def test_a_fix_is_given_with_its_edits(result: Result, reader: Reader) -> None:
    fix = Fix("set `Timeout` to 30", Safety.UNSAFE, (Edit(Span("template.yaml", 7, 16, 7, 18), "30"),))
    mended = replace(result, findings=(replace(result.findings[0], fix=fix), *result.findings[1:]))
    place = {"path": "template.yaml", "start": {"line": 7, "column": 16}, "end": {"line": 7, "column": 18}}
    assert json.loads(write("json", mended, (), reader))["findings"][0]["fix"] == {
        "title": "set `Timeout` to 30",
        "safety": "unsafe",
        "edits": [{**place, "text": "30"}],
    }


def test_an_empty_result_is_json_too(reader: Reader) -> None:
    assert json.loads(write("json", Result((), Summary()), (), reader))["findings"] == []


def test_fingerprints_outlive_moved_lines_and_tell_equals_apart(result: Result, reader: Reader) -> None:
    before = list(fingerprints(result.findings, reader))
    assert len(set(before)) == len(before)

    text = reader.read("template.yaml").text.replace("\n", "\n\n")
    moved = Reader("/", (), {"template.yaml": text.encode(), "src dir/app.py": reader.read("src dir/app.py").data})
    findings = [
        replace(each, at=replace(each.at, line=each.at.line * 2 - 1, end_line=each.at.line * 2 - 1))
        if each.at.path == "template.yaml"
        else each
        for each in result.findings
    ]
    assert list(fingerprints(findings, moved)) == before

    first, second = fingerprints((result.findings[0], result.findings[0]), reader)
    assert first != second
