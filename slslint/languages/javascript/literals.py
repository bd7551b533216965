"""The values of string and number literals."""

from __future__ import annotations

import re

_ESCAPE = re.compile(
    r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-7]{1,3})|(\r\n|.))", re.DOTALL
)
_SIMPLE = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_CONTINUED = frozenset({"\r\n", "\n", "\r", "\u2028", "\u2029"})


def number(text: str) -> int | float | None:
    """The value of a number as written; None when it is out of bounds."""
    plain = text.replace("_", "").removesuffix("n")
    try:
        if plain.isdigit():
            legacy = len(plain) > 1 and plain[0] == "0" and not set(plain) & {"8", "9"}
            return int(plain, 8) if legacy else int(plain)
        if plain[:2] in ("0x", "0X", "0o", "0O", "0b", "0B"):
            return int(plain, 0)
        value = float(plain)
    except ValueError:
        return None
    return None if value == float("inf") else value


def decoded(content: str) -> str | None:
    """The text of a string literal with its escapes decoded; None when it holds half a surrogate pair.

    Half a pair cannot be written to any report.
    """
    if "\\" not in content:
        return content
    content = _ESCAPE.sub(_unescaped, content)
    if content.isascii() or not any("\ud800" <= each <= "\udfff" for each in content):
        return content
    try:
        return content.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return None


def _unescaped(found: re.Match[str]) -> str:
    point, unit, byte, octal, plain = found.groups()
    code = point or unit or byte
    if code:
        value = int(code, 16)
        return chr(value) if value <= 0x10FFFF else found[0]
    if octal:
        return chr(int(octal, 8))
    return "" if plain in _CONTINUED else str(_SIMPLE.get(plain, plain))
