"""Which calls are made at the same time as others, and gathered afterwards; and which one after the other in a loop."""

from __future__ import annotations

from slslint.app.callgraph import CallGraph
from slslint.app.place import Place
from slslint.app.site import Site
from slslint.facts import Attr, Call, Expr, Name, walk

_GATHERING = frozenset({"Promise.all", "Promise.allSettled", "asyncio.gather", "asyncio.wait", "asyncio.as_completed"})
"""Called with promises or coroutines, these wait for all of them."""

_STARTING = frozenset({"submit", "Thread", "Process", "run_in_executor", "to_thread", "create_task", "ensure_future",
                       "apply_async", "map_async", "starmap", "imap", "imap_unordered", "start_soon"})  # fmt: skip
"""Last names of what runs a function beside the one that calls it."""

_POOLS = ("Executor().map", "Pool().map", "p-map", "pMap", "bluebird.map", "async.map", "async.each", "async.parallel")
"""Ends, or whole names, of what does so for each element and waits for all."""

_ADDING = frozenset({"append", "push", "add", "unshift"})

_DEEPEST = 5


def in_parallel(graph: CallGraph, site: Site) -> bool:
    """Whether a call runs at the same time as others of its kind: in a pool of threads, under `Promise.all`."""
    return _in_parallel(graph, site.place, site.call, _DEEPEST)


def _in_parallel(graph: CallGraph, place: Place, call: Call, left: int) -> bool:
    if _is_gathered(graph, place, call):
        return True
    for edge in graph.callers(place) if left else ():
        if edge.site is not None and edge.source is not place:
            name = edge.site.dotted or edge.site.title
            if name.rpartition(".")[2] in _STARTING or name.endswith(_POOLS):
                return True
            if _in_parallel(graph, edge.source, edge.site.call, left - 1):
                return True
    return False


def _is_gathered(graph: CallGraph, place: Place, call: Call) -> bool:
    """Whether the promise that a call gives, or the array of them, is one of those that are waited for together."""
    gathering = [each for each in graph.calls(place) if each.dotted in _GATHERING]
    if not gathering:
        return False
    names = set(_holding(place, call))
    for each in gathering:
        for argument in each.call.args:
            for part in walk(argument.value):
                if part is call or (isinstance(part, Name) and part.id in names):
                    return True
    return False


def _holding(place: Place, call: Call) -> list[str]:
    """The variables that a call's promise is put into."""
    found = [
        assign.target.id
        for assign in place.function.assigns
        if isinstance(assign.target, Name) and _holds(assign.value, call)
    ]
    for each in place.function.calls:
        match each.callee:
            case Attr(Name(name), method) if method in _ADDING and any(_holds(a.value, call) for a in each.args):
                found.append(name)
            case _:
                pass
    return found


def _holds(expr: Expr, call: Call) -> bool:
    # What was awaited on the way is a value already.
    return not call.awaited and any(part is call for part in walk(expr))


def in_loop(graph: CallGraph, site: Site) -> bool:
    """Whether a call is made again and again by one invocation: in a loop, or by a function that is called in one."""
    return _in_loop(graph, site.place, site.call, _DEEPEST)


def _in_loop(graph: CallGraph, place: Place, call: Call, left: int) -> bool:
    if loop_around(place, call) is not None:
        return True
    if not left or place is graph.code.handler:
        return False
    edges = [edge for edge in graph.callers(place) if edge.site is not None and edge.source is not place]
    return bool(edges) and all(
        edge.site is not None and (_elementwise(edge.site) or _in_loop(graph, edge.source, edge.site.call, left - 1))
        for edge in edges
    )


def is_repeated(site: Site) -> bool:
    """Whether the function around a call makes it, or what it hands to the call, run again and again."""
    return _elementwise(site) or loop_around(site.place, site.call) is not None


def loop_around(place: Place, call: Call) -> int | None:
    """The innermost loop that a call stands in, as the index of its block."""
    block = call.block
    while block:
        if place.function.blocks[block].kind == "loop":
            return block
        block = place.function.blocks[block].parent
    return None


def _elementwise(site: Site) -> bool:
    callee = site.call.callee
    return isinstance(callee, Attr) and callee.name in ("forEach", "map", "flatMap", "reduce")
