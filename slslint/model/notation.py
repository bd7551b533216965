"""The notations of plain data, and how to write in them what a rule suggests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import TypeAlias

Json: TypeAlias = str | int | bool | tuple["Json", ...] | Mapping[str, "Json"]


_INDENT = "  "
_WIDE = 60
"""Characters of a list from which each item gets a line."""


class Verbatim(str):
    """Text that is written as it is: a reference in the template's own words."""

    __slots__ = ()


class Notation(Enum):
    """How data is written."""

    JSON = "JSON"
    YAML = "YAML"
    HCL = "HCL"


def written(fields: Mapping[str, Json], notation: Notation) -> str:
    """Fields as they are added to a mapping: without its braces, indented by two blanks a level."""
    if notation is Notation.YAML:
        return "\n".join(_yaml(fields))
    return "\n".join(line.removeprefix(_INDENT) for line in _braced(fields, notation, 0).splitlines()[1:-1])


def _braced(value: Json, notation: Notation, depth: int) -> str:
    inner, outer = _INDENT * (depth + 1), _INDENT * depth
    if isinstance(value, Mapping):
        hcl = notation is Notation.HCL
        width = max((len(key) for key in value), default=0)
        keys = [f"{key:<{width}} = " if hcl else f'"{key}": ' for key in value]
        lines = [
            f"{inner}{key}{_braced(each, notation, depth + 1)}" for key, each in zip(keys, value.values(), strict=True)
        ]
        return "\n".join(["{", ("\n" if hcl else ",\n").join(lines), f"{outer}}}"])
    if not isinstance(value, tuple):
        if isinstance(value, bool | int):
            return str(value).lower()
        return str(value) if isinstance(value, Verbatim) and notation is Notation.HCL else f'"{value}"'
    items = [_braced(each, notation, depth + (len(value) > 1)) for each in value]
    if len(items) == 1 or sum(map(len, items)) < _WIDE:
        return f"[{', '.join(items)}]"
    return "[\n" + ",\n".join(f"{inner}{item}" for item in items) + f"\n{outer}]"


def _yaml(value: Json) -> Iterator[str]:
    """The lines of a block."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            if _is_block(each):
                yield f"{key}:"
                yield from (f"{_INDENT}{line}" for line in _yaml(each))
            else:
                yield f"{key}: {_flow(each)}"
    elif isinstance(value, tuple):
        for each in value:
            first, *rest = _yaml(each) if _is_block(each) else [_flow(each)]
            yield f"- {first}"
            yield from (f"{_INDENT}{line}" for line in rest)


def _is_block(value: Json) -> bool:
    """Whether it takes lines of its own: a mapping, what holds one, and what is long."""
    if isinstance(value, tuple):
        return any(map(_is_block, value)) or len(_flow(value)) > _WIDE
    return isinstance(value, Mapping)


def _flow(value: Json) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, bool | int):
        return str(value).lower()
    text = str(value)
    if isinstance(value, Verbatim):
        return text
    return text if text[:1].isalpha() and not any(mark in text for mark in (": ", " #", ",")) else f'"{text}"'
