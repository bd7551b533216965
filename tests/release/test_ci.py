"""The action for GitHub: valid, safe, its steps really run. And what `docs/ci.md` shows for each CI server."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest
import yaml

from slslint import __version__
from tests.docs import walk
from tests.release.conftest import CLEAN, ROOT, done

ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = ACTION["runs"]["steps"]
GUIDE = ROOT / "docs" / "ci.md"
SHOWN = {block.file: block.text for block in walk.blocks(GUIDE)}
SCHEMAS = {
    ".github/workflows/slslint.yml": "github-workflows",
    ".github/workflows/slslint-by-hand.yml": "github-workflows",
    ".github/workflows/slslint-changes.yml": "github-workflows",
    ".gitlab-ci.yml": "gitlab-ci",
    "azure-pipelines.yml": "azure-pipelines",
}
PROGRAMS = Path(sys.executable).parent
ORDERS = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: .}
"""
WRONG = "warning[missing-timeout]"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A repository with a function that lacks a timeout in `my orders`, and one with nothing wrong in `good`."""
    for name, text in (("my orders", ORDERS), ("good", ORDERS.replace("CodeUri: .", "CodeUri: ., Timeout: 20"))):
        folder = tmp_path / "workspace" / name
        folder.mkdir(parents=True)
        (folder / "template.yaml").write_text(text)
        (folder / "app.py").write_text("def handler(event, context):\n    return event\n")
    done("git", "init", "--quiet", cwd=tmp_path / "workspace")
    return tmp_path / "workspace"


# --- the action ------------------------------------------------------------------------------------------------------


def test_the_action_satisfies_its_schema() -> None:
    done(PROGRAMS / "check-jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml")


def test_the_action_and_the_workflows_are_safe(tmp_path: Path) -> None:
    (tmp_path / ".github").mkdir()
    for name in ("action.yml", ".github/zizmor.yml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    for name, text in SHOWN.items():
        if name.startswith(".github/"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            # Until it is released, the action has no hash to pin.
            (tmp_path / name).write_text(text.replace("uses: slslint/slslint@v1", "uses: actions/slslint@v1"))
    zizmor = (PROGRAMS / "zizmor", "--offline", "--no-progress", "--format", "json", ".")
    assert json.loads(done(*zizmor, cwd=tmp_path)) == []


def test_no_input_goes_into_a_script() -> None:
    assert [step["name"] for step in STEPS if "${{" in step.get("run", "")] == []


def test_the_guide_describes_every_input() -> None:
    described = re.findall(r"^\| `([\w-]+)` \|", GUIDE.read_text(), re.MULTILINE)
    assert described == [*ACTION["inputs"]]
    assert all(each["description"].endswith(".") for each in (ACTION["inputs"] | ACTION["outputs"]).values())


class Ran(NamedTuple):
    """What came of a step: its exit status, its log, its outputs and its summary."""

    status: int
    log: str
    outputs: dict[str, str]
    summary: str


class Runner:
    """What GitHub's runner does with the steps of the action that are scripts."""

    def __init__(self, temporary: Path, workspace: Path) -> None:
        self.temporary = temporary
        self.workspace = workspace
        self.outputs: dict[str, str] = {"steps.python.outputs.python-path": sys.executable}

    def run(self, id: str, **inputs: str) -> Ran:
        [step] = [step for step in STEPS if step.get("id") == id]
        known = {f"inputs.{name}": each["default"] for name, each in ACTION["inputs"].items()} | self.outputs
        known |= {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}

        def filled(text: str) -> str:
            return re.sub(r"\$\{\{ (.*?) \}\}", lambda expression: known[expression[1]], text)

        output, summary, script = (self.temporary / f"{id}.{kind}" for kind in ("output", "summary", "sh"))
        output.write_text("")
        summary.write_text("")
        script.write_text(step["run"])
        environment = CLEAN | {
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            "RUNNER_TEMP": str(self.temporary),
            **{name: filled(text) for name, text in step["env"].items()},
        }
        ran = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
            cwd=self.workspace / filled(step.get("working-directory", ".")),
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        made = dict(line.partition("=")[::2] for line in output.read_text().splitlines())
        self.outputs |= {f"steps.{id}.outputs.{name}": value for name, value in made.items()}
        return Ran(ran.returncode, ran.stdout, made, summary.read_text())


@pytest.fixture(scope="session")
def installed(made: Callable[[str, Callable[[Path], object]], Path]) -> str:
    """The program that the action's own step installs."""

    def install(folder: Path) -> None:
        folder.mkdir()
        ran = Runner(folder, folder).run("install")
        assert ran.status == 0, ran.log
        assert f"slslint {__version__}" in ran.log
        (folder / "program").write_text(ran.outputs["program"])

    return (made("action", install) / "program").read_text()


@pytest.fixture
def runner(installed: str, workspace: Path) -> Iterator[Runner]:
    temporary = workspace.parent / "runner"
    temporary.mkdir()
    runner = Runner(temporary, workspace)
    runner.outputs["steps.install.outputs.program"] = installed
    return runner


def sarif_of(ran: Ran) -> Any:
    [run] = json.loads(Path(ran.outputs["sarif-file"]).read_text())["runs"]
    return run["results"]


def test_what_is_wrong_fails_the_step_and_is_shown_everywhere(runner: Runner) -> None:
    ran = runner.run("check")
    assert (ran.status, ran.outputs["exit-status"]) == (1, "1")
    assert "::warning title=slslint" in ran.log
    assert "file=my orders/template.yaml" in ran.log
    assert f"my orders/template.yaml:3:3: {WRONG}" in ran.log
    assert "missing-timeout" in ran.summary
    [result] = sarif_of(ran)
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "my%20orders/template.yaml"


