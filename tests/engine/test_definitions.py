"""Definitions of state machines in files of their own: each is checked once, by the template that names it if any."""

import json
from pathlib import Path

import pytest

from slslint import engine, registry
from slslint.config import Settings
from slslint.finding import Finding
from slslint.source import Reader

FLOW = json.dumps({"StartAt": "Charge", "States": {"Charge": {"Type": "Task", "Resource": "${F}", "End": True}}})
TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Payment:
    Type: AWS::Serverless::StateMachine
    Metadata: {slslint: {ignore: [%s]}}
    Properties:
      DefinitionUri: flows/payment.asl.json
"""


def checked(folder: Path, *paths: str) -> list[Finding]:
    reader = Reader(str(folder), (str(folder),))
    return list(engine.check(paths or ["."], Settings(root=str(folder)), reader, registry.load()).findings)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "payment.asl.json").write_text(FLOW)
    return tmp_path


@pytest.mark.parametrize("paths", [(), ("flows",), ("flows/payment.asl.json",)])
def test_one_that_no_template_names_is_a_unit_of_its_own(project: Path, paths: tuple[str, ...]) -> None:
    (finding,) = checked(project, *paths)
    assert (finding.rule, finding.at.path) == ("workflow-without-retry", "flows/payment.asl.json")
    assert "of `payment`" in finding.message


@pytest.mark.parametrize("paths", [(), ("template.yaml", "flows/payment.asl.json")])
def test_one_that_a_template_names_belongs_to_it(project: Path, paths: tuple[str, ...]) -> None:
    (project / "template.yaml").write_text(TEMPLATE % "missing-timeout")
    said = [each for each in checked(project, *paths) if each.rule == "workflow-without-retry"]
    assert [(each.at.path, "of `Payment`" in each.message) for each in said] == [("flows/payment.asl.json", True)]


def test_metadata_of_a_state_machine_speaks_of_its_definition(project: Path) -> None:
    (project / "template.yaml").write_text(TEMPLATE % "workflow-without-retry")
    (finding,) = checked(project)
    assert finding.suppressed is not None


@pytest.mark.parametrize("text", ['{"StartAt": 3, "States": []}', '{"StartAt": "A", "States": {"A": [', '["StartAt"]'])
def test_a_broken_one_is_no_failure(project: Path, text: str) -> None:
    (project / "flows" / "payment.asl.json").write_text(text)
    assert "internal-error" not in {each.rule for each in checked(project)}
