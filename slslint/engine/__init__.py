"""The one pipeline: discover, read, link, run the rules, stamp, suppress, merge, sort."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from slslint import discover, registry, suppress
from slslint.app import App, JoinState
from slslint.config import Configuration, Settings, everywhere
from slslint.engine.applications import application, begun, claims
from slslint.engine.findings import merge
from slslint.engine.processes import each_unit, number_of_processes
from slslint.engine.units import lone_files, templates
from slslint.engine.work import Outcome, Run
from slslint.facts import Facts
from slslint.finding import Finding, listed
from slslint.project import lies_in
from slslint.result import Result, Summary, Undecided, with_findings
from slslint.rule import Rule
from slslint.source import Reader
from slslint.templates.cdk.layout import to_synthesise

__all__ = ["Progress", "check", "understand"]

Progress = Callable[[int, int], None]
"""Called after each unit with how many are done, and how many there are."""


def check(
    paths: Sequence[str],
    settings: Settings | Configuration,
    reader: Reader,
    rules: Sequence[Rule],
    progress: Progress | None = None,
    jobs: int | None = 1,
    contexts: bool = True,
) -> Result:
    """Check the files and folders `paths`, given as the reader reports them.

    Settings alone hold everywhere; a Configuration knows which hold where. `jobs` is the number of processes, None to
    choose by the work; the result does not depend on it. Without `contexts` no finding is told what it stands in, which
    fingerprints and `since` ask for. UsageError for a path that is not there.
    """
    configuration = everywhere(settings) if isinstance(settings, Settings) else settings
    beside = configuration.run.beside
    if beside:
        from slslint import companions

        for name in beside:
            companions.require(name)
    found = discover.find(paths, reader, configuration)
    known = tuple(configuration.known())
    speaking = tuple(
        rule for rule in rules if not rule.by_engine and any(registry.speaks(rule, each) for each in known)
    )
    run = begun(configuration, reader, speaking, contexts=contexts)
    progress = progress or (lambda done, total: None)
    outcomes = list(_outcomes(found, paths, run, progress, jobs))
    findings = [finding for outcome in outcomes for finding in outcome.findings]
    findings += _of_suppressions(outcomes, run, rules)
    said = [companions.check(name, found.templates, findings, reader, jobs, progress) for name in beside]
    findings += (finding for each in said for finding in each.findings)
    merged = merge(
        suppress.mark_by_settings(finding, run.settings_of(finding.at.path), reader.base) for finding in findings
    )
    hints = [*_not_read(paths, outcomes, reader), *to_synthesise(found.unsynthesised)]
    hints += (hint for each in said for hint in each.hints)
    tools = tuple(each.tool for each in said)
    files = frozenset(path for outcome in outcomes if outcome.dialects for path in outcome.files)
    dialects = tuple(Counter(each for outcome in outcomes for each in outcome.dialects).most_common())
    return with_findings(
        Result((), _summary(outcomes), tuple(hints), _silent(outcomes), tools, files, dialects), merged
    )


def understand(paths: Sequence[str], settings: Settings | Configuration, reader: Reader) -> Iterator[App]:
    """The applications under `paths` as they are understood, one at a time, for who wants to see rather than check."""
    configuration = everywhere(settings) if isinstance(settings, Settings) else settings
    run = begun(configuration, reader)
    found = discover.find(paths, reader, configuration)
    claimed: set[str] = set()
    for unit in templates(found, paths, run):
        loaded: dict[str, Facts] = {}
        app = application(unit, run, run.facts_of, loaded)
        if app is None:
            continue
        claimed.update(loaded, claims(app))
        if not unit.within or any(lies_in(path, unit.within) for path in loaded):
            yield app
    for unit in lone_files(found, claimed, reader):
        app = application(unit, run, run.facts_of, {})
        if app is not None:
            yield app


def _outcomes(
    found: discover.Found, paths: Sequence[str], run: Run, progress: Progress, jobs: int | None
) -> Iterator[Outcome]:
    first = templates(found, paths, run)
    claimed: set[str] = set()
    with each_unit(run, number_of_processes(jobs, len(first) + len(found.sources))) as each:
        for done, outcome in enumerate(each(first), 1):
            claimed.update(outcome.files, outcome.claims)
            yield outcome
            progress(done, len(first))
        lone = lone_files(found, claimed, run.reader)
        for done, outcome in enumerate(each(lone), len(first) + 1):
            yield outcome
            progress(done, len(first) + len(lone))


def _not_read(paths: Sequence[str], outcomes: Iterable[Outcome], reader: Reader) -> Iterator[str]:
    """What to say of files that were named, and in which nothing was checked."""
    named = [path for path in map(posixpath.normpath, paths) if reader.is_file(path)]
    if not named:
        return
    read = {path for outcome in outcomes for path in (*outcome.files, *outcome.claims)}
    read |= {finding.at.path for outcome in outcomes for finding in outcome.findings}
    strange = [path for path in named if path not in read]
    if strange:
        where = listed(strange)
        yield f"nothing was checked in {where}: no template that slslint knows, and no code that a handler reaches"


def _of_suppressions(outcomes: Iterable[Outcome], run: Run, rules: Sequence[Rule]) -> Iterable[Finding]:
    """What is to be said of the suppressions that the units hold."""
    marks = [mark for outcome in outcomes for mark in outcome.marks]
    if not marks:
        return ()
    from slslint.suppress import unused

    used = {mark for outcome in outcomes for mark in outcome.used}
    failed = any(finding.rule == "internal-error" for outcome in outcomes for finding in outcome.findings)
    spared = marks if failed else [mark for outcome in outcomes for mark in outcome.spared]
    return unused.findings(marks, used, spared, {rule.id: rule for rule in rules}, run.settings_of, run.reader)


def _silent(outcomes: Iterable[Outcome]) -> tuple[Undecided, ...]:
    """What every unit could not tell, each once."""
    untold = {each for outcome in outcomes for each in (*outcome.unjoined, *outcome.undecided)}
    return tuple(sorted(untold, key=lambda each: (each.at.path, each.at.line, each.at.column, each.what, each.why)))


def _summary(outcomes: Sequence[Outcome]) -> Summary:
    """How much was looked at."""
    states = Counter[JoinState]()
    for outcome in outcomes:
        states.update(outcome.states)
    return Summary(
        files=len({path for outcome in outcomes for path in outcome.files}),
        templates=sum(len(outcome.dialects) for outcome in outcomes),
        functions=sum(outcome.functions for outcome in outcomes),
        joined=states[JoinState.JOINED],
        ambiguous=states[JoinState.AMBIGUOUS],
        missing=states[JoinState.MISSING],
        elsewhere=states[JoinState.ELSEWHERE],
        undecided=len({each for outcome in outcomes for each in outcome.undecided}),
    )
