"""Expressions of a source file, as written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from slslint.record import record
from slslint.source import Span


@record()
class Literal:
    """A constant of the source: string, number, boolean or None (null, undefined); of a regular expression its text."""

    value: str | int | float | bool | bytes | None


@record()
class Name:
    """A name as written; `at` is where it is read.

    JavaScript's `module.exports` is the name "exports". `this` is a name where a method is around it, or the name of
    the object literal whose method it stands in, or of the class in what is static; anywhere else it is Other.
    """

    id: str
    at: Span


@record()
class Attr:
    """`base.name`"""

    base: Expr
    name: str


@record()
class Item:
    """`base[key]`; an element of `base` in a loop or a slice has the key `ANY`."""

    base: Expr
    key: Expr


@record()
class Argument:
    """One argument of a call: by position (`name` None), by keyword, or spread (`*args`, `**kwargs`, `...args`)."""

    value: Expr
    name: str | None = None
    spread: bool = False


@record(eq=False)
class Call:
    """A call (or `new`), and where it stands.

    A tagged template is a call with the text as its argument. `super(a)` is `super().constructor(a)`, and `super.m()`
    is `super().m()`, as Python writes it.

    Attributes:
        at: the whole call; `name_at`: the callee alone.
        block: index into the enclosing function's `blocks`.
        awaited: the call's result is awaited at once.
        discarded: nobody gets the call's result: it is a statement of its own, or the last operand of one
            (`ready && save()`).

    """

    callee: Expr
    args: tuple[Argument, ...]
    at: Span
    name_at: Span
    block: int
    awaited: bool = False
    discarded: bool = False

    def positional(self, index: int) -> Expr | None:
        """The argument at `index`, when no spread stands before it."""
        plain = [a for a in self.args if a.name is None]
        if index >= len(plain) or any(a.spread for a in plain[: index + 1]):
            return None
        return plain[index].value

    def keyword(self, name: str) -> Expr | None:
        """The value of a keyword argument."""
        return next((a.value for a in self.args if a.name == name), None)

    @property
    def open(self) -> bool:
        """Whether a spread may carry any further argument."""
        return any(a.spread for a in self.args)


@record()
class Join:
    """Text put together: an f-string, template literal, `+` of which one side is text, `%`, `.format`."""

    parts: tuple[Expr, ...]


@record()
class OneOf:
    """`a if test else b`; `test` may be None."""

    options: tuple[Expr, ...]
    test: Expr | None = None


@record()
class Logic:
    """`and`, `or`, `not`. As a value, `or` (and `??`) is one of its operands."""

    op: str
    operands: tuple[Expr, ...]


@record()
class Compare:
    """`left op right`; op is ==, !=, <, <=, >, >=, in, not in, is, is not.

    `===` is ==; a comparison with null or undefined, in whatever spelling, is `is` or `is not` and Literal(None).
    """

    left: Expr
    op: str
    right: Expr


@record()
class Arithmetic:
    """A numeric `left op right` such as `n + 1`."""

    left: Expr
    op: str
    right: Expr


@record()
class Sequence:
    """A list, tuple, set or array literal; `kind` is list, tuple or set."""

    items: tuple[Expr, ...]
    kind: str


@record()
class Table:
    """A dict or object literal; the key of a spread is None. The value of a getter is a Call of it."""

    entries: tuple[tuple[Expr | None, Expr], ...]


@record()
class Closure:
    """A function or class written as a value: a lambda, arrow function, class expression.

    `function` is its key in `Facts.functions`, or in `Facts.classes`.
    """

    function: str


@record()
class Other:
    """Any other expression, with the expressions it is made of."""

    parts: tuple[Expr, ...] = ()


Expr: TypeAlias = (
    Literal
    | Name
    | Attr
    | Item
    | Call
    | Join
    | OneOf
    | Logic
    | Compare
    | Arithmetic
    | Sequence
    | Table
    | Closure
    | Other
)

ANY = Other()
"""The key of an unnamed element: `for record in records` binds record to `Item(records, ANY)`."""


def parts_of(expr: Expr) -> tuple[Expr, ...]:
    """The direct sub-expressions of an expression."""
    made_of = PARTS.get(expr.__class__)
    return () if made_of is None else made_of(expr)


# A table and not a match, because every expression of every file is asked, some of them often.
# Most expressions are names and literals, which have no parts.
PARTS: dict[type, Callable[[Any], tuple[Expr, ...]]] = {
    Attr: lambda attr: (attr.base,),
    Item: lambda item: (item.base, item.key),
    Call: lambda call: (call.callee, *[argument.value for argument in call.args]),
    Join: lambda join: join.parts,
    Other: lambda other: other.parts,
    Compare: lambda compare: (compare.left, compare.right),
    Arithmetic: lambda arithmetic: (arithmetic.left, arithmetic.right),
    Logic: lambda logic: logic.operands,
    Sequence: lambda sequence: sequence.items,
    OneOf: lambda choice: choice.options if choice.test is None else (*choice.options, choice.test),
    Table: lambda table: tuple([part for entry in table.entries for part in entry if part is not None]),
}


def walk(expr: Expr) -> Iterator[Expr]:
    """The expression and everything inside it."""
    stack = [expr]
    while stack:
        here = stack.pop()
        yield here
        stack.extend(parts_of(here))


def last_name(expr: Expr) -> str:
    """The name that an expression ends in: `c` of `c` and of `a.b.c`; "" of anything else."""
    return expr.name if isinstance(expr, Attr) else expr.id if isinstance(expr, Name) else ""
