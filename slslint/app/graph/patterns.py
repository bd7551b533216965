"""Whether an event may match an event pattern, when only parts of it are known.

The language: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html. The answer
is False only when no event of that kind can match.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from slslint.model import Data, Hole, Pattern, Ref
from slslint.record import record


@record()
class Gap:
    """Text that is not known, but for what cannot occur in it."""

    lacks: tuple[str, ...] = ()


@record()
class Words:
    """A text of which parts may be known."""

    pieces: tuple[str | Ref | Hole | Gap, ...]


@record()
class OneOf:
    """One of several."""

    options: tuple[Shape, ...]


@record()
class Anything:
    """Not known at all."""


Shape: TypeAlias = Words | OneOf | Anything | Mapping[str, "Shape"] | tuple["Shape", ...] | bool | int | float | None
"""What an event, or a part of it, may be. A key that a mapping lacks is surely not there, unless it has the key "*"."""

ANYTHING = Anything()
OPEN = "*"
"""The key of a mapping that may hold more than is said; what it stands for does not matter."""

Same: TypeAlias = Callable[[Ref | Pattern | Hole | str, Words], bool]
"""Whether a text of the template may be the text of an event."""


def may_match(pattern: Mapping[str, Data], event: Shape, same: Same) -> bool:
    """Whether an event of that shape may match the pattern."""
    match event:
        case Anything():
            return True
        case OneOf(options):
            return any(may_match(pattern, each, same) for each in options)
        case Mapping():
            return all(_field(key, wanted, event, same) for key, wanted in pattern.items())
        case tuple():
            return any(may_match(pattern, each, same) for each in event)
        case _:
            return False


def _field(key: str, wanted: Data, event: Mapping[str, Shape], same: Same) -> bool:
    if key == "$or" and isinstance(wanted, tuple):
        return any(may_match(each, event, same) for each in wanted if isinstance(each, Mapping))
    if key not in event:
        return OPEN in event or _lacking(wanted)
    value = event[key]
    if isinstance(wanted, Mapping):
        return may_match(wanted, value, same)
    if isinstance(wanted, tuple):
        return any(_may_be(each, value, same) for each in wanted)
    return isinstance(wanted, Hole | Ref | Pattern) or _may_be(wanted, value, same)


def _lacking(wanted: Data) -> bool:
    """Whether a field that is not there satisfies what is wanted of it."""
    match wanted:
        case Mapping():
            return all(_lacking(each) for each in wanted.values())
        case tuple():
            return any(isinstance(each, Mapping) and each.get("exists") is False for each in wanted)
        case _:
            return isinstance(wanted, Hole)


def _may_be(wanted: Data, value: Shape, same: Same) -> bool:
    match value:
        case Anything():
            return True
        case OneOf(options) | tuple(options):
            return any(_may_be(wanted, each, same) for each in options)
        case Mapping():
            return isinstance(wanted, Hole)
    match wanted:
        case Mapping():
            return all(_test(name, operand, value, same) for name, operand in wanted.items())
        case Hole():
            return True
        case str() | Ref() | Pattern():
            return isinstance(value, Words) and same(wanted, value)
        case bool() | None:
            return value is wanted
        case int() | float():
            return isinstance(value, int | float) and not isinstance(value, bool) and value == wanted
        case _:
            return True


def _test(name: str, operand: Data, value: Shape, same: Same) -> bool:
    """One of the comparisons that a pattern can make; what is not known to this passes."""
    match name, operand:
        case "exists", bool():
            return operand
        case "prefix", str():
            return not isinstance(value, Words) or may_start(value, operand)
        case "suffix", str():
            return not isinstance(value, Words) or may_end(value, operand)
        case (("prefix" | "suffix"), Mapping()):
            return True
        case "anything-but", _:
            return not _excluded(operand, value)
        case "equals-ignore-case", str():
            return not isinstance(value, Words) or _may_be_ignoring_case(value, operand)
        case "wildcard", str():
            head, *_, tail = operand.split("*") if "*" in operand else (operand, operand)
            return not isinstance(value, Words) or (may_start(value, head) and may_end(value, tail))
        case "numeric", tuple():
            return not isinstance(value, int | float) or _in_range(value, operand)
        case _:
            return True


def _excluded(operand: Data, value: Shape) -> bool:
    """Whether a value is surely one of those that are kept out."""
    if isinstance(operand, Mapping):
        known = _whole(value)
        if known is None:
            return False
        heads, tails = _texts(operand.get("prefix")), _texts(operand.get("suffix"))
        return any(known.startswith(each) for each in heads) or any(known.endswith(each) for each in tails)
    listed = operand if isinstance(operand, tuple) else (operand,)
    known = _whole(value)
    return known in listed if known is not None else not isinstance(value, Words) and value in listed


def _texts(operand: Data) -> list[str]:
    listed = operand if isinstance(operand, tuple) else (operand,)
    return [each for each in listed if isinstance(each, str)]


def _whole(value: Shape) -> str | None:
    """The text that a value surely is."""
    match value:
        case Words((str() as text,)):
            return text
        case Words(()):
            return ""
        case _:
            return None


def _may_be_ignoring_case(value: Words, text: str) -> bool:
    known = _whole(value)
    return known is None or known.casefold() == text.casefold()


_COMPARISONS = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def _in_range(value: float, comparisons: tuple[Data, ...]) -> bool:
    for sign, bound in zip(comparisons[::2], comparisons[1::2], strict=False):
        if not isinstance(bound, int | float):
            continue
        holds = {
            "=": value == bound,
            "<": value < bound,
            "<=": value <= bound,
            ">": value > bound,
            ">=": value >= bound,
        }
        if not holds.get(str(sign), True):
            return False
    return True


# --- texts -----------------------------------------------------------------------------------------------------------


def may_be(value: Words, text: str) -> bool:
    """Whether a text of which parts are known may be this one."""
    known = _whole(value)
    return known == text if known is not None else may_start(value, text) and may_end(value, text)


def may_start(value: Words, prefix: str) -> bool:
    """Whether it may start so."""
    return _goes_on(value.pieces, prefix, str.startswith, lambda text, count: text[count:])


def may_end(value: Words, suffix: str) -> bool:
    """Whether it may end so."""
    return _goes_on(value.pieces[::-1], suffix, str.endswith, lambda text, count: text[: len(text) - count])


def _goes_on(
    pieces: Iterable[str | Ref | Hole | Gap],
    wanted: str,
    agrees: Callable[[str, str], bool],
    without: Callable[[str, int], str],
) -> bool:
    """Whether texts, taken from one end, may give what is wanted at that end."""
    left = list(pieces)
    while wanted:
        if not left:
            return False
        piece = left.pop(0)
        if not isinstance(piece, str):
            return not _kept_out(wanted, [piece, *left])
        if not agrees(piece, wanted) and not agrees(wanted, piece):
            return False
        wanted = without(wanted, min(len(piece), len(wanted)))
    return True


def _kept_out(wanted: str, pieces: list[str | Ref | Hole | Gap]) -> bool:
    """Whether something that is wanted cannot occur in any of the pieces."""
    first = pieces[0]
    lacking = first.lacks if isinstance(first, Gap) else ()
    return any(each in wanted and all(_lacks(piece, each) for piece in pieces) for each in lacking)


def _lacks(piece: str | Ref | Hole | Gap, text: str) -> bool:
    return text not in piece if isinstance(piece, str) else isinstance(piece, Gap) and text in piece.lacks
