"""cfn-lint's own checks of the templates of CloudFormation and SAM.

cfn-lint takes a third of a second to import, and a tenth of one for a template, so nothing of it is imported before it
is asked for, and many templates are shared among processes. What it is told in `.cfnlintrc` and in the metadata of
templates holds, but for the rules in Python that `.cfnlintrc` appends: slslint runs no code that a project brings.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from slslint.companions import Progress, Said
from slslint.errors import UnreadableFileError, UsageError, told
from slslint.finding import Finding, Severity
from slslint.record import record
from slslint.result import Tool, ToolRule
from slslint.source import Reader, Span, start_of
from slslint.templates import is_cloudformation

if TYPE_CHECKING:
    from cfnlint.config import ConfigMixIn
    from cfnlint.match import Match
    from cfnlint.rules import CloudFormationLintRule, Rules

NAME = "cfn-lint"
HOME = "https://github.com/aws-cloudformation/cfn-lint"

MANY = 8
"""From as many templates it pays to start several processes."""

OURS = "slslint.cfnlint"
"""Our rules inside cfn-lint: they run already."""

FAILED = "E0002"
"""What cfn-lint calls a failure of its own. It is no fault of the template, so here it is a note."""

_SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING, "informational": Severity.NOTE}


@record()
class _Judged:
    """What cfn-lint said of one template, and the rules by which it did."""

    findings: tuple[Finding, ...]
    rules: tuple[ToolRule, ...]


def require() -> None:
    """Raises UsageError when cfn-lint is not installed."""
    import importlib.util

    if importlib.util.find_spec("cfnlint") is None:
        raise UsageError("cfn-lint is not installed beside slslint; install both with: pip install 'slslint[cfn-lint]'")


def check(
    templates: Sequence[str], ours: Sequence[Finding], reader: Reader, jobs: int | None, progress: Progress
) -> Said:
    """What cfn-lint says of those of the templates that CloudFormation takes. UsageError for a broken .cfnlintrc."""
    from cfnlint.version import __version__

    taken = [path for path in templates if is_cloudformation(path, reader)]
    linter = _start(taken, reader)
    left = {os.path.normpath(each) for each in linter.config.templates or ()}
    paths = [path for path in taken if path in reader.overlay or _on_disk(path, reader) in left]
    judged: list[_Judged] = []
    with _each(paths, reader, jobs) as outcomes:
        for outcome in outcomes:
            judged.append(outcome)
            progress(len(judged), len(paths))
    rules = {rule.id: rule for outcome in judged for rule in outcome.rules}
    findings = tuple(_unsaid((finding for outcome in judged for finding in outcome.findings), ours))
    appended = ", ".join(each for each in linter.config.file_args.get("append_rules", ()) if each != OURS)
    hint = f".cfnlintrc appends rules in Python ({appended}); only cfn-lint itself runs them" if appended else ""
    return Said(findings, Tool(NAME, __version__, HOME, tuple(rules[id] for id in sorted(rules))), (hint,) * bool(hint))


def _unsaid(theirs: Iterable[Finding], ours: Iterable[Finding]) -> Iterator[Finding]:
    """What cfn-lint found but for what we say too, and better: of a place, or of a file that does not parse."""
    redelivered = {(each.at.path, each.at.line) for each in ours if each.rule == "queue-redelivers-in-flight"}
    broken = {each.at.path for each in ours if each.rule in ("syntax-error", "unreadable-file")}
    for finding in theirs:
        at = finding.at
        if finding.rule == "cfn-lint:E0000" and at.path in broken:
            continue
        if finding.rule == "cfn-lint:E3505" and (at.path, at.line) in redelivered:
            continue
        yield finding


# --- cfn-lint itself -------------------------------------------------------------------------------------------------


@record()
class _Linter:
    """cfn-lint, ready to run: its settings, and its rules."""

    reader: Reader
    config: ConfigMixIn
    rules: Rules


_linter: _Linter


def _start(templates: Iterable[str], reader: Reader) -> _Linter:
    """cfn-lint told that these are the templates, kept for what this process and those it starts are to judge."""
    import glob
    import logging

    from cfnlint.config import ConfigMixIn
    from cfnlint.runner import Runner

    class OwnRules(ConfigMixIn):
        @property
        def append_rules(self) -> list[str]:
            return [*super().append_rules[:1]]

    global _linter
    logging.getLogger("cfnlint").addHandler(logging.NullHandler())
    saved = [glob.escape(_on_disk(path, reader)) for path in templates if path not in reader.overlay]
    try:
        config = OwnRules([], templates=saved)
        _linter = _Linter(reader, config, Runner(config).rules)
    except Exception as error:
        why = " ".join(str(error).split())
        raise UsageError(f"cfn-lint cannot start: {why}; mend what .cfnlintrc says") from None
    return _linter


def _on_disk(path: str, reader: Reader) -> str:
    """A path as cfn-lint is told it: relative to the working directory, as .cfnlintrc writes it."""
    return os.path.relpath(os.path.join(reader.base, path))


@contextmanager
def _each(paths: Sequence[str], reader: Reader, jobs: int | None) -> Iterator[Iterable[_Judged]]:
    """What is said of each of the paths, in their order, by as many processes as asked for."""
    jobs = min(len(paths), (os.cpu_count() or 1) if jobs is None and len(paths) >= MANY else jobs or 1)
    if jobs <= 1:
        gc.enable()  # the program runs without, and cfn-lint leaves much of it
        yield map(_judge, paths)
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=(reader,)) as pool:
        try:
            yield pool.map(_judge, paths, chunksize=max(1, min(8, len(paths) // (4 * jobs))))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _start_worker(reader: Reader) -> None:
    import signal

    gc.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if "_linter" not in globals():  # where a process does not inherit what its parent has
        _start((), reader)


def _judge(path: str) -> _Judged:
    """Never raises: a template on which cfn-lint fails is as well checked by us as any."""
    try:
        matches = list(_matches(path))
    except Exception as error:
        failure = ToolRule(FAILED, Severity.NOTE, "", "", HOME)
        return _Judged(
            (_finding(start_of(path), failure, f"cfn-lint failed on this template ({told(error)[:200]})"),), (failure,)
        )
    rules = {match.rule.id: _rule(match.rule) for match in matches}
    findings = [_finding(_span(match, path), rules[match.rule.id], match.message) for match in matches]
    return _Judged(tuple(findings), tuple(rules.values()))


def _matches(path: str) -> Iterator[Match]:
    from cfnlint.decode.decode import decode_str
    from cfnlint.rules.errors import ParseError
    from cfnlint.runner import run_template_by_data, run_template_by_file_path

    config, rules, reader = _linter.config, _linter.rules, _linter.reader
    if path in reader.overlay:
        template, broken = decode_str(reader.read(path).text)
        yield from broken
        if template is not None:
            yield from run_template_by_data(template, config, rules)
        return
    tolerant = bool(config.ignore_bad_template) or not rules.is_rule_enabled(ParseError(), config)
    yield from run_template_by_file_path(_on_disk(path, reader), config, rules, tolerant)


# --- matches as findings ---------------------------------------------------------------------------------------------


def _finding(at: Span, rule: ToolRule, message: str) -> Finding:
    said = " ".join(message.split())
    return Finding(at, said, rule=f"{NAME}:{rule.id}", severity=rule.severity, tool=NAME)


def _rule(rule: CloudFormationLintRule) -> ToolRule:
    severity = Severity.NOTE if rule.id == FAILED else _SEVERITIES.get(rule.severity, Severity.WARNING)
    return ToolRule(rule.id, severity, rule.shortdesc, rule.description, rule.source_url)


def _span(match: Match, path: str) -> Span:
    """The place of a match in the template, held to lines and columns that there are."""
    try:
        lines = _linter.reader.read(path).lines
    except UnreadableFileError:
        return start_of(path)

    def held(line: int, column: int) -> tuple[int, int]:
        line = max(1, min(line, len(lines)))
        return line, max(1, min(column, len(lines[line - 1]) + 1))

    start = held(match.linenumber, match.columnnumber)
    return Span(path, *start, *max(start, held(match.linenumberend, match.columnnumberend)))
