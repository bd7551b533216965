"""What is released is whole, holds nothing else, and works where nothing else is."""

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from slslint import __version__, registry
from tests.release.conftest import ROOT, done, run

LIMIT = 25_000_000
"""Bytes that a plain install may take, unpacked and compiled, as pip leaves it: 18.1 million in November 2026."""

CONSUMER = """\
from collections.abc import Iterator

import slslint_rules.missing_timeout as built_in
from slslint.api import App, Finding, Severity, rule

reveal_type(built_in.missing_timeout.id)


@rule(Severity.WARNING)
def mine(app: App) -> Iterator[Finding]:
    for function in app.functions:
        yield Finding(function.at, function.nothing)
"""

IMPORT_ALL = """\
import importlib, pkgutil, slslint, slslint_rules
for package in (slslint, slslint_rules):
    for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not each.name.endswith(("__main__", "slslint.cfnlint")):
            importlib.import_module(each.name)
"""
"""The plug-in for cfn-lint needs cfn-lint, which a plain install does not bring."""


def test_the_wheel_holds_the_packages_and_nothing_else(dist: Path) -> None:
    [wheel] = dist.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {name.partition("/")[0] for name in names} == {
        "slslint",
        "slslint_rules",
        f"slslint-{__version__}.dist-info",
    }
    assert {"slslint/py.typed", "slslint_rules/py.typed"} <= names
    assert {f"slslint_rules/{rule.id.replace('-', '_')}.md" for rule in registry.load()} <= names
    committed = subprocess.check_output(["git", "ls-files", "slslint", "rules/slslint_rules"], cwd=ROOT, text=True)
    assert {line.removeprefix("rules/") for line in committed.splitlines()} <= names
    assert [name for name in names if re.search(r"\.py[co]$|__pycache__|node_modules|/\.", name)] == []


def test_the_sdist_holds_what_the_wheel_is_built_of(dist: Path) -> None:
    [sdist] = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {name.partition("/")[0] for name in names} == {
        ".gitignore",
        "CHANGELOG.md",
        "LICENSE",
        "NOTICE",
        "PKG-INFO",
        "README.md",
        "hatch_build.py",
        "pyproject.toml",
        "rules",
        "slslint",
    }
    assert [name for name in names if re.search(r"\.py[co]$|__pycache__|node_modules", name)] == []


def test_an_index_would_take_them(dist: Path) -> None:
    assert "PASSED" in done(sys.executable, "-m", "twine", "check", "--strict", *dist.iterdir())


@pytest.mark.parametrize("kind", ["from_wheel", "from_sdist"])
def test_an_installed_slslint_knows_its_commit(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    program = request.getfixturevalue(kind) / "slslint"
    commit = subprocess.check_output(["git", "log", "-1", "--format=%h %cs", "--abbrev=7"], cwd=ROOT, text=True)
    assert done(program, "--version", cwd=tmp_path) == f"slslint {__version__} ({commit.strip()})\n"


@pytest.mark.parametrize("kind", ["from_wheel", "from_sdist"])
def test_an_installed_slslint_does_what_the_checkout_does(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    program = request.getfixturevalue(kind) / "slslint"
    for command in ("rules", "rule missing-timeout", "graph orders", "model checkout"):
        assert done(program, *command.split(), cwd=ROOT / "examples")
    check = ("check", "--format", "concise", "orders", "checkout")
    ours = run(sys.executable, "-m", "slslint", *check, cwd=ROOT / "examples", PYTHONPATH=f"{ROOT}:{ROOT / 'rules'}")
    theirs = run(program, *check, cwd=ROOT / "examples")
    assert (theirs.returncode, theirs.stdout, theirs.stderr) == (1, ours.stdout, "")


def test_every_module_can_be_imported(from_wheel: Path, tmp_path: Path) -> None:
    done(from_wheel / "python", "-c", IMPORT_ALL, cwd=tmp_path)


def test_a_plain_install_stays_small(from_wheel: Path) -> None:
    [packages] = from_wheel.parent.glob("lib/python*/site-packages")
    tools = ("pip", "setuptools", "_distutils_hack", "distutils-precedence")
    files = [
        path
        for top in packages.iterdir()
        if not top.name.startswith(tools)
        for path in ([top] if top.is_file() else top.rglob("*"))
        if path.is_file()
    ]
    taken = sum(os.path.getsize(path) for path in files)
    assert taken < LIMIT, f"a plain install takes {taken / 1e6:.1f} MB"


def test_type_checkers_see_the_types(from_wheel: Path, tmp_path: Path) -> None:
    (tmp_path / "consumer.py").write_text(CONSUMER)
    mypy = (sys.executable, "-m", "mypy", "--strict", "--python-executable", from_wheel / "python")
    said = run(*mypy, "consumer.py", cwd=tmp_path).stdout
    assert 'Revealed type is "str"' in said
    assert '"Function" has no attribute "nothing"' in said
    assert "Found 1 error in 1 file" in said
