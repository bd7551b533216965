"""The syntax of the framework's variables: `${self:custom.x, opt:y, 'z'}`, nested in each other."""

from __future__ import annotations

import re
from functools import lru_cache

from slslint.record import record

MAX_DEPTH = 20
"""Variables in variables."""

MAX_OPEN_ENDS = 50
"""Starts of variables without an end, after which a text is left alone."""


@record()
class Source:
    """One source of a variable: `self:custom.name`, `file(./x.yml):key`; or text in quotes.

    Attributes:
        type: "self", "opt", "file", ...; "" for a literal.
        params: what stands in parentheses. address: what stands after the colon; of a literal, the literal.
            Both may hold variables.
        quoted: whether a literal stands in quotes.

    """

    type: str
    params: str = ""
    address: str = ""
    quoted: bool = False


@record()
class Variable:
    """A variable in a text: where it starts and ends, and its sources, the first that says anything counting."""

    start: int
    end: int
    sources: tuple[Source, ...]


@lru_cache(maxsize=1024)
def variables_in(text: str) -> tuple[Variable, ...]:
    """The outermost variables of a text. What CloudFormation fills in, `${AWS::Region}` or `${Topic}`, is none.

    Kept, for `${self:service}-${sls:stage}` is said over and over.
    """
    found = []
    open_ends = 0
    start = text.find("${")
    while start >= 0 and open_ends < MAX_OPEN_ENDS:
        end = _end(text, start)
        open_ends += not end
        sources = _sources(text[start + 2 : end - 1]) if end else ()
        if sources:
            found.append(Variable(start, end, sources))
        start = text.find("${", end if sources else start + 2)
    return tuple(found)


def _end(text: str, start: int) -> int:
    """Where the variable that starts here ends; 0 when nothing closes it."""
    nearest = text.find("}", start) + 1
    inner = text[start + 2 : nearest]
    if not nearest or not ("{" in inner or "'" in inner or '"' in inner):
        return nearest
    depth, quote, before = 0, "", ""
    for index in range(start, len(text)):
        character = text[index]
        if quote:
            quote = "" if character == quote else quote
        elif character == "{" and before == "$":
            depth += 1
            if depth > MAX_DEPTH:
                return 0
        elif character == "}":
            depth -= 1
            if not depth:
                return index + 1
        elif character in "'\"" and before in (",", "("):
            quote = character
        before = before if character.isspace() else character
    return 0


def _sources(inner: str) -> tuple[Source, ...]:
    first, *others = _split(inner)
    head = _source(first)
    if not head.type:
        return ()
    return (head, *map(_source, others))


def _split(text: str) -> list[str]:
    """The text at its commas that stand in no quotes, parentheses or variables."""
    if not any(mark in text for mark in "'\"({"):
        return [part.strip() for part in text.split(",")]
    parts, depth, begin, quote = [], 0, 0, ""
    blank = True
    for index, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"" and blank:
            quote = character
        elif character in "({":
            depth += 1
        elif character in ")}":
            depth -= 1
        elif character == "," and not depth:
            parts.append(text[begin:index].strip())
            begin = index + 1
        blank = begin == index + 1 or (blank and character.isspace())
    return [*parts, text[begin:].strip()]


def _source(text: str) -> Source:
    if len(text) > 1 and text[0] in "'\"" and text[-1] == text[0]:
        return Source("", address=text[1:-1], quoted=True)
    match = re.fullmatch(r"([a-z][a-zA-Z0-9]*)(?:\((.*)\))?(?::(.*))?", text, re.DOTALL)
    if match is None or (match[2] is None and match[3] is None):
        return Source("", address=text)
    return Source(match[1], (match[2] or "").strip(), (match[3] or "").strip())
