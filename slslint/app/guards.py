"""When a statement runs: under which conditions, and whether only once in the life of an instance."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slslint.app.callgraph import CallGraph
from slslint.app.code import Code
from slslint.app.place import Place, expressions
from slslint.app.symbols import dotted
from slslint.facts import Attr, Block, Call, Compare, Expr, Function, Item, Literal, Logic, Name, OneOf, walk

_CACHING = r"(?i)cache|memoi[sz]e|singleton|once\b"
"""Names of decorators that keep what a function returned."""

_MISSES = {"KeyError", "NameError", "AttributeError"}
"""What is caught where a value is built because it was not there yet."""


def conditions(function: Function, block: int) -> Iterator[tuple[Block, Expr, bool]]:
    """What was decided before `block` runs, innermost first: the deciding block, a test, and whether it holds there.

    `if a and not b:` gives (a, True) and (b, False); `or` is taken apart only where it does not hold.
    """
    for each in function.enclosing(block):
        if each.test is not None and each.kind in ("if", "case", "else"):
            for test, holds in _atoms(each.test, each.kind != "else"):
                yield each, test, holds


def _atoms(test: Expr, holds: bool) -> Iterator[tuple[Expr, bool]]:
    match test:
        case Logic("not", (operand,)):
            yield from _atoms(operand, not holds)
        case Logic("and" | "or" as op, operands) if (op == "and") == holds:
            for operand in operands:
                yield from _atoms(operand, holds)
        case _:
            yield test, holds


def root(expr: Expr) -> Name | None:
    """The name that an expression starts from: `a` in `a.b[c].d`, also through method calls on it."""
    while True:
        match expr:
            case Name():
                return expr
            case Attr(base) | Item(base):
                expr = base
            case Call(callee) if isinstance(callee, Attr):
                expr = callee.base
            case _:
                return None


def outlives(name: str, place: Place) -> bool:
    """Whether a name stands for something that is still there at the next invocation: a module's own binding, `self`.

    An object that is built anew on each invocation has a `self` too; giving it the benefit of the doubt costs a miss.
    """
    function, module = place.function, place.facts.module
    if name == function.receiver:
        return True
    if name in function.outer_names:
        return True
    if name in function.bound or any(parameter.name == name for parameter in function.parameters):
        return False
    return any(isinstance(each.target, Name) and each.target.id == name for each in module.assigns) or (
        name in place.facts.classes or name in place.facts.functions or any(i.binds == name for i in module.imports)
    )


def lazily(place: Place, block: int) -> bool:
    """Whether `block` runs only while something that outlives the invocation is not there yet, and puts it there.

    `if client is None: client = ...` of a global, `if key not in clients: clients[key] = ...`, an attribute of
    `self`, an early return of what is there, `except KeyError`, a refresh after some time.
    """
    function = place.function
    if not any(_keeps(place, each) for each in (block, *_around(function, block))):
        return False
    for _, test, _ in conditions(function, block):
        if any(_kept(part, place) for part in walk(test)):
            return True
    # What is kept is made anew where it failed, or made where it is missing.
    return any(
        function.blocks[each].kind == "except" and _keeps(place, each) for each in (block, *_around(function, block))
    ) or any(
        each.kind == "except"
        and each.test is not None
        and any(isinstance(part, Name) and part.id in _MISSES for part in walk(each.test))
        for each in function.enclosing(block)
    )


def _around(function: Function, block: int) -> Iterator[int]:
    while block:
        block = function.blocks[block].parent
        if block:
            yield block


def _keeps(place: Place, block: int) -> bool:
    """Whether something is assigned inside `block` that outlives the invocation."""
    function = place.function
    for each in function.assigns:
        name = root(each.target)
        if name is not None and function.within(each.block, block) and outlives(name.id, place):
            # A plain name is local unless it is declared otherwise; its items and attributes are not.
            if not isinstance(each.target, Name) or each.target.id in function.outer_names or not function.name:
                return True
    return any(_globals(call) for call in function.calls if function.within(call.block, block))


def _globals(call: Call) -> bool:
    return isinstance(call.callee, Name) and call.callee.id in ("globals", "setattr")


def _kept(expr: Expr, place: Place) -> bool:
    """Whether an expression inside a test reads something that outlives the invocation, straight or by a local name."""
    if isinstance(expr, Call):
        return _globals(expr) or (isinstance(expr.callee, Name) and expr.callee.id == "hasattr")
    if not isinstance(expr, Name):
        return False
    if outlives(expr.id, place):
        return any((name := root(each.target)) is not None and name.id == expr.id for each in place.function.assigns)
    for each in place.function.assigns:
        if isinstance(each.target, Name) and each.target.id == expr.id:
            source = root(each.value)
            if source is not None and source.id != expr.id and outlives(source.id, place):
                return True
    return False


def cached(code: Code, place: Place) -> bool:
    """Whether a decorator keeps what the function returned."""
    for decorator in place.function.decorators:
        name = dotted(code.resolve(decorator, place)) or _written(decorator)
        if name is not None and re.search(_CACHING, name):
            return True
    return False


def _written(expr: Expr) -> str | None:
    match expr:
        case Name(id):
            return id
        case Attr(_, name):
            return name
        case Call(callee):
            return _written(callee)
        case _:
            return None


def stands_in(place: Place, call: Call) -> bool:
    """Whether a call only replaces something that may be there already.

    `client or boto3.client("s3")`, `given if given else make()`, and `if client is None:` of a parameter.
    """
    for expr, _ in expressions(place.function):
        match expr:
            case Logic("or", (first, *rest)) if not isinstance(first, Call) and call in rest:
                return True
            case OneOf(choices, test) if test is not None and call in choices:
                named = {part.id for part in walk(test) if isinstance(part, Name)}
                if any(isinstance(each, Name) and each.id in named for each in choices):
                    return True
            case _:
                pass
    parameters = {parameter.name for parameter in place.function.parameters}
    return any(
        isinstance(part, Name) and part.id in parameters and _asks_whether_there(test, holds)
        for _, test, holds in conditions(place.function, call.block)
        for part in walk(test)
    )


def _asks_whether_there(test: Expr, holds: bool) -> bool:
    match test:
        case Name():
            return not holds
        case Compare(Name(), "is" | "==", Literal(None)):
            return holds
        case Compare(Name(), "is not" | "!=", Literal(None)):
            return not holds
        case _:
            return False


def once(graph: CallGraph, place: Place, block: int) -> bool:
    """Whether what stands in `block` happens at most once in an instance's life (or once per key), though an
    invocation gets there first: guarded there, kept by a decorator, or so at every call that leads there.
    """
    return _once(graph, place, block, frozenset())


def _once(graph: CallGraph, place: Place, block: int, seen: frozenset[Place]) -> bool:
    code = graph.code
    if not code.per_invocation(place) or lazily(place, block) or cached(code, place) or _singleton(place):
        return True
    calls = graph.callers(place)
    if place in seen or not calls:
        return False
    if place in code.reach.registered and all(edge.site is None for edge in calls):
        # What only a decorator registers runs whenever a request asks for it.
        return False
    return all(_once(graph, edge.source, edge.block, seen | {place}) for edge in calls)


def _singleton(place: Place) -> bool:
    owner = place.facts.classes.get(place.function.owner or "")
    return owner is not None and "__new__" in owner.methods
