"""The command line as people and programs meet it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from slslint import cli, registry
from slslint.app import App
from slslint.finding import Finding
from slslint.record import replace

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
"""
HANDLER = "def handler(event, context):\n    return event\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "src" / "app.py").write_text(HANDLER)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> int:
    try:
        return cli.main(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)


def report(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[str, str, int]]:
    run("check", "--format", "json", *arguments)
    findings = json.loads(capsys.readouterr().out)["findings"]
    return [(finding["rule"], finding["path"], finding["start"]["line"]) for finding in findings]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chekc"], "`chekc` is none of check, "),
        (["chekc"], "(did you mean `check`?); see `slslint --help`"),
        (
            ["check", "--fromat=json"],
            "no option `--fromat=json` (did you mean `--format`?); see `slslint check",
        ),
        (["check", "--format", "jsn"], "(did you mean `json`?)"),
        (["check", "--out", "report"], "no option `--out`"),
        (["check", "-"], "`--stdin-filename src/app.py`"),
        (["check", "--ignore", "cfn-lint:W2001"], "`per-path-ignores` or the settings of cfn-lint leave it out"),
        (["rule"], "required: RULE; see `slslint rule --help`"),
        ([], "usage: slslint [-h] [--version] COMMAND ..."),
    ],
)
def test_mistakes_are_told_with_what_to_do(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert run(*arguments) == 2
    written = capsys.readouterr()
    assert not written.out
    assert said in written.err


def test_help_is_as_wide_as_the_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert run("model", "--help") == 0
    text = capsys.readouterr().out
    assert text.startswith("usage: slslint model [OPTIONS] [PATHS ...]\n")
    options, _, examples = text.partition("\nexamples:\n")
    assert max(map(len, options.splitlines())) <= 60
    assert examples  # these stand as they are written, to be copied


@pytest.mark.parametrize("name", ["notes.txt", "values.yaml"])
def test_a_named_file_of_no_use_is_said_to_be_so(project: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    Path(name).write_text("a: 1\n")
    assert run("check", name) == 0
    assert f"nothing was checked in `{name}`" in capsys.readouterr().out
    assert run("check", "template.yaml", "src/app.py") == 1
    assert "nothing was checked" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["check"], 1),
        (["check", "--fail-on", "error"], 0),
        (["check", "--fail-on", "never"], 0),
        (["check", "--ignore", "missing-timeout"], 0),
        (["check", "--select", "handler-not-found"], 0),
        (["check", "--no-cache", "--jobs", "auto", "-q"], 1),
        (["check", "nowhere"], 2),
        (["check", "--select", "mising-timeout"], 2),
        (["check", "--preset", "lenient"], 2),
        (["check", "--param", "Stage"], 2),
        (["check", "--jobs", "0"], 2),
        (["check", "--config", "nowhere.toml"], 2),
        (["check", "--output", "no/such/folder/report"], 2),
        (["rule", "missing-timeout"], 0),
        (["rule", "missing-time"], 2),
        (["rules"], 0),
        (["model"], 0),
        (["--version"], 0),
    ],
)
def test_exit_status(project: Path, arguments: list[str], status: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*arguments) == status
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert (status == 2) == ("error: " in said.err)


def test_in_a_hook_of_git_the_version_is_still_our_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--version") == 0
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / ".git"))
    assert run("--version") == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == second


