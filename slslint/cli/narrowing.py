"""Which findings count: not those of the baseline, and only those about what has changed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from slslint.cli import output
from slslint.config import Configuration
from slslint.errors import UsageError

if TYPE_CHECKING:
    from slslint.result import Result
    from slslint.rule import Rule
    from slslint.source import Reader


def add_options(parser: argparse.ArgumentParser) -> None:
    """The baseline, and what is compared with."""
    group = parser.add_argument_group("which findings count")
    group.add_argument("--baseline", metavar="FILE", help="not those that are kept in this file")
    group.add_argument(
        "--write-baseline",
        metavar="FILE",
        nargs="?",
        const="",
        help="keep those that there are now (default: slslint-baseline.json)",
    )
    group.add_argument("--prune-baseline", action="store_true", help="drop from the baseline what is gone")


def narrowed(
    result: Result,
    options: argparse.Namespace,
    configuration: Configuration,
    paths: Sequence[str],
    reader: Reader,
    rules: Sequence[Rule],
) -> Result:
    """The result with the findings that do not count marked or left out, as options and settings say."""
    given = options.baseline or configuration.run.baseline
    if options.prune_baseline and (given is None or options.write_baseline is not None):
        raise UsageError("--prune-baseline needs a baseline that is there; name it with --baseline FILE")
    if options.write_baseline is not None:
        return _written(result, options.write_baseline or given, configuration, paths, reader, rules)
    if given is not None:
        return _compared(result, given, options.prune_baseline, configuration, paths, reader, rules)
    return result


def counted(
    result: Result,
    options: argparse.Namespace,
    configuration: Configuration,
    paths: Sequence[str],
    reader: Reader,
    rules: Sequence[Rule],
) -> Result:
    """The same, but nothing is written and nothing said: for who only wants to know which findings count."""
    given = options.baseline or configuration.run.baseline
    if given is None or options.write_baseline is not None:
        return result
    from slslint import baseline

    kept = baseline.load(given, paths, reader)
    judge = baseline.judge_of(result, kept.base, paths, configuration, rules, reader)
    return baseline.marked(result, kept, judge, reader)[0]


def _written(
    result: Result,
    given: str | None,
    configuration: Configuration,
    paths: Sequence[str],
    reader: Reader,
    rules: Sequence[Rule],
) -> Result:
    """The result after its findings have gone into the baseline."""
    import os

    from slslint import baseline

    file = given or baseline.FILE
    there = os.path.exists(os.path.join(reader.base, file))
    before = baseline.load(file, paths, reader) if there else baseline.empty(file, paths, reader)
    judge = baseline.judge_of(result, before.base, paths, configuration, rules, reader)
    made = baseline.of(result, before, judge, reader)
    output.write(file, baseline.written(made))
    _say(f"{_count(len(made.entries))} in the baseline `{file}`")
    if configuration.run.baseline is None:
        _say(f'`--baseline {file}`, or `baseline = "..."` in the settings, makes them not count')
    blind = sum(each.suppressed is None and each.rule in baseline.BLIND for each in result.findings)
    if blind:
        _say(f"{_count(blind)} not in it, for they say that something was not checked: mend, exclude or ignore it")
    return baseline.marked(result, made, judge, reader)[0]


def _compared(
    result: Result,
    file: str,
    prune: bool,
    configuration: Configuration,
    paths: Sequence[str],
    reader: Reader,
    rules: Sequence[Rule],
) -> Result:
    """The result with the findings of the baseline marked."""
    from slslint import baseline

    kept = baseline.load(file, paths, reader)
    judge = baseline.judge_of(result, kept.base, paths, configuration, rules, reader)
    result, gone = baseline.marked(result, kept, judge, reader)
    if gone and prune:
        output.write(file, baseline.written(baseline.without(kept, gone)))
        _say(f"{_count(len(gone))} gone and dropped from the baseline `{file}`")
    elif gone:
        _say(f"{_count(len(gone))} gone that the baseline `{file}` has; --prune-baseline drops what is gone")
    return result


def _count(number: int) -> str:
    return f"{number} finding is" if number == 1 else f"{number} findings are"


def _say(text: str) -> None:
    print(f"slslint: {text}", file=sys.stderr)
