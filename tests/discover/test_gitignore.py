"""What .gitignore leaves out, held against git itself."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slslint import discover
from slslint.source import Reader

FOLDERS = ["", "src", "src/deep", "src/deep/er", "lib", "lib[1]", "a b"]
FILES = ["app.py", "app_test.py", "x1.py", "ab.py", "#odd.py", "!odd.py", "a*b.py"]
PIECES = [
    "src",
    "deep",
    "app.py",
    "lib",
    "*",
    "**",
    "a**py",
    "?",
    "*.py",
    "x[0-9].py",
    "[!a]*.py",
    "a b",
    "\\#odd.py",
    "lib[[]1]",
    "er",
]
PATTERNS = st.builds(
    lambda negated, start, pieces, end: negated + start + "/".join(pieces) + end,
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "", "/", "**/"]),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).filter(lambda pieces: set(pieces) != {"**"}),
    st.sampled_from(["", "", "/", "/**", " "]),
)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("checkout")
    for folder in FOLDERS:
        (root / folder).mkdir(exist_ok=True, parents=True)
        for file in FILES:
            (root / folder / file).write_text("x = 1\n")
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    return root


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(outer=st.lists(PATTERNS, max_size=4), inner=st.lists(PATTERNS, max_size=2))
def test_the_same_files_as_git(checkout: Path, outer: list[str], inner: list[str]) -> None:
    (checkout / ".gitignore").write_text("\n".join(outer) + "\n")
    (checkout / "src" / ".gitignore").write_text("\n".join(inner) + "\n")
    listed = subprocess.run(
        ["git", "-c", "core.excludesFile=/dev/null", "ls-files", "-z", "--others", "--exclude-standard"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    by_git = {path for path in listed.split("\0") if path.endswith(".py")}
    root = os.path.realpath(checkout)
    assert set(discover.find(["."], Reader(base=root, roots=(root,))).sources) == by_git
