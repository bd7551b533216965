"""Which findings count: not those of the baseline, and only those about what has changed."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from slslint.cli import output
from slslint.config import Configuration
from slslint.errors import UsageError
from slslint.finding import counted
from slslint.record import record, replace

if TYPE_CHECKING:
    from slslint.baseline import Baseline, Judge
    from slslint.result import Result
    from slslint.rule import Rule
    from slslint.since import Changes
    from slslint.source import Reader


def add_options(parser: argparse.ArgumentParser) -> None:
    """What is compared with: a revision, a baseline."""
    group = parser.add_argument_group("which findings count")
    group.add_argument(
        "--since",
        metavar="REV",
        help="show only those about what has changed since the branch left this revision of git",
    )
    group.add_argument("--baseline", metavar="FILE", help="do not count those that this file keeps")
    group.add_argument(
        "--write-baseline",
        metavar="FILE",
        nargs="?",
        const="",
        help="keep today's findings in a baseline (default: slslint-baseline.json)",
    )
    group.add_argument("--prune-baseline", action="store_true", help="drop findings from the baseline that are gone")


@record(eq=False)
class Narrowing:
    """What options and settings say of which findings of a check count.

    Attributes:
        kept: the baseline; None without one. changed: what has changed since --since; None without that.

    """

    options: argparse.Namespace
    configuration: Configuration
    paths: Sequence[str]
    rules: Sequence[Rule]
    kept: Baseline | None = None
    changed: Changes | None = None

    @property
    def tells_again(self) -> bool:
        """Whether findings are told again from another run, or held against what has changed."""
        return self.kept is not None or self.changed is not None

    def counted(self, result: Result, reader: Reader) -> Result:
        """The result with the findings that do not count marked or left out."""
        if self.kept is not None and self.options.write_baseline is None:
            from slslint import baseline

            result, _ = baseline.marked(result, self.kept, self._judge(self.kept, result, reader), reader)
        return self._only_changed(result, reader)

    def narrowed(self, result: Result, reader: Reader) -> Result:
        """The same, after the baseline has been written or pruned, and what was done is said."""
        if self.kept is not None:
            file, judge = _file(self.options, self.configuration), self._judge(self.kept, result, reader)
            if self.options.write_baseline is not None:
                named = self.configuration.run.baseline is not None
                return _written(result, file, self.kept, judge, reader, named=named)
            result = _compared(result, file, self.kept, judge, reader, prune=self.options.prune_baseline)
        return self._only_changed(result, reader)

    def after_mending(self, reader: Reader) -> Narrowing:
        """The same once files have been mended, of which git is asked again."""
        return replace(self, changed=_changes(self.options, reader))

    def _judge(self, kept: Baseline, result: Result, reader: Reader) -> Judge:
        from slslint import baseline

        return baseline.judge_of(result, kept.base, self.paths, self.configuration, self.rules, reader)

    def _only_changed(self, result: Result, reader: Reader) -> Result:
        if self.changed is None:
            return result
        from slslint import since

        return since.only_changed(result, self.changed, reader)


def wanted(
    options: argparse.Namespace,
    configuration: Configuration,
    paths: Sequence[str],
    reader: Reader,
    rules: Sequence[Rule],
) -> Narrowing:
    """What is asked for. UsageError, before anything is checked, for what stands in the way of it."""
    writes, file = options.write_baseline is not None, _file(options, configuration)
    if options.prune_baseline and (not file or writes):
        raise UsageError("--prune-baseline needs a baseline that is there; name it with --baseline FILE")
    if writes and options.since is not None:
        raise UsageError("--write-baseline keeps everything that there is; leave --since out")
    kept = None
    if file:
        from slslint import baseline

        fresh = writes and not os.path.exists(file)
        kept = (baseline.empty if fresh else baseline.load)(file, paths, reader)
    return Narrowing(options, configuration, paths, rules, kept, _changes(options, reader))


def _file(options: argparse.Namespace, configuration: Configuration) -> str:
    """The baseline that is named, or is to be written; "" without one."""
    named: str | None = options.write_baseline or options.baseline or configuration.run.baseline
    if named is None and options.write_baseline is not None:
        from slslint import baseline

        return baseline.FILE
    return named or ""


def _changes(options: argparse.Namespace, reader: Reader) -> Changes | None:
    if options.since is None:
        return None
    from slslint import since

    return since.changes(options.since, reader)


def _written(result: Result, file: str, before: Baseline, judge: Judge, reader: Reader, *, named: bool) -> Result:
    """The result after its findings have gone into the baseline; `named`: the settings name one."""
    from slslint import baseline, registry

    made = baseline.of(result, before, judge, reader)
    output.write(file, baseline.written(made))
    _say(f"{_count(len(made.entries))} in the baseline `{_shown(file)}`")
    if not named:
        _say(f'`--baseline {file}`, or `baseline = "..."` in the settings, makes them not count')
    unchecked = sum(each.suppressed is None and each.rule in registry.UNCHECKED for each in result.findings)
    if unchecked:
        told = "it says" if unchecked == 1 else "they say"
        _say(f"{_count(unchecked)} not in it, for {told} that something was not checked: mend, exclude or ignore it")
    return baseline.marked(result, made, judge, reader)[0]


def _compared(result: Result, file: str, kept: Baseline, judge: Judge, reader: Reader, *, prune: bool) -> Result:
    """The result with the findings of the baseline marked."""
    from slslint import baseline

    result, gone = baseline.marked(result, kept, judge, reader)
    if gone and prune:
        output.write(file, baseline.written(baseline.without(kept, gone)))
        _say(f"{_count(len(gone))} gone and dropped from the baseline `{_shown(file)}`")
    elif gone:
        _say(f"{_count(len(gone))} gone that the baseline `{_shown(file)}` has; --prune-baseline drops what is gone")
    return result


def _shown(file: str) -> str:
    """A file as its reader would call it, who may not have named it: the settings' is absolute."""
    return os.path.relpath(file) if os.path.isabs(file) else file


def _count(number: int) -> str:
    return f"{counted(number, 'finding')} {'is' if number == 1 else 'are'}"


def _say(text: str) -> None:
    print(f"slslint: {text}", file=sys.stderr)
