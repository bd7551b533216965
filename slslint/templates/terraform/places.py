"""Where the pieces of a file stand: by their bytes, for the lines and columns of most are never asked for."""

from __future__ import annotations

import re
from bisect import bisect_right

from tree_sitter import Node as Tree
from yaml.nodes import Node, ScalarNode

from slslint.record import cached_property
from slslint.source import SourceFile, Span
from slslint.templates.document import Place


class Piece(Place):
    """A piece of a file."""

    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.start_mark = self.end_mark = self

    @cached_property
    def span(self) -> Span:  # type: ignore[override]
        """From its first byte to the one after it; never an empty one."""
        start, end, source = self.start, self.end, self.source
        rows = source.rows
        row = last = bisect_right(rows, start)
        first = rows[row - 1]
        if end < rows[row] and source.plain:
            return Span(source.file.path, row, start - first + 1, row, end - first + 1 + (start == end))
        if end >= rows[row]:
            last = bisect_right(rows, end)
        column, end_column = start - first, end - rows[last - 1]
        if not source.plain:
            data = source.data
            column -= _continuing(data[first:start])
            end_column -= _continuing(data[rows[last - 1] : end])
        return Span(source.file.path, row, column + 1, last, end_column + 1 + (start == end))


class Word(Piece):
    """A plain text, number, truth value or name of a file, and where it stands."""

    def __init__(self, source: Source, start: int, end: int, value: str, style: str | None = '"') -> None:
        self.source = source
        self.start = start
        self.end = end
        self.start_mark = self.end_mark = self
        self.value = value
        self.style = style  # type: ignore[assignment]


class Source:
    """Where the expressions of a file, or of one text in it, stand.

    `fixed` is the place of everything in a text that is a part of a larger one.
    """

    def __init__(self, file: SourceFile, fixed: Node | None = None) -> None:
        self.file = file
        self.data = file.data
        self.fixed = fixed

    @cached_property
    def rows(self) -> list[int]:
        """The byte that each line starts with, and the end of the file as if another line did."""
        data = self.data
        return [0, *map(re.Match.end, re.finditer(rb"\n", data)), len(data) + 1]

    @cached_property
    def plain(self) -> bool:
        """Whether every character is one byte."""
        return self.data.isascii()

    def place(self, tree: Tree) -> Node:
        """Where a piece of syntax stands."""
        return self.fixed or Piece(self, tree.start_byte, tree.end_byte)

    def between(self, start: int, end: int) -> Node:
        """From one byte to another."""
        return self.fixed or Piece(self, start, end)

    def word(self, start: int, end: int, value: str, style: str | None = '"') -> Node:
        """A plain value that is written from one byte to another."""
        fixed = self.fixed
        if fixed is None:
            return Word(self, start, end, value, style)
        return ScalarNode("", value, fixed.start_mark, fixed.end_mark, style)


def _continuing(data: bytes) -> int:
    """How many bytes do not start a character."""
    return len(data) - len(data.decode(errors="replace"))
