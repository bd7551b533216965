"""`slslint check`: look for mistakes, and say what was found."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from slslint.cli import fixing, narrowing, progress, reading, reporting
from slslint.cli.exit_status import CLEAN, FAILURE, FINDINGS
from slslint.config import COMPANIONS, PRESETS

if TYPE_CHECKING:
    from slslint.result import Result
    from slslint.source import Reader

EXAMPLES = """\
examples:
  slslint check                                  this folder and everything under it
  slslint check template.yaml                    one template and the code of its functions
  slslint check --select missing-timeout,wildcard-action
  slslint check --diff                           what --fix would mend
  slslint check --since origin/main              what this branch has changed
  slslint check --output sarif:slslint.sarif --output text
  slslint check --output github --output "markdown:$GITHUB_STEP_SUMMARY"
  slslint check --stdin-filename src/app.py < buffer
  slslint rule monolithic-router                 what a rule means, and how to mend it

exit status:
  0  nothing at or above --fail-on     1  findings     2  a mistake in how it was called, or an internal error
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """What to read, which rules speak, what comes out, and how to run."""
    reading.add_options(parser)
    group = parser.add_argument_group("which rules")
    group.add_argument(
        "--select", metavar="RULES", action="extend", type=_names, help="run only these rules (comma-separated)"
    )
    group.add_argument(
        "--ignore", metavar="RULES", action="extend", type=_names, help="do not run these rules (comma-separated)"
    )
    group.add_argument("--preset", choices=PRESETS, help="how much to say; strict adds what good teams may disagree on")
    group.add_argument(
        "--with", dest="beside", action="append", choices=COMPANIONS, help="show another linter's findings beside ours"
    )
    group.add_argument("--require-reason", action="store_true", help="report suppressions that do not say why")
    narrowing.add_options(parser)
    fixing.add_options(parser)
    reporting.add_options(parser)
    group = parser.add_argument_group("how to run")
    group.add_argument("--stdin-filename", metavar="FILE", help="read the unsaved text of this file from stdin")
    group.add_argument("--jobs", metavar="N", type=_count, help="how many processes may work (default: auto)")
    group.add_argument("--no-cache", action="store_true", help="accepted for scripts; there is no cache yet")


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _count(text: str) -> int | None:
    if text == "auto":
        return None
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is neither `auto` nor a number from 1")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Check, report, and tell by the exit status whether something was found."""
    from slslint import engine, registry

    rules = registry.installed(isolated=options.isolated)
    configuration = reading.configuration(options, rules)
    settings = configuration.run
    reports = reporting.wanted(options, settings)
    paths, reader = reading.paths(options)
    original = reader
    narrow = narrowing.wanted(options, configuration, paths, reader, rules)

    contexts = narrow.tells_again or reporting.tell_again(reports)

    def check(reader: Reader) -> Result:
        with progress.shown(quiet=options.quiet) as show:
            return engine.check(paths, configuration, reader, rules, show, options.jobs, contexts)

    mended = fixing.mend(check, narrow.counted, reader, configuration, options) if fixing.asked_for(options) else None
    result = check(reader) if mended is None else mended.result
    for note in dict.fromkeys(note for each in configuration.known() for note in each.notes):
        print(f"slslint: {note}", file=sys.stderr)
    if mended is not None and options.diff:
        fixing.say(mended, reader, options)
        return _status(result, options, found=bool(mended.changes))
    if mended is not None:
        reader = mended.reader
        narrow = narrow.after_mending(reader)
    result = narrow.narrowed(result, reader)
    speaking = [rule for rule in rules if any(registry.speaks(rule, each) for each in configuration.known())]
    reporting.write(reports, result, speaking, reader)
    if mended is not None:
        fixing.say(mended, original, options)
    if options.verbose:
        from slslint.cli import verbose

        sys.stdout.flush()
        print(verbose.text(result, settings), file=sys.stderr)
    level = settings.fail_on
    counted = (each for each in result.findings if each.suppressed is None)
    return _status(result, options, found=level is not None and any(each.severity >= level for each in counted))


def _status(result: Result, options: argparse.Namespace, *, found: bool) -> int:
    if any(each.rule == "internal-error" and each.suppressed is None for each in result.findings):
        return FAILURE
    return FINDINGS if found and not options.exit_zero else CLEAN
