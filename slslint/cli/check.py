"""`slslint check`: look for mistakes, and say what was found."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from slslint.cli import account, fixing, narrowing, output, progress, reading
from slslint.cli.exit_status import CLEAN, FAILURE, FINDINGS
from slslint.config import COMPANIONS, FORMATS, LEVELS, PRESETS, Settings
from slslint.record import replace

if TYPE_CHECKING:
    from slslint.report.outputs import Output
    from slslint.result import Result
    from slslint.rule import Rule
    from slslint.source import Reader

EXAMPLES = """\
examples:
  slslint check                                  this folder and everything under it
  slslint check template.yaml                    one template and the code of its functions
  slslint check --select missing-timeout,wildcard-action
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
        "--select", metavar="RULES", action="extend", type=_names, help="only these, with commas between"
    )
    group.add_argument("--ignore", metavar="RULES", action="extend", type=_names, help="not these")
    group.add_argument("--preset", choices=PRESETS, help="how much to say (default: default)")
    group.add_argument(
        "--with", dest="beside", action="append", choices=COMPANIONS, help="another linter's findings beside ours"
    )
    group.add_argument("--require-reason", action="store_true", help="find suppressions that do not say why")
    narrowing.add_options(parser)
    fixing.add_options(parser)
    group = parser.add_argument_group("what comes out")
    group.add_argument("--format", choices=FORMATS, help="the form of the report (default: text, in CI too)")
    group.add_argument(
        "--output",
        metavar="WHERE",
        action="append",
        default=[],
        help="FILE, FORMAT or FORMAT:FILE, as often as there are reports to write (default: stdout)",
    )
    group.add_argument("--statistics", action="store_true", help="only count the findings of each rule")
    group.add_argument("--show-suppressed", action="store_true", help="show what was suppressed too, and why")
    group.add_argument("--fail-on", choices=(*LEVELS, "never"), help="what exits with 1 (default: warning)")
    group.add_argument("--exit-zero", action="store_true", help="exit with 0 whatever is found")
    group.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="colours (default: auto)")
    group.add_argument("-q", "--quiet", action="store_true", help="only findings at or above --fail-on; no progress")
    group.add_argument(
        "-v", "--verbose", action="store_true", help="say on stderr what was read, and what could not be told"
    )
    group = parser.add_argument_group("how to run")
    group.add_argument("--stdin-filename", metavar="FILE", help="the unsaved text of that file comes on stdin")
    group.add_argument("--jobs", metavar="N", type=_count, help="processes (default: auto)")
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

    rules = registry.load() if options.isolated else registry.installed()
    configuration = reading.configuration(options, rules)
    settings = configuration.run
    wanted = _outputs(options, settings)
    paths, reader = reading.paths(options)
    original = reader
    narrow = narrowing.Narrowing(options, configuration, paths, reader, rules)

    def check(reader: Reader) -> Result:
        with progress.shown(quiet=options.quiet) as show:
            return engine.check(paths, configuration, reader, rules, show, options.jobs)

    mended = fixing.mend(check, narrow.counted, reader, configuration, options) if fixing.asked_for(options) else None
    if mended is not None and options.diff:
        return fixing.say(mended, reader, options) if not options.exit_zero else CLEAN
    result = check(reader) if mended is None else mended.result
    if mended is not None:
        reader = mended.reader
        narrow.look_again(reader)
    result = narrow.narrowed(result, reader)
    # Where the text that came on stdin goes to stdout, mended, the report makes way.
    stdout = sys.stderr if mended is not None and options.stdin_filename else sys.stdout
    for note in dict.fromkeys(note for each in configuration.known() for note in each.notes):
        print(f"slslint: {note}", file=sys.stderr)
    speaking = [rule for rule in rules if any(registry.speaks(rule, each) for each in configuration.known())]
    for each in wanted:
        text = _report(each, result, speaking, reader, settings, options)
        if each.file is None:
            stdout.write(text)
        else:
            output.write(each.file, text)
    if mended is not None:
        fixing.say(mended, original, options)
    if options.verbose:
        sys.stdout.flush()
        print(account.of(result, settings), file=sys.stderr)
    return CLEAN if options.exit_zero else _status(result, settings)


def _status(result: Result, settings: Settings) -> int:
    counted = [finding for finding in result.findings if finding.suppressed is None]
    if any(finding.rule == "internal-error" for finding in counted):
        return FAILURE
    fails = settings.fail_on is not None and any(finding.severity >= settings.fail_on for finding in counted)
    return FINDINGS if fails else CLEAN


def _outputs(options: argparse.Namespace, settings: Settings) -> tuple[Output, ...]:
    """Where the report goes. Who names a form alone wants it on stdout, whatever the settings' `output`."""
    from slslint.report.outputs import outputs

    if options.output or options.format:
        wanted = outputs(options.output, settings.format)
    else:
        wanted = outputs(settings.output, settings.format, settings.root)
    if options.statistics:
        from slslint.report import statistics

        for each in wanted:
            statistics.known_form(each.form)
    return wanted


def _report(
    place: Output,
    result: Result,
    rules: Sequence[Rule],
    reader: Reader,
    settings: Settings,
    options: argparse.Namespace,
) -> str:
    from slslint import report

    if options.quiet and settings.fail_on is not None:
        level = settings.fail_on
        result = replace(result, findings=tuple(each for each in result.findings if each.severity >= level))
    if options.statistics:
        from slslint.report import statistics

        return statistics.write(place.form, result)
    more = fixing.fixable(result) if place.form in ("text", "full") else ""
    if more:
        result = replace(result, hints=(*result.hints, more))
    terminal = place.file is None and sys.stdout.isatty()
    view = report.View(
        colour=place.file is None and output.coloured(options.color, terminal),
        width=output.width() if terminal else None,
        fail_on=settings.fail_on,
        blobs=output.blobs(),
        suppressed=options.show_suppressed,
    )
    return report.write(place.form, result, rules, reader, view)