def test_a_mistake_is_one_line_that_says_what_to_do(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("check", "--select", "mising-timeout")
    said = capsys.readouterr().err
    assert said.startswith("slslint: error: there is no rule `mising-timeout` (did you mean `missing-timeout`?); ")
    assert said.count("\n") == 1


def test_paths_are_relative_to_the_working_directory(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(capsys) == [("missing-timeout", "template.yaml", 3)]
    assert report(capsys, str(project)) == [("missing-timeout", "template.yaml", 3)]
    (project / "deep").mkdir()
    monkeypatch.chdir(project / "deep")
    assert report(capsys, "..") == [("missing-timeout", "../template.yaml", 3)]


def test_settings_are_found_and_the_command_line_wins(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "pyproject.toml").write_text('[tool.slslint]\nignore = ["missing-timeout"]\nformat = "concise"\n')
    assert run("check") == 0
    assert capsys.readouterr().out == ""
    (project / "pyproject.toml").write_text('[tool.slslint]\nfail-on = "error"\nformat = "concise"\n')
    assert run("check", "--fail-on", "note") == 1
    assert capsys.readouterr().out.startswith("template.yaml:3:3: warning[missing-timeout] ")


def test_exclude(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(capsys, "--exclude", "template.yaml") == []


def test_parameters_decide(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "template.yaml").write_text(
        "Parameters: {Stage: {Type: String}}\nConditions: {Prod: !Equals [!Ref Stage, prod]}\n"
        + TEMPLATE.replace("CodeUri: src/", "CodeUri: src/, Timeout: !If [Prod, 30, !Ref AWS::NoValue]")
    )
    assert report(capsys) == []
    assert report(capsys, "--param", "Stage=prod") == []
    assert report(capsys, "--param", "Stage=dev") == [("missing-timeout", "template.yaml", 5)]


def test_output_goes_to_the_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "--format", "sarif", "--output", "report.sarif") == 1
    assert capsys.readouterr().out == ""
    assert json.loads((project / "report.sarif").read_text())["version"] == "2.1.0"


def test_statistics(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("check", "--statistics")
    assert capsys.readouterr().out.split() == ["1", "warning", "missing-timeout"]


UNTOLD = """\
Parameters:
  Limit: {Type: Number}
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Code: src/
      Timeout: !Ref Limit
      Role: !ImportValue shared-role
  Reads:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: !Ref Orders, EventSourceArn: !ImportValue orders-queue}
  Bills:
    Type: AWS::Lambda::Function
    Properties: {Runtime: java21, Handler: app.Handler, Code: bills/, Timeout: 9, Role: !GetAtt Role.Arn}
  Role:
    Type: AWS::IAM::Role
"""


def test_what_could_not_be_told_is_counted_and_listed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "template.yaml").write_text(UNTOLD)
    run("check", "--format", "json")
    summary = json.loads(capsys.readouterr().out)["summary"]
    assert (summary["undecided"], summary["elsewhere"]) == (3, 1)
    run("check")
    quiet = capsys.readouterr()
    assert "1 function with code that is not in sight, 3 values not decided: `--verbose` says why" in quiet.out
    run("check", "--verbose")
    spoken = capsys.readouterr()
    assert spoken.out == quiet.out
    count, *places = spoken.err.splitlines()[3:]
    assert count == "not known, so that rules were silent: 4"
    assert places == [
        "template.yaml:10:16: the timeout of `Orders`: the parameter `Limit` has no default",
        "template.yaml:11:13: the role of `Orders`: its role is defined elsewhere",
        "template.yaml:14:61: what invokes `Orders`, a queue: `import:orders-queue` is known only when deployed",
        "template.yaml:15:3: the code of `Bills`: slslint does not read Java code",
    ]
    assert quiet.err == ""


def test_rules_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    run("rules", "--format", "json")
    rules = {rule["id"]: rule for rule in json.loads(capsys.readouterr().out)}
    assert rules["missing-timeout"]["severity"] == "warning"
    assert rules["handler-not-found"]["variants"]["elsewhere"] == {"severity": "note", "preset": "default"}


def test_model_shows_functions_with_what_was_joined(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("model")
    (unit,) = json.loads(capsys.readouterr().out)
    (function,) = unit["functions"]
    assert function["timeout"] == {"value": 3, "origin": "default"}
    assert (function["join"]["state"], function["join"]["file"]) == ("joined", "src/app.py")


def slslint(project: Path, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "slslint", *arguments]
    return subprocess.run(command, cwd=project, input=text, capture_output=True, text=True, check=False)


def test_an_editor_hands_over_unsaved_text(project: Path) -> None:
    done = slslint(project, "check", "--format", "concise", "--stdin-filename", "template.yaml", text=TEMPLATE)
    assert done.stdout.startswith("template.yaml:3:3: warning[missing-timeout]")
    mended = TEMPLATE.replace("CodeUri", "Timeout: 3, CodeUri")
    assert slslint(project, "check", "--stdin-filename", "template.yaml", text=mended).returncode == 0
    bad = HANDLER + "    import requests\n    requests.get('http://x')\n"
    done = slslint(project, "check", "--format", "concise", "--stdin-filename", "src/app.py", text=bad)
    assert {line.partition(":")[0] for line in done.stdout.splitlines()} <= {"src/app.py"}


def test_a_reader_that_goes_away_is_no_error(project: Path) -> None:
    done = subprocess.run(
        f"{sys.executable} -m slslint rules | true",
        shell=True,
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no such device")
@pytest.mark.parametrize("command", ["check", "check --format json", "rules", "--version"])
def test_a_disk_that_is_full_is_no_fault_of_ours(project: Path, command: str) -> None:
    with open("/dev/full", "w") as full:
        whole = [sys.executable, "-m", "slslint", *command.split()]
        done = subprocess.run(whole, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        2,
        "slslint: error: stdout: no space left on device; write to another place\n",
    )


@pytest.mark.skipif(os.name == "nt", reason="its shell closes no streams")
@pytest.mark.parametrize(
    ("arguments", "status"),
    [("check >&-", 1), ("check nowhere 2>&-", 2), ("check --stdin-filename a.py <&-", 0), ("rules <&- >&- 2>&-", 0)],
)
def test_streams_may_be_closed(project: Path, arguments: str, status: int) -> None:
    done = subprocess.run(f"{sys.executable} -m slslint {arguments}", shell=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (status, b"")


@pytest.mark.skipif(os.name == "nt", reason="no file may be called so")
def test_no_message_commands_the_terminal(project: Path) -> None:
    folder = project / "\x1b[31mred"
    folder.mkdir()
    (folder / "template.yaml").write_text(TEMPLATE)
    (folder / "slslint.toml").write_text('preset = "strict"\n')
    shown = slslint(project, "config", folder.name)
    assert shown.stdout.startswith("# \\x1b[31mred: \\x1b[31mred/slslint.toml\n")
    (folder / "slslint.toml").write_text("selekt = []\n")
    said = slslint(project, "check").stderr
    assert said.startswith("slslint: error: \\x1b[31mred/slslint.toml:1: unknown key `selekt`")


def test_colours_only_when_asked_for_in_a_pipe(project: Path) -> None:
    assert "\x1b" not in slslint(project, "check").stdout
    assert "\x1b[" in slslint(project, "check", "--color", "always").stdout
    assert slslint(project, "check").stderr == ""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names that are no text")
def test_a_name_that_is_no_text_can_be_shown(project: Path) -> None:
    os.rename("src/app.py", os.fsencode(project) + b"/caf\xe9.py")
    for form in ("text", "json", "sarif"):
        done = slslint(project, "check", "--preset", "strict", "--format", form)
        assert "Traceback" not in done.stderr
        assert done.returncode == 1


@pytest.mark.parametrize("option", ["--exit-zero", "--diff", "--fix", "--statistics"])
def test_a_rule_that_fails_is_never_taken_for_a_clean_check(
    project: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    def fails(app: App) -> Iterator[Finding]:
        raise ValueError("no such thing")

    [some] = (each for each in registry.load() if each.id == "missing-timeout")
    monkeypatch.setattr(registry, "installed", lambda **_: (replace(some, check=fails),))
    assert run("check", option, "--isolated") == 2
