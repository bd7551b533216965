"""SARIF against its schema: 2.1.0-rtm.5, as Microsoft publishes it in the npm package @microsoft/jest-sarif (MIT)."""

import gzip
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from slslint.finding import Edit, Finding, Fix, Related, Safety, Severity, Suppression
from slslint.record import replace
from slslint.registry import load
from slslint.report import sarif, write
from slslint.result import Result, Summary, Tool, ToolRule
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


def told(result: Result, rules: tuple[Rule, ...], reader: Reader) -> Any:
    log = json.loads(write("sarif", result, rules, reader))
    jsonschema.Draft4Validator(SCHEMA).validate(log)
    return log["runs"]


def test_every_rule_links_to_its_page_and_has_few_enough_tags(log: Any) -> None:
    driver = log["runs"][0]["tool"]["driver"]
    assert all(rule["helpUri"] == f"{driver['informationUri']}rules/{rule['id']}/" for rule in driver["rules"])
    assert max(len(rule["properties"]["tags"]) for rule in driver["rules"]) <= 10


def test_each_tool_has_a_run_of_its_own(result: Result, rules: tuple[Rule, ...], reader: Reader) -> None:
    rule = ToolRule("W3005", Severity.WARNING, "Obsolete DependsOn", "Says twice", "https://example.org/W3005")
    tool = Tool("cfn-lint", "1.50.0", "https://example.org", (rule,))
    other = replace(result.findings[1], rule="cfn-lint:W3005", tool="cfn-lint")
    own, theirs = told(replace(result, findings=(*result.findings, other), tools=(tool,)), rules, reader)
    assert len(own["results"]) == 3
    assert (theirs["tool"]["driver"]["name"], theirs["tool"]["driver"]["version"]) == ("cfn-lint", "1.50.0")
    (found,) = theirs["results"]
    assert (found["ruleId"], found["ruleIndex"]) == ("W3005", 0)


def test_a_fix_is_a_change_of_files(result: Result, rules: tuple[Rule, ...], reader: Reader) -> None:
    edits = (
        Edit(Span("template.yaml", 7, 16, 7, 18), "30"),
        Edit(Span("src dir/app.py", 1, 1, 1, 1), "import os\n"),
        Edit(Span("template.yaml", 3, 5, 3, 9), "Kind"),
    )
    fixed = replace(result.findings[0], fix=Fix("set `Timeout` to 30", Safety.UNSAFE, edits))
    (run,) = told(replace(result, findings=(fixed,)), rules, reader)
    (fix,) = run["results"][0]["fixes"]
    assert (fix["description"]["text"], fix["properties"]["safety"]) == ("set `Timeout` to 30", "unsafe")
    template, code = fix["artifactChanges"]
    assert [len(each["replacements"]) for each in (template, code)] == [2, 1]
    assert code["artifactLocation"]["uri"] == "src%20dir/app.py"
    assert code["replacements"][0]["deletedRegion"] == {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1}


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("a.py", {"uri": "deep/er/a.py", "uriBaseId": "%SRCROOT%"}),
        ("../a b%#?.py", {"uri": "deep/a%20b%25%23%3F.py", "uriBaseId": "%SRCROOT%"}),
        ("caf\u00e9/\udce9.py", {"uri": "deep/er/caf%C3%A9/%E9.py", "uriBaseId": "%SRCROOT%"}),
        ("../../../else/a.py", {"uri": "file:///else/a.py"}),
    ],
)
def test_paths_count_from_the_root_of_the_repository(
    path: str, location: dict[str, str], rules: tuple[Rule, ...]
) -> None:
    reader = Reader("/repository/deep/er", ("/repository",), {})
    (run,) = told(Result((Finding(Span(path, 1, 1, 1, 2), "x", rule="a"),), Summary()), rules, reader)
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"] == location


def test_what_github_would_not_take_is_cut_and_said(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (sarif.SHOWN, sarif.MOST) == (5_000, 25_000)
    monkeypatch.setattr(sarif, "SHOWN", 5)
    monkeypatch.setattr(sarif, "MOST", 25)
    note = Finding(Span("template.yaml", 2, 3, 2, 9), "x", rule="missing-timeout", severity=Severity.NOTE)
    quiet = replace(note, severity=Severity.ERROR, suppressed=Suppression("comment", ""))
    worst = replace(note, severity=Severity.ERROR)

    def run_of(notes: int) -> tuple[list[Any], str]:
        result = Result((quiet, *[note] * notes, worst), Summary())
        run = json.loads(write("sarif", result, (), reader))["runs"][0]
        (said,) = run["invocations"][0]["toolExecutionNotifications"]
        return run["results"], said["message"]["text"]

    results, said = run_of(5)
    assert [each["level"] for each in results[:2]] == ["error", "note"]
    assert (len(results), "suppressions" in results[-1]) == (7, True)
    assert said == "7 findings; of each run GitHub shows the 5 most severe"
    results, said = run_of(25)
    assert (len(results), results[0]["level"]) == (25, "error")
    assert said.startswith("this file has the 25 most severe of 27 findings; ")


def test_a_file_that_is_too_large_loses_what_matters_least(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "LARGEST", 3_000)
    at = Span("template.yaml", 2, 3, 2, 9)
    findings = [Finding(at, sha256(b"%d" % seed).hexdigest(), rule="a", severity=Severity.NOTE) for seed in range(200)]
    findings.append(Finding(at, "the worst", rule="a", severity=Severity.ERROR))
    text = write("sarif", Result(tuple(findings), Summary()), (), reader)
    assert len(gzip.compress(text.encode())) <= 3_000
    (run,) = json.loads(text)["runs"]
    assert 10 < len(run["results"]) < 200
    assert run["results"][0]["message"]["text"] == "the worst"


def test_places_that_are_not_shown_are_counted(rules: tuple[Rule, ...], reader: Reader) -> None:
    at = Span("template.yaml", 2, 3, 2, 9)
    finding = Finding(at, "x", related=(Related(at, "y"),) * 103, path=(Related(at, "z"),) * 1_500, rule="a")
    (run,) = told(Result((finding,), Summary()), rules, reader)
    assert run["results"][0]["message"]["text"].splitlines()[-1] == "- and 3 more places"
    assert len(run["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"]) <= 1_000
