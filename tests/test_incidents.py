"""Loops that cost somebody a lot, rebuilt small: each is found with its whole way round, and its repair is silent.

An application of `fixtures/apps/incidents` is a folder for each language; what its repair changes lies beside it, and
so does what is to be reported.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from slslint import engine, registry, report
from slslint.config import Settings
from slslint.result import Result
from slslint.source import Reader

INCIDENTS = Path(__file__).parent / "fixtures" / "apps" / "incidents"
FAULTY = [path for path in sorted(INCIDENTS.glob("*/*/")) if not path.name.endswith("-repaired")]
NAMES = [f"{path.parent.name}-{path.name}" for path in FAULTY]
RULES = [rule for rule in registry.load() if rule.id in ("event-loop", "recursive-invocation")]


def checked(folder: Path) -> tuple[Result, Reader]:
    reader = Reader(str(folder), (str(folder),))
    return engine.check(["."], Settings(root=str(folder)), reader, RULES), reader


@pytest.mark.parametrize("app", FAULTY, ids=NAMES)
def test_is_found_with_its_whole_way_round(app: Path) -> None:
    result, reader = checked(app)
    assert report.write("text", result, RULES, reader) == app.with_suffix(".txt").read_text()
    (finding,) = result.findings
    steps = [(step.at.path, step.at.line) for step in finding.path]
    # What triggers stands in the template, what writes in the code.
    assert {re.sub(r".*\.(?=\w+$)", "", path) in ("yaml", "yml", "tf") for path, _ in steps} == {True, False}
    assert steps[-1] == (finding.at.path, finding.at.line)
    (run,) = json.loads(report.write("sarif", result, RULES, reader))["runs"]
    (flow,) = run["results"][0]["codeFlows"]
    places = [each["location"]["physicalLocation"] for each in flow["threadFlows"][0]["locations"]]
    assert [(each["artifactLocation"]["uri"], each["region"]["startLine"]) for each in places] == steps


@pytest.mark.parametrize("app", FAULTY, ids=NAMES)
def test_is_silent_when_it_is_repaired(app: Path, tmp_path: Path) -> None:
    shutil.copytree(app, tmp_path, dirs_exist_ok=True)
    shutil.copytree(app.with_name(f"{app.name}-repaired"), tmp_path, dirs_exist_ok=True)
    result, _ = checked(tmp_path)
    assert result.findings == ()
    assert result.summary.functions == 1
