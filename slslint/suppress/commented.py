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

from slslint.languages import language_of
from slslint.source import SourceFile, Span
from slslint.suppress import Mark
from slslint.suppress.notation import Written, suppressions
from slslint.suppress.parts import Comment, Layout, Part, Position

_TERRAFORM = (".tf", ".tofu", ".hcl")


def marks(file: SourceFile, language: str = "") -> Iterator[Mark]:
    """The marks of a file's comments, in textual order, those too that do nothing."""
    # Code inside a template is read as the file that it is, and its places are translated at the end.
    own = file if file.places is None else SourceFile(file.path, file.data)
    laid = layout(own, language)
    alone = _alone(own.lines, laid.comments)
    for comment, line, written in _suppressions(own.lines, laid.comments):
        at = _span(file, (line, written.start + 1), (line, written.end + 1))
        fault = written.fault
        if written.whole_file and line not in alone and not fault:
            fault = "`ignore-file` counts only on a line of its own"
        if fault:
            yield Mark(at, "comment", None, written.reason, fault=fault)
            continue
        covered = None if written.whole_file else _next_code(own.lines, comment, alone) if line in alone else line
        part = None if covered is None else _part(laid.parts, covered, line in alone)
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


def layout(file: SourceFile, language: str = "") -> Layout:
    """The comments and parts of a file in whatever syntax its name says, or code in a template is written in."""
    language = language or language_of(file.path) or ""
    if language == "python":
        from slslint.suppress import in_python

        return in_python.lay_out(file)
    if language:
        from slslint.suppress import in_javascript

        return in_javascript.lay_out(file)
    if file.path.endswith(_TERRAFORM):
        from slslint.suppress import in_hcl

        return in_hcl.lay_out(file)
    from slslint.suppress import in_yaml

    return in_yaml.lay_out(file)


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
    rest: dict[int, str] = {}
    for comment in comments:
        for line, start, end in stretches(comment, lines):
            text = rest.get(line, lines[line - 1])
            rest[line] = text[:start] + " " * (end - start) + text[end:]
    return {line for line, text in rest.items() if not text.strip()}


def _next_code(lines: tuple[str, ...], comment: Comment, alone: set[int]) -> int:
    """The first line after a comment that holds more than comments."""
    last = comment.end[0]
    after = range(last + (last in alone), len(lines) + 1)
    return next((each for each in after if lines[each - 1].strip() and each not in alone), last)


def _part(parts: Iterable[Part], line: int, above: bool) -> Part | None:
    """Of the parts that a comment on, or above, this line speaks of, the one that reaches furthest."""
    found = [part for part in parts if line in (part.below if above else part.beside)]
    return min(found, key=lambda part: (-part.end[0], -part.end[1], part.start), default=None)


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
