"""Text on a terminal: what may be shown as it is, how wide it gets, colours, and lines that fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

BOLD, DIM = "1", "2"
RED, YELLOW, CYAN, BLUE = "1;31", "1;33", "1;36", "1;34"


def visible(text: str) -> str:
    r"""The text with everything written out that a terminal would obey instead of show: `\x1b`, `\u202e`, `\n`."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def width(text: str) -> int:
    """How many columns a visible text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(char: str) -> int:
    from unicodedata import category, east_asian_width  # only for texts that need it

    if category(char) in ("Mn", "Me"):
        return 0
    return 2 if east_asian_width(char) in "WF" else 1


Paint: TypeAlias = Callable[[str, str], str]
"""Puts a text into a style."""


def coloured(text: str, style: str) -> str:
    """The text in a style of the terminal's."""
    return f"\x1b[{style}m{text}\x1b[0m" if text else text


def uncoloured(text: str, style: str) -> str:
    """The text as it is."""
    return text


def wrap(text: str, room: int) -> Iterator[str]:
    """The text in lines of at most `room` columns, broken at spaces; a longer word gets a line of its own."""
    line, used = "", 0
    for word in text.split(" "):
        columns = width(word)
        if line and used + 1 + columns > room:
            yield line
            line, used = word, columns
        else:
            line, used = (f"{line} {word}", used + 1 + columns) if line else (word, columns)
    yield line


def clip(text: str, room: int) -> str:
    """The text, its end cut off when it takes more than `room` columns."""
    if width(text) <= room:
        return text
    kept, used = 0, 3
    while (used := used + width(text[kept])) <= room:
        kept += 1
    return text[:kept] + "..."
