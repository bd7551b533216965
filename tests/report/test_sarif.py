"""SARIF against its schema: 2.1.0-rtm.5, as Microsoft publishes it in the npm package @microsoft/jest-sarif (MIT)."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from slslint.finding import Finding, Related, Severity, Suppression
from slslint.registry import load
from slslint.report import write
from slslint.result import Result, Summary
from slslint.rule import Rule
from slslint.source import Reader, Span

SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0-rtm.5.json").read_text())


@pytest.fixture(scope="module")
def rules() -> tuple[Rule, ...]:
    return load()


@pytest.fixture
def log(result: Result, rules: tuple[Rule, ...], reader: Reader) -> Any:
    return json.loads(write("sarif", result, rules, reader))


def test_satisfies_the_schema(log: Any) -> None:
    jsonschema.Draft4Validator(SCHEMA).validate(log)


def test_says_of_each_rule_what_code_scanning_shows(log: Any, rules: tuple[Rule, ...]) -> None:
    described = log["runs"][0]["tool"]["driver"]["rules"]
    assert [each["id"] for each in described] == sorted(rule.id for rule in rules)
    for rule, each in zip(sorted(rules, key=lambda rule: rule.id), described, strict=True):
        assert each["shortDescription"]["text"] == rule.summary
        assert 0 < len(each["fullDescription"]["text"]) <= 1024
        assert each["help"]["markdown"].startswith(f"# {rule.id}\n")
        assert ("security-severity" in each["properties"]) == (rule.security is not None)
        assert ("security" in each["properties"]["tags"]) == (rule.security is not None)


def test_results_carry_places_links_flows_and_suppressions(log: Any) -> None:
    run = log["runs"][0]
    timeout, queue, suppressed = run["results"]
    assert run["tool"]["driver"]["rules"][queue["ruleIndex"]]["id"] == queue["ruleId"] == "queue-redelivers-in-flight"
    assert timeout["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "src%20dir/app.py", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 9, "startColumn": 12, "endLine": 9, "endColumn": 24},
    }
    steps = timeout["codeFlows"][0]["threadFlows"][0]["locations"]
    lines = [step["location"]["physicalLocation"]["region"]["startLine"] for step in steps]
    assert lines == [9, 5, 9]  # the trigger, the call of the helper, and the finding itself

    assert queue["message"]["text"].splitlines() == [
        "messages reappear after the default 30 s, before `Bill` can finish (60 s timeout); needs 360 s",
        "- [`Bill` may run for 60 s](1)",
        "- [`Bill` reads (the queue)(1) here](2)",
        "help: on `Orders`, set",
        "  VisibilityTimeout: 360",
    ]
    assert [each["id"] for each in queue["relatedLocations"]] == [1, 2]
    assert "suppressions" not in queue
    (suppression,) = suppressed["suppressions"]
    assert suppression.pop("location")["physicalLocation"]["region"]["startLine"] == 4
    assert suppression == {"kind": "inSource", "status": "accepted", "justification": "decided in 2025"}


def test_keeps_within_what_code_scanning_takes(rules: tuple[Rule, ...], reader: Reader) -> None:
    at = Span("template.yaml", 2, 3, 2, 9)
    finding = Finding(at, "x", related=(Related(at, "y"),) * 500, rule="missing-timeout")
    hidden = replace(finding, related=(), severity=Severity.NOTE, suppressed=Suppression("config", ""))
    result = Result((finding, hidden), Summary())
    log = json.loads(write("sarif", result, rules, reader))
    many, external = log["runs"][0]["results"]
    assert len(many["relatedLocations"]) == 100
    assert external["level"] == "note"
    assert external["suppressions"] == [{"kind": "external", "status": "accepted"}]
    jsonschema.Draft4Validator(SCHEMA).validate(log)


def test_an_internal_error_is_no_successful_execution(rules: tuple[Rule, ...], reader: Reader) -> None:
    broken = Finding(Span("template.yaml", 1, 1, 1, 2), "a rule failed", rule="internal-error")
    run = json.loads(write("sarif", Result((broken,), Summary()), rules, reader))["runs"][0]
    assert run["invocations"] == [{"executionSuccessful": False}]
