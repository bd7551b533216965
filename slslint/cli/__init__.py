"""The command line: each command is a module here, imported when it is given, and what it needs when it runs."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from typing import TYPE_CHECKING

from slslint.cli.exit_status import CLEAN, FAILURE
from slslint.cli.parser import ASKED_BY_SHELL, parse
from slslint.errors import DEBUG, SlslintError, told

if TYPE_CHECKING:
    from argparse import Namespace

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run slslint and return its exit status. Mistakes are one line on stderr, never a traceback."""
    codecs.register_error("shown", _shown)
    if None in (sys.stdin, sys.stdout, sys.stderr):
        from slslint.cli import output

        output.open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal cannot show is no reason to stop.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="shown")
    try:
        if question := os.environ.get(ASKED_BY_SHELL):
            from slslint.cli import completion

            return completion.answer(question)
        given = sys.argv[1:] if arguments is None else arguments
        options = parse(given)
        command: Callable[[Namespace], int] = options.command
        status = command(options)
        sys.stdout.flush()
        return status
    except SlslintError as error:
        from slslint.report.terminal import visible

        print(f"slslint: error: {visible(str(error))}", file=sys.stderr)
        return FAILURE
    except BrokenPipeError:  # whoever read us has seen enough
        _close_stdout()
        return CLEAN
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        # Of a file that fails, the error has the name; a stream has none.
        if isinstance(error, OSError) and error.filename is None and error.strerror:
            _close_stdout()
            print(f"slslint: error: stdout: {error.strerror.lower()}; write to another place", file=sys.stderr)
            return FAILURE
        print(f"slslint: internal error: {told(error)}; please report it ({DEBUG}=1 shows where)", file=sys.stderr)
        return FAILURE


def _close_stdout() -> None:
    """Let what is still to be written to stdout vanish; Python would complain again at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _shown(error: UnicodeError) -> tuple[str | bytes, int]:
    """What stands for characters that the terminal's encoding does not have."""
    if isinstance(error, UnicodeEncodeError):
        text = error.object[error.start : error.end]
        if all(char in "\u2026\xd7" for char in text):
            return text.replace("\u2026", "...").replace("\xd7", "x"), error.end
    return codecs.backslashreplace_errors(error)
