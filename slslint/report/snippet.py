"""The source lines of a span with the span underlined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slslint.record import record
from slslint.report.terminal import visible, width
from slslint.source import Span

TAB = 4
LONGEST = 4
"""Of a span over more lines than this, the first two and the last are shown."""


@record()
class Row:
    """One source line as shown; `number` is 0 where lines are left out. The marked part is given in columns."""

    number: int
    text: str = ""
    start: int = 0
    length: int = 0


def rows(lines: Sequence[str], span: Span, room: int) -> Iterator[Row]:
    """The lines of the span, each cut to `room` columns around its marked part; nothing when the file has changed."""
    # A span that ends before the first character of a line does not reach into it.
    last = span.end_line - 1 if span.end_line > span.line and span.end_column == 1 else span.end_line
    if not 1 <= span.line <= last <= len(lines):
        return
    numbers = list(range(span.line, last + 1))
    if len(numbers) > LONGEST:
        numbers = [span.line, span.line + 1, 0, last]
    for number in numbers:
        if number == 0:
            yield Row(0)
            continue
        line = lines[number - 1]
        start = span.column - 1 if number == span.line else len(line) - len(line.lstrip())
        end = span.end_column - 1 if number == span.end_line else len(line.rstrip())
        yield _row(number, line, min(start, len(line)), min(end, len(line)), room)


def _row(number: int, line: str, start: int, end: int, room: int) -> Row:
    first = 0
    if len(line) > 8 * room:  # a bundle's only line: look at the part around the span
        first = max(0, start - room)
        line, start, end = line[first : start + 2 * room], start - first, end - first
    pieces = _pieces(line)
    widths = [width(piece) for piece in pieces]
    low, high = 0, len(pieces)
    if first or sum(widths) > room:
        if first or sum(widths[:end]) > room - 3:
            low = _back(widths, start, room // 4)
        high = _ahead(widths, low, room - 6)
    cut = "..." if first or low else ""
    text = cut + "".join(pieces[low:high]) + ("..." if high < len(pieces) else "")
    marked = sum(widths[start : min(end, high)])
    return Row(number, text.rstrip(), len(cut) + sum(widths[low:start]), max(1, marked))


def _pieces(line: str) -> list[str]:
    """How each character of the line is shown."""
    if line.isprintable():
        return list(line)
    pieces, column = [], 0
    for char in line:
        piece = " " * (TAB - column % TAB) if char == "\t" else visible(char)
        column += width(piece)
        pieces.append(piece)
    return pieces


def _back(widths: list[int], start: int, room: int) -> int:
    while start and (room := room - widths[start - 1]) >= 0:
        start -= 1
    return start


def _ahead(widths: list[int], low: int, room: int) -> int:
    while low < len(widths) and (room := room - widths[low]) >= 0:
        low += 1
    return low
