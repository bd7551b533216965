"""When a statement runs: under which conditions, and whether only once in the life of an instance."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import TypeAlias

from slslint.app.callgraph import CallGraph, Edge
from slslint.app.code import Code
from slslint.app.flow import block_at
from slslint.app.place import Place
from slslint.app.runtime.containers import GROWING, STORING, changed_by
from slslint.app.site import Site
from slslint.app.symbols import LocalFunction, dotted, options
from slslint.facts import Assign, Attr, Block, Call, Compare, Expr, Function, Item, Literal, Logic, Name, OneOf, walk

_CACHING = r"(?i)cache|memoi[sz]e|singleton|once\b"
"""Names of decorators that keep what a function returned."""

GLOBAL_OBJECTS = frozenset({"global", "globalThis"})
"""What holds the global variables of a process, where a language has such an object."""

_NOTHING = frozenset({None, "", 0, "undefined"})
"""What a condition compares with to ask whether something is there."""

_MISSES = {"KeyError", "NameError", "AttributeError"}
"""What is caught where a value is built because it was not there yet."""


_Lasts: TypeAlias = Callable[[Place], bool]
"""Whether what a function makes when it is called is made once and kept, though an invocation calls it."""


def conditions(function: Function, block: int) -> Iterator[tuple[Block, Expr, bool]]:
    """What was decided before `block` runs, innermost first: the deciding block, a test, and whether it holds there.

    `if a and not b:` gives (a, True) and (b, False); `or` is taken apart only where it does not hold.
    """
    for each in function.enclosing(block):
        if each.test is not None and each.kind in ("if", "case", "else"):
            for test, holds in atoms(each.test, each.kind != "else"):
                yield each, test, holds


def atoms(test: Expr, holds: bool) -> Iterator[tuple[Expr, bool]]:
    """The tests that one is made of, if it holds, or if it does not, each with whether it holds then."""
    match test:
        case Logic("not", (operand,)):
            yield from atoms(operand, not holds)
        case Logic("and" | "or" as op, operands) if (op == "and") == holds:
            for operand in operands:
                yield from atoms(operand, holds)
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


def outlives(code: Code, name: str, place: Place, lasts: _Lasts | None = None) -> bool:
    """Whether a name stands for something that is still there at the next invocation.

    A module's own binding, what is global to the process, a variable of a function that runs only at start, and `self`.
    With `lasts`, a variable of a function around, too, for which that holds.
    An object that is built anew on each invocation has a `self` too; giving it the benefit of the doubt costs a miss.
    """
    function, functions = place.function, place.facts.functions
    while function.name:
        if name == function.receiver:
            return True
        if name in function.bound or any(parameter.name == name for parameter in function.parameters):
            around = code.place(place.path, function.name)
            if function is place.function or around is None:
                return False
            return not code.per_invocation(around) or (lasts is not None and lasts(around))
        function = functions[function.outer]
    if name in GLOBAL_OBJECTS or name in place.facts.classes or name in functions:
        return True
    return any(isinstance(each.target, Name) and each.target.id == name for each in function.assigns) or any(
        each.binds == name for each in function.imports
    )


def lazily(code: Code, place: Place, block: int, lasts: _Lasts | None = None) -> bool:
    """Whether `block` runs only while something that outlives the invocation is not there yet, and puts it there.

    `if client is None: client = ...` of a global, `if key not in clients: clients[key] = ...`, an attribute of
    `self`, an early return of what is there, `except KeyError`, a refresh after some time.
    """
    function = place.function
    around = [each for each in (block, *_around(function, block)) if _keeps(code, place, each, lasts)]
    if not around:
        return False
    for _, test, _ in conditions(function, block):
        if any(_kept(code, part, place, lasts) for part in walk(test)):
            return True
    # What is kept is made anew where it failed, or made where it is missing.
    return any(function.blocks[each].kind == "except" for each in around) or any(
        each.kind == "except"
        and each.test is not None
        and any(isinstance(part, Name) and part.id in _MISSES for part in walk(each.test))
        for each in function.enclosing(block)
    )


def falls_back(code: Code, place: Place, assign: Assign) -> bool:
    """Whether something that outlives the invocation is kept if it is there: `client = client or make()`."""
    name = root(assign.target)
    match assign.value:
        case Logic("or", (first, *_)):
            kept = [each for each in (root(first),) if each is not None]
        case OneOf(_, test) if test is not None and not _compares(test):
            kept = [part for part in walk(test) if isinstance(part, Name)]
        case _:
            return False
    return name is not None and outlives(code, name.id, place) and any(each.id == name.id for each in kept)


def _compares(test: Expr) -> bool:
    """Whether a condition asks which value something has, not whether it is there."""
    return any(
        isinstance(part, Compare)
        and any(isinstance(side, Literal) and side.value not in _NOTHING for side in (part.left, part.right))
        for part in walk(test)
    )


def _around(function: Function, block: int) -> Iterator[int]:
    while block:
        block = function.blocks[block].parent
        if block:
            yield block


def _keeps(code: Code, place: Place, block: int, lasts: _Lasts | None) -> bool:
    """Whether something is assigned inside `block`, or put into something, that outlives the invocation."""
    for here, at in _inside(code, place):
        for each in here.function.assigns:
            if place.function.within(each.block if here is place else at, block):
                name = root(each.target)
                if name is not None and outlives(code, name.id, here, lasts):
                    return True
        for call in here.function.calls:
            if place.function.within(call.block if here is place else at, block):
                name = root(changed_by(call, GROWING | STORING) or Literal(None))
                if _globals(call) or (name is not None and outlives(code, name.id, here, lasts)):
                    return True
    return False


def _inside(code: Code, place: Place) -> Iterator[tuple[Place, int]]:
    """The place, and the functions that are written inside it, such as callbacks, with the block they stand in."""
    yield place, 0
    children = code.sources.scopes(place.path).children
    todo: list[tuple[str, int | None]] = [(name, None) for name in children.get(place.name, ())] if place.name else []
    while todo:
        name, at = todo.pop()
        inner = code.place(place.path, name)
        if inner is not None:
            block = block_at(place.function, inner.function.whole) if at is None else at
            yield inner, block
            todo += [(each, block) for each in children.get(name, ())]


def _globals(call: Call) -> bool:
    return isinstance(call.callee, Name) and call.callee.id in ("globals", "setattr")


def _kept(code: Code, expr: Expr, place: Place, lasts: _Lasts | None) -> bool:
    """Whether an expression inside a test reads something that outlives the invocation, straight or by a local name."""
    if isinstance(expr, Call):
        return _globals(expr) or (isinstance(expr.callee, Name) and expr.callee.id == "hasattr")
    if not isinstance(expr, Name):
        return False
    if outlives(code, expr.id, place, lasts):
        return expr.id in _changed_names(code, place)
    for each in place.function.assigns:
        if isinstance(each.target, Name) and each.target.id == expr.id:
            source = root(each.value)
            if source is not None and source.id != expr.id and outlives(code, source.id, place, lasts):
                return True
    return False


def _changed_names(code: Code, place: Place) -> Iterator[str]:
    for here, _ in _inside(code, place):
        changed: list[Expr] = [each.target for each in here.function.assigns]
        changed += [of for call in here.function.calls if (of := changed_by(call, GROWING | STORING)) is not None]
        yield from (name.id for each in changed if (name := root(each)) is not None)


def cached(code: Code, place: Place) -> bool:
    """Whether a decorator keeps what the function returned."""
    return any(_keeps_results(code, decorator, place) for decorator in place.function.decorators)


def _keeps_results(code: Code, callee: Expr, place: Place) -> bool:
    name = dotted(code.resolve(callee, place)) or _written(callee)
    return name is not None and re.search(_CACHING, name) is not None


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
    for expr, _ in place.function.expressions:
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


def once(graph: CallGraph, site: Site) -> bool:
    """Whether a call happens at most once in an instance's life (or once per key), though an invocation gets there
    first: guarded there, kept by a decorator, or so at every call that leads there.
    """
    return _once(graph, site.place, site.call.block, site.call, frozenset())


def _once(graph: CallGraph, place: Place, block: int, call: Call | None, seen: frozenset[Place]) -> bool:
    code = graph.code

    @cache
    def lasts(around: Place) -> bool:
        return around not in seen and _once(graph, around, 0, None, seen | {place})

    if not code.per_invocation(place) or lazily(code, place, block, lasts) or cached(code, place) or _singleton(place):
        return True
    if call is not None and (_replaces_nothing(code, place, call) or _returned_before(code, place, call)):
        return True
    edges = graph.callers(place)
    if place in seen or place is code.handler or not edges:
        return False
    if place in code.reach.registered and any(edge.site is None or _routed(edge.site) for edge in edges):
        # What is registered runs whenever a request asks for it.
        return False
    return all(
        _kept_by(graph, edge)
        or _fills(code, edge)
        or _once(graph, edge.source, edge.block, None if edge.site is None else edge.site.call, seen | {place})
        for edge in edges
    )


def _kept_by(graph: CallGraph, edge: Edge) -> bool:
    """Whether a function is given to what keeps its result: `memoize(make)`."""
    if edge.site is None or LocalFunction(edge.target.path, edge.target.name) in options(edge.site.symbol):
        return False
    return _keeps_results(graph.code, edge.site.call.callee, edge.source)


def _fills(code: Code, edge: Edge) -> bool:
    """Whether a function that keeps what it makes is called only while that is not there: `if (!pool) connect()`."""
    here, there = edge.source, edge.target
    asked = {
        part.id
        for _, test, _ in conditions(here.function, edge.block)
        for part in walk(test)
        if isinstance(part, Name) and here.path == there.path and outlives(code, part.id, here)
    }
    return any(name in asked and outlives(code, name, there) for name in _changed_names(code, there))


def _routed(site: Site) -> bool:
    """Whether a function is registered for a path: `app.get("/orders", list_orders)`."""
    first = site.call.positional(0)
    return isinstance(first, Literal) and isinstance(first.value, str) and first.value.startswith("/")


def _replaces_nothing(code: Code, place: Place, call: Call) -> bool:
    """Whether a call is made only if what it would be kept in is empty: `client = client or make()`."""
    return any(
        falls_back(code, place, assign) and any(part is call for part in walk(assign.value))
        for assign in place.function.assigns
        if isinstance(assign.value, Logic | OneOf)
    )


def _returned_before(code: Code, place: Place, call: Call) -> bool:
    """Whether the function returns, further up, what it keeps: `if pool: try: ...; return pool`, then makes it."""
    kept = {
        name.id
        for leave in place.function.exits
        if leave.kind == "return" and leave.value is not None and leave.at < call.at
        if (name := root(leave.value)) is not None and outlives(code, name.id, place)
    }
    return not kept.isdisjoint(_changed_names(code, place))


def _singleton(place: Place) -> bool:
    owner = place.facts.classes.get(place.function.owner or "")
    return owner is not None and "__new__" in owner.methods
