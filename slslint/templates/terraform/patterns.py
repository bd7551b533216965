"""Values that are told by their bytes, for to parse them and to walk their syntax would take five times as long.

A plain value is a text, number, truth value, null or name, a text with nothing but names inserted, or a list or object
of such: nine of ten that people write. A name may have points and constant indexes in it: `aws_sqs_queue.dead[0].arn`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from slslint import late

WORD = rb"[A-Za-z_][\w-]*+"
_TEXT = rb'"[^"\\$%\n]*+"'
_NAME = WORD + rb"(?:\." + WORD + rb'|\[(?:\d{1,15}|"[\w./-]*+")\])*+'
_FILLED = rb'"(?:[^"\\$%\n]++|\$\{(?!(?:true|false|null)\})' + _NAME + rb'\})*+"'
_NUMBER = rb"\d{1,15}(?![\w.-])"
_SIMPLE = {
    b"text": _TEXT,
    b"number": _NUMBER + rb"|(?:true|false)(?![\w.-])",
    b"null": rb"null(?![\w.-])",
    b"name": _NAME,
    b"filled": _FILLED,
}
_COMMENT = rb"(?:\#|//)[^\n]*+"
_GAP = rb"(?:\s++|" + _COMMENT + rb")*+"

KEY = rb"(?P<key>(?P<bare>%s)|%s)[ \t]*+[=:][ \t]*+" % (WORD, _TEXT)
"""The key of an entry of an object, with the sign after it."""

_ANY = rb"(?:%s|%s|%s)" % (_FILLED, _NUMBER, _NAME)
_ANY_ENTRY = rb"(?:%s|%s)[ \t]*+[=:][ \t]*+%s" % (WORD, _TEXT, _ANY)
_OF_MANY = {
    b"list": rb"\[%s(?:%s%s(?:,%s|(?=\])))*+\]" % (_GAP, _ANY, _GAP, _GAP),
    b"object": rb"\{%s(?:%s%s(?:,%s)?)*+\}" % (_GAP, _ANY_ENTRY, _GAP, _GAP),
}


def _one_of(kinds: Mapping[bytes, bytes]) -> bytes:
    return rb"(?:" + rb"|".join(rb"(?P<%s>%s)" % kind for kind in kinds.items()) + rb")"


PLAIN = _one_of({**_SIMPLE, **_OF_MANY})
"""A plain value; its kind is the name of the group."""

_PLAIN = re.compile(PLAIN)
ITEMS = late.pattern(_COMMENT + rb"|" + _one_of(_SIMPLE))
"""What stands in a plain list: items, and comments, which are of no kind."""

ENTRIES = late.pattern(_COMMENT + rb"|" + KEY + _one_of(_SIMPLE))
"""What stands in a plain object."""


def plain_kind(data: bytes, start: int, end: int) -> str:
    """The kind of plain value that stands between two bytes; "" for any other."""
    match = _PLAIN.fullmatch(data, start, end)
    return "" if match is None else match.lastgroup or ""
