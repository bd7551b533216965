"""The one pipeline: discover, read, link, run the rules, stamp, suppress, merge, sort."""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from slslint import discover, registry, suppress, undecided
from slslint.app import App, JoinState
from slslint.config import Settings
from slslint.errors import UnreadableFileError
from slslint.facts import Block, Facts, Function
from slslint.finding import Confidence, Finding, Severity
from slslint.languages import lower
from slslint.link import link, modules, solo
from slslint.model import Deployment, Text
from slslint.patterns import covers
from slslint.precedence import settled
from slslint.record import field, record, replace
from slslint.result import Result, Summary, Undecided
from slslint.rule import Rule
from slslint.source import Problem, Reader, Span, start_of
from slslint.suppress import Mark
from slslint.templates import read
from slslint.templates.cdk.layout import to_synthesise
from slslint.value import known_values

Progress = Callable[[int, int], None]
"""Called after each unit with how many are done, and how many there are."""

FactsOf = Callable[[str], Facts]

KEPT_FACTS = 3_000_000
"""Characters of source whose facts are kept, because the next handler may share them: some 20 bytes for each."""

FORGET_EVERY = 200
"""Units after which the texts of files are dropped, so that memory does not grow with the tree."""

MUCH_GARBAGE = 800_000
"""Objects made and not let go of, after which garbage is collected: some 100 MB."""

MANY_UNITS = 64
"""From as many templates and sources it pays to start several processes."""

DEBUG = "SLSLINT_TRACEBACK"
"""Set in the environment, an internal error is raised as it is, for those who work on slslint."""


@record()
class Unit:
    """What is checked together: templates with their source, or a source file that no template claims.

    Attributes:
        path: the file; of templates that name each other the first, and `others` the rest.
        named: asked for by its own name. within: when not empty, only findings in these files and folders are wanted.

    """

    path: str
    template: bool
    named: bool = False
    within: frozenset[str] = frozenset()
    others: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        return (self.path, *self.others)


