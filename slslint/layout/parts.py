"""The comments of a file and the parts of it: statements, functions, entries, blocks."""

from __future__ import annotations

from slslint.record import record

Position = tuple[int, int]
"""Line and column, from 1, in code points."""


@record()
class Comment:
    """A comment, from its opening sign to before `end`."""

    start: Position
    end: Position


@record()
class Part:
    """A stretch of a file that is one thing, so that a comment can speak of it as a whole.

    Attributes:
        start, end: the stretch; the end is exclusive.
        below: the lines that a comment alone on the line above may precede.
        beside: the lines at whose end a comment speaks of the whole.
            Of a section of a template (`Resources`) no comment speaks: there are no such lines.

    """

    start: Position
    end: Position
    below: range
    beside: range


@record()
class Layout:
    """What comments there are in a file, in textual order, and which parts."""

    comments: tuple[Comment, ...]
    parts: tuple[Part, ...]
