"""Suppressions: comments, template metadata and settings that mark findings. They mark, and never drop."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from slslint.finding import Finding, Suppression
from slslint.model import Ignore
from slslint.source import SourceFile, Span

_MARK = re.compile(r"#\s*slslint:\s*ignore(?P<file>-file)?(?![\w-])\s*(?:\[(?P<rules>[^\]]*)\])?[\s:-]*(?P<reason>.*)")


@dataclass(frozen=True, slots=True)
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
        if self.rule is not None and self.rule not in (finding.rule, f"{finding.rule}:{finding.variant}"):
            return False
        at = finding.at
        if at.path != self.at.path:
            return False
        if self.line is not None:
            # A statement over several lines may carry its comment on the first or on the last.
            return self.line in (at.line, at.end_line)
        return self.within is None or _inside(at, self.within)


def _inside(span: Span, whole: Span) -> bool:
    start = (whole.line, whole.column) <= (span.line, span.column)
    return start and (span.end_line, span.end_column) <= (whole.end_line, whole.end_column)


def comments(file: SourceFile) -> Iterator[Mark]:
    """The suppressing comments of a source file or template.

        timeout = None  # slslint: ignore[call-without-timeout] the proxy ends it
        # slslint: ignore[in-memory-state, tmp-file-state] on the line above
        # slslint: ignore-file[syntax-error] anywhere on a line of its own

    Without brackets, every rule is meant.
    """
    if b"slslint:" not in file.data:
        return
    strings = _text_lines(file) if file.path.endswith(".py") else frozenset()
    for number, line in enumerate(file.lines, 1):
        found = _MARK.search(line) if "slslint:" in line else None
        if found is None or number in strings:
            continue
        alone = not line[: found.start()].strip()
        if found["file"] and not alone:
            continue
        at = Span(file.path, number, found.start() + 1, number, found.end() + 1)
        covered = None if found["file"] else _next_code(file.lines, number) if alone else number
        names = found["rules"]
        rules = [None] if names is None else [name.strip() for name in names.split(",") if name.strip()]
        for rule in rules:
            yield Mark(at, "comment", rule, found["reason"].strip(), line=covered)


def _next_code(lines: tuple[str, ...], number: int) -> int:
    """The first line after `number` that holds more than a comment."""
    for after in range(number, len(lines)):
        text = lines[after].strip()
        if text and not text.startswith("#"):
            return after + 1
    return number


def _text_lines(file: SourceFile) -> frozenset[int]:
    """The lines of Python source on which the mark stands inside a string, not in a comment."""
    import io
    import tokenize

    commented = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(file.text).readline):
            if token.type == tokenize.COMMENT:
                commented.add(token.start[0])
    except (tokenize.TokenError, SyntaxError):
        return frozenset()
    return frozenset(range(1, len(file.lines) + 1)) - commented


def metadata(ignores: Iterable[Ignore]) -> Iterator[Mark]:
    """The marks of a template's metadata."""
    for ignore in ignores:
        yield Mark(ignore.rule.at, "metadata", ignore.rule.value, ignore.reason, within=ignore.whole)


def suppression(mark: Mark) -> Suppression:
    """What a finding says that this mark covers."""
    return Suppression(mark.kind, mark.reason, mark.at)
