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

if TYPE_CHECKING:
    from slslint.baseline import Baseline, Judge
    from slslint.result import Result
    from slslint.rule import Rule
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


class Narrowing:
    """What options and settings say of which findings count; what stands in the way of it is said at once."""

    def __init__(
        self,
        options: argparse.Namespace,
        configuration: Configuration,
        paths: Sequence[str],
        reader: Reader,
        rules: Sequence[Rule],
    ) -> None:
        self.options, self.configuration, self.paths, self.rules = options, configuration, paths, rules
        self.named = configuration.run.baseline
        given = options.baseline or self.named
        self.writes = options.write_baseline is not None
        if options.prune_baseline and (given is None or self.writes):
            raise UsageError("--prune-baseline needs a baseline that is there; name it with --baseline FILE")
        if self.writes and options.since is not None:
            raise UsageError("--write-baseline keeps everything that there is; leave --since out")
        self.file = ""
        if self.writes or given is not None:
            from slslint import baseline

            self.file = options.write_baseline or given or baseline.FILE
            fresh = self.writes and not os.path.exists(self.file)
            self.kept = (baseline.empty if fresh else baseline.load)(self.file, paths, reader)
        if options.since is not None:
            from slslint import since

            self.changed = since.changes(options.since, reader)

    def counted(self, result: Result, reader: Reader) -> Result:
        """The result with the findings that do not count marked or left out."""
        from slslint import baseline

        if self.file and not self.writes:
            result = baseline.marked(result, self.kept, self._judge(result, reader), reader)[0]
        return self._since(result, reader)

    def narrowed(self, result: Result, reader: Reader) -> Result:
        """The same, after the baseline has been written or pruned, and what was done is said."""
        if self.file:
            judge = self._judge(result, reader)
            if self.writes:
                return _written(result, self.file, self.kept, judge, reader, named=self.named is not None)
            result = _compared(result, self.file, self.kept, judge, reader, prune=self.options.prune_baseline)
        return self._since(result, reader)

    def look_again(self, reader: Reader) -> None:
        """Ask git again, after files have been mended."""
        if self.options.since is not None:
            from slslint import since

            self.changed = since.changes(self.options.since, reader)

    def _judge(self, result: Result, reader: Reader) -> Judge:
        from slslint import baseline

        return baseline.judge_of(result, self.kept.base, self.paths, self.configuration, self.rules, reader)

    def _since(self, result: Result, reader: Reader) -> Result:
        if self.options.since is None:
            return result
        from slslint import since

        return since.only_changed(result, self.changed, reader)


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
        _say(f"{_count(unchecked)} not in it, for they say that something was not checked: mend, exclude or ignore it")
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
