"""What every command that reads applications is told: which files, under which settings."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from slslint.errors import UsageError

if TYPE_CHECKING:
    from slslint.config import Configuration
    from slslint.rule import Rule
    from slslint.source import Reader


def add_options(parser: argparse.ArgumentParser) -> None:
    """Paths, and what decides how they are read."""
    parser.add_argument("paths", nargs="*", metavar="PATHS", help="files and folders to read (default: this folder)")
    group = parser.add_argument_group("what to read")
    group.add_argument(
        "--exclude",
        metavar="PATTERN",
        action="append",
        default=[],
        help="leave out what matches, as in .gitignore; repeatable",
    )
    group.add_argument(
        "--param",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        type=_pair,
        help="the value of a template parameter; repeatable",
    )
    add_settings(group)


def add_settings(group: argparse._ArgumentGroup) -> None:
    """Which file with settings, or none."""
    group.add_argument(
        "--config",
        metavar="FILE",
        action="append",
        default=[],
        help="settings for every path, instead of the nearest slslint.toml or pyproject.toml; or one KEY=VALUE",
    )
    group.add_argument("--isolated", action="store_true", help="read no settings files, and leave plug-ins out")


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise argparse.ArgumentTypeError(f"{text!r} is not KEY=VALUE")
    return key, value


SETTINGS = ("select", "preset", "format", "fail-on", "baseline", "require-reason")
"""Keys of the settings that options of the same name replace."""


def configuration(options: argparse.Namespace, rules: Sequence[Rule] = ()) -> Configuration:
    """The settings of files with the command line's on top."""
    from slslint import config, registry

    given = {name: value for name, value in vars(options).items() if value}
    said = {key: given[name] for key in SETTINGS if (name := key.replace("-", "_")) in given}
    added = {"extend-ignore": given.get("ignore"), "extend-exclude": given.get("exclude")}
    said |= {key: value for key, value in added.items() if value}
    if "beside" in given:
        said["with"] = given["beside"]
    if "param" in given:
        said["parameters"] = dict(given["param"])
    words = registry.vocabulary(rules or registry.installed(isolated=options.isolated))
    return config.configuration(words, ".", options.config, said, isolated=options.isolated)


def paths(options: argparse.Namespace) -> tuple[list[str], Reader]:
    """What to check, as paths relative to the working directory, and a reader that may go no further than needed."""
    from slslint.project import reader_of, reported

    base = os.getcwd()
    overlay: dict[str, bytes] = {}
    given = list(options.paths)
    if "-" in given:
        raise UsageError("-: a text on stdin needs a name, as in `--stdin-filename src/app.py`")
    buffer = vars(options).get("stdin_filename")
    if buffer is not None:
        overlay[reported(buffer, base)] = sys.stdin.buffer.read()
        given = given or [buffer]
    paths = [reported(path, base) for path in given or ["."]]
    return paths, reader_of(paths, base, overlay)
