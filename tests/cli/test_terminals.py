"""What comes out on real terminals, in pipes and in encodings that lack characters."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Grüße:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
"""
HANDLER = "def handler(event, context):\n    return event\n"
COMMAND = [sys.executable, "-m", "slslint", "check"]
CLEARED = ("NO_COLOR", "FORCE_COLOR", "CI", "TERM", "COLUMNS", "PYTHONIOENCODING", "PYTHONUTF8", "LC_ALL", "LANG")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "src" / "app.py").write_text(HANDLER)
    return tmp_path


def environment(**changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in CLEARED}
    return {**kept, "TERM": "xterm-256color", **changes}


def on_a_terminal(project: Path, *arguments: str, columns: int = 80, **changes: str) -> str:
    """What a terminal of so many columns receives."""
    pty, fcntl, termios = (pytest.importorskip(name) for name in ("pty", "fcntl", "termios"))
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, columns.to_bytes(2, sys.byteorder).rjust(4, b"\0").ljust(8, b"\0"))
    process = subprocess.Popen(
        [*COMMAND, *arguments], cwd=project, env=environment(**changes), stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    received = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # how Linux says that nobody writes any more
            break
        if not piece:
            break
        received += piece
    os.close(ours)
    process.wait()
    return received.decode()


def in_a_pipe(project: Path, *arguments: str, **changes: str) -> bytes:
    done = subprocess.run(
        [*COMMAND, *arguments], cwd=project, env=environment(**changes), capture_output=True, check=False
    )
    assert b"Traceback" not in done.stderr
    assert done.returncode == 1
    return done.stdout


@pytest.mark.parametrize(
    ("options", "changes", "coloured"),
    [
        ([], {}, True),
        ([], {"NO_COLOR": "1"}, False),
        ([], {"NO_COLOR": ""}, True),
        ([], {"TERM": "dumb"}, False),
        ([], {"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ([], {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colours_on_a_terminal(project: Path, options: list[str], changes: dict[str, str], coloured: bool) -> None:
    assert ("\x1b[1;33mwarning" in on_a_terminal(project, *options, **changes)) == coloured


@pytest.mark.parametrize(
    ("changes", "coloured"),
    [
        ({}, False),
        ({"CI": "true", "GITHUB_ACTIONS": "true"}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": ""}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colours_in_a_pipe(project: Path, changes: dict[str, str], coloured: bool) -> None:
    assert (b"\x1b[" in in_a_pipe(project, **changes)) == coloured


def test_files_have_no_colours(project: Path) -> None:
    on_a_terminal(project, "--output", "report.txt", FORCE_COLOR="1")
    text = (project / "report.txt").read_text(encoding="utf-8")
    assert "missing-timeout" in text
    assert "\x1b" not in text


def test_nothing_is_wiped_away_where_that_cannot_be(project: Path) -> None:
    assert "\x1b[K" in on_a_terminal(project)
    assert "\x1b" not in on_a_terminal(project, TERM="dumb")


def test_lines_fit_the_terminal(project: Path) -> None:
    def widest(**changes: str) -> int:
        shown = on_a_terminal(project, "--color", "never", columns=50, **changes)
        text = shown.rpartition("\x1b[K")[2].replace("\r\n", "\n")
        return max(map(len, text.partition("\nFound")[0].splitlines()))

    assert 40 < widest() <= 50
    assert 50 < widest(COLUMNS="90") <= 90


@pytest.mark.parametrize(
    ("form", "changes", "name"),
    [
        ("text", {"PYTHONIOENCODING": "utf-8"}, "Grüße".encode()),
        ("text", {"PYTHONIOENCODING": "latin-1"}, "Grüße".encode("latin-1")),
        ("text", {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, rb"Gr\xfc\xdfe"),
        *(
            (form, {"PYTHONIOENCODING": "ascii"}, rb"Gr\xfc\xdfe")
            for form in ("concise", "github", "markdown", "junit")
        ),
    ],
)
def test_what_an_encoding_lacks_is_written_out(project: Path, form: str, changes: dict[str, str], name: bytes) -> None:
    assert b"`" + name + b"` sets no timeout" in in_a_pipe(project, "--format", form, **changes)


def test_our_own_signs_have_others_that_every_terminal_shows(project: Path) -> None:
    page = [sys.executable, "-m", "slslint", "rule", "event-loop"]
    plain = environment(PYTHONIOENCODING="ascii")
    shown = subprocess.run(page, cwd=project, env=plain, capture_output=True, check=True).stdout
    assert b"\\x" not in shown
    assert b" x " in shown
