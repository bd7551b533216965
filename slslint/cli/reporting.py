"""How a check's findings come out: the options that say so, and the reports."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

from slslint.cli import fixing, output
from slslint.config import FORMATS, LEVELS, Settings
from slslint.errors import UsageError
from slslint.record import record, replace

if TYPE_CHECKING:
    from slslint.report import View
    from slslint.report.outputs import Output
    from slslint.result import Result
    from slslint.rule import Rule
    from slslint.source import Reader


def add_options(parser: argparse.ArgumentParser) -> None:
    """In which forms, where to, how much of it, and which exit status."""
    group = parser.add_argument_group("what comes out")
    group.add_argument("--format", choices=FORMATS, help="the form of the report (default: text, in CI too)")
    group.add_argument(
        "--output",
        metavar="WHERE",
        action="append",
        default=[],
        help="write a report to FORMAT, FILE or FORMAT:FILE (default: to stdout); repeatable",
    )
    group.add_argument("--statistics", action="store_true", help="count the findings of each rule, show none")
    group.add_argument("--show-suppressed", action="store_true", help="show suppressed findings too, and why they are")
    group.add_argument(
        "--fail-on",
        choices=(*LEVELS, "never"),
        help="the severity from which on to exit with 1 (default: warning)",
    )
    group.add_argument("--exit-zero", action="store_true", help="exit with 0 whatever is found")
    group.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="when to use colours (default: auto, on a terminal; NO_COLOR and FORCE_COLOR are heeded)",
    )
    group.add_argument(
        "-q", "--quiet", action="store_true", help="show only findings at or above --fail-on; no progress"
    )
    group.add_argument(
        "-v", "--verbose", action="store_true", help="say on stderr what was read, and what could not be told"
    )


@record()
class Reports:
    """The reports that are wanted: where they go, and what says how they are to look."""

    places: tuple[Output, ...]
    settings: Settings
    options: argparse.Namespace


def wanted(options: argparse.Namespace, settings: Settings) -> Reports:
    """Where reports go. Who names a form alone wants it on stdout, whatever the settings' `output`.

    UsageError for what cannot be written.
    """
    from slslint.report.outputs import outputs

    if options.output or options.format:
        places = outputs(options.output, settings.format)
    else:
        try:
            places = outputs(settings.output, settings.format, settings.root)
        except UsageError as error:
            raise UsageError(f"{settings.file}: {error}") from None
    if options.statistics:
        from slslint.report import statistics

        for each in places:
            statistics.known_form(each.form)
    return Reports(places, settings, options)


def tell_again(reports: Reports) -> bool:
    """Whether any report has fingerprints."""
    from slslint.report import FINGERPRINTED

    return any(each.form in FINGERPRINTED for each in reports.places)


def write(reports: Reports, result: Result, rules: Sequence[Rule], reader: Reader) -> None:
    """Write the result to each of its places. `rules` are those that were run."""
    options = reports.options
    # Where the text that came on stdin goes to stdout, mended, the report makes way.
    stdout = sys.stderr if options.stdin_filename and fixing.asked_for(options) else sys.stdout
    if options.quiet:
        result = _loud(result, reports.settings)
    _spare(reports.places, result, reader)
    for place in reports.places:
        if options.statistics:
            from slslint.report import statistics

            text = statistics.write(place.form, result)
        else:
            from slslint import report

            text = report.write(place.form, _hinting(result, place), rules, reader, _view(place, stdout, reports))
        if place.file is None:
            stdout.write(text)
        else:
            output.write(place.file, text)


def _spare(places: Iterable[Output], result: Result, reader: Reader) -> None:
    """UsageError for a report that would take the place of what was checked, as after a slip of the hand."""
    there = [each.file for each in places if each.file is not None and os.path.isfile(each.file)]
    checked = {os.path.realpath(os.path.join(reader.base, path)) for path in result.files} if there else set()
    for file in there:
        if os.path.realpath(file) in checked:
            raise UsageError(f"{file}: it is part of what was checked; choose another place for the report")


def _loud(result: Result, settings: Settings) -> Result:
    """The result with no other findings than make the check fail."""
    from slslint.result import with_findings

    level = settings.fail_on
    if level is None:
        return result
    return with_findings(result, (each for each in result.findings if each.severity >= level))


def _hinting(result: Result, place: Output) -> Result:
    """The result that tells people what --fix would mend."""
    more = fixing.fixable(result) if place.form in ("text", "full") else ""
    return replace(result, hints=(*result.hints, more)) if more else result


def _view(place: Output, stdout: TextIO, reports: Reports) -> View:
    from slslint import report

    options = reports.options
    terminal = place.file is None and stdout.isatty()
    return report.View(
        colour=place.file is None and output.coloured(options.color, terminal),
        width=output.width(stdout) if terminal else None,
        suppressed=options.show_suppressed,
        fail_on=reports.settings.fail_on,
        blobs=output.blobs(),
    )
