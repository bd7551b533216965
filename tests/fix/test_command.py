"""`slslint check --fix` over real files."""

import io
import os
import stat
import subprocess
from pathlib import Path

import pytest

from slslint.cli import main

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: # slslint: ignore[wildcard-action] long gone
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/, Timeout: 3}
"""
CODE = "def handler(event, context):\n    return event  # slslint: ignore[unawaited-promise, wildcard-action] gone\n"
MENDED = (
    TEMPLATE.replace(" # slslint: ignore[wildcard-action] long gone", ""),
    "def handler(event, context):\n    return event\n",
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "src" / "app.py").write_text(CODE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def texts(project: Path) -> tuple[str, str]:
    return (project / "template.yaml").read_text(), (project / "src" / "app.py").read_text()


def test_mends_and_says_so_and_then_has_nothing_to_do(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 1
    assert "--fix mends 2 of the findings" in capsys.readouterr().out
    assert main(["check", "--fix"]) == 0
    assert texts(project) == MENDED
    assert capsys.readouterr().err == "fixed 2 findings in 2 files (2 unused-suppression)\n"
    assert main(["check", "--fix"]) == 0
    assert texts(project) == MENDED
    assert capsys.readouterr().err == ""
    assert sorted(os.listdir(project)) == ["src", "template.yaml"]


def test_what_is_left_decides_the_exit_status(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "src" / "app.py").write_text(f"{CODE}# slslint: ignore[wildcard-acton]\n")
    assert main(["check", "--fix"]) == 1
    capsys.readouterr()
    assert main(["check"]) == 1
    assert "Note: --fix --unsafe-fixes mends 1 of the findings" in capsys.readouterr().out
    assert main(["check", "--fix", "--unsafe-fixes"]) == 0
    assert texts(project) == MENDED
    assert main(["check", "--unsafe-fixes"]) == 2


def test_a_difference_can_be_applied_and_nothing_is_written(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--diff"]) == 1
    assert texts(project) == (TEMPLATE, CODE)
    shown = capsys.readouterr()
    assert shown.err == "would fix 2 findings in 2 files (2 unused-suppression)\n"
    subprocess.run(["git", "apply", "-p0"], input=shown.out, text=True, check=True)
    assert texts(project) == MENDED
    assert main(["check", "--diff"]) == 0
    assert capsys.readouterr().out == ""


def test_a_buffer_comes_back_mended_and_no_file_changes(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    unsaved = f"import os\r\n{CODE}".encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(unsaved)))
    assert main(["check", "--fix", "--stdin-filename", "src/app.py"]) == 0
    shown = capsys.readouterr()
    assert shown.out == f"import os\r\n{MENDED[1]}"
    assert "fixed 1 finding in 1 file" in shown.err
    assert texts(project) == (TEMPLATE, CODE)


def test_a_file_keeps_its_mode_and_a_link_leads_where_it_led(project: Path) -> None:
    real = project / "real.yaml"
    (project / "template.yaml").rename(real)
    (project / "template.yaml").symlink_to("real.yaml")
    real.chmod(0o640)
    assert main(["check", "--fix", "template.yaml"]) == 0
    assert (project / "template.yaml").is_symlink()
    assert real.read_text() == MENDED[0]
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_what_is_excluded_or_suppressed_is_not_touched(project: Path) -> None:
    assert main(["check", "--fix", "--exclude", "src/"]) == 0
    assert texts(project) == (MENDED[0], CODE)
    (project / "slslint.toml").write_text('[per-path-ignores]\n"src/*" = ["unused-suppression"]\n')
    assert main(["check", "--fix"]) == 0
    assert texts(project) == (MENDED[0], CODE)


def test_what_the_baseline_keeps_is_not_touched(project: Path) -> None:
    assert main(["check", "--write-baseline"]) == 0
    assert main(["check", "--fix", "--baseline", "slslint-baseline.json"]) == 0
    assert texts(project) == (TEMPLATE, CODE)


def test_a_file_that_cannot_be_written_is_named(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    assert main(["check", "--fix"]) == 2
    assert capsys.readouterr().err == "slslint: error: src/app.py: no space left on device; it was not mended\n"
    assert texts(project) == (TEMPLATE, CODE)
    assert os.listdir(project / "src") == ["app.py"]


def test_reasons_are_asked_for(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "template.yaml").write_text(
        TEMPLATE.replace(", Timeout: 3", "").replace("wildcard-action] long gone", "missing-timeout]")
    )
    (project / "src" / "app.py").write_text(MENDED[1])
    assert main(["check"]) == 0
    assert main(["check", "--require-reason", "--format", "concise"]) == 1
    assert "template.yaml:3:11: warning[suppression-without-reason]" in capsys.readouterr().out
    (project / "slslint.toml").write_text("require-reason = true\n")
    assert main(["check"]) == 1
    assert main(["check", "--show-suppressed", "--format", "concise"]) == 1
    assert "missing-timeout" in capsys.readouterr().out


def test_every_file_of_a_unit_is_looked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    function = """\
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = data.archive_file.code.output_path
  timeout       = 3%s
}

data "archive_file" "code" {
  type        = "zip"
  source_file = "${path.module}/app.py"
  output_path = "app.zip"
}
"""
    (tmp_path / "main.tf").write_text('terraform {\n  required_version = ">= 1.5"\n}\n')
    (tmp_path / "orders.tf").write_text(function % " # slslint: ignore[missing-timeout] long gone")
    (tmp_path / "app.py").write_text(MENDED[1])
    assert main(["check", "--fix"]) == 0
    assert (tmp_path / "orders.tf").read_text() == function % ""