def test_what_is_right_passes(runner: Runner) -> None:
    ran = runner.run("check", working_directory="good", sarif_file="out.sarif")
    assert (ran.status, ran.outputs["exit-status"], sarif_of(ran)) == (0, "0", [])
    assert ran.outputs["sarif-file"] == str(runner.workspace / "good" / "out.sarif")


def test_inputs_are_options(runner: Runner) -> None:
    quiet = runner.run("check", fail_on="never", annotations="false", job_summary="false")
    assert (quiet.status, quiet.summary, "::warning" in quiet.log, WRONG in quiet.log) == (0, "", False, True)
    assert runner.run("check", paths="good\nmy orders\n", args="--select\nwildcard-action,admin-policy").status == 0
    assert runner.run("check", paths="my orders", preset="strict").status == 1
    assert runner.run("check", paths="good").status == 0


def test_what_was_there_before_does_not_stop_a_change(runner: Runner) -> None:
    who = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.com")
    done("git", "add", "--all", cwd=runner.workspace)
    done("git", *who, "commit", "--quiet", "--message", "all", cwd=runner.workspace)
    assert runner.run("check", args="--since HEAD").status == 0
    template = runner.workspace / "good" / "template.yaml"
    template.write_text(template.read_text().replace(", Timeout: 20", ""))
    ran = runner.run("check", args="--since HEAD")
    assert (ran.status, f"good/template.yaml:3:3: {WRONG}" in ran.log, "my orders" in ran.log) == (1, True, False)


def test_every_workflow_of_the_guide_gives_inputs_that_there_are() -> None:
    for name, text in SHOWN.items():
        for step in yaml.safe_load(text)["jobs"]["slslint"]["steps"] if name.startswith(".github/") else ():
            if step.get("uses", "").startswith("slslint/"):
                assert step.get("with", {}).keys() <= ACTION["inputs"].keys()


def test_a_mistake_in_an_input_is_said_and_uploads_nothing(runner: Runner) -> None:
    runner.run("check")
    ran = runner.run("check", args="--selekt x")
    assert (ran.status, "there is no option `--selekt`" in ran.log) == (2, True)
    assert ran.outputs == {"exit-status": "2"}


@pytest.mark.parametrize("name", ["paths", "args", "preset", "fail_on", "sarif_file"])
def test_an_input_is_never_a_command(name: str, runner: Runner) -> None:
    runner.run("check", **{name: '"; touch pwned; $(touch pwned) `touch pwned` #'})
    assert [*runner.workspace.rglob("pwned*"), *runner.temporary.rglob("pwned*")] == []


# --- the guide -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_file_of_the_guide_satisfies_its_schema(name: str, tmp_path: Path) -> None:
    (tmp_path / "shown.yml").write_text(SHOWN[name])
    more = ("--data-transform", "gitlab-ci") if "gitlab" in name else ()
    done(PROGRAMS / "check-jsonschema", "--builtin-schema", f"vendor.{SCHEMAS[name]}", *more, tmp_path / "shown.yml")


def scripts() -> dict[str, list[str]]:
    """The commands in each file of the guide."""
    github = yaml.safe_load(SHOWN[".github/workflows/slslint-by-hand.yml"])["jobs"]["slslint"]["steps"]
    phases = yaml.safe_load(SHOWN["buildspec.yml"])["phases"]
    azure = yaml.safe_load(SHOWN["azure-pipelines.yml"])["steps"]
    jenkins = " && ".join(re.findall(r"^ +sh '(.*)'$", SHOWN["Jenkinsfile"], re.MULTILINE)).replace(".venv/bin/", "")
    return {
        ".github/workflows/slslint-by-hand.yml": [step["run"] for step in github if "run" in step],
        ".gitlab-ci.yml": yaml.safe_load(SHOWN[".gitlab-ci.yml"])["slslint"]["script"],
        "buildspec.yml": [*phases["install"]["commands"], *phases["build"]["commands"]],
        "azure-pipelines.yml": [step["script"] for step in azure if "script" in step],
        "Jenkinsfile": jenkins.split(" && ")[1:],
    }


PARSED: dict[str, Callable[[str], str]] = {
    "gitlab": lambda text: json.dumps(json.loads(text)),
    "junit": lambda text: ElementTree.tostring(ElementTree.fromstring(text), "unicode"),
    "sarif": lambda text: json.dumps(json.loads(text)),
}


@pytest.mark.parametrize(("file", "commands"), scripts().items())
def test_the_commands_of_the_guide_make_its_reports(
    file: str, commands: list[str], from_wheel: Path, dist: Path, workspace: Path, tmp_path: Path
) -> None:
    environment = CLEAN | {
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "PATH": f"{from_wheel}:{CLEAN['PATH']}",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_FIND_LINKS": str(dist),
    }
    *before, check = commands
    for command in before:
        subprocess.run(command, shell=True, cwd=workspace, env=environment, check=True, stdout=subprocess.DEVNULL)
    assert subprocess.run(check, shell=True, cwd=workspace, env=environment, check=False).returncode == 1
    written = re.findall(r"(gitlab|junit|sarif):(\S+)", check)
    assert written
    for form, name in written:
        assert "my orders/template.yaml" in PARSED[form]((workspace / name).read_text()).replace("%20", " ")
        assert SHOWN[file].count(name) > 1, "the server is told where the report is"
