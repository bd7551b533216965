"""Baselines, as people and programs use them from the command line."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from slslint import cli

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: .}
"""
CODE = """\
import requests


def handler(event, context):
    return requests.get(event["url"])
"""
FILE = "slslint-baseline.json"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two services, each with the same two mistakes."""
    (tmp_path / ".git").mkdir()
    for name in ("orders", "bills"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "template.yaml").write_text(TEMPLATE)
        (tmp_path / name / "app.py").write_text(CODE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Any:
    """`slslint check`: what counts, as (rule, path, line), with the summary and what is said on stderr."""

    def run(*arguments: str, status: int | None = None) -> tuple[list[tuple[str, str, int]], dict[str, int], str]:
        given = cli.main(["check", "--format", "json", *arguments])
        assert status is None or given == status
        out, said = capsys.readouterr()
        report = json.loads(out) if out else {"findings": [], "summary": {}}
        counted = [each for each in report["findings"] if each["suppressed"] is None]
        return [(each["rule"], each["path"], each["start"]["line"]) for each in counted], report["summary"], said

    return run


def entries(project: Path, file: str = FILE) -> list[tuple[str, str]]:
    document = json.loads((project / file).read_text())
    return [(each["path"], each["rule"]) for each in document["findings"]]


def test_what_was_there_does_not_count_and_what_comes_does(project: Path, check: Any) -> None:
    found, summary, said = check("--write-baseline", status=0)
    assert (found, summary["baselined"], summary["suppressed"]) == ([], 4, 4)
    assert "4 findings are in the baseline `slslint-baseline.json`" in said
    assert entries(project) == [
        ("bills/app.py", "call-without-timeout"),
        ("bills/template.yaml", "missing-timeout:everywhere"),
        ("orders/app.py", "call-without-timeout"),
        ("orders/template.yaml", "missing-timeout:everywhere"),
    ]
    code = project / "orders" / "app.py"
    code.write_text(CODE.replace("\n\n\n", "\n\n# moved\n\n\n\n"))
    assert check("--baseline", FILE, status=0)[0] == []
    code.write_text(f"{code.read_text()}    requests.post(event['url'])\n".replace("return ", ""))
    assert check("--baseline", FILE, status=1)[0] == [("call-without-timeout", "orders/app.py", 9)]


def test_a_second_equal_one_counts(project: Path, check: Any) -> None:
    check("--write-baseline")
    call = '    requests.get(event["url"])\n'
    (project / "orders" / "app.py").write_text(CODE.replace("    return", f"{call}{call}    return"))
    found, summary, _ = check("--baseline", FILE)
    assert [each[0] for each in found] == ["call-without-timeout"] * 2
    assert summary["baselined"] == 4


def test_it_does_not_matter_where_slslint_runs_or_the_project_lies(
    project: Path, check: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    check("--write-baseline")
    assert check("orders", "--baseline", FILE)[:1] == ([],)
    monkeypatch.chdir(project / "orders")
    assert check("--baseline", f"../{FILE}")[0] == []
    # One of its own in a folder, which then moves without its repository.
    check("--write-baseline", "own.json")
    assert entries(project / "orders", "own.json")[0] == ("app.py", "call-without-timeout")
    monkeypatch.chdir(project)
    assert check("orders", "--baseline", "orders/own.json")[0] == []
    shutil.rmtree(project / ".git")
    shutil.move(project / "orders", project / "deep" / "purchases")
    monkeypatch.chdir(project / "deep" / "purchases")
    assert check("--baseline", "own.json")[0] == []


def test_settings_name_it(project: Path, check: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "slslint.toml").write_text('baseline = "old/findings.json"\n')
    (project / "old").mkdir()
    _, _, said = check("--write-baseline", status=0)
    assert "--baseline" not in said
    assert entries(project, "old/findings.json")[0] == ("../bills/app.py", "call-without-timeout")
    monkeypatch.chdir(project / "orders")
    assert check(status=0)[0] == []


def test_what_is_mended_is_gone_and_can_be_dropped(project: Path, check: Any) -> None:
    check("--write-baseline")
    whole = (project / FILE).read_text()
    (project / "orders" / "app.py").write_text(CODE.replace("])", "], timeout=3)"))
    shutil.rmtree(project / "bills")
    found, summary, said = check("--baseline", FILE, status=0)
    assert (found, summary["baselined"], summary["gone"]) == ([], 1, 3)
    assert "3 findings are gone that the baseline `slslint-baseline.json` has; --prune-baseline drops" in said
    assert (project / FILE).read_text() == whole
    (project / "orders" / "new.py").write_text(CODE)
    (project / "orders" / "template.yaml").write_text(TEMPLATE.replace("app.handler", "new.handler"))
    found, _, _ = check("--baseline", FILE, "--prune-baseline", status=1)
    assert found == [("call-without-timeout", "orders/new.py", 5)]
    assert entries(project) == [("orders/template.yaml", "missing-timeout:everywhere")]


@pytest.mark.parametrize(
    "arguments",
    [
        ("bills",),
        ("--select", "wildcard-action"),
        ("--ignore", "call-without-timeout"),
        ("--exclude", "orders/"),
        ("orders/template.yaml",),
    ],
)
def test_what_a_run_cannot_judge_is_not_gone(project: Path, check: Any, arguments: tuple[str, ...]) -> None:
    check("--write-baseline")
    whole = (project / FILE).read_text()
    (project / "orders" / "app.py").write_text(CODE.replace("])", "], timeout=3)"))
    _, summary, _ = check(*arguments, "--baseline", FILE, "--prune-baseline", status=0)
    assert summary["gone"] == 0
    assert (project / FILE).read_text() == whole


def test_what_a_narrower_run_writes_keeps_the_rest(project: Path, check: Any) -> None:
    check("--write-baseline")
    (project / "orders" / "app.py").write_text(CODE.replace("])", "], timeout=3)"))
    check("orders", "--write-baseline")
    assert len(entries(project)) == 3
    check("--select", "wildcard-action", "--write-baseline")
    assert len(entries(project)) == 3


def test_a_file_that_cannot_be_read_is_neither_kept_nor_makes_others_gone(project: Path, check: Any) -> None:
    check("--write-baseline")
    (project / "orders" / "template.yaml").write_text("Resources: {Orders: {Type: AWS::Lambda::Function\n")
    found, summary, _ = check("--baseline", FILE, "--prune-baseline", status=1)
    assert ([each[0] for each in found], summary["gone"]) == (["syntax-error"], 0)
    found, _, said = check("--write-baseline", status=1)
    assert [each[0] for each in found] == ["syntax-error"]
    assert "not in it, for" in said
    assert len(entries(project)) == 4


def test_suppressed_findings_do_not_get_in(project: Path, check: Any) -> None:
    code = project / "orders" / "app.py"
    code.write_text(CODE.replace("])", "])  # slslint: ignore[call-without-timeout] the proxy ends it"))
    check("--write-baseline")
    assert ("orders/app.py", "call-without-timeout") not in entries(project)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "there is no such file; `slslint check --write-baseline"),
        ("Resources: {}\n", "it is no baseline of slslint; name another file"),
        ('{"version": 1}', "it is no baseline of slslint"),
        ("[]", "it is no baseline of slslint"),
        ('{"findings": [{"fingerprint": "a"', "it is no valid JSON"),
        ('{"version": 2, "findings": []}', "a newer slslint wrote it (version 2); update slslint"),
        ('{"version": 1, "findings": [{"path": "a"}]}', "entry 1 needs `path`, `rule` and `fingerprint`"),
        (
            "<<<<<<< HEAD\n{}\n=======\n>>>>>>> main\n",
            "it holds the conflict markers of a merge; keep the entries of both sides",
        ),
    ],
)
def test_a_file_that_is_no_baseline_is_named_and_left_alone(
    project: Path, check: Any, text: str | None, said: str
) -> None:
    file = project / FILE
    if text is not None:
        file.write_text(text)
    assert f"{FILE}: {said}" in check("--baseline", FILE, status=2)[2]
    if text is not None:
        assert said in check("--write-baseline", status=2)[2]
        assert file.read_text() == text


def test_it_is_written_whole_or_not_at_all(project: Path, check: Any) -> None:
    assert "choose another place" in check("--write-baseline", "no/such/folder.json", status=2)[2]
    (project / "kept.json").touch()
    check("--write-baseline", "first.json")
    assert sorted(each.name for each in project.iterdir()) == [".git", "bills", "first.json", "kept.json", "orders"]
    assert "needs a baseline" in check("--prune-baseline", status=2)[2]


def test_the_file_merges_line_by_line_and_is_the_same_each_time(project: Path, check: Any) -> None:
    check("--write-baseline")
    first = (project / FILE).read_text()
    assert first.count("\n") == 4 + 3
    check("--write-baseline")
    assert (project / FILE).read_text() == first


def test_sarif_shows_it_as_suppressed(project: Path, check: Any, capsys: pytest.CaptureFixture[str]) -> None:
    check("--write-baseline")
    cli.main(["check", "--baseline", FILE, "--format", "sarif"])
    results = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert [each["suppressions"][0]["kind"] for each in results] == ["external"] * 4


def test_what_is_left_out_is_not_counted(project: Path, check: Any, capsys: pytest.CaptureFixture[str]) -> None:
    check("--write-baseline")
    cli.main(["check", "--baseline", FILE, "--quiet", "--fail-on", "error"])
    assert capsys.readouterr().out == "Found nothing in 2 functions of 4 files\n"


def test_the_program_itself(project: Path) -> None:
    command = [sys.executable, "-m", "slslint", "check"]
    ran = subprocess.run([*command, "--write-baseline"], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "Found nothing in 2 functions of 4 files; 4 in the baseline\n")
    ran = subprocess.run([*command, "--baseline", FILE, "orders"], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
