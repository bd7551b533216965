"""The file nearest to a path governs it, by the real program in scratch repositories."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Place = Callable[[Mapping[str, str]], Path]

BARE = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Handler: app.handler, Runtime: python3.13, Role: "arn:aws:iam::123456789012:role/x", Code: ./src}
"""
"""A template in which `missing-timeout` speaks."""

SLOW = "import time\n\n\ndef handler(event, context):\n    time.sleep(5)\n"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "slslint", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def said(folder: Path, *arguments: str) -> dict[str, dict[str, str]]:
    """By path and rule, how severe what the program reports is."""
    done = run(folder, "check", "--format", "json", *arguments)
    assert done.returncode in (0, 1), done.stderr
    found: dict[str, dict[str, str]] = {}
    for each in json.loads(done.stdout)["findings"]:
        if not each.get("suppressed"):
            found.setdefault(each["path"], {})[each["rule"]] = each["severity"]
    return found


def severities(found: dict[str, dict[str, str]], rule: str) -> dict[str, str]:
    return {path: rules[rule] for path, rules in found.items() if rule in rules}


NOTED = '[rules.missing-timeout]\nseverity = "note"\n'


def monorepo(**files: str) -> dict[str, str]:
    """Two applications, with the named files (`a__slslint_toml`) beside them."""
    applications = {f"{name}/{path}": text for name in "ab" for path, text in APPLICATION.items()}
    return applications | {name.replace("__", "/").replace("_", "."): text for name, text in files.items()}


APPLICATION = {"template.yaml": BARE, "src/app.py": SLOW}


@pytest.mark.parametrize("name", ["slslint.toml", ".slslint.toml", "pyproject.toml"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_application_is_governed_by_the_file_nearest_to_it(place: Place, name: str, jobs: str) -> None:
    text = NOTED if name != "pyproject.toml" else '[tool.slslint.rules.missing-timeout]\nseverity = "note"\n'
    folder = place(
        monorepo() | {"slslint.toml": "", f"a/{name}": text, "b/pyproject.toml": '[project]\nname = "slslint-user"\n'}
    )
    found = severities(said(folder, "--jobs", jobs), "missing-timeout")
    assert found == {"a/template.yaml": "note", "b/template.yaml": "warning"}


def test_from_inside_outside_and_by_name_the_same_file_governs(place: Place) -> None:
    folder = place(monorepo(a__slslint_toml=NOTED))
    assert severities(said(folder, "a/template.yaml"), "missing-timeout") == {"a/template.yaml": "note"}
    assert severities(said(folder, "a/src", "b"), "missing-timeout") == {"b/template.yaml": "warning"}
    assert severities(said(folder / "a"), "missing-timeout") == {"template.yaml": "note"}
    assert severities(said(folder / "b", "../a"), "missing-timeout") == {"../a/template.yaml": "note"}


def test_the_command_line_beats_every_file(place: Place) -> None:
    folder = place(monorepo(a__slslint_toml=NOTED))
    assert "a/template.yaml" not in severities(said(folder, "--ignore", "missing-timeout"), "missing-timeout")
    both = {"a/template.yaml": "error", "b/template.yaml": "error"}
    assert severities(said(folder, "--config", 'rules.missing-timeout.severity = "error"'), "missing-timeout") == both
    plain = {"a/template.yaml": "warning", "b/template.yaml": "warning"}
    assert severities(said(folder, "--isolated"), "missing-timeout") == plain


def test_a_named_file_governs_every_path(place: Place) -> None:
    folder = place(monorepo(a__slslint_toml=NOTED) | {"ci.toml": '[rules.missing-timeout]\nseverity = "error"\n'})
    both = {"a/template.yaml": "error", "b/template.yaml": "error"}
    assert severities(said(folder, "--config", "ci.toml"), "missing-timeout") == both


def test_what_concerns_the_run_comes_from_the_working_directory(place: Place) -> None:
    folder = place(monorepo(slslint_toml='fail-on = "error"\n', a__slslint_toml='fail-on = "note"\nformat = "sarif"\n'))
    done = run(folder, "check", "a")
    assert done.returncode == 0, done.stdout
    assert not done.stdout.startswith("{")


def test_a_nested_file_leaves_out_what_lies_in_its_folder(place: Place) -> None:
    files = monorepo(a__slslint_toml='exclude = ["/old/"]\n', slslint_toml='exclude = ["/b/new/"]\n')
    for name in ("a/old", "a/new", "b/old", "b/new"):
        files |= {f"{name}/{path}": text for path, text in APPLICATION.items()}
    found = severities(said(place(files)), "missing-timeout")
    assert sorted(found) == ["a/new/template.yaml", "a/template.yaml", "b/old/template.yaml", "b/template.yaml"]


def test_options_are_those_of_the_template_and_severities_those_of_the_place(place: Place) -> None:
    files = {
        "a/template.yaml": BARE.replace("./src", "../shared"),
        "shared/app.py": SLOW,
        "a/slslint.toml": "[rules.sleep-in-handler]\nseconds = 9\n",
    }
    assert severities(said(place(files)), "sleep-in-handler") == {}
    place({"a/slslint.toml": "", "shared/slslint.toml": '[rules.sleep-in-handler]\nseconds = 9\nseverity = "error"\n'})
    assert severities(said(place({})), "sleep-in-handler") == {"shared/app.py": "error"}


def test_overrides_hold_for_their_paths_and_the_last_counts(place: Place) -> None:
    settings = """
[[overrides]]
paths = ["a/**", "/b/"]
ignore = ["sleep-in-handler"]
rules.missing-timeout.severity = "note"

[[overrides]]
paths = ["b/**"]
rules.missing-timeout.severity = "error"
"""
    found = said(place(monorepo(slslint_toml=settings)))
    assert severities(found, "missing-timeout") == {"a/template.yaml": "note", "b/template.yaml": "error"}
    assert severities(found, "sleep-in-handler") == {}
    found = said(place({}), "--config", "rules.missing-timeout.severity = 'warning'")
    assert set(severities(found, "missing-timeout").values()) == {"warning"}


def test_an_override_wakes_a_rule_that_sleeps_elsewhere(place: Place) -> None:
    settings = 'select = ["missing-timeout"]\n[[overrides]]\npaths = ["a/"]\nextend-select = ["sleep-in-handler"]\n'
    found = said(place(monorepo(slslint_toml=settings)))
    assert severities(found, "sleep-in-handler") == {"a/src/app.py": "warning"}
    assert len(severities(found, "missing-timeout")) == 2


def test_a_mistake_in_a_nested_file_stops_the_run_with_its_place(place: Place) -> None:
    folder = place(monorepo(a__slslint_toml='\n\npreset = "loud"\n'))
    for jobs in ("1", "2"):
        done = run(folder, "check", "--jobs", jobs)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == "slslint: error: a/slslint.toml:3: `preset` cannot be 'loud'; use `default`, `strict`\n"
