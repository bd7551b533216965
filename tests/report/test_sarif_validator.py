"""SARIF against its official validator, with the rules of GitHub's code scanning switched on."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from slslint import engine, registry
from slslint.config import Settings
from slslint.finding import Edit, Finding, Fix, Related, Safety, Severity, Suppression
from slslint.record import replace
from slslint.report import write
from slslint.result import Result, Summary, Tool, ToolRule
from slslint.source import Reader, Span

ROOT = Path(__file__).parent.parent.parent
MODULES = ROOT / "tests" / "oracles" / "sarif" / "node_modules"
FOLDERS = (*sorted((ROOT / "tests" / "fixtures" / "apps").iterdir()), ROOT / "examples")
"""Each has several applications, which are checked together."""

ACCEPTED = {
    "SARIF2002": "messages have their text, not an id with arguments: GitHub shows nothing else",
    "SARIF2003": "whoever uploads the file says which commit was checked; slslint does not ask git",
    "SARIF2009": "rules are named for people, not numbered",
    "SARIF2010": "code scanning shows the code from the repository, so the file does not repeat it",
    "SARIF2011": "nor what stands around it",
    "SARIF2012": "the id of a rule is its name",
}
"""Notes that we live with, and why. There are errors and warnings too, of which we have none."""


@pytest.fixture(scope="module")
def validated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What the validator says of each file, as "level rule: what"; it is asked once, for it starts slowly."""
    multitool = shutil.which("sarif-multitool", path=MODULES / ".bin")
    if multitool is None or shutil.which("node") is None:
        why = "the validator is not installed; `make tests/oracles/sarif/node_modules` does it, with npm"
        pytest.fail(why) if os.environ.get("CI") == "true" else pytest.skip(why)
    folder = tmp_path_factory.mktemp("sarif")
    for name, text in files():
        (folder / f"{name}.sarif").write_text(text)
    # It would ask the web for every address in the files.
    (folder / "config.json").write_text('{"SARIF2006.UrisShouldBeReachable.Options": {"RuleEnabled": "Disabled"}}')
    command = ["validate", *sorted(each.name for each in folder.glob("*.sarif")), "--rule-kind", "Sarif;Ghas"]
    command += ["--level", "Error;Warning;Note", "--kind", "Fail", "--config", "config.json", "--output", "said.json"]
    # Without it, .NET wants a library for languages that slim images lack.
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    # Its launcher hands its arguments to a shell as they are.
    quoted = [f'"{each}"' for each in command]
    subprocess.run([multitool, *quoted], cwd=folder, env=environment, capture_output=True, check=False)
    said: dict[str, list[str]] = {each.stem: [] for each in folder.glob("*.sarif")}
    (run,) = json.loads((folder / "said.json").read_text(encoding="utf-8-sig"))["runs"]
    for found in run["results"]:
        file = found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        said[Path(file).stem].append(
            f"{found.get('level', 'warning')} {found['ruleId']}: {found['message']['arguments']}"
        )
    return said


def files() -> Iterator[tuple[str, str]]:
    rules = registry.load()
    for folder in FOLDERS:
        reader = Reader(str(folder), (str(ROOT),))
        settings = Settings(root=str(folder), preset="strict", beside=("cfn-lint",) if folder.name == "related" else ())
        result = engine.check(["."], settings, reader, rules, jobs=1)
        assert {finding.tool for finding in result.findings} == {"slslint", *settings.beside}
        yield folder.name, write("sarif", result, rules, reader)
    reader = Reader("/repository/deep", ("/repository",), {})
    whole = write("sarif", everything(), rules, reader)
    yield "everything", whole
    yield "nothing", write("sarif", Result((), Summary()), rules, reader)
    broken = json.loads(whole)
    broken["runs"][0]["results"][0]["locations"] = []
    yield "broken", json.dumps(broken)


def everything() -> Result:
    """All that a finding can carry."""
    at = Span("a b/caf\u00e9.py", 3, 1, 4, 2)
    inserted = Edit(Span("template.yaml", 2, 1, 2, 1), "Timeout: 3\n")
    finding = Finding(
        at,
        "`A` does [this](1) {0}",
        help="do\n  that",
        function="A",
        related=(Related(at, "one"), Related(at, "two")),
        path=(Related(Span("../t.yaml", 1, 1, 1, 2), "first"), Related(at, "then")),
        rule="missing-timeout",
        severity=Severity.ERROR,
        also=("B", "C"),
        fix=Fix("set it", Safety.SAFE, (inserted, Edit(at, "pass"))),
    )
    other = Finding(at, "another", rule="cfn-lint:W3005", tool="cfn-lint")
    kinds = ("comment", "metadata", "config", "baseline")
    suppressed = [replace(finding, suppressed=Suppression(kind, "because", at)) for kind in kinds]
    rule = ToolRule("W3005", Severity.WARNING, "Obsolete DependsOn", "Says twice", "https://example.org/W3005")
    tool = Tool("cfn-lint", "1.50.0", "https://example.org/cfn-lint", (rule,))
    return Result((finding, *suppressed, other), Summary(), hints=("do this",), tools=(tool,))


def test_the_validator_finds_no_fault(validated: dict[str, list[str]]) -> None:
    def accepted(said: str) -> bool:
        level, rule = said.partition(":")[0].split()
        return level == "note" and rule in ACCEPTED

    faults = {name: [each for each in said if not accepted(each)] for name, said in validated.items()}
    assert any("GH1015" in each for each in faults.pop("broken"))  # it would find one
    assert faults == {name: [] for name in (*(folder.name for folder in FOLDERS), "everything", "nothing")}
