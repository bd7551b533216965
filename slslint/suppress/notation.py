"""How a suppression is written in a comment: `slslint: ignore[rule, rule:variant] until=2027-01-31 reason`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slslint.record import record

_DIRECTIVE = re.compile(r"slslint(?P<joint>[ \t]*:[ \t]*|[ \t]+|-)(?P<word>\w[\w-]*)")
_LOOK_ALIKE = re.compile(r"(?:ignore|disable|enable|skip|allow|suppress|noqa|nolint|off)", re.IGNORECASE)
_NAMES = re.compile(r"\s*\[([^\]]*)\]")
_UNTIL = re.compile(r"[\s:—-]*(?:until=(?P<until>\S*)[\s:—-]*)?")
_NEXT = re.compile(r"\*/|(?<=\s)(?:#|//)\s")
"""What ends a reason: the end of the comment, or another comment behind it."""
_BARE = re.compile(r"(?=[\s:—-]|\*/|$)")

MOST = 2_000
"""Characters of a comment in one line. What is longer was written by a program."""

USAGE = "write `slslint: ignore[rule-id] reason`"


@record()
class Name:
    """The name of a rule as written: where in the text it starts, and ends."""

    text: str
    start: int
    end: int


@record()
class Written:
    """One suppression as written in a line of a comment.

    Attributes:
        start, end: where in the line it stands, with the sign that opens the comment but without what follows.
        names: the rules; None: every rule. whole_file: it speaks of the whole file.
        until: the last day on which it counts, as written; "" when it always does.
        fault: why it does nothing; "" when it does something.

    """

    start: int
    end: int
    names: tuple[Name, ...] | None = None
    whole_file: bool = False
    until: str = ""
    reason: str = ""
    fault: str = ""


def suppressions(line: str, start: int, end: int) -> Iterator[Written]:
    """The suppressions in the part of a comment that stands in this line, from `start` to before `end`."""
    if end - start > MOST:
        return
    text, at = line[:end], start
    while (found := _DIRECTIVE.search(text, at)) is not None:
        at = found.end()
        opened = _opened(text, start, found.start())
        written = None if opened is None else _read(text, opened, found)
        if written is not None:
            yield written
            at = max(written.end, at)


def _opened(text: str, start: int, at: int) -> int | None:
    """Where the sign stands that opens a comment in front of a directive; None when it is quoted in prose."""
    before = text[start:at].rstrip(" \t")
    if not before:
        return at  # a line of a comment of several
    bare = before.rstrip("#/*")
    signed = len(bare) < len(before) and (not bare or bare[-1].isspace())
    return start + len(bare) if signed else None


def _read(text: str, opened: int, found: re.Match[str]) -> Written | None:
    """What a directive says; None when it is mere prose about slslint."""
    after = found.end()
    if ":" not in found["joint"] or found["word"] not in ("ignore", "ignore-file"):
        return _look_alike(text, opened, found)
    listed = _NAMES.match(text, after)
    if listed is None and (_BARE.match(text, after) is None or text[after:].lstrip().startswith("[")):
        return _faulty(text, opened, after, "the rules are not in brackets")
    after = after if listed is None else listed.end()
    names = None if listed is None else tuple(_names(listed[1], listed.start(1)))
    if names == ():
        return _faulty(text, opened, after, "no rule is in the brackets; name one, or leave them out")
    day = _UNTIL.match(text, after)
    assert day is not None
    until, end = day["until"], _end(text, after)
    return Written(
        opened,
        end,
        names,
        whole_file=found["word"] == "ignore-file",
        until=until or "",
        reason=text[day.end() : end].strip(),
        fault="" if until is None else fault_of_date(until),
    )


def _look_alike(text: str, opened: int, found: re.Match[str]) -> Written | None:
    joint, word = found["joint"], found["word"]
    listing = text[found.end() :].lstrip()[:1] in ("[", "=", "(")
    meant = _LOOK_ALIKE.match(word) is not None
    if (":" in joint and (meant or listing)) or (joint == "-" and meant) or (meant and listing):
        return _faulty(text, opened, found.end(), f"`{found[0]}` is nothing that slslint knows")
    return None


def _end(text: str, after: int) -> int:
    """Where the reason ends that may stand there, without the blanks behind it."""
    found = _NEXT.search(text, after)
    return after + len(text[after : len(text) if found is None else found.start()].rstrip())


def _faulty(text: str, opened: int, after: int, why: str) -> Written:
    return Written(opened, _end(text, after), fault=why)


def _names(text: str, at: int) -> Iterator[Name]:
    for part in re.finditer(r"[^,\s](?:[^,]*[^,\s])?", text):
        yield Name(part.group(), at + part.start(), at + part.end())


def fault_of_date(until: str) -> str:
    """What is wrong with the last day of a suppression; "" for nothing."""
    import datetime

    try:
        datetime.date.fromisoformat(until)
    except ValueError:
        written = ""
    else:
        written = until
    return "" if len(written) == len("2027-01-31") else f"`{until}` is no date such as 2027-01-31"


def today() -> str:
    """Today's date in UTC, as "2027-01-31"; SOURCE_DATE_EPOCH (https://reproducible-builds.org) sets another."""
    import os
    import time

    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    sane = given.isdecimal() and len(given) <= len("99999999999")
    return time.strftime("%Y-%m-%d", time.gmtime(int(given) if sane else None))
