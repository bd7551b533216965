"""`slslint completion`: what makes a shell complete commands, options, rules and formats.

The scripts, and what they and slslint say to each other, are click's:
https://click.palletsprojects.com/en/stable/shell-completion/. The command line itself is argparse's, because importing
click takes as long as two or three starts of Python; so its parser is told to click here, when Tab is pressed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any

import click
from click.shell_completion import CompletionItem, get_completion_class

from slslint.cli.exit_status import CLEAN
from slslint.cli.parser import ASKED_BY_SHELL, PROGRAM, parser

SHELLS = {
    "bash": 'eval "$(slslint completion bash)"      in ~/.bashrc',
    "zsh": 'eval "$(slslint completion zsh)"       in ~/.zshrc, after compinit',
    "fish": "slslint completion fish | source       in ~/.config/fish/config.fish",
}
"""The shells, and what their users write where."""

EXAMPLES = "to have it in every session:\n" + "".join(f"  {line}\n" for line in SHELLS.values())


def add_options(parser: argparse.ArgumentParser) -> None:
    """For which shell."""
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help=f"one of {', '.join(SHELLS)}")


def run(options: argparse.Namespace) -> int:
    """Print the shell's script."""
    made = get_completion_class(options.shell)
    assert made is not None, "SHELLS are those of click"
    sys.stdout.write(made(click.Group(PROGRAM), {}, PROGRAM, ASKED_BY_SHELL).source())
    return CLEAN


def answer(question: str) -> int:
    """Print what the shell may put in. `question` is like `bash_complete`; the words are in other variables."""
    return click.shell_completion.shell_complete(_group(), {}, PROGRAM, ASKED_BY_SHELL, question)


def _group() -> click.Group:
    """The command line as click sees one."""
    top = parser()
    commands = next(action for action in top._actions if isinstance(action, argparse._SubParsersAction))
    summaries = {choice.dest: choice.help for choice in commands._choices_actions}
    return click.Group(
        PROGRAM,
        params=list(_parameters(top)),
        commands={
            name: click.Command(name, params=list(_parameters(own)), short_help=summaries[name])
            for name, own in commands.choices.items()
        },
    )


def _parameters(parser: argparse.ArgumentParser) -> Iterator[click.Parameter]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction | argparse._HelpAction):
            continue  # click has its own.
        if action.option_strings and action.nargs == 0:
            yield click.Option(action.option_strings, is_flag=True, help=action.help)
            continue
        value: dict[str, Any] = {
            "type": _type(action),
            "shell_complete": _rules if action.metavar in ("RULE", "RULES") else None,
        }
        if not action.option_strings:
            yield click.Argument([action.dest], nargs=-1 if action.nargs == "*" else 1, required=False, **value)
        else:
            repeated = isinstance(action, argparse._AppendAction)
            yield click.Option(action.option_strings, help=action.help, multiple=repeated, **value)


def _type(action: argparse.Action) -> click.ParamType[Any]:
    """What a value is: one of the choices, or what the word that stands for it in the help text says."""
    if action.choices is not None:
        return click.Choice([str(choice) for choice in action.choices])
    return click.Path() if action.metavar in ("FILE", "PATHS") else click.STRING


def _rules(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of rules, with commas between."""
    from slslint import registry

    before, comma, begun = incomplete.rpartition(",")
    return [
        CompletionItem(f"{before}{comma}{rule.id}", help=rule.summary)
        for rule in registry.installed()
        if rule.id.startswith(begun)
    ]
