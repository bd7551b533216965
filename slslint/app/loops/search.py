"""Which ways through the graph come back to where they began, and run on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from slslint.app.application import App
from slslint.app.graph.edges import Edge, Verb
from slslint.app.graph.matching import may_pass
from slslint.app.loops.bounds import Bound
from slslint.app.loops.certainty import surely_passes
from slslint.app.loops.content import Slot, said, slot
from slslint.app.loops.cycles import Hop, cycles, hops, is_recursion
from slslint.app.loops.loop import Loop, detection_is_off
from slslint.app.loops.rounds import Open, Passage, Value, passage
from slslint.app.loops.ways import ways
from slslint.app.symbols import Constant, EventPart, Symbol, parts_of_symbol
from slslint.finding import Confidence
from slslint.model import Function, Source
from slslint.value import Known


def search(app: App) -> Iterator[Loop]:
    """The loops of an application; see `loops`."""

    def passes(written: Edge, further: Edge) -> bool:
        return may_pass(app, written, further) and surely_passes(app, written, further)

    found = [hop for hop in hops(app.graph, passes) if _leads_on(hop)]
    if not found:
        return
    functions = {function.id: function for function in app.functions}
    ways_of = cache(ways)

    @cache
    def between(arrival: Hop, departure: Hop) -> Passage:
        return passage(ways_of(departure.edges[0]), arrival, _from(arrival))

    def weak(hop: Hop) -> bool:
        function = functions.get(hop.source.id)
        low = any(edge.confidence is Confidence.LOW for edge in hop.edges)
        return low or hop.after_failure or (function is not None and detection_is_off(function))

    def runs_on(arrival: Hop, departure: Hop) -> bool:
        return not weak(arrival) and not weak(departure) and between(arrival, departure).open is Open.ALWAYS

    def may_run_on(arrival: Hop, departure: Hop) -> bool:
        return between(arrival, departure).open is not Open.NOT

    said_of = set[Hop]()
    for follows in (runs_on, may_run_on):
        for cycle, members in cycles(found, follows):
            if said_of.isdisjoint(members):
                said_of.update(members)
                passages = [
                    passage(ways_of(hop.edges[0]), cycle[index - 1], _before(cycle, index))
                    for index, hop in enumerate(cycle)
                ]
                if all(each.open is not Open.NOT for each in passages):
                    yield _loop(app, functions, cycle, _bound(cycle, passages))


def _leads_on(hop: Hop) -> bool:
    """Whether what goes this way is new, and not a function's code that only invokes that function."""
    first = hop.edges[0]
    return not is_recursion(first) and _adds(first) and _asks(hop)


def _adds(edge: Edge) -> bool:
    """Whether it does not only take something away, which comes to an end."""
    return edge.call is None or not edge.call.operation.lower().startswith("delete")


def _asks(hop: Hop) -> bool:
    """Whether a request of a GraphQL API asks for the field that leads on: no other one would."""
    trigger, site = hop.edges[-1].trigger, hop.edges[0].site
    if trigger is None or site is None or trigger.source_kind is not Source.GRAPHQL_API:
        return True
    if not isinstance(trigger.route, Known):
        return False
    said = (part.value for part in parts_of_symbol(*site.argument_symbols()) if isinstance(part, Constant))
    return any(isinstance(text, str) and trigger.route.value.path in text for text in said)


_BESIDE = frozenset({"putobjecttagging", "putobjectacl", "restoreobject"})
"""Operations on what is there already, which notifications tell apart from new objects."""


def returns(edge: Edge) -> Iterator[tuple[Edge, Bound | None]]:
    """The edge, if it is a write to where the event came from that may lead to the next one, and what ends that."""
    if edge.verb is not Verb.WRITES or not _adds(edge) or edge.call is None or edge.call.operation.lower() in _BESIDE:
        return
    back = Edge(edge.target, edge.source, Verb.TRIGGERS, edge.at, ())
    hop = Hop((edge, back), edge.when)
    found = passage(ways(edge), hop, _from(hop))
    if found.open is not Open.NOT:
        yield edge, found.bound


def _from(arrival: Hop) -> Value:
    return lambda which, name: said(arrival.edges[0], which, name)


def _before(cycle: Sequence[Hop], position: int) -> Value:
    """What an event says that arrives at that position of a cycle: what is passed on was said earlier in it."""

    def value(which: Slot, name: str) -> Symbol:
        found: Symbol = EventPart()
        for back in range(1, len(cycle) + 1):
            found = said(cycle[position - back].edges[0], which, name)
            if not isinstance(found, EventPart):
                break
            arrival = cycle[(position - back - 1) % len(cycle)]
            which, name = slot(found.path, arrival.is_direct)
        return found

    return value


def _bound(cycle: Sequence[Hop], passages: Sequence[Passage]) -> Bound | None:
    """The first thing that ends a loop."""
    on_the_way = (each.bound for each in passages if each.bound is not None)
    return next(on_the_way, None) or _only_failures(cycle)


def _only_failures(cycle: Sequence[Hop]) -> Bound | None:
    failing = next((edge for hop in cycle for edge in hop.edges if edge.verb is Verb.FAILS_TO), None)
    if failing is None:
        return None
    return Bound(f"only what fails in `{failing.source.title}` comes round", failing.at)


def _loop(app: App, functions: dict[str, Function], cycle: tuple[Hop, ...], bound: Bound | None) -> Loop:
    inside = {edge.target.id for hop in cycle for edge in hop.edges}
    order = {function.id: number for number, function in enumerate(app.functions)}

    def first(hop: Hop) -> tuple[bool, int]:
        entered = any(edge.source.id not in inside for edge in app.graph.entering(hop.source.id))
        return not entered, order.get(hop.source.id, len(order))

    start = min(range(len(cycle)), key=lambda index: first(cycle[index]))
    turned = (*cycle[start:], *cycle[:start])
    on_the_way = dict.fromkeys(hop.source.id for hop in turned)
    return Loop(turned, tuple(functions[id] for id in on_the_way if id in functions), bound)
