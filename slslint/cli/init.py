"""`slslint init`: look at the repository, and write settings to start with."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from slslint import __version__
from slslint.cli import output
from slslint.cli.exit_status import CLEAN
from slslint.errors import UsageError

if TYPE_CHECKING:
    from slslint.result import Result
    from slslint.source import Reader

EXAMPLES = """\
examples:
  slslint init                 write slslint.toml
  slslint init --pyproject     add [tool.slslint] to pyproject.toml
  slslint init --stdout        only show it
"""

HOOK = """\
    - repo: https://github.com/slslint/slslint
      rev: v{version}
      hooks:
        - id: slslint
"""

MANY = 10
"""Findings that count, of which one would rather not mend all before the first green run."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Where the settings go."""
    parser.add_argument("--pyproject", action="store_true", help="add the settings to pyproject.toml")
    parser.add_argument("--stdout", action="store_true", help="write no file, only show the settings")
    parser.add_argument("--force", action="store_true", help="replace the slslint.toml that is there")


def run(options: argparse.Namespace) -> int:
    """Write the settings, and say what to do next."""
    from slslint import engine, registry, start
    from slslint.config import Settings
    from slslint.project import reader_of

    file = "pyproject.toml" if options.pyproject else "slslint.toml"
    base = os.getcwd()
    reader = reader_of(["."], base, {})
    before = "" if options.stdout else _before(file, reader, force=options.force)
    result = engine.check(["."], Settings(root=base), reader, registry.installed(), jobs=None)
    seen = start.seen(reader, result.dialects)
    text = start.written(seen, result.summary.functions, shared=options.pyproject)
    if options.stdout:
        sys.stdout.write(text)
        return CLEAN
    output.write(file, before + text)
    print(f"{file} is written: {start.told(seen, result.summary.functions)}\n\nnext:")
    print(_next(result), end="")
    return CLEAN


def _before(file: str, reader: Reader, *, force: bool) -> str:
    """What stands in the file before the settings. UsageError where there are settings already."""
    from slslint.config.layers import NAMES, layer_in

    there = [name for name in NAMES if os.path.lexists(name) and (name != "pyproject.toml" or layer_in(name))]
    if there and not (force and there == ["slslint.toml"] == [file]):
        others = "--force replaces it" if there == [file] == ["slslint.toml"] else "edit that"
        raise UsageError(f"{there[0]}: there are settings already; {others}, or look at --stdout")
    if file != "pyproject.toml":
        return ""
    if not reader.is_file(file):
        raise UsageError("pyproject.toml: there is none; leave out --pyproject")
    text = reader.read(file).text
    return f"{text.rstrip()}\n\n" if text.strip() else ""


def _next(result: Result) -> str:
    from slslint.report.tally import kinds

    seen = result.summary
    found = ", ".join(text for text, _ in kinds(seen)) or "nothing"
    lines = [f"  slslint check                    finds {found} today"]
    if seen.errors + seen.warnings >= MANY:
        lines.append("  slslint check --write-baseline   keeps these apart, so that only new ones fail")
    lines.append("  to run before each commit, under `repos:` in .pre-commit-config.yaml:\n")
    lines.append(HOOK.format(version=__version__))
    return "\n".join(lines)
