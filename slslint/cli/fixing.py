"""`check --fix`: mend what can be mended, and say what was done."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from slslint.cli import output
from slslint.config import Configuration
from slslint.errors import UsageError

if TYPE_CHECKING:
    from slslint.finding import Fix
    from slslint.fix import Change, Check, Counted, Mended, Refusal
    from slslint.result import Result
    from slslint.source import Reader


def add_options(parser: argparse.ArgumentParser) -> None:
    """What is to be mended, and whether it is only to be shown."""
    group = parser.add_argument_group("what to mend")
    group.add_argument("--fix", action="store_true", help="mend what can be mended without a change of meaning")
    group.add_argument(
        "--unsafe-fixes", action="store_true", help="with --fix or --diff, mend what somebody should look at, too"
    )
    group.add_argument(
        "--diff",
        action="store_true",
        help="only show what --fix would change; exit with 1 if anything",
    )


def asked_for(options: argparse.Namespace) -> bool:
    """Whether anything is to be mended. UsageError for options that say nothing together."""
    if options.unsafe_fixes and not (options.fix or options.diff):
        raise UsageError("--unsafe-fixes says what --fix may do; give --fix or --diff too")
    return bool(options.fix or options.diff)


def mend(
    check: Check, counted: Counted, reader: Reader, configuration: Configuration, options: argparse.Namespace
) -> Mended:
    """Mend, and write the files unless only the difference is wanted, or one of them came on stdin."""
    from slslint import fix
    from slslint.finding import Safety

    most = Safety.UNSAFE if options.unsafe_fixes else Safety.SAFE
    mended = fix.mend(check, counted, reader, most, _refusal(reader, configuration))
    if not options.diff and not options.stdin_filename:
        write(mended.changes, reader)
    return mended


def say(mended: Mended, reader: Reader, options: argparse.Namespace) -> None:
    """What --diff shows, or a buffer's new text, on stdout; what was done on stderr."""
    from slslint import fix
    from slslint.finding import counted

    if options.diff:
        sys.stdout.write(fix.diff(mended.changes))
    elif options.stdin_filename:
        (path,) = reader.overlay
        sys.stdout.flush()
        sys.stdout.buffer.write(mended.reader.overlay[path])
    for note in mended.notes:
        print(f"slslint: {note}", file=sys.stderr)
    count = sum(mended.fixed.values())
    if count and not options.quiet:
        rules = ", ".join(f"{number} {rule}" for rule, number in sorted(mended.fixed.items()))
        done = "would fix" if options.diff else "fixed"
        said = f"{done} {counted(count, 'finding')} in {counted(len(mended.changes), 'file')} ({rules})"
        sys.stdout.flush()
        print(said, file=sys.stderr)


def _refusal(reader: Reader, configuration: Configuration) -> Refusal:
    """What is never changed: what lies outside the project, is excluded, or was made by a program."""

    def why(path: str) -> str:
        from slslint.templates.cdk.layout import is_assembly

        if reader.overlay and path not in reader.overlay:
            return f"{path} did not come on stdin"
        if reader.real(path) is None:
            return f"{path} lies outside the project"
        if configuration.excludes(path, reader):
            return f"{path} is excluded"
        if is_assembly(os.path.dirname(path) or ".", reader):
            return f"`cdk synth` writes {path}"
        return ""

    return why


def write(changes: tuple[Change, ...], reader: Reader) -> None:
    """Write every file whole, in place of what was read. UsageError for one that cannot be, or that changed since."""
    targets = [(change, reader.real(change.path) or "") for change in changes]
    for change, real in targets:
        if reader.peek(change.path, len(change.before) + 1) != change.before:
            raise UsageError(f"{change.path}: somebody changed it meanwhile; nothing was written, run slslint again")
        if not os.access(real, os.W_OK):
            raise UsageError(f"{change.path}: it may not be written; nothing was changed")
    for change, real in targets:
        try:
            if not output.replaced(real, change.after):
                raise PermissionError(None, "no file may be written beside it")
        except OSError as error:
            raise UsageError(f"{change.path}: {(error.strerror or str(error)).lower()}; it was not mended") from None


def fixable(result: Result) -> str:
    """What to say of findings that --fix would mend; "" when there are none."""
    from slslint.finding import Safety

    fixes: list[Fix] = [each.fix for each in result.findings if each.fix is not None and each.suppressed is None]
    safe = sum(each.safety is Safety.SAFE for each in fixes)
    ways = [f"--fix mends {safe} of the findings"] * bool(safe)
    if more := len(fixes) - safe:
        ways.append(f"--fix --unsafe-fixes {f'{more} more' if safe else f'mends {more} of the findings'}")
    return ", ".join(ways)
