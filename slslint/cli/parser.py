"""The parser of the command line: which commands there are, and the options of the one that is given."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Sequence

from slslint import __version__

PROGRAM = "slslint"

ASKED_BY_SHELL = "_SLSLINT_COMPLETE"
"""The environment variable in which a shell asks what to complete, and how."""

COMMANDS = {
    "check": "look for mistakes",
    "rule": "show the page of a rule",
    "rules": "list the rules",
    "graph": "draw who triggers, invokes, writes to and waits for whom",
    "model": "show what was understood of the applications, as JSON",
    "completion": "print what makes bash, zsh or fish complete commands, options and rules",
}
"""What each command does. It is the module of its name, which has `add_options(parser)` and `run(options)`."""


def parser(given: Sequence[str] = tuple(COMMANDS)) -> argparse.ArgumentParser:
    """The parser of a command line with the words in `given`; a command that is not among them has no options.

    Making all options of all commands would take 2 ms of every start.
    """
    top = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Find architecture mistakes in serverless applications by reading code and template together.",
        epilog="`slslint COMMAND --help` has the options of a command, and examples.",
        formatter_class=_formatter,
    )
    top.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, summary in COMMANDS.items():
        own = commands.add_parser(
            name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.", formatter_class=_formatter
        )
        if name in given:
            module = importlib.import_module(f"slslint.cli.{name}")
            own.epilog = getattr(module, "EXAMPLES", None)
            own.set_defaults(command=module.run)
            module.add_options(own)
    return top


def _formatter(prog: str) -> argparse.HelpFormatter:
    # Asking for the terminal's width takes 3 ms of imports, and argparse would ask at every start.
    return argparse.RawDescriptionHelpFormatter(prog, width=100)
