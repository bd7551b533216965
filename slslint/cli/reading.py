"""What every command that reads applications is told: which files, under which settings."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from slslint.config import Settings
from slslint.errors import UsageError
from slslint.record import replace

if TYPE_CHECKING:
    from slslint.rule import Rule
    from slslint.source import Reader


def add_options(parser: argparse.ArgumentParser) -> None:
    """Paths, and what decides how they are read."""
    parser.add_argument("paths", nargs="*", metavar="PATHS", help="files and folders; without any, this folder")
    group = parser.add_argument_group("what to read")
    group.add_argument("--exclude", metavar="PATTERN", action="append", default=[], help="leave out, as in .gitignore")
    group.add_argument(
        "--param",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        type=_pair,
        help="a template parameter's value",
    )
    group.add_argument("--config", metavar="FILE", help="settings; else the nearest slslint.toml or pyproject.toml")
    group.add_argument("--isolated", action="store_true", help="without settings files, and without plug-ins")


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise argparse.ArgumentTypeError(f"{text!r} is not KEY=VALUE")
    return key, value


def settings(options: argparse.Namespace, rules: Sequence[Rule] = ()) -> Settings:
    """The settings of the configuration file with the command line's on top."""
    from slslint import config, registry

    words = registry.vocabulary(rules or (registry.load() if options.isolated else registry.installed()))
    settings = Settings(root=os.path.realpath(".")) if options.isolated else config.load(words, options.config)
    here = os.path.relpath(".", settings.root).replace(os.sep, "/")
    excluded = tuple(pattern if here == "." else f"/{here}/{pattern.lstrip('/')}" for pattern in options.exclude)
    changes: dict[str, Any] = {
        "exclude": settings.exclude + excluded,
        "parameters": {**settings.parameters, **dict(options.param)},
    }
    given = {name: value for name, value in vars(options).items() if value is not None}
    for name in ("select", "ignore"):
        for rule in given.get(name, ()):
            config.known_rule(rule, words)
    if "select" in given:
        changes["select"] = tuple(given["select"])
    if "ignore" in given:
        changes["ignore"] = (*settings.ignore, *given["ignore"])
    if "beside" in given:
        changes["beside"] = tuple(dict.fromkeys((*settings.beside, *given["beside"])))
    if "fail_on" in given:
        changes["fail_on"] = None if given["fail_on"] == "never" else config.severity_named(given["fail_on"])
    changes.update({name: given[name] for name in ("preset", "format") if name in given})
    return replace(settings, **changes)


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
