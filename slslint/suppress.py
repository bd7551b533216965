"""Suppressions: comments, template metadata and settings that mark findings. They mark, and never drop."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from slslint import registry
from slslint.config import Settings, nearest
from slslint.finding import Context, Finding, Suppression
from slslint.languages import language_of
from slslint.model import Ignore
from slslint.patterns import covers
from slslint.record import record, replace
from slslint.rule import Rule
from slslint.source import SourceFile, Span

_MARK = (
    r"(?:#|//|/?\*+)\s*slslint:\s*ignore(?P<file>-file)?(?![\w-])\s*(?:\[(?P<rules>[^\]]*)\])?[\s:-]*"
    r"(?P<reason>.*?)\s*(?:\*/(?P<rest>.*)|$)"
)


@record()
class Mark:
    """One suppression as written.

    Attributes:
        at: where it is written. kind: "comment" or "metadata".
        rule: the rule's id (or `id:variant`), or None: every rule.
        line: the line it covers, or None: see `within`. within: the stretch it covers, or None: the whole file.

    """

    at: Span
    kind: str
    rule: str | None
    reason: str
    line: int | None = None
    within: Span | None = None

    def covers(self, finding: Finding) -> bool:
        """Whether it speaks of this finding."""
        if self.rule is not None and self.rule not in _names(finding):
            return False
        at = finding.at
        if at.path != self.at.path:
            return False
        if self.line is not None:
            # A statement over several lines may carry its comment on the first or on the last.
            return self.line in (at.line, at.end_line)
        return self.within is None or _inside(at, self.within)


def _names(finding: Finding) -> set[str]:
    return {finding.rule, f"{finding.rule}:{finding.variant}"}


def _inside(span: Span, whole: Span) -> bool:
    start = (whole.line, whole.column) <= (span.line, span.column)
    return start and (span.end_line, span.end_column) <= (whole.end_line, whole.end_column)


def comments(file: SourceFile) -> Iterator[Mark]:
    """The suppressing comments of a source file or template.

        timeout = None  # slslint: ignore[call-without-timeout] the proxy ends it
        # slslint: ignore[in-memory-state, tmp-file-state] on the line above
        # slslint: ignore-file[syntax-error] anywhere on a line of its own

        const reply = await axios.get(url); // slslint: ignore[call-without-timeout]
        /* slslint: ignore[in-memory-state] on the line above */

    Without brackets, every rule is meant.
    """
    if b"slslint:" not in file.data:
        return
    read = _COMMENTED.get(language_of(file.path) or "", _commented_in_template)
    commented = read(file)
    for number, line in enumerate(file.lines, 1):
        found = re.search(_MARK, line) if "slslint:" in line else None
        if found is None or number not in commented.lines:
            continue
        alone = not line[: found.start()].strip() and not (found["rest"] or "").strip()
        if found["file"] and not alone:
            continue
        at = Span(file.path, number, found.start() + 1, number, found.end("reason") + 1)
        covered = None if found["file"] else _next_code(file.lines, number, commented) if alone else number
        names = found["rules"]
        rules = [None] if names is None else [name.strip() for name in names.split(",") if name.strip()]
        for rule in rules:
            yield Mark(at, "comment", rule, found["reason"].strip(), line=covered)


@record()
class _Commented:
    """The numbers of lines on which a comment stands, and of those that hold nothing else."""

    lines: Collection[int]
    alone: Collection[int]


def _next_code(lines: tuple[str, ...], number: int, commented: _Commented) -> int:
    """The first line after `number` that holds more than a comment."""
    after = range(number + 1, len(lines) + 1)
    return next((each for each in after if lines[each - 1].strip() and each not in commented.alone), number)


def _commented_in_template(file: SourceFile) -> _Commented:
    """Every line of a template, for comments stand inside its code too."""
    starts = [(number, line.lstrip()) for number, line in enumerate(file.lines, 1)]
    alone = [number for number, text in starts if text.startswith(("#", "//", "/*"))]
    return _Commented(range(1, len(file.lines) + 1), alone)


def _commented_in_python(file: SourceFile) -> _Commented:
    import io
    import tokenize

    alone = [number for number, line in enumerate(file.lines, 1) if line.lstrip().startswith("#")]
    commented = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(file.text).readline):
            if token.type == tokenize.COMMENT:
                commented.add(token.start[0])
    except (tokenize.TokenError, SyntaxError):
        return _Commented(range(1, len(file.lines) + 1), alone)
    return _Commented(commented, alone)


def _commented_in_javascript(file: SourceFile) -> _Commented:
    from slslint.languages.javascript.comments import comments

    lines: set[int] = set()
    alone: set[int] = set()
    for at in comments(file):
        rows = range(at.line, at.end_line + 1)
        lines.update(rows)
        before = file.lines[at.line - 1][: at.column - 1].strip()
        after = file.lines[at.end_line - 1][at.end_column - 1 :].strip()
        alone.update(rows[bool(before) : len(rows) - bool(after)])
    return _Commented(lines, alone)


_COMMENTED: Mapping[str, Callable[[SourceFile], _Commented]] = {
    "python": _commented_in_python,
    "javascript": _commented_in_javascript,
    "typescript": _commented_in_javascript,
}


def metadata(ignores: Iterable[Ignore]) -> Iterator[Mark]:
    """The marks of a template's metadata."""
    for ignore in ignores:
        yield Mark(ignore.rule.at, "metadata", ignore.rule.value, ignore.reason, within=ignore.whole)


def context(mark: Mark) -> Context:
    """What a mark is about: the line or the stretch that it covers."""
    line = None if mark.line is None else Span(mark.at.path, mark.line, 1, mark.line, 1)
    return Context(around=tuple(each for each in (line, mark.within) if each is not None))


def mark(finding: Finding, by: Mark) -> Finding:
    """The finding, no longer counted because of a comment or metadata."""
    return replace(finding, suppressed=Suppression(by.kind, by.reason, by.at))


def mark_by_settings(finding: Finding, settings: Settings, base: str) -> Finding:
    """The finding, no longer counted when `per-path-ignores` says so of its file. Its path is relative to `base`."""
    if finding.suppressed is not None or not settings.per_path_ignores:
        return finding
    path = settings.path(finding.at.path, base)
    for pattern, rules in settings.per_path_ignores:
        if _names(finding).isdisjoint(rules) or not covers((pattern,), path):
            continue
        return replace(finding, suppressed=Suppression("config", f"per-path-ignores of `{pattern}`"))
    return finding


def why_unused(unused: Mark, rules: Mapping[str, Rule], settings: Settings) -> str | None:
    """What to say of a mark that covers nothing; None when its rule did not speak in full, so that it may be needed."""
    if unused.rule is None:
        needed = not all(registry.speaks_fully(rule, settings) for rule in rules.values())
        return None if needed else "nothing is found here, so there is nothing to ignore"
    rule = rules.get(unused.rule.partition(":")[0])
    if rule is None:
        return f"there is no rule `{unused.rule}`{nearest(unused.rule, rules)}, so nothing is ignored"
    if not registry.speaks_fully(rule, settings):
        return None
    return f"`{unused.rule}` finds nothing here, so there is nothing to ignore"
