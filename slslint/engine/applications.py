"""How a unit becomes an application: read, lowered on demand, linked."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.app import App
from slslint.config import Configuration
from slslint.engine.deployments import Deployments
from slslint.engine.findings import internal_error
from slslint.engine.work import FactsOf, Run, Unit
from slslint.errors import UnreadableFileError
from slslint.facts import Block, Facts, Function
from slslint.finding import Finding
from slslint.languages import lower
from slslint.link import link
from slslint.model import Deployment
from slslint.record import replace
from slslint.rule import Rule
from slslint.source import Problem, Reader, start_of
from slslint.value import known_values

KEPT_FACTS = 3_000_000
"""Characters of source whose facts are kept, because the next handler may share them: some 20 bytes for each."""


def begun(configuration: Configuration, reader: Reader, rules: tuple[Rule, ...] = (), *, contexts: bool = False) -> Run:
    """A run, which reads nothing before it is asked to."""
    return Run(configuration, reader, rules, facts_by_path(reader), Deployments(configuration, reader), contexts)


def application(unit: Unit, run: Run, facts_of: FactsOf, loaded: dict[str, Facts]) -> App | None:
    """The application of a unit, or None when there is none. `loaded` is filled with the facts of its source files."""

    def recording(path: str) -> Facts:
        facts = loaded[path] = facts_of(path)
        return facts

    app: App | None
    if unit.others:
        app = _together(unit, run, recording)
    elif unit.template:
        deployment = run.deployments.of(unit.path)
        app = None if deployment is None else link(deployment, recording, run.reader)
    else:
        from slslint.link.solo import solo

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

    deployments = read_together(unit.paths, run.deployments.of)
    return union([link(each, facts_of, run.reader) for each in deployments])


def claims(app: App) -> Iterator[str]:
    """The files and folders that hold the code of the application's functions, and its state machines."""
    for function in app.functions:
        yield from (path.value for path in known_values(function.package.path))
    for layer in app.deployment.layers:
        yield from (path.value for path in known_values(layer.path))
    for workflow in app.deployment.workflows:
        yield from {workflow.file, *(state.at.path for state in workflow.states)}
    for problem in app.deployment.problems:
        yield problem.at.path


def facts_by_path(reader: Reader) -> FactsOf:
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


def guarded(facts_of: FactsOf, failures: list[Finding]) -> FactsOf:
    """The same facts, but where lowering a file raises, none: that is added to the failures."""

    def facts_or_none(path: str) -> Facts:
        try:
            return facts_of(path)
        except Exception as error:
            failures.append(internal_error("slslint", path, error))
            return _empty(path)

    return facts_or_none


def _empty(path: str, *problems: Problem) -> Facts:
    at = start_of(path)
    return Facts(path, "", {"": Function("", at, at, blocks=(Block("body", 0, None, at, at),))}, problems=problems)