@record()
class Outcome:
    """What one unit came to.

    Attributes:
        files: the templates and the source files that were read. claims: the files and folders of its functions.
        templates: how many there are. states: how many of their functions were joined how. unjoined: those that were
            not, and why.
        undecided: what else the template does not tell.
        marks: the suppressions in its files. used: those that cover a finding of this unit.

    """

    findings: tuple[Finding, ...] = ()
    files: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    templates: int = 0
    functions: int = 0
    states: Mapping[JoinState, int] = {}
    unjoined: tuple[Undecided, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    marks: tuple[Mark, ...] = ()
    used: tuple[Mark, ...] = ()


@record()
class Run:
    """What every unit is checked with. `lowered` has what was lowered already, by template; each is taken once."""

    settings: Settings
    reader: Reader
    rules: tuple[Rule, ...]
    facts_of: FactsOf
    lowered: dict[str, Deployment | None] = field(default_factory=dict)


def check(
    paths: Sequence[str],
    settings: Settings,
    reader: Reader,
    rules: Sequence[Rule],
    progress: Progress | None = None,
    jobs: int | None = 1,
) -> Result:
    """Check the files and folders `paths`, given as the reader reports them.

    `jobs` is the number of processes, None to choose by the work; the result does not depend on it. UsageError for a
    path that is not there.
    """
    speaking = tuple(rule for rule in rules if not rule.by_engine and registry.speaks(rule, settings))
    run = Run(settings, reader, speaking, _facts_of(reader))
    found = discover.find(paths, reader, settings.exclude, settings.root)
    outcomes = list(_outcomes(found, paths, run, progress or (lambda done, total: None), jobs))
    findings = [finding for outcome in outcomes for finding in outcome.findings]
    findings += _unused(outcomes, settings, rules)
    merged = _merge(suppress.mark_by_settings(finding, settings, reader.base) for finding in findings)
    return Result(merged, _summary(outcomes, merged), tuple(to_synthesise(found.unsynthesised)), _silent(outcomes))


def understand(paths: Sequence[str], settings: Settings, reader: Reader) -> Iterator[App]:
    """The applications under `paths` as they are understood, one at a time, for who wants to see rather than check."""
    run = Run(settings, reader, (), _facts_of(reader))
    found = discover.find(paths, reader, settings.exclude, settings.root)
    claimed: set[str] = set()
    for unit in _templates(found, paths, run):
        loaded: dict[str, Facts] = {}
        app = _app(unit, run, run.facts_of, loaded)
        if app is None:
            continue
        claimed.update(loaded, _claims(app))
        if not unit.within or any(_lies_in(path, unit.within) for path in loaded):
            yield app
    for unit in _lone_files(found, claimed, reader):
        app = _app(unit, run, run.facts_of, {})
        if app is not None:
            yield app


# --- units -----------------------------------------------------------------------------------------------------------


def _outcomes(
    found: discover.Found, paths: Sequence[str], run: Run, progress: Progress, jobs: int | None
) -> Iterator[Outcome]:
    templates = _templates(found, paths, run)
    claimed: set[str] = set()
    with _each(run, _processes(jobs, len(templates) + len(found.sources))) as each:
        for done, outcome in enumerate(each(templates), 1):
            claimed.update(outcome.files, outcome.claims)
            yield outcome
            progress(done, len(templates))
        lone = _lone_files(found, claimed, run.reader)
        for done, outcome in enumerate(each(lone), len(templates) + 1):
            yield outcome
            progress(done, len(templates) + len(lone))


def _processes(jobs: int | None, units: int) -> int:
    if jobs is None:
        jobs = 1 if units < MANY_UNITS else os.cpu_count() or 1
    return min(jobs, max(units, 1))


def _templates(found: discover.Found, paths: Iterable[str], run: Run) -> list[Unit]:
    """The templates that were asked for, those together that name each other; and those above that may deploy the
    source that was asked for.
    """
    asked = frozenset(os.path.normpath(path).replace(os.sep, "/") for path in paths)
    others = {group[0]: tuple(group[1:]) for group in _groups(found, run)}
    inside = {path for group in others.values() for path in group}
    return [
        Unit(path, True, path in found.named, others=others.get(path, ()))
        for path in found.templates
        if path not in inside
    ] + [Unit(path, True, within=asked) for path in found.above if found.sources]


def _groups(found: discover.Found, run: Run) -> list[list[str]]:
    """The templates that name each other. What cannot be lowered is told when its turn comes."""

    def lowered(path: str) -> Deployment | None:
        try:
            run.lowered[path] = _read(path, run, {})
        except Exception:
            return None
        return run.lowered[path]

    if not found.relating:
        return []
    from slslint import related  # most runs have no use for it

    return related.groups(found.templates, found.relating, run.reader, lowered)


def _read(path: str, run: Run, given: Mapping[str, Text]) -> Deployment | None:
    if not given and path in run.lowered:
        return run.lowered.pop(path)
    return read(path, run.reader, run.settings.parameters, modules(run.reader), given)


def _lone_files(found: discover.Found, claimed: set[str], reader: Reader) -> list[Unit]:
    """The definitions of state machines that no template names, and the source files that may hold a handler and
    belong to no function of a template.
    """
    return [Unit(path, True, path in found.named) for path in found.definitions if path not in claimed] + [
        Unit(path, False, path in found.named)
        for path in found.sources
        if not _lies_in(path, claimed) and (path in found.named or discover.may_hold_handler(path, reader.peek(path)))
    ]


def _lies_in(path: str, places: Collection[str]) -> bool:
    """Whether a path is one of the places, or in a folder that is."""
    if path in places:
        return True
    folder = os.path.dirname(path)
    while folder and folder != "..":
        if folder in places:
            return True
        folder = os.path.dirname(folder)
    return "." in places and not path.startswith("../")


def _claims(app: App) -> Iterator[str]:
    """The files and folders that hold the code of the application's functions, and its state machines."""
    for function in app.functions:
        yield from (path.value for path in known_values(function.package.path))
    for layer in app.deployment.layers:
        yield from (path.value for path in known_values(layer.path))
    for workflow in app.deployment.workflows:
        yield from {workflow.file, *(state.at.path for state in workflow.states)}
    for problem in app.deployment.problems:
        yield problem.at.path


def _app(unit: Unit, run: Run, facts_of: FactsOf, loaded: dict[str, Facts]) -> App | None:
    """The application of a unit, or None when there is none. `loaded` is filled with the facts of its source files."""

    def recording(path: str) -> Facts:
        facts = loaded[path] = facts_of(path)
        return facts

    app: App | None
    if unit.others:
        app = _together(unit, run, recording)
    elif unit.template:
        deployment = _read(unit.path, run, {})
        app = None if deployment is None else link(deployment, recording, run.reader)
    else:
        app = solo(unit.path, recording, run.reader)
        if app is None and unit.named:
            # No handler, but who names a file wants to hear when it cannot be read.
            recording(unit.path)
            app = App(Deployment(unit.path, dialect=""), joins={}, templated=False)
    if app is None:
        return None
    # A file that is so broken that its handler was not found belongs to no function's code.
    told = set(app.problems)
    untold = tuple(problem for facts in loaded.values() for problem in facts.problems if problem not in told)
    if not untold:
        return app
    return replace(app, deployment=replace(app.deployment, problems=(*app.deployment.problems, *untold)))


def _together(unit: Unit, run: Run, facts_of: FactsOf) -> App:
    """One application of templates that name each other."""
    from slslint.app.union import union
    from slslint.related import read_together

    deployments = read_together(unit.paths, lambda path, given: _read(path, run, given))
    return union([link(each, facts_of, run.reader) for each in deployments])


def _check_unit(unit: Unit, run: Run) -> Outcome:
    exclude, asked = run.settings.exclude, {*unit.paths, *unit.within}

    def wanted(path: str) -> bool:
        if unit.within and not _lies_in(path, unit.within):
            return False
        return not exclude or path in asked or not covers(exclude, run.settings.path(path, run.reader.base))

    loaded: dict[str, Facts] = {}
    failures: list[Finding] = []
    try:
        app = _app(unit, run, _guarded(run.facts_of, failures), loaded)
        if app is None:
            return Outcome(tuple(failures))
        files = tuple(path for path in dict.fromkeys((*unit.paths, *loaded)) if wanted(path))
        if not files:
            return Outcome(claims=tuple(_claims(app)))
        findings = [finding for finding in failures + _findings(app, run) if wanted(finding.at.path)]
        marks = list(_marks(app, dict.fromkeys((*files, *(finding.at.path for finding in findings))), run.reader))
        declared = {function.id: function.at for function in app.functions}
        declared |= {each.file: each.at for each in app.deployment.workflows if each.file != each.at.path}
        covered = [(finding, _covering(finding, marks, declared)) for finding in findings]
        return Outcome(
            findings=tuple(
                _in_own_unit(suppress.mark(finding, by[0]) if by else finding, app) for finding, by in covered
            ),
            files=files,
            claims=tuple(_claims(app)),
            templates=len(unit.paths) if unit.template else 0,
            functions=len(app.functions),
            states=Counter(join.state for join in app.joins.values()) if unit.template else {},
            unjoined=tuple(each for each in undecided.unjoined(app) if wanted(each.at.path)),
            undecided=tuple(each for each in undecided.values(app) if wanted(each.at.path)),
            marks=tuple(mark for mark in marks if wanted(mark.at.path)),
            used=tuple(mark for _, by in covered for mark in by),
        )
    except Exception as error:
        return Outcome((_internal_error("slslint", unit.path, error), *failures), unit.paths)


@contextmanager
def _each(run: Run, jobs: int) -> Iterator[Callable[[Sequence[Unit]], Iterable[Outcome]]]:
    """A function that checks units and gives their outcomes in the same order, by as many processes as asked for."""
    if jobs <= 1:
        yield lambda units: _one_by_one(units, run)
        return
    from concurrent.futures import ProcessPoolExecutor

    # A rule does not travel (its name stands for the Rule, not for its check), but its address does.
    addresses = tuple((rule.check.__module__, rule.check.__name__) for rule in run.rules)
    with ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=(run.settings, run.reader, addresses)) as pool:
        try:
            yield lambda units: pool.map(_work, units, chunksize=max(1, min(16, len(units) // (4 * jobs))))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _one_by_one(units: Sequence[Unit], run: Run) -> Iterator[Outcome]:
    for number, unit in enumerate(units, 1):
        yield _check_unit(unit, run)
        if number % FORGET_EVERY == 0:
            run.reader.forget()
        if gc.get_count()[0] > MUCH_GARBAGE:
            gc.collect()


_worker: Run


def _start_worker(settings: Settings, reader: Reader, addresses: Sequence[tuple[str, str]]) -> None:
    import signal

    global _worker
    gc.enable()
    # Ctrl-C reaches every process; the one that waits for the others says goodbye.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    rules = tuple(registry.at(module, name) for module, name in addresses)
    _worker = Run(settings, reader, rules, _facts_of(reader))


def _work(unit: Unit) -> Outcome:
    outcome = _check_unit(unit, _worker)
    _worker.reader.forget()
    return outcome


# --- facts -----------------------------------------------------------------------------------------------------------


def _facts_of(reader: Reader) -> FactsOf:
    """Facts of a file by path, lowered once; a file that cannot be read has no facts but that problem."""
    kept: dict[str, tuple[Facts, int]] = {}
    room = KEPT_FACTS

    def facts_of(path: str) -> Facts:
        nonlocal room
        found = kept.pop(path, None)
        if found is None:
            found = _lowered(path, reader)
            room -= found[1]
        # What was asked for last is the last to go.
        kept[path] = found
        while room < 0 and len(kept) > 1:
            room += kept.pop(next(iter(kept)))[1]
        return found[0]

    return facts_of


def _lowered(path: str, reader: Reader) -> tuple[Facts, int]:
    """The facts of a file, and how many characters it has."""
    try:
        file = reader.read(path)
    except UnreadableFileError as error:
        return _empty(path, Problem("unreadable", start_of(path), error.why)), 0
    return lower(file), len(file.text)


def _guarded(facts_of: FactsOf, failures: list[Finding]) -> FactsOf:
    def guarded(path: str) -> Facts:
        try:
            return facts_of(path)
        except Exception as error:
            failures.append(_internal_error("slslint", path, error))
            return _empty(path)

    return guarded


def _empty(path: str, *problems: Problem) -> Facts:
    at = start_of(path)
    return Facts(path, "", {"": Function("", at, at, blocks=(Block("body", 0, None, at, at),))}, problems=problems)


# --- findings --------------------------------------------------------------------------------------------------------


def _findings(app: App, run: Run) -> list[Finding]:
    """What the rules say about one application: stamped, sound, and nobody interrupting who knows more."""
    found: list[Finding] = []
    for rule in run.rules:
        try:
            said = list(rule.check(app, **run.settings.options.get(rule.id, {})))
            stamped = [_stamp(finding, rule, app, run) for finding in said]
        except Exception as error:
            found.append(_internal_error(rule.id, app.deployment.path, error))
            continue
        found += [finding for finding in stamped if finding is not None]
    return settled(found, {rule.id: rule for rule in run.rules})


def _in_own_unit(finding: Finding, app: App) -> Finding:
    """The finding with its function called as in its own template."""
    own = app.own_ids.get(finding.function or "")
    return finding if own is None else replace(finding, function=own)


def _stamp(finding: Finding, rule: Rule, app: App, run: Run) -> Finding | None:
    """The finding with its rule and severity; None when this reader does not want it."""
    severity = registry.severity(rule, finding.variant, run.settings)
    if severity is None:
        return None
    for span in (finding.at, *(each.at for each in (*finding.related, *finding.path))):
        _must_lie_in_file(span, run.reader)
    # Without a template the function is a guess, and so is all that is said of it.
    confidence = finding.confidence if app.templated else Confidence(max(finding.confidence - 1, Confidence.LOW))
    return replace(finding, rule=rule.id, severity=severity, confidence=confidence)


def _must_lie_in_file(span: Span, reader: Reader) -> None:
    if span == start_of(span.path):
        return
    lines = reader.read(span.path).lines
    ordered = (1, 1) <= (span.line, span.column) <= (span.end_line, span.end_column)
    if not ordered or span.end_line > len(lines) or span.column > len(lines[span.line - 1]) + 1:
        raise ValueError(f"a finding points at {span}, which is no place in a file of {len(lines)} lines")


def _internal_error(who: str, path: str, error: Exception) -> Finding:
    if os.environ.get(DEBUG):
        raise error
    what = " ".join(f"{type(error).__name__}: {error}".split())[:200].removesuffix(":")
    return Finding(
        start_of(path),
        f"`{who}` failed here ({what}); everything else was checked",
        help=f"please report it, with the output of a run in which the environment variable {DEBUG} is set to 1",
        rule="internal-error",
        severity=Severity.ERROR,
    )


def _merge(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sorted, each place once: what a rule says there of several functions is said of the worst, naming the others."""
    best: dict[tuple[object, ...], Finding] = {}
    for finding in sorted(findings, key=_order):
        same: tuple[object, ...] = (finding.rule, finding.at)
        first = best.get(same)
        if first is not None and (finding.function, finding.message) == (first.function, first.message):
            # Two units have functions of one name that share the place.
            continue
        if first is not None and finding.function in (None, first.function):
            # One function, two things to say of the same place.
            best.setdefault((*same, finding.message), finding)
        elif first is None:
            best[same] = finding
        elif finding.function not in first.also:
            best[same] = replace(first, also=(*first.also, str(finding.function)))
    return tuple(sorted(best.values(), key=_order))


def _order(finding: Finding) -> tuple[object, ...]:
    at = finding.at
    place = (at.path, at.line, at.column, finding.rule, at.end_line, at.end_column)
    worst = (finding.suppressed is not None, -finding.severity, -finding.confidence)
    return (*place, *worst, finding.function or "", finding.message)


# --- suppressions ----------------------------------------------------------------------------------------------------


def _marks(app: App, files: Iterable[str], reader: Reader) -> Iterator[Mark]:
    yield from suppress.metadata(app.deployment.ignores)
    for path in files:
        try:
            yield from suppress.comments(reader.read(path))
        except UnreadableFileError:
            continue  # `unreadable-file` says so.


def _covering(finding: Finding, marks: Iterable[Mark], declared: Mapping[str, Span]) -> list[Mark]:
    """The marks that speak of a finding; those in the metadata of a function or state machine speak of its file too."""
    subject = finding.at.path if finding.function is None else finding.function
    in_template = replace(finding, at=declared.get(subject, finding.at))
    return [mark for mark in marks if mark.covers(finding) or (mark.within is not None and mark.covers(in_template))]


def _unused(outcomes: Iterable[Outcome], settings: Settings, rules: Sequence[Rule]) -> Iterator[Finding]:
    """A finding for each suppression that covers nothing, where that is certain."""
    reporter = next((rule for rule in rules if rule.id == "unused-suppression"), None)
    severity = None if reporter is None else registry.severity(reporter, "", settings)
    if severity is None:
        return
    known = {rule.id: rule for rule in rules}
    used = {mark for outcome in outcomes for mark in outcome.used}
    failed = any(finding.rule == "internal-error" for outcome in outcomes for finding in outcome.findings)
    for mark in dict.fromkeys(mark for outcome in outcomes for mark in outcome.marks):
        message = None if mark in used or failed else suppress.why_unused(mark, known, settings)
        if message is not None:
            yield replace(Finding(mark.at, message, "remove it"), rule="unused-suppression", severity=severity)


def _silent(outcomes: Iterable[Outcome]) -> tuple[Undecided, ...]:
    """What every unit could not tell, each once."""
    untold = {each for outcome in outcomes for each in (*outcome.unjoined, *outcome.undecided)}
    return tuple(sorted(untold, key=lambda each: (each.at.path, each.at.line, each.at.column, each.what, each.why)))


def _summary(outcomes: Sequence[Outcome], findings: Sequence[Finding]) -> Summary:
    states = Counter[JoinState]()
    for outcome in outcomes:
        states.update(outcome.states)
    severities = Counter(finding.severity for finding in findings if finding.suppressed is None)
    return Summary(
        files=len({path for outcome in outcomes for path in outcome.files}),
        templates=sum(outcome.templates for outcome in outcomes),
        functions=sum(outcome.functions for outcome in outcomes),
        joined=states[JoinState.JOINED],
        ambiguous=states[JoinState.AMBIGUOUS],
        missing=states[JoinState.MISSING],
        elsewhere=states[JoinState.ELSEWHERE],
        errors=severities[Severity.ERROR],
        warnings=severities[Severity.WARNING],
        notes=severities[Severity.NOTE],
        suppressed=sum(finding.suppressed is not None for finding in findings),
        undecided=len({each for outcome in outcomes for each in outcome.undecided}),
    )
