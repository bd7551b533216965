"""`slslint config` and `slslint init`, by the real program in scratch repositories."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

import jsonschema
import pytest

Place = Callable[[Mapping[str, str]], Path]

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src}
"""
APPLICATION = {"template.yaml": TEMPLATE, "src/app.py": "def handler(event, context):\n    return {}\n"}

NESTED = {
    "slslint.toml": """\
preset = "strict"
ignore = ["wildcard-action"]
exclude = ["/a/old/"]
parameters = { Stage = "dev", Size = "1" }

[per-path-ignores]
"a/tests/**" = ["missing-timeout"]
""",
    "a/slslint.toml": """\
extend = "../slslint.toml"
extend-ignore = ["missing-timeout"]
parameters.Stage = "prod"

[[overrides]]
paths = ["elsewhere/"]

[[overrides]]
paths = ["src/"]
rules."monolithic-router:framework".severity = "off"
""",
    "a/src/app.py": "",
}


def run(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "slslint", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "slslint", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr


def test_config_shows_what_holds_and_who_said_so(place: Place) -> None:
    folder = place(NESTED)
    assert (
        run(folder, "config", "a/src/app.py")
        == """\
# a/src/app.py: a/slslint.toml, over slslint.toml
preset = "strict"                                     # slslint.toml:1
ignore = ["wildcard-action", "missing-timeout"]       # slslint.toml:2, a/slslint.toml:2
rules."monolithic-router:framework".severity = "off"  # a/slslint.toml:10
parameters.Stage = "prod"                             # a/slslint.toml:3
parameters.Size = "1"                                 # slslint.toml:4
exclude = ["/old/"]                                   # slslint.toml:3
per-path-ignores."/tests/**" = ["missing-timeout"]    # slslint.toml:7
"""
    )
    assert "monolithic-router" not in run(folder, "config", "a")
    told = run(folder, "config", "a", "--config", "parameters.Stage = 'test'")
    assert 'parameters.Stage = "test"' in told
    assert told.partition("Stage")[2].partition("\n")[0].endswith("# command line")


def test_config_is_toml_that_means_the_same_and_all_has_every_default(place: Place) -> None:
    folder = place(NESTED)
    shown = run(folder, "config", "a/src", "--all")
    table = tomllib.loads(shown)
    assert table["rules"]["sleep-in-handler"] == {"seconds": 1}
    assert (table["fail-on"], table["preset"]) == ("warning", "strict")
    (folder / "a" / "slslint.toml").write_text(shown)
    again = tomllib.loads(run(folder, "config", "a/src", "--all"))
    assert again == table


def test_config_for_programs(place: Place) -> None:
    told = json.loads(run(place(NESTED), "config", "a", "--format", "json"))
    assert told["files"] == ["a/slslint.toml", "slslint.toml"]
    by_key = {each["key"]: (each["value"], each["from"]) for each in told["settings"]}
    assert by_key["ignore"] == (["wildcard-action", "missing-timeout"], ["slslint.toml:2", "a/slslint.toml:2"])
    schema = json.loads(run(place({}), "config", "--schema"))
    jsonschema.Draft7Validator.check_schema(schema)


def test_config_of_what_is_not_there(place: Place) -> None:
    folder = place({})
    assert (
        refused(folder, "config", "gone") == "slslint: error: gone: there is no such file or folder; check the path\n"
    )
    assert "`slslint init` writes a start" in run(folder, "config")


def test_init_writes_settings_that_change_nothing(place: Place) -> None:
    folder = place(APPLICATION)
    before = run(folder, "check", "--exit-zero")
    told = run(folder, "init")
    text = (folder / "slslint.toml").read_text()
    assert text.startswith("#:schema https://")
    assert "# Here: 1 template (SAM), 1 function in Python." in text
    assert "slslint check" in told
    assert run(folder, "check", "--exit-zero") == before
    # What is commented out is right, too.
    uncommented = "\n".join(
        line.removeprefix("# ") if "=" in line or "# [" in line else line for line in text.splitlines()
    )
    (folder / "slslint.toml").write_text(uncommented)
    assert run(folder, "config").count("slslint.toml:") > 4


def test_init_leaves_what_is_there(place: Place) -> None:
    folder = place({**APPLICATION, "slslint.toml": "# mine\n"})
    assert "there are settings already; --force replaces it" in refused(folder, "init")
    assert "there are settings already; edit that" in refused(folder, "init", "--pyproject")
    assert run(folder, "init", "--stdout").startswith("#:schema")
    assert (folder / "slslint.toml").read_text() == "# mine\n"
    run(folder, "init", "--force")
    assert "preset" in (folder / "slslint.toml").read_text()


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_init_adds_to_pyproject(place: Place, end: str) -> None:
    folder = place(APPLICATION)
    assert "there is none; leave out --pyproject" in refused(folder, "init", "--pyproject")
    (folder / "pyproject.toml").write_bytes(f'[project]{end or chr(10)}name = "é"{end}'.encode())
    run(folder, "init", "--pyproject")
    table = tomllib.loads((folder / "pyproject.toml").read_bytes().decode())
    assert (table["project"], table["tool"]["slslint"]["preset"]) == ({"name": "é"}, "default")
    assert "there are settings already; edit that" in refused(folder, "init", "--pyproject", "--force")


def test_init_leaves_out_templates_of_tests_and_proposes_a_baseline(place: Place) -> None:
    code = "import requests\n\n\ndef handler(event, context):\n" + "    requests.get('https://x.example')\n" * 12
    files = {f"{name}/{path}": text for name in ("one", "two", "tests/three") for path, text in APPLICATION.items()}
    folder = place(files | {"one/src/app.py": code})
    told = run(folder, "init")
    assert 'exclude = ["/tests/"]' in (folder / "slslint.toml").read_text()
    assert "--write-baseline" in told


def test_init_where_there_is_nothing_yet(place: Place) -> None:
    folder = place({})
    assert "no template and no handler yet" in run(folder, "init")
