"""Code that a construct is given as text, shown where that text stands in the application's source."""

from __future__ import annotations

from slslint.errors import UnreadableFileError
from slslint.source import Reader, SourceFile, Span

_NEAR = 200
"""Lines after the start of a construct in which its code is looked for."""


def shown_in_source(inline: SourceFile, place: Span, reader: Reader) -> SourceFile:
    """The inline code of a function that is made at `place`: line by line where it is written there, else all there."""
    try:
        around = reader.read(place.path).lines
    except UnreadableFileError:
        return inline
    places = _lines_in(inline.lines, around, place.line - 1)
    return SourceFile(
        place.path, inline.data, places or ((place.line, place.column),) * len(inline.lines), tuple(around)
    )


def _lines_in(lines: tuple[str, ...], around: tuple[str, ...], after: int) -> tuple[tuple[int, int], ...]:
    """Where each line stands in a text that holds all of them, one below the other; () when none does."""
    blank = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    written = [line.strip() for line in lines]
    while written and not written[-1]:
        written.pop()
    wanted = written[blank:]
    for row in range(after, min(after + _NEAR, len(around) - len(wanted) + 1)) if len(wanted) > 1 else ():
        if row - blank < 0 or [line.strip() for line in around[row : row + len(wanted)]] != wanted:
            continue
        shift = _indent(around[row]) - _indent(lines[blank])
        return tuple(
            (min(row - blank + number, len(around) - 1) + 1, max(shift, 0) + 1) for number in range(len(lines))
        )
    return ()


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
