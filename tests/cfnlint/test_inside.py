"""Our rules inside the real cfn-lint: what slslint says of a template, cfn-lint says too, in its own words."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cfnlint.config import ConfigMixIn
from cfnlint.match import Match
from cfnlint.runner import Runner

import slslint.cfnlint
from slslint import discover, engine, registry
from slslint.config import Settings
from slslint.data.cfn_lint_ids import number_of
from slslint.project import reader_of

ROOT = Path(__file__).parent.parent.parent
OURS = "-a", "slslint.cfnlint"
LETTERS = {"error": "E", "warning": "W", "note": "I"}

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
"""
SOURCE = """\
import boto3
import requests


def handler(event, context):
    boto3.client("s3")
    return requests.get("https://example.com")
"""
SAID = {("W9401", "template.yaml", 3), ("W9303", "src/app.py", 6), ("W9402", "src/app.py", 7)}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text(SOURCE)
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def linted(*arguments: str) -> list[Match]:
    return list(Runner(ConfigMixIn([*arguments, *OURS])).run())


def places(matches: list[Match]) -> set[tuple[str, str | None, int]]:
    return {(match.rule.id, match.filename, match.linenumber) for match in matches}


# --- the same findings -----------------------------------------------------------------------------------------------


def templates() -> list[str]:
    reader = reader_of(["."], str(ROOT), {})
    found = discover.find(["examples", "tests/fixtures"], reader).templates
    return [path for path in found if path.endswith((".yaml", ".template.json")) and b"AWS::" in reader.peek(path)]


def test_cfn_lint_says_what_slslint_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    runner = Runner(ConfigMixIn([*OURS, "-c", "I9"]))
    compared = 0
    for path in templates():
        runner.config.cli_args.templates = [path]
        matches = list(runner.run())
        if {match.rule.id for match in matches} & {"E0000", "E0001"}:
            continue  # what cfn-lint cannot decode it gives to no rule
        compared += 1
        result = engine.check([path], Settings(root=str(ROOT)), reader_of([path], str(ROOT), {}), registry.load())
        ours = {
            (
                f"{LETTERS[str(each.severity)]}{number_of(each.rule)}",
                f"{each.message} [{each.rule}]",
                (each.at.path, each.at.line, each.at.column, each.at.end_line, each.at.end_column),
            )
            for each in result.findings
            if each.suppressed is None
        }
        theirs = {
            (
                match.rule.id,
                match.message,
                (match.filename, match.linenumber, match.columnnumber, match.linenumberend, match.columnnumberend),
            )
            for match in matches
            if match.rule.id[1] == "9"
        }
        assert theirs == ours, path
    assert compared > 20


def test_settings_hold(project: Path) -> None:
    (project / "slslint.toml").write_text('ignore = ["client-in-handler"]\n')
    assert places(linted("template.yaml")) == {each for each in SAID if each[0] != "W9303"}


def test_the_baseline_holds(project: Path) -> None:
    command = [sys.executable, "-m", "slslint", "check", "--write-baseline", "--exit-zero", "template.yaml"]
    subprocess.run(
        command, check=True, capture_output=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )
    (project / "slslint.toml").write_text('baseline = "slslint-baseline.json"\n')
    (project / "src" / "app.py").write_text(f"# moved\n{SOURCE}    boto3.client('sns')\n")
    assert places(linted("template.yaml")) == {("W9303", "src/app.py", 9)}


def test_notes_are_informational_and_asked_for(project: Path) -> None:
    (project / "slslint.toml").write_text('[rules.missing-timeout]\nseverity = "note"\n')
    done = [program("template.yaml", "-f", "quiet", *more).stdout for more in ((), ("-c", "I94"))]
    assert ["W9401" not in each for each in done] == [True, True]
    assert ["I9401: missing-timeout template.yaml:3" in each for each in done] == [False, True]


# --- what silences it ------------------------------------------------------------------------------------------------


def metadata(where: str, *ids: str) -> str:
    return f"{where}Metadata: {{cfn-lint: {{config: {{ignore_checks: [{', '.join(ids)}]}}}}}}\n"


@pytest.mark.parametrize(
    ("template", "arguments", "left"),
    [
        (TEMPLATE, (), {"W9401", "W9303", "W9402"}),
        (TEMPLATE, ("-i", "W9401"), {"W9303", "W9402"}),
        (TEMPLATE, ("-i", "W94"), {"W9303"}),
        (metadata("", "W9402") + TEMPLATE, (), {"W9401", "W9303"}),
        # A resource speaks of its own place and of the code of its function.
        (TEMPLATE.replace("    Prop", metadata("    ", "W9401", "W9402") + "    Prop"), (), {"W9303"}),
        (TEMPLATE.replace("Function:\n", "Function: # slslint: ignore[missing-timeout]\n"), (), {"W9303", "W9402"}),
        (TEMPLATE.replace("    Prop", "    Metadata: {slslint: {ignore: [missing-timeout]}}\n    Prop"), (),
         {"W9303", "W9402"}),
    ],
    ids=["nothing", "option", "prefix", "template", "resource", "our-comment", "our-metadata"],
)  # fmt: skip
def test_both_ways_to_ignore_hold(project: Path, template: str, arguments: tuple[str, ...], left: set[str]) -> None:
    (project / "template.yaml").write_text(template)
    assert {match.rule.id for match in linted("template.yaml", *arguments)} == left


# --- trouble ---------------------------------------------------------------------------------------------------------


def test_broken_settings_are_one_match(project: Path) -> None:
    (project / "slslint.toml").write_text('preset = "none"\n')
    (match,) = linted("template.yaml")
    assert match.rule.id == "E0003"
    assert "slslint.toml:1: `preset` cannot be 'none'" in match.message


def test_a_failure_is_one_match(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("out of luck")

    monkeypatch.setattr(slslint.cfnlint.engine, "check", fail)
    (match,) = linted("template.yaml")
    assert (match.rule.id, match.message) == ("E0002", "slslint failed on this template: RuntimeError: out of luck")


# --- the program -----------------------------------------------------------------------------------------------------


def program(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("cfn-lint"), *arguments, *OURS]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("form", ["quiet", "parseable", "pretty", "json", "junit", "sarif"])
def test_every_form_of_report_stands_findings_in_code(project: Path, form: str) -> None:
    done = program("template.yaml", "-f", form)
    assert (done.returncode, done.stderr) == (4, "")
    for id, path, _ in SAID:
        assert id in done.stdout
        assert path in done.stdout


def test_json_has_the_words_of_the_rule(project: Path) -> None:
    found = json.loads(program("template.yaml", "-f", "json").stdout)
    (match,) = (each for each in found if each["Rule"]["Id"] == "W9401")
    assert match["Level"] == "Warning"
    assert match["Rule"]["ShortDescription"] == "missing-timeout"
    assert match["Rule"]["Source"].endswith("/rules/missing-timeout/")
    assert match["Location"]["Path"][:2] == ["Resources", "OrdersFunction"]


def test_several_templates_in_one_run(project: Path) -> None:
    (project / "other.yaml").write_text(TEMPLATE.replace("Orders", "Other"))
    said = places(linted("other.yaml", "template.yaml"))
    assert said == SAID | {("W9401", "other.yaml", 3)}


def test_a_text_without_a_file_is_left_alone(project: Path) -> None:
    done = program(stdin=TEMPLATE)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
