"""The suppressing comments of a file.

    timeout = None  # slslint: ignore[call-without-timeout] the proxy ends it
    # slslint: ignore[in-memory-state, tmp-file-state] on the line above
    # slslint: ignore-file[syntax-error] anywhere on a line of its own

    const reply = await axios.get(url); // slslint: ignore[call-without-timeout] until=2027-01-31 the proxy ends it
    /* slslint: ignore[in-memory-state] on the line above */

Without brackets, every rule is meant. What a comment covers:

- at the end of a line: what is found on that line; at the end of the line on which a function, class, resource or
  another entry of a template starts: all of it; at the end of a statement over several lines: the statement.
- on a line of its own: the same of the next line that holds more than a comment, and of the statement or declaration
  that starts there. Of what holds further statements (`if`, `for`, `try`) only the head.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from slslint.layout import layout
from slslint.layout.parts import Comment, Part, Position
from slslint.source import SourceFile, Span
from slslint.suppress import Mark
from slslint.suppress.notation import Written, suppressions

MOST_LINES = 500
"""Lines of the head of a function; what is longer was written by a program."""


def marks(file: SourceFile, language: str = "") -> Iterator[Mark]:
    """The marks of a file's comments, in textual order, those too that do nothing."""
    # Code inside a template is read as the file that it is, and its places are translated at the end.
    own = file if file.places is None else SourceFile(file.path, file.data)
    laid = layout(own, language)
    alone = _alone(own.lines, laid.comments)
    code = _next_code(own.lines, alone)
    below = _by_line((part, part.below) for part in laid.parts)
    beside = _by_line((part, part.beside) for part in laid.parts)
    for comment, line, written in _suppressions(own.lines, laid.comments):
        at = _span(file, (line, written.start + 1), (line, written.end + 1))
        fault = written.fault
        if written.whole_file and line not in alone and not fault:
            fault = "`ignore-file` counts only on a line of its own"
        if fault:
            yield Mark(at, "comment", None, written.reason, fault=fault)
            continue
        above = line in alone
        # Behind the end of a comment of several lines there may be code.
        covered = None if written.whole_file else code[comment.end[0]] if above else line
        part = None if covered is None else (below if above else beside).get(covered)
        for name in written.names or (None,):
            yield Mark(
                at,
                "comment",
                None if name is None else name.text,
                written.reason,
                line=None if covered is None else _span(file, (covered, 1), (covered, 1)).line,
                within=None if part is None else _span(file, part.start, part.end),
                name=None if name is None else _span(file, (line, name.start + 1), (line, name.end + 1)),
                until=written.until,
            )


def _suppressions(lines: tuple[str, ...], comments: Iterable[Comment]) -> Iterator[tuple[Comment, int, Written]]:
    for comment in comments:
        for line, start, end in stretches(comment, lines):
            for written in suppressions(lines[line - 1], start, end):
                yield comment, line, written


def stretches(comment: Comment, lines: tuple[str, ...]) -> Iterator[tuple[int, int, int]]:
    """The lines on which a comment stands, and from where to where, from 0."""
    for line in range(comment.start[0], min(comment.end[0], len(lines)) + 1):
        start = comment.start[1] - 1 if line == comment.start[0] else 0
        end = comment.end[1] - 1 if line == comment.end[0] else len(lines[line - 1])
        yield line, start, min(end, len(lines[line - 1]))


def _alone(lines: tuple[str, ...], comments: Iterable[Comment]) -> set[int]:
    """The lines that hold comments and nothing else."""
    found: dict[int, list[tuple[int, int]]] = {}
    for comment in comments:
        for line, start, end in stretches(comment, lines):
            found.setdefault(line, []).append((start, end))
    alone = set()
    for line, covered in found.items():
        text = lines[line - 1]
        between = zip([0, *(end for _, end in covered)], [*(start for start, _ in covered), len(text)], strict=True)
        if not any(text[start:end].strip() for start, end in between):
            alone.add(line)
    return alone


def _next_code(lines: tuple[str, ...], alone: set[int]) -> list[int]:
    """For each line, the first one from there on that holds more than comments; the line itself when there is none."""
    found = list(range(len(lines) + 1))
    nearest = 0
    for line in range(len(lines), 0, -1):
        if lines[line - 1].strip() and line not in alone:
            nearest = line
        found[line] = nearest or line
    return found


def _by_line(parts: Iterable[tuple[Part, range]]) -> dict[int, Part]:
    """Of the parts of which a comment on, or above, a line speaks, the one that reaches furthest."""
    found: dict[int, Part] = {}
    for part, lines in parts:
        for line in lines[:MOST_LINES]:
            if line not in found or _reach(part) > _reach(found[line]):
                found[line] = part
    return found


def _reach(part: Part) -> tuple[int, ...]:
    (line, column), (end_line, end_column) = part.start, part.end
    return end_line, end_column, -line, -column


def _span(file: SourceFile, start: Position, end: Position) -> Span:
    return Span(file.path, *_place(file, start), *_place(file, end))


def _place(file: SourceFile, position: Position) -> Position:
    line, column = position
    if file.places is None:
        return position
    host, first = file.places[min(line, len(file.places)) - 1]
    host = min(host, len(file.around)) if file.around else host
    longest = len(file.around[host - 1]) + 1 if file.around else first + column
    return host, min(first + column - 1, longest)
