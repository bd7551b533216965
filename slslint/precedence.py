"""Who speaks where two rules could: the one that knows more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from slslint.finding import Finding, Related
from slslint.record import replace
from slslint.rule import Rule
from slslint.source import Span


def settled(found: Sequence[Finding], rules: Mapping[str, Rule]) -> list[Finding]:
    """The findings but those that yield to another one; what yields at a place goes along as a related one."""
    spoken = {(finding.rule, _subject(finding)) for finding in found}
    shown = {(finding.rule, finding.at): finding for finding in reversed(found)}
    for finding in found:
        for each in finding.related:
            shown.setdefault((finding.rule, each.at), finding)
    taken: dict[tuple[str, Span], list[Finding]] = {}
    kept: list[Finding] = []
    for finding in found:
        rule = rules.get(finding.rule)
        if rule is not None and any((other, _subject(finding)) in spoken for other in rule.yields_to):
            continue
        last, passed = finding, set[str]()
        while (more := _speaker(last, shown, rules)) is not None and more.rule not in passed:
            passed.add(more.rule)
            last = more
        if last is finding:
            kept.append(finding)
        else:
            taken.setdefault((last.rule, last.at), []).append(finding)
    if not taken:
        return kept
    return [_with(finding, taken.get((finding.rule, finding.at), ())) for finding in kept]


def _speaker(finding: Finding, shown: Mapping[tuple[str, Span], Finding], rules: Mapping[str, Rule]) -> Finding | None:
    """The finding of a rule that knows more about a place of this one."""
    rule = rules.get(finding.rule)
    if rule is None:
        return None
    places = (finding.at, *(each.at for each in finding.related))
    found = (shown.get((other, at)) for other in rule.yields_place_to for at in places)
    return next((each for each in found if each is not None), None)


def _with(finding: Finding, others: Iterable[Finding]) -> Finding:
    """The finding with the places of others that yielded to it, but those that it only says the same of."""
    shown = {finding.at, *(each.at for each in finding.related)}
    told = (
        Related(other.at, other.message)
        for other in others
        if other.at not in shown or (other.at != finding.at and not shown.isdisjoint(each.at for each in other.related))
    )
    return replace(finding, related=(*finding.related, *dict.fromkeys(told)))


def _subject(finding: Finding) -> object:
    """What two rules must both speak of for one to yield to the other."""
    return finding.at if finding.function is None else finding.function
