"""One unit checked: its application, what the rules say of it, and what is suppressed there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from slslint import suppress, undecided
from slslint.app import App, JoinState
from slslint.engine.applications import application, claims, guarded
from slslint.engine.findings import findings_in, in_own_unit, internal_error
from slslint.engine.work import Outcome, Run, Unit
from slslint.errors import UnreadableFileError, UsageError
from slslint.facts import Facts
from slslint.finding import Finding
from slslint.link.runtimes import languages_of
from slslint.project import lies_in
from slslint.record import replace
from slslint.source import Reader, Span
from slslint.suppress import Mark


def check_unit(unit: Unit, run: Run) -> Outcome:
    """What a unit comes to; raises nothing but UsageError, for the other units are to be checked."""
    asked = {*unit.paths, *unit.within}

    def wanted(path: str) -> bool:
        if unit.within and not lies_in(path, unit.within):
            return False
        return path in asked or not run.configuration.excludes(path, run.reader)

    loaded: dict[str, Facts] = {}
    failures: list[Finding] = []
    try:
        app = application(unit, run, guarded(run.facts_of, failures), loaded)
        if app is None:
            return Outcome(tuple(failures))
        files = tuple(path for path in dict.fromkeys((*unit.paths, *loaded)) if wanted(path))
        if not files:
            return Outcome(claims=tuple(claims(app)))
        said, unsaid = findings_in(app, run)
        findings = [finding for finding in failures + said if wanted(finding.at.path)]
        written = (resource.at.path for resource in app.deployment.resources.values())
        marked = dict.fromkeys((*files, *written, *(finding.at.path for finding in findings)))
        marks = list(_marks(app, marked, run.reader))
        declared = {function.id: function.at for function in app.functions}
        declared |= {each.file: each.at for each in app.deployment.workflows if each.file != each.at.path}
        if run.contexts:
            from slslint.engine.contexts import in_context  # reports for people say nothing of them

            findings = list(map(in_context(app, loaded, run.reader), findings))
        covered = [(finding, _covering(finding, marks, declared)) for finding in findings]
        return Outcome(
            findings=tuple(in_own_unit(suppress.mark(finding, by) if by else finding, app) for finding, by in covered),
            files=files,
            claims=tuple(claims(app)),
            dialects=tuple(each.dialect for each in app.units or (app.deployment,)) if unit.template else (),
            functions=len(app.functions),
            states=Counter(join.state for join in app.joins.values()) if unit.template else {},
            unjoined=tuple(each for each in undecided.unjoined(app) if wanted(each.at.path)),
            undecided=tuple(each for each in undecided.values(app) if wanted(each.at.path)),
            marks=tuple(mark for mark in marks if wanted(mark.at.path)),
            used=tuple(mark for _, by in covered for mark in by),
            spared=tuple(_untold(marks, app, declared, unsaid)),
        )
    except UsageError:
        raise  # settings near one of its files that nobody can understand
    except Exception as error:
        return Outcome((internal_error("slslint", unit.path, error), *failures), unit.paths)


def _untold(marks: Sequence[Mark], app: App, declared: Mapping[str, Span], unsaid: Iterable[Finding]) -> Iterator[Mark]:
    """The marks of which nobody knows whether they are needed: what they speak of was not read, or not wholly; and
    those that others need, who want to hear more.
    """
    broken = {problem.at.path for problem in app.problems}
    # What is beyond slslint is never read: rules have said all that they will say of it.
    awaited = (id for id, join in app.joins.items() if join.state is not JoinState.JOINED and not join.beyond)
    unread = [declared[id] for id in awaited if id in declared]
    for mark in marks:
        if mark.at.path in broken or any(_speaks_of(mark, each) for each in unread):
            yield mark
    if marks:
        for finding in unsaid:
            yield from _covering(finding, marks, declared)


def _speaks_of(mark: Mark, whole: Span) -> bool:
    return mark.within is not None and mark.within.path == whole.path and mark.within.holds(whole)


def _marks(app: App, files: Iterable[str], reader: Reader) -> Iterator[Mark]:
    yield from suppress.metadata(app.deployment.ignores)
    for function in app.functions:
        if function.package.inline is not None:
            language = next(iter(languages_of(function)), "")
            yield from suppress.comments(function.package.inline, language) if language else ()
    for path in files:
        try:
            yield from suppress.comments(reader.read(path))
        except UnreadableFileError:
            continue  # `unreadable-file` says so.


def _covering(finding: Finding, marks: Sequence[Mark], declared: Mapping[str, Span]) -> list[Mark]:
    """The marks that speak of a finding; those in the metadata of a function or state machine speak of its file too."""
    subject = finding.at.path if finding.function is None else finding.function
    in_template = replace(finding, at=declared.get(subject, finding.at)) if marks else finding
    return [mark for mark in marks if mark.covers(finding) or (mark.within is not None and mark.covers(in_template))]
