"""Fragments in `changes/` are what towncrier takes, and read alike."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from slslint import __version__

ROOT = Path(__file__).parents[2]
FRAGMENTS = sorted(path for path in (ROOT / "changes").iterdir() if path.name != "README.md")


@pytest.mark.parametrize("path", FRAGMENTS, ids=lambda path: path.name)
def test_fragment_is_a_sentence_for_users(path: Path) -> None:
    assert re.fullmatch(r"\+[a-z0-9-]+\.(added|changed|fixed|removed)\.md", path.name)
    text = path.read_text()
    assert re.match(r"[A-Z`]", text), "no bullet and no heading: the changelog gives it one"
    assert text.endswith(".\n")
    assert not text.endswith("\n\n")


def test_the_next_release_says_every_fragment() -> None:
    command = [sys.executable, "-m", "towncrier", "build", "--draft", "--date", "2026-01-02"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"## {__version__} (2026-01-02)\n")
    said = " ".join(done.stdout.split())
    assert [path.name for path in FRAGMENTS if " ".join(path.read_text().split()) not in said] == []
