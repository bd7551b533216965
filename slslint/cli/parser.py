"""The parser of the command line: which commands there are, and the options of the one that is given."""

from __future__ import annotations

from slslint.cli import english as english  # before anything imports argparse

# isort: split

import argparse
import importlib
import os
import sys
from collections.abc import Container, Iterable, Sequence
from typing import Any, NoReturn

from slslint.cli.exit_status import FAILURE
from slslint.errors import UsageError, nearest

PROGRAM = "slslint"

ASKED_BY_SHELL = "_SLSLINT_COMPLETE"
"""The environment variable in which a shell asks what to complete, and how."""

COMMANDS = {
    "check": "look for mistakes",
    "rule": "show the page of a rule",
    "rules": "list the rules",
    "graph": "draw who triggers, invokes, writes to and waits for whom",
    "model": "show what was understood of the applications, as JSON",
    "config": "show which settings hold for a path, and who said so",
    "init": "look at the repository, and write settings to start with",
    "completion": "print what makes bash, zsh or fish complete commands, options and rules",
}
"""What each command does. It is the module of its name, which has `add_options(parser)` and `run(options)`."""


def parser(known: Iterable[str] = COMMANDS, whole: Container[str] = COMMANDS) -> argparse.ArgumentParser:
    """The parser of command lines with the commands that are `known`; those that are not `whole` have no options.

    Making all options of all commands would take 3 ms of every start.
    """
    top = _Parser(
        prog=PROGRAM,
        description="Find architecture mistakes in serverless applications by reading code and template together.",
        epilog="`slslint COMMAND --help` has the options of a command, and examples.",
        formatter_class=_formatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action=_Version, nargs=0, help="show the version, and the commit it was made of")
    # Without `prog`, argparse would write a whole usage to know it.
    commands = top.add_subparsers(
        title="commands", prog=PROGRAM, metavar="COMMAND", required=True, parser_class=_Parser
    )
    for name in known:
        summary = COMMANDS[name]
        said = f"{summary[0].upper()}{summary[1:]}."
        own = commands.add_parser(name, help=summary, description=said, formatter_class=_formatter, allow_abbrev=False)
        if name in whole:
            module = importlib.import_module(f"slslint.cli.{name}")
            own.epilog = getattr(module, "EXAMPLES", None)
            own.set_defaults(command=module.run, parser=own)
            module.add_options(own)
            own._positionals.title = "arguments"
            own.usage = " ".join((own.prog, "[OPTIONS]", *map(_usage, own._get_positional_actions())))
    return top


def parse(given: Sequence[str]) -> argparse.Namespace:
    """The options of a command line. UsageError for what it cannot mean; leaves where only help is asked for."""
    # A command that comes first is the only one.
    made = parser(given[:1] if given and given[0] in COMMANDS else COMMANDS, given)
    if not given:
        made.print_help(sys.stderr)
        raise SystemExit(FAILURE)
    options, left = made.parse_known_args(given)
    if left:
        known = [word for action in options.parser._actions for word in action.option_strings]
        close = nearest(left[0].partition("=")[0], known)
        raise UsageError(f"there is no option `{left[0]}`{close}; {_see(options.parser)}")
    return options


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are slslint's, and name what comes nearest to a word that it does not know."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message.removeprefix('argument ')}; {_see(self)}")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            close = nearest(str(value), map(str, action.choices))
            raise argparse.ArgumentError(action, f"`{value}` is none of {', '.join(map(str, action.choices))}{close}")


def _usage(positional: argparse.Action) -> str:
    forms = {"*": f"[{positional.metavar} ...]", "?": f"[{positional.metavar}]"}
    return forms.get(str(positional.nargs), str(positional.metavar))


def _see(of: argparse.ArgumentParser) -> str:
    return f"see `{of.prog} --help`"


class _Version(argparse.Action):
    """Asks for the version when it is wanted: in a checkout that runs git."""

    def __call__(self, *_: object) -> None:
        from slslint.version import described

        print(f"{PROGRAM} {described()}")
        raise SystemExit(0)


class _Help(argparse.RawDescriptionHelpFormatter):
    """The help of argparse, with the commands in one column, which it would measure before it indents them."""

    def _format_action(self, action: argparse.Action) -> str:
        if isinstance(action, argparse._SubParsersAction):
            return "".join(map(self._format_action, action._get_subactions()))
        return super()._format_action(action)


def _formatter(prog: str) -> argparse.HelpFormatter:
    # Left to itself, argparse imports for 3 ms at every start to ask for the width.
    try:
        width = int(os.environ.get("COLUMNS") or os.get_terminal_size(1).columns)
    except (OSError, ValueError):
        width = 100
    return _Help(prog, width=max(40, min(width, 100)), max_help_position=30)
