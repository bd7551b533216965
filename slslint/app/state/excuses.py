"""What makes it all right to keep something between invocations, though it looks like data of one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slslint.app.callgraph import CallGraph, Edge
from slslint.app.code import Code, Use
from slslint.app.guards import conditions, root
from slslint.app.place import Place
from slslint.app.runtime.containers import GROWING, SHRINKING, STORING, changed_by
from slslint.app.state.held import Held
from slslint.app.state.held_uses import reads
from slslint.app.symbols import LocalFunction
from slslint.facts import Assign, Call, Compare, Item, Name, Sequence, Table, walk

_CACHE = r"(?i)cache|memo"
"""Names that say that a dict is a cache, which may lose what it holds."""

_BREAKER = r"(?i)circuit|breaker"
"""Names of what knows whether another service is well: each instance may find that out for itself."""

_ORDERS = frozenset({"<", "<=", ">", ">="})


def is_cache(name: str) -> bool:
    """Whether a name says that it is a cache."""
    return re.search(_CACHE, name) is not None


def is_of_breaker(thing: Held) -> bool:
    """Whether a thing belongs to a circuit breaker, by its name, its class or its file."""
    return (
        re.search(_BREAKER, thing.name) is not None
        or re.search(_BREAKER, thing.home.path.rpartition("/")[2]) is not None
    )


def fills_cache(read: Use) -> bool:
    """Whether a read only decides whether a cache takes something: `if hits[key] > 3: cache[key] = found`."""
    function = read.place.function
    for index, block in enumerate(function.blocks):
        if block.test is None or not any(isinstance(each, Name) and each.at == read.at for each in walk(block.test)):
            continue
        filled = [root(each.target) for each in function.assigns if function.within(each.block, index)]
        for call in function.calls:
            changed = changed_by(call, GROWING | STORING)
            if changed is not None and function.within(call.block, index):
                filled.append(root(changed))
        leaves = any(function.within(each.block, index) for each in function.exits)
        return bool(filled) and not leaves and all(each is not None and is_cache(each.id) for each in filled)
    return False


def is_emptied_elsewhere(code: Code, thing: Held) -> bool:
    """Whether it is handed to a function that takes things out of it: `while items: send(items.pop())`."""
    for use in thing.uses:
        for call in use.place.function.calls if use.how == "read" else ():
            for index, argument in enumerate(call.args):
                if reads(argument.value, thing) and _takes_out(code, code.resolve(call.callee, use.place), index):
                    return True
    return False


def _takes_out(code: Code, called: object, index: int) -> bool:
    place = code.place(called.path, called.name) if isinstance(called, LocalFunction) else None
    if place is None or index >= len(place.function.parameters):
        return False
    name = place.function.parameters[index].name
    shrunk = (changed_by(each, SHRINKING) for each in place.function.calls)
    return any(isinstance(each, Name) and each.id == name for each in shrunk)


def is_emptied_in_turn(thing: Held) -> bool:
    """Whether a loop over all parts empties each: `for name, rows in waiting.items(): ...; waiting[name] = []`."""
    for place in {use.place for use in thing.uses}:
        function = place.function
        for index, block in enumerate(function.blocks):
            if block.kind != "loop" or block.test is None or not any(reads(each, thing) for each in walk(block.test)):
                continue
            inside = [each for each in function.assigns if function.within(each.block, index)]
            if any(_is_emptied(each, thing) for each in inside):
                return True
            parts = {each.target.id for each in inside if each.op == "for" and isinstance(each.target, Name)}
            shrunk = (changed_by(each, SHRINKING) for each in function.calls if function.within(each.block, index))
            if any(isinstance(each, Name) and each.id in parts for each in shrunk):
                return True
    return False


def _is_emptied(assign: Assign, thing: Held) -> bool:
    match assign:
        case Assign(Item(base, _), Sequence((), _) | Table(()), _, _, "="):
            return reads(base, thing)
        case _:
            return False


def asked_before(graph: CallGraph, thing: Held, place: Place) -> bool:
    """Whether all that lead there asked before what is there: `if (!settings.has(id)) await settings.load(id)`."""
    asking = {use.place for use in thing.uses if use.how == "read" and not _asks_how_many(use.place)}
    seen, todo = {place}, [place]
    while todo:
        edges = graph.callers(todo.pop())
        if not edges:
            return False
        for edge in edges:
            if any(each in asking for each in _asked(graph, edge)):
                continue
            if edge.source in seen:
                return False
            seen.add(edge.source)
            todo.append(edge.source)
    return True


def _asks_how_many(place: Place) -> bool:
    values = [leave.value for leave in place.function.exits if leave.value is not None]
    return any(isinstance(part, Compare) and part.op in _ORDERS for value in values for part in walk(value))


def _asked(graph: CallGraph, edge: Edge) -> Iterator[Place]:
    """The functions that the conditions around a call ask."""
    tests = [test for _, test, _ in conditions(edge.source.function, edge.block)]
    calls = [part for test in tests for part in walk(test) if isinstance(part, Call)]
    for each in graph.leads_to(edge.source):
        if each.site is not None and any(call.at.holds(each.site.call.at) for call in calls):
            yield each.target
