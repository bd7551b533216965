"""Values as templates hold them: Known, Absent, Either (one per branch of a condition) or Unknown, and their origin.

Half of all template values cannot be decided without deploying (`!Ref`, `Fn::If`, parameters). The four cases are
separate types, so that forgetting to ask is a type error: a rule that compares first asks `isinstance(x, Known)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, Generic, TypeAlias, TypeVar

from slslint.record import record
from slslint.source import Span

T = TypeVar("T")
U = TypeVar("U")
C = TypeVar("C", covariant=True)


class Origin(Enum):
    """Where a value came from."""

    WRITTEN = "written"
    DEFAULT = "default"
    """The provider's default, because nothing is written."""
    DERIVED = "derived"
    """Computed from a parameter's or variable's default, which whoever deploys may override."""


When: TypeAlias = frozenset[tuple[str, bool]]
"""The conditions that are assumed, by name, and whether each holds. Empty: always."""

ALWAYS: When = frozenset()


@record()
class Known(Generic[C]):
    """A decided value and where it is written (for a default: the resource that lacks it)."""

    value: C
    at: Span
    origin: Origin = Origin.WRITTEN


@record()
class Absent:
    """Surely not there. `at` is what lacks it."""

    at: Span


@record()
class Unknown:
    """Cannot be decided from the files. `why` is one clause for people, lower case."""

    why: str
    at: Span


@record()
class Either(Generic[C]):
    """One value per branch of a condition; the branches cover every case and exclude each other."""

    branches: tuple[tuple[When, Known[C] | Absent | Unknown], ...]


Plain: TypeAlias = Known[T] | Absent | Unknown
Value: TypeAlias = Known[T] | Absent | Either[T] | Unknown


@record()
class Items(Generic[C]):
    """A collection, and whether it is complete: nothing is "missing" from an open one.

    An item that is there only under a condition carries that itself (a model object's `when`).
    """

    items: tuple[C, ...] = ()
    complete: bool = True

    def __iter__(self) -> Iterator[C]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def agree(a: When, b: When) -> bool:
    """Whether two sets of assumptions can hold together."""
    return not any((name, not holds) in b for name, holds in a)


def cases(*values: Value[Any], given: When = ALWAYS) -> Iterator[tuple[When, tuple[Plain[Any], ...]]]:
    """Every consistent combination of the values' branches under `given`, with what it assumes beyond `given`.

    Plain values yield once, with nothing assumed:
        for when, (timeout, visibility) in cases(function.timeout, queue.visibility_timeout, given=function.when): ...
    """

    def choose(index: int, assumed: When) -> Iterator[tuple[When, tuple[Plain[Any], ...]]]:
        if index == len(values):
            yield assumed, ()
            return
        value = values[index]
        branches = value.branches if isinstance(value, Either) else ((ALWAYS, value),)
        for when, plain in branches:
            if agree(when, assumed) and agree(when, given):
                for rest_when, rest in choose(index + 1, assumed | (when - given)):
                    yield rest_when, (plain, *rest)

    return choose(0, ALWAYS)


def where(test: Callable[..., bool], *values: Value[Any], given: When = ALWAYS) -> When | None:
    """The first case of the values' branches in which `test` holds: ALWAYS when it holds in all, None when in none."""
    held = [(when, test(*plain)) for when, plain in cases(*values, given=given)]
    if held and all(holds for _, holds in held):
        return ALWAYS
    return next((when for when, holds in held if holds), None)


def transform(value: Value[T], change: Callable[[Known[T]], Plain[U]]) -> Value[U]:
    """The value with `change` applied to each Known in it."""
    if isinstance(value, Known):
        return change(value)
    if isinstance(value, Either):
        return Either(
            tuple((when, change(plain) if isinstance(plain, Known) else plain) for when, plain in value.branches)
        )
    return value


def known_values(value: Value[T]) -> Iterator[Known[T]]:
    """Every Known among the branches of a value."""
    if isinstance(value, Known):
        yield value
    elif isinstance(value, Either):
        for _, plain in value.branches:
            if isinstance(plain, Known):
                yield plain


def surely(value: Value[bool]) -> bool:
    """Whether a flag is set, whatever is decided when the template is deployed."""
    return isinstance(value, Known) and value.value


def surely_not(value: Value[bool]) -> bool:
    """Whether a flag is off, whatever is decided when the template is deployed."""
    return isinstance(value, Known) and not value.value


def describe(when: When) -> str:
    """`` when `IsProd` is false`` with a leading space, or nothing: to be added to a message."""
    if not when:
        return ""
    parts = [f"`{name}` is {'true' if holds else 'false'}" for name, holds in sorted(when)]
    return " when " + " and ".join(parts)
