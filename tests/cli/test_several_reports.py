"""Reports in several forms, on stdout and in files."""

import json
import os
import stat
from pathlib import Path

import pytest

from slslint import cli

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


def check(*arguments: str) -> int:
    return cli.main(("check", *arguments))


def test_several_at_once(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = ("--output", "sarif:out.sarif", "--output", "gitlab:quality.json", "--output", "concise")
    assert check(*wanted) == 1
    assert capsys.readouterr().out.startswith("template.yaml:3:3: warning[missing-timeout]")
    assert json.loads((project / "out.sarif").read_text())["version"] == "2.1.0"
    assert json.loads((project / "quality.json").read_text())[0]["check_name"] == "missing-timeout"
    assert sorted(os.listdir(project)) == ["out.sarif", "quality.json", "src", "template.yaml"]


def test_the_setting_means_the_same_from_its_own_folder(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "slslint.toml").write_text('output = ["json:report.json", "concise"]\n')
    monkeypatch.chdir(project / "src")
    check("..")
    assert capsys.readouterr().out.startswith("../template.yaml:3:3: ")
    assert json.loads((project / "report.json").read_text())["summary"]["warnings"] == 1
    (project / "report.json").unlink()
    check("..", "--format", "json")
    assert json.loads(capsys.readouterr().out)["summary"]["warnings"] == 1
    assert not (project / "report.json").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--output", "no/such/report"], "no/such/report: there is no folder no/such; make it first"),
        (["--output", "src"], "src: is a directory; choose another place"),
        (["--output", "sarf:x"], "there is no form `sarf` (did you mean `sarif`?)"),
        (["--output", "text", "--output", "json"], "two reports (text and json) go to stdout"),
        (["--output", "template.yaml"], "template.yaml: it is part of what was checked; choose another place"),
        (["--output", "json:src/../src/app.py"], "it is part of what was checked"),
        (["--statistics", "--output", "sarif:x"], "--statistics cannot be written as sarif"),
    ],
)
def test_what_cannot_be_written(
    project: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(*arguments) == 2
    assert said in capsys.readouterr().err
    assert sorted(os.listdir(project)) == ["src", "template.yaml"]
    assert (project / "template.yaml").read_text() == TEMPLATE
    assert (project / "src" / "app.py").read_text() == HANDLER


def test_a_file_is_replaced_whole_and_keeps_its_mode_and_its_link(project: Path) -> None:
    (project / "real.json").write_text("of old" * 1000)
    (project / "real.json").chmod(0o640)
    (project / "link.json").symlink_to("real.json")
    check("--output", "json:link.json")
    assert (project / "link.json").is_symlink()
    assert json.loads((project / "real.json").read_text())["version"] == 1
    assert stat.S_IMODE((project / "real.json").stat().st_mode) == 0o640


@pytest.mark.skipif(not os.path.exists("/dev/null"), reason="the system has no such device")
def test_what_is_no_plain_file_is_written_into(project: Path) -> None:
    assert check("--output", "json:/dev/null", "--output", "text:/dev/fd/1") == 1
    assert not stat.S_ISREG(os.stat("/dev/null").st_mode)


def test_a_wrong_setting_is_told_with_its_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "slslint.toml").write_text('output = ["sarf:report.json"]\n')
    assert check() == 2
    said = capsys.readouterr().err
    assert "slslint.toml" in said
    assert "there is no form `sarf` (did you mean `sarif`?)" in said


def test_quiet_counts_what_it_shows(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "src" / "app.py").write_text(
        "import requests\n\ndef handler(event, context):\n    return requests.get(event['u'])\n"
    )
    check("--quiet", "--fail-on", "error")
    assert capsys.readouterr().out == "Found nothing in 1 function of 2 files\n"


def test_statistics_as_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check("--statistics", "--format", "json")
    assert json.loads(capsys.readouterr().out) == [
        {"rule": "missing-timeout", "severity": "warning", "count": 1, "fixable": 0}
    ]


def test_places_in_a_summary_link_to_the_commit(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in (("SERVER_URL", "https://github.com"), ("REPOSITORY", "o/r"), ("SHA", "abc")):
        monkeypatch.setenv(f"GITHUB_{name}", value)
    check("--output", "markdown:summary.md")
    assert "[**template.yaml:3**](https://github.com/o/r/blob/abc/template.yaml#L3)" in Path("summary.md").read_text()
