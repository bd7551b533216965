"""Suppressions: comments, template metadata and settings that mark findings. They mark, and never drop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from slslint.config import Settings
from slslint.finding import Context, Finding, Related, Suppression
from slslint.model import Ignore
from slslint.patterns import covers
from slslint.record import record, replace
from slslint.source import SourceFile, Span


@record()
class Mark:
    """One suppression of one rule, or of all.

    Attributes:
        at: where it is written: the comment, or the list in the metadata. kind: "comment" or "metadata".
        rule: the rule's id (or `id:variant`), or None: every rule. name: where that is written.
        line: the line it covers, or None. within: the stretch it covers, or None. Without either, the whole file.
        until: the last day on which it counts, such as "2027-01-31", or "".
        fault: why it covers nothing whatever is found, or "".

    """

    at: Span
    kind: str
    rule: str | None
    reason: str
    line: int | None = None
    within: Span | None = None
    name: Span | None = None
    until: str = ""
    fault: str = ""

    def covers(self, finding: Finding) -> bool:
        """Whether it speaks of this finding, or did until it expired."""
        if self.fault or (self.rule is not None and self.rule not in _names(finding)):
            return False
        at = finding.at
        if at.path != self.at.path:
            return False
        if self.line is None and self.within is None:
            return True
        # A statement over several lines may carry its comment on the first or on the last.
        return self.line in (at.line, at.end_line) or (self.within is not None and self.within.holds(at))

    @property
    def expired(self) -> bool:
        """Whether its last day has passed."""
        if not self.until:
            return False
        from slslint.suppress.notation import today

        return today() > self.until


def _names(finding: Finding) -> set[str]:
    return {finding.rule, f"{finding.rule}:{finding.variant}"}


def comments(file: SourceFile, language: str = "") -> Iterator[Mark]:
    """The suppressing comments of a source file or template; see `slslint.suppress.commented`.

    The language of code inside a template must be given: "python" or "javascript".
    """
    if b"slslint" in file.data:
        from slslint.suppress.commented import marks

        yield from marks(file, language)


def metadata(ignores: Iterable[Ignore]) -> Iterator[Mark]:
    """The marks of a template's metadata."""
    for each in ignores:
        mark = Mark(
            each.at, "metadata", each.rule.value, each.reason, within=each.whole, name=each.rule.at, until=each.until
        )
        if each.until:
            from slslint.suppress.notation import fault_of_date

            mark = replace(mark, fault=fault_of_date(each.until))
        yield mark


def context(mark: Mark) -> Context:
    """What a mark is about: the line or the stretch that it covers."""
    line = None if mark.line is None else Span(mark.at.path, mark.line, 1, mark.line, 1)
    return Context(around=tuple(each for each in (line, mark.within) if each is not None))


def mark(finding: Finding, by: Iterable[Mark]) -> Finding:
    """The finding, no longer counted because of a comment or metadata; or saying which of them have expired."""
    marks = tuple(by)
    standing = next((each for each in marks if not each.expired), None)
    if standing is not None:
        return replace(finding, suppressed=Suppression(standing.kind, standing.reason, standing.at))
    ended = tuple(Related(each.at, f"ignored here until {each.until}, which has passed") for each in marks)
    return replace(finding, related=(*finding.related, *ended)) if ended else finding


def mark_by_settings(finding: Finding, settings: Settings, base: str) -> Finding:
    """The finding, no longer counted when `per-path-ignores` says so of its file. Its path is relative to `base`."""
    if finding.suppressed is not None or not settings.per_path_ignores:
        return finding
    path = settings.path(finding.at.path, base)
    names = _names(finding) | {finding.tool}
    for pattern, rules in settings.per_path_ignores:
        if names.isdisjoint(rules) or not covers((pattern,), path):
            continue
        return replace(finding, suppressed=Suppression("config", f"per-path-ignores of `{pattern}`"))
    return finding
