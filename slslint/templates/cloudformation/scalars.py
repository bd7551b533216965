"""Text read as the type that is wanted: CloudFormation does not mind how a number is written."""

from __future__ import annotations

from slslint.model import Hole, Pattern, Text
from slslint.value import Known, Plain, Unknown

MAX_DIGITS = 15


def string(known: Known[Text]) -> Plain[str]:
    """Text without references and holes."""
    match known.value:
        case str():
            return known  # type: ignore[return-value]
        case Pattern((Hole(name),)) if name.isalnum():
            return Unknown(f"the parameter `{name}` has no default", known.at)
        case Pattern((Hole(name),)) if name.startswith(("resolve:", "import:", "cf:")):
            return Unknown(f"`{name.removeprefix('resolve:')}` is known only when deployed", known.at)
        case Pattern((Hole(name),)) if not name.startswith("AWS::") and "..." not in name:
            # A variable of Terraform, say.
            return Unknown(f"nothing here says what `{name}` is", known.at)
        case _:
            return Unknown("it is known only when deployed", known.at)


def integer(known: Known[Text]) -> Plain[int]:
    """A whole number that may be written as text."""
    plain = number(known)
    if not isinstance(plain, Known):
        return plain
    if plain.value != int(plain.value):
        return Unknown(f"`{known.value}` is no whole number", known.at)
    return Known(int(plain.value), known.at, known.origin)


def number(known: Known[Text]) -> Plain[float]:
    """A number that may be written as text."""
    plain = string(known)
    if not isinstance(plain, Known):
        return plain
    text = plain.value.strip()
    if text.isdecimal() and text.isascii() and text[0] != "0" and len(text) <= MAX_DIGITS:
        return Known(float(text), known.at, known.origin)
    digits = text.removeprefix("-").replace(".", "", 1)
    # YAML 1.1 reads 010 as eight; who wrote it may have meant ten.
    octal = len(digits) > 1 and digits[0] == "0" and "." not in text
    if not (digits.isascii() and digits.isdigit()) or octal or len(digits) > MAX_DIGITS:
        return Unknown(f"`{text[:40]}` is no number", known.at)
    return Known(float(text), known.at, known.origin)


_BOOLEANS = {"true": True, "false": False, "yes": True, "no": False, "on": True, "off": False}


def boolean(known: Known[Text]) -> Plain[bool]:
    """True or false in any spelling that YAML 1.1 takes."""
    plain = string(known)
    if not isinstance(plain, Known):
        return plain
    value = _BOOLEANS.get(plain.value.lower())
    if value is None:
        return Unknown(f"`{plain.value[:40]}` is neither true nor false", known.at)
    return Known(value, known.at, known.origin)
