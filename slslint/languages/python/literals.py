"""The values of string and number literals."""

from __future__ import annotations

import re

from slslint import late

ESCAPE = late.pattern(
    r"""\\(\r?\n|[\\'"abfnrtv]|[0-7]{1,3}|x[0-9a-fA-F]{2}|N\{[^}]+\}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})"""
)
_SIMPLE = {"\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def number(text: str) -> int | float | None:
    """The value of a number as written; None when it is imaginary, out of bounds or no Python 3."""
    try:
        if text[:2] in ("0x", "0X", "0o", "0O", "0b", "0B"):
            return int(text, 0)
        if text.isdigit():
            return int(text, 0)
        plain = text.replace("_", "")
        value = float(plain) if any(mark in plain for mark in ".eE") else int(plain, 0)
    except ValueError:
        return None
    return None if value == float("inf") else value


def decoded(content: str) -> str | None:
    """The text of a string literal with its escapes decoded; None when it holds half a surrogate pair.

    Half a pair cannot be written to any report.
    """
    if "\\" in content:
        content = ESCAPE.sub(_unescaped, content)
        if not content.isascii() and any("\ud800" <= each <= "\udfff" for each in content):
            return None
    return content


def encoded(content: str) -> bytes | None:
    """The bytes of a bytes literal; None when it holds anything but ASCII and escapes."""
    content = ESCAPE.sub(lambda found: found[0] if found[1][0] in "NuU" else _unescaped(found), content)
    try:
        return content.encode("latin-1")
    except UnicodeEncodeError:
        return None


def _unescaped(found: re.Match[str]) -> str:
    escape = found[1]
    simple = _SIMPLE.get(escape)
    if simple is not None:
        return simple
    if escape[0] in "\r\n":
        return ""
    if escape[0] in "01234567":
        return chr(int(escape, 8))
    try:
        return found[0].encode().decode("unicode_escape")
    except UnicodeDecodeError:
        return found[0]
