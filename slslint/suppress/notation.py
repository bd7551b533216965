"""How a suppression is written in a comment: `slslint: ignore[rule, rule:variant] until=2027-01-31 reason`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slslint.record import record

_DIRECTIVE = re.compile(r"(?:#+|//+|/?\*+|^)[ \t]*(?P<said>slslint(?P<joint>[ \t]*:[ \t]*|[ \t]+|-)(?P<word>\w[\w-]*))")
_LOOK_ALIKE = re.compile(r"(?:ignore|disable|enable|skip|allow|suppress|noqa|nolint|off)", re.IGNORECASE)
_NAMES = re.compile(r"\s*\[([^\]]*)\]")
_REASON = re.compile(r"[\s:—-]*(?:until=(?P<until>\S*)[\s:—-]*)?(?P<reason>.*?)\s*(?=\*/|(?<=\s)(?:#|//)\s|$)")
_BARE = re.compile(r"(?=[\s:—-]|\*/|$)")

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
    text, at = line[:end], start
    while (found := _DIRECTIVE.search(text, at)) is not None:
        at = found.end()
        quoted = found.start() > start and not text[found.start() - 1].isspace()
        written = None if quoted else _read(text, found)
        if written is not None:
            yield written
            at = max(written.end, at)


def _read(text: str, found: re.Match[str]) -> Written | None:
    """What a directive says; None when it is mere prose about slslint."""
    word, after = found["word"], found.end()
    reason = _REASON.match(text, after)
    assert reason is not None
    whole = Written(found.start(), _end(reason))
    if ":" not in found["joint"] or word not in ("ignore", "ignore-file"):
        return _look_alike(text, found, whole)
    names = _NAMES.match(text, after)
    if names is None:
        if _BARE.match(text, after) is None or text[after:].lstrip().startswith("["):
            return _faulty(whole, "the rules are not in brackets")
        return _written(found, reason, None)
    listed = tuple(_names(names[1], names.start(1)))
    reason = _REASON.match(text, names.end())
    assert reason is not None
    if not listed:
        return _faulty(Written(found.start(), _end(reason)), "no rule is in the brackets; name one, or leave them out")
    return _written(found, reason, listed)


def _written(found: re.Match[str], rest: re.Match[str], names: tuple[Name, ...] | None) -> Written:
    whole_file = found["word"] == "ignore-file"
    until = rest["until"]
    fault = "" if until is None else fault_of_date(until)
    return Written(found.start(), _end(rest), names, whole_file, until or "", rest["reason"], fault)


def _look_alike(text: str, found: re.Match[str], whole: Written) -> Written | None:
    joint, word = found["joint"], found["word"]
    listing = text[found.end() :].lstrip()[:1] in ("[", "=", "(")
    meant = _LOOK_ALIKE.match(word) is not None
    if (":" in joint and (meant or listing)) or (joint == "-" and meant) or (meant and listing):
        return _faulty(whole, f"`{found['said']}` is nothing that slslint knows")
    return None


def _end(rest: re.Match[str]) -> int:
    return rest.start() + len(rest.group().rstrip())


def _faulty(written: Written, why: str) -> Written:
    return Written(written.start, written.end, fault=why)


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
    return time.strftime("%Y-%m-%d", time.gmtime(int(given) if given.isdecimal() else None))
