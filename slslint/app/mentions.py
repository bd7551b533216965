"""Which names a file mentions, in whatever function of it."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.facts import Assign, Attr, Closure, Expr, Facts, Function, Name, Table, last_name, parts_of, walk


def mentioned(file: Facts) -> set[str]:
    """Every name and attribute that an expression of the file asks for; what is only exported is not asked for."""
    names: set[str] = set()
    for function in file.functions.values():
        aside = {id(expr) for assign in function.assigns for expr in only_named(assign, function)}
        names.update(last_name(expr) for expr, _ in function.expressions if id(expr) not in aside)
        names.update(last_name(part) for decorator in function.decorators for part in walk(decorator))
    for found in file.classes.values():
        for expr in (*found.bases, *found.decorators, *(assign.value for assign in found.assigns)):
            names.update(last_name(part) for part in walk(expr))
    return names


def everything(file: Facts) -> Iterator[Expr]:
    """Every expression of the file, what its classes and exports are made of included."""
    for function in file.functions.values():
        yield from (expr for expr, _ in function.expressions)
    for found in file.classes.values():
        for expr in (*found.bases, *found.decorators, *(assign.value for assign in found.assigns)):
            yield from walk(expr)
    for values in (file.exports or {}).values():
        for value in values:
            yield from walk(value)


def used_whole(file: Facts, name: str) -> bool:
    """Whether a module is used otherwise than for one of its names: passed on, asked by a key, exported."""
    expressions = list(everything(file))
    asked = {id(each.base) for each in expressions if isinstance(each, Attr)}
    return any(isinstance(each, Name) and each.id == name and id(each) not in asked for each in expressions)


def needed_to_load(file: Facts, name: str) -> bool:
    """Whether a class, or an annotation that is looked up, needs the name as soon as the file is loaded."""
    if file.language == "python" and name in file.annotated:
        return True
    return any(
        isinstance(part, Name) and part.id == name
        for found in file.classes.values()
        for expr in (*found.bases, *found.decorators, *(assign.value for assign in found.assigns))
        for part in walk(expr)
    )


def only_named(assign: Assign, function: Function) -> Iterator[Expr]:
    """The parts of an assignment that nobody asks for yet: what is assigned to, and functions that so get their name.

    What `exports` gets is for others to ask for.
    """
    target = assign.target
    holder = target.base if isinstance(target, Attr) else target
    if not function.name and isinstance(holder, Name) and holder.id == "exports":
        yield from (target, assign.value, *(parts_of(assign.value) if isinstance(assign.value, Table) else ()))
    elif isinstance(target, Name):
        yield target
        if isinstance(assign.value, Closure):
            yield assign.value
