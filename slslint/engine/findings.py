"""What the rules say: stamped with id and severity, held to places that exist, merged and sorted."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import pairwise

from slslint import registry
from slslint.app import App
from slslint.engine.work import Run
from slslint.errors import DEBUG, told
from slslint.finding import Confidence, Finding, Fix, Severity
from slslint.precedence import settled
from slslint.record import replace
from slslint.rule import Rule
from slslint.source import Reader, Span, start_of


def findings_in(app: App, run: Run) -> tuple[list[Finding], list[Finding]]:
    """What the rules say about one application: stamped, sound, and nobody interrupting who knows more.

    And what they would say to somebody who wants to hear more: of that only rule, variant and place are certain.
    """
    found: list[Finding] = []
    unwanted: list[Finding] = []
    options = run.settings_of(app.deployment.path).options
    for rule in run.rules:
        try:
            own = options.get(rule.id)
            said = list(rule.check(app) if own is None else rule.check(app, **own))
            if not said:  # as nearly always
                continue
            stamped = [_stamp(finding, rule, app, run) for finding in said]
        except Exception as error:
            found.append(internal_error(rule.id, app.deployment.path, error, rule.origin))
            continue
        found += [finding for finding in stamped if finding is not None]
        told = zip(said, stamped, strict=True)
        unwanted += [replace(finding, rule=rule.id) for finding, stamp in told if stamp is None]
    return settled(found, {rule.id: rule for rule in run.rules}) if found else [], unwanted


def in_own_unit(finding: Finding, app: App) -> Finding:
    """The finding with its function called as in its own template."""
    own = app.own_ids.get(finding.function or "")
    return finding if own is None else replace(finding, function=own)


def _stamp(finding: Finding, rule: Rule, app: App, run: Run) -> Finding | None:
    """The finding with its rule and severity; None when this reader does not want it."""
    severity = registry.severity(rule, finding.variant, run.settings_of(finding.at.path))
    if severity is None:
        return None
    for span in (finding.at, *(each.at for each in (*finding.related, *finding.path))):
        _must_lie_in_file(span, run.reader)
    if finding.fix is not None:
        _must_be_sound(finding.fix, run.reader)
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


def _must_be_sound(fix: Fix, reader: Reader) -> None:
    """ValueError for edits that lie in no file, or over each other."""
    for edit in fix.edits:
        _must_lie_in_file(edit.at, reader)
        if edit.at.end_column > len(reader.read(edit.at.path).lines[edit.at.end_line - 1]) + 1:
            raise ValueError(f"an edit at {edit.at} ends behind its line")
    places = sorted(edit.at for edit in fix.edits)
    for one, next_one in pairwise(places):
        if one.path == next_one.path and (next_one.line, next_one.column) < (one.end_line, one.end_column):
            raise ValueError(f"two edits of a fix overlap: {one} and {next_one}")


def internal_error(who: str, path: str, error: Exception, origin: str = "slslint") -> Finding:
    """The finding that `who` (a rule, or slslint) failed on a file; raises the error itself where `DEBUG` is set.

    `origin` is whose mistake that is: slslint's, or a plug-in's.
    """
    if os.environ.get(DEBUG):
        raise error
    whom = "" if origin == "slslint" else f" to the authors of {origin}"
    return Finding(
        start_of(path),
        f"`{who}` failed here ({told(error)[:200]}); everything else was checked",
        help=f"please report it{whom}, with the output of a run in which the environment variable {DEBUG} is set to 1",
        rule="internal-error",
        severity=Severity.ERROR,
    )


def merge(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sorted, each place once: what a rule says there of several functions is said of the worst, naming its equals."""
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
        elif finding.severity is first.severity and finding.function not in first.also:
            best[same] = replace(first, also=(*first.also, str(finding.function)))
    return tuple(sorted(best.values(), key=_order))


def _order(finding: Finding) -> tuple[object, ...]:
    at = finding.at
    place = (at.path, at.line, at.column, finding.rule, at.end_line, at.end_column)
    worst = (finding.suppressed is not None, -finding.severity, -finding.confidence)
    return (*place, *worst, finding.function or "", finding.message)
