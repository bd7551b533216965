"""Text that is put together from parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tree_sitter import Node

from slslint.facts import Expr, Join, Literal, Other


def is_text(expr: Expr) -> bool:
    """Whether the expression is surely text."""
    return isinstance(expr, Join) or (isinstance(expr, Literal) and isinstance(expr.value, str))


def join(parts: Iterable[Expr]) -> Expr:
    """The parts one after the other; a Literal when they are all written out."""
    found: list[Expr] = []
    for part in parts:
        for each in part.parts if isinstance(part, Join) else (part,):
            last = found[-1] if found else None
            if (
                isinstance(each, Literal)
                and isinstance(last, Literal)
                and isinstance(each.value, str)
                and isinstance(last.value, str)
            ):
                found[-1] = Literal(last.value + each.value)
            elif not (isinstance(each, Literal) and each.value == ""):
                found.append(each)
    if not found:
        return Literal("")
    if len(found) == 1 and is_text(found[0]):
        return found[0]
    return Join(tuple(found))


def folded(
    first: Expr,
    operands: Iterable[tuple[Node, str, Expr]],
    combined: Callable[[Node, Expr, str, Expr], Expr],
) -> Expr:
    """What `first + second - third` comes to, from the left: a text to which something is added is put together.

    `operands` are the second and later ones, each with its operation and operator; `combined` says what every other
    operator makes of its two sides.
    """
    result = first
    parts: list[Expr] = []
    for node, operator, right in operands:
        if operator == "+" and (parts or is_text(result) or is_text(right)):
            parts = parts or [result]
            parts.append(right)
            continue
        if parts:
            result = join(parts)
            parts = []
        result = combined(node, result, operator, right)
    return join(parts) if parts else result


def shown(value: Expr, plain: bool) -> Expr:
    """What a value looks like inside a text; `plain` is without conversion, padding or precision."""
    if not plain or (isinstance(value, Literal) and isinstance(value.value, bytes)):
        return Other((value,))
    return Literal(str(value.value)) if isinstance(value, Literal) else value
