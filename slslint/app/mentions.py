"""Which names a file mentions, in whatever function of it."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.facts import Assign, Attr, Expr, Facts, Function, Name, Table, parts_of, walk


def mentioned(file: Facts) -> set[str]:
    """Every name and attribute that an expression of the file asks for; what is only exported is not asked for."""
    names: set[str] = set()
    for function in file.functions.values():
        aside = {id(expr) for assign in function.assigns for expr in _given_only(assign, function)}
        names.update(_name(expr) for expr, _ in function.expressions if id(expr) not in aside)
        names.update(_name(part) for decorator in function.decorators for part in walk(decorator))
    for found in file.classes.values():
        for expr in (*found.bases, *found.decorators, *(assign.value for assign in found.assigns)):
            names.update(_name(part) for part in walk(expr))
    return names


def exported(file: Facts) -> set[str]:
    """Every name that what the file exports is made of."""
    return {_name(part) for values in (file.exports or {}).values() for value in values for part in walk(value)}


def _given_only(assign: Assign, function: Function) -> Iterator[Expr]:
    """The parts of an assignment that only name something: what is assigned to, and what `exports` gets."""
    target = assign.target
    if isinstance(target, Name):
        yield target
    holder = target.base if isinstance(target, Attr) else target
    if not function.name and isinstance(holder, Name) and holder.id == "exports":
        yield from (target, assign.value, *(parts_of(assign.value) if isinstance(assign.value, Table) else ()))


def _name(expr: Expr) -> str:
    return expr.id if isinstance(expr, Name) else expr.name if isinstance(expr, Attr) else ""
