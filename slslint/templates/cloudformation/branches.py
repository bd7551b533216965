"""The branches of a value, and text put together from parts that branch."""

from __future__ import annotations

from typing import TypeAlias, TypeVar

from yaml.nodes import Node

from slslint.model import Hole, Pattern, Ref, Text, pattern, pieces_of
from slslint.source import Span
from slslint.templates.cloudformation.conditions import Conditions
from slslint.templates.cloudformation.nodes import Computed
from slslint.value import ALWAYS, Absent, Either, Known, Origin, Plain, Unknown, Value, When, agree

T = TypeVar("T")

_DYNAMIC = "{{resolve:"

Settled: TypeAlias = Node | Absent | Unknown
"""A node that is no function call; or nothing; or what cannot be told."""

Branches: TypeAlias = tuple[tuple[When, Settled], ...]
"""The branches of a node, with what each assumes beyond what is given."""

MAX_BRANCHES = 64


def merged(branches: list[tuple[When, Plain[T]]]) -> Value[T]:
    """One value of its branches."""
    first = branches[0][1]
    if all(plain == first for _, plain in branches):
        return first
    return Either(tuple(branches))


def joined(
    parts: list[tuple[str, tuple[tuple[When, Plain[Text]], ...]]], at: Span, place: Node, conditions: Conditions
) -> Branches:
    """Text put together from parts, each with a label that stands for it where it cannot be told."""
    combined: list[tuple[When, list[tuple[str, Plain[Text]]]]] = [(ALWAYS, [])]
    for label, branches in parts:
        if len(branches) == 1 and not branches[0][0]:
            for _, so_far in combined:
                so_far.append((label, branches[0][1]))
            continue
        combined = [
            (when | more, [*so_far, (label, plain)])
            for when, so_far in combined
            for more, plain in branches
            if agree(when, more) and conditions.possible(when | more)
        ]
        if len(combined) > MAX_BRANCHES:
            return ((ALWAYS, Unknown("it depends on too many conditions", at)),)
    return tuple((when, _joined(pieces, at, place)) for when, pieces in combined)


def _joined(pieces: list[tuple[str, Plain[Text]]], at: Span, place: Node) -> Settled:
    parts: list[str | Ref | Hole] = []
    origin = Origin.WRITTEN
    for label, plain in pieces:
        match plain:
            case Known(Pattern(inner), _, where):
                parts.extend(inner)
            case Known(str() | Ref() as part, _, where):
                parts.append(part)
            case Unknown():
                where = Origin.WRITTEN
                parts.append(Hole(label))
            case _:
                return Unknown("a part of it is absent", at)
        if where is Origin.DERIVED:
            origin = where
    return Computed(Known(without_dynamic(pattern(parts)), at, origin), place)


def without_dynamic(text: Text) -> Text:
    """The text with its dynamic references (`{{resolve:ssm:...}}`), which CloudFormation fills in, as holes."""
    if isinstance(text, Pattern):
        dynamic = any(isinstance(part, str) and _DYNAMIC in part for part in text.parts)
        return Pattern((Hole("resolve"),)) if dynamic else text
    if not isinstance(text, str) or _DYNAMIC not in text:
        return text
    before, _, rest = text.partition(_DYNAMIC)
    name, closed, after = rest.partition("}}")
    if not closed:
        return text
    if name.startswith("ssm"):
        # One version of a parameter is still that parameter.
        name = ":".join(name.split(":")[:2])
    tail = without_dynamic(after)
    return pattern([before, Hole(f"resolve:{name}"), *(pieces_of(tail))])


def only_when(when: When, value: Value[T], lacks: Span) -> Value[T]:
    """The value where `when` holds, and Absent in every other case."""
    if not when:
        return value
    inside = value.branches if isinstance(value, Either) else ((ALWAYS, value),)
    branches: list[tuple[When, Plain[T]]] = [(when | more, plain) for more, plain in inside if agree(when, more)]
    held: When = ALWAYS
    for name, holds in sorted(when):
        branches.append((held | {(name, not holds)}, Absent(lacks)))
        held |= {(name, holds)}
    return Either(tuple(branches))
