"""Where events go round: each knot of functions and resources once, by its shortest cycle."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias, TypeVar

from slslint.app.graph.edges import Edge, Graph, Node, Verb
from slslint.model import Kind
from slslint.record import record
from slslint.value import When, agree

T = TypeVar("T", bound=Hashable)

ACTORS = frozenset({Kind.FUNCTION, Kind.WORKFLOW})
"""What makes something new of what it gets; everything else hands it on as it is, or not at all."""

_MOVING = tuple(verb for verb in Verb if verb is not Verb.READS)
"""What makes something else happen."""

_SEARCHED = 1_000_000
"""Steps that the search for the shortest cycle of one knot takes at most."""

_MOST_PAIRS = 2_000_000
"""Pairs of hops that are asked whether one follows the other; of more, only functions are told apart."""

MayPass: TypeAlias = Callable[[Edge, Edge], bool]
"""Whether what an edge brings along may go on by another one: what is written, and a filter further on."""


@record(eq=False, slots=False)
class Hop:
    """One way from a function or state machine to the next, or back to itself: a call, or a write and what it triggers.

    Of the `edges`, the first leaves the one and the last enters the other; those between lead from resource to
    resource. `when` is when all of them exist.
    """

    edges: tuple[Edge, ...]
    when: When

    @property
    def source(self) -> Node:
        return self.edges[0].source

    @property
    def target(self) -> Node:
        return self.edges[-1].target

    @property
    def is_direct(self) -> bool:
        """Whether what arrives is what was sent, and nothing around it."""
        return self.edges[-1].source.kind in ACTORS

    @cached_property
    def after_failure(self) -> bool:
        """Whether only what could not be processed goes this way."""
        return any(edge.verb is Verb.FAILS_TO for edge in self.edges)


def is_tangled(graph: Graph) -> bool:
    """Whether any nodes reach each other at all; code that invokes its own function is no tangle."""
    if any(edge.source is edge.target and not is_recursion(edge) for edge in graph.edges):
        return True
    return any(len(each) > 1 for each in _components(graph.nodes, lambda node: _next_nodes(graph, node)))


def is_recursion(edge: Edge) -> bool:
    """Whether a function's code invokes that function, with nothing between."""
    return edge.source is edge.target and edge.verb is Verb.INVOKES and edge.site is not None


def hops(graph: Graph, may_pass: MayPass) -> list[Hop]:
    """Every hop that may be part of a cycle, by the shortest way for each first and each last edge."""
    started = [
        first for node in graph.nodes.values() if node.kind in ACTORS for first in graph.leaving(node.id, *_MOVING)
    ]
    if not started:
        return []
    knots = {
        id: number
        for number, members in enumerate(_components(graph.nodes, lambda node: _next_nodes(graph, node)))
        for id in members
    }
    return [
        hop
        for first in started
        if knots[first.target.id] == knots[first.source.id]
        for hop in _hops_from(graph, first, may_pass, knots)
    ]


def _next_nodes(graph: Graph, node: str) -> list[str]:
    return [edge.target.id for edge in graph.leaving(node, *_MOVING)]


def _hops_from(graph: Graph, first: Edge, may_pass: MayPass, knots: Mapping[str, int]) -> Iterator[Hop]:
    queue = deque([Hop((first,), first.when)])
    seen = {first.target.id}
    while queue:
        here = queue.popleft()
        if here.target.kind in ACTORS:
            yield here
            continue
        for edge in graph.leaving(here.target.id, *_MOVING):
            known = edge.target.id in seen and edge.target.kind not in ACTORS
            if known or knots[edge.target.id] != knots[here.target.id]:
                continue
            when = here.when | edge.when
            if agree(when, when) and may_pass(first, edge):
                seen.add(edge.target.id)
                queue.append(Hop((*here.edges, edge), when))


def cycles(
    all_hops: Sequence[Hop], follows: Callable[[Hop, Hop], bool]
) -> Iterator[tuple[tuple[Hop, ...], Sequence[Hop]]]:
    """The shortest cycle of each knot of hops that lead to each other, with all hops of the knot.

    `follows` tells whether an event that arrives by the first hop may lead to the second one; both meet at a function.
    """
    leaving: dict[str, list[Hop]] = {}
    for hop in all_hops:
        leaving.setdefault(hop.source.id, []).append(hop)
    known: dict[Hop, list[Hop]] = {}

    def after(hop: Hop) -> list[Hop]:
        if hop not in known:
            further = leaving.get(hop.target.id, ())
            known[hop] = [each for each in further if agree(hop.when, each.when) and follows(hop, each)]
        return known[hop]

    order = {hop: number for number, hop in enumerate(all_hops)}
    pairs = sum(len(leaving.get(hop.target.id, ())) for hop in all_hops)
    knots = _components(all_hops, after) if pairs <= _MOST_PAIRS else _between(all_hops, leaving)
    for members in sorted((sorted(each, key=order.__getitem__) for each in knots), key=lambda each: order[each[0]]):
        if len(members) > 1 or members[0] in after(members[0]):
            found = _shortest(members, after)
            if found:
                yield found, members


def _between(all_hops: Sequence[Hop], leaving: Mapping[str, list[Hop]]) -> Iterator[list[Hop]]:
    """The hops between functions that reach each other, whatever follows what: those of one knot, or of several."""
    further = {id: list(dict.fromkeys(hop.target.id for hop in found)) for id, found in leaving.items()}
    number = {
        id: index
        for index, members in enumerate(_components(further, lambda id: further.get(id, [])))
        for id in members
    }
    found: dict[int, list[Hop]] = {}
    for hop in all_hops:
        if number[hop.source.id] == number.get(hop.target.id):
            found.setdefault(number[hop.source.id], []).append(hop)
    yield from found.values()


def _shortest(members: Sequence[Hop], after: Callable[[Hop], Sequence[Hop]]) -> tuple[Hop, ...]:
    """The shortest cycle among the hops of a knot; nothing when the conditions of each contradict each other.

    Short ones are looked for everywhere before long ones are anywhere. When that takes too long, any has to do.
    """
    inside = set(members)
    most, taken = 1, 0
    while True:
        best: tuple[Hop, ...] = ()
        for start in members:
            found, steps = _back_to(start, after, inside, len(best) or most)
            taken += steps
            if found and (not best or _length(found) < _length(best)):
                best = found
            if taken > _SEARCHED:
                return best or _back_to(members[0], after, inside, len(members))[0]
        if best or most >= len(members):
            return best
        most *= 2


def _length(cycle: Sequence[Hop]) -> tuple[int, int]:
    return len(cycle), sum(len(hop.edges) for hop in cycle)


def _back_to(
    start: Hop, after: Callable[[Hop], Sequence[Hop]], inside: set[Hop], most: int
) -> tuple[tuple[Hop, ...], int]:
    """The shortest way from a hop back to itself, of at most that many hops whose conditions agree, and its price."""
    came: dict[Hop, Hop] = {}
    level, steps = [start], 0
    for _ in range(most):
        further: list[Hop] = []
        for hop in level:
            for each in after(hop):
                steps += 1
                if each is start:
                    found = _traced(start, hop, came)
                    when = frozenset[tuple[str, bool]]().union(*(part.when for part in found))
                    if agree(when, when):
                        return found, steps
                elif each not in came and each in inside:
                    came[each] = hop
                    further.append(each)
        level = further
    return (), steps


def _traced(start: Hop, last: Hop, came: Mapping[Hop, Hop]) -> tuple[Hop, ...]:
    way = [last]
    while way[-1] is not start:
        way.append(came[way[-1]])
    return tuple(reversed(way))


def _components(vertices: Iterable[T], after: Callable[[T], Sequence[T]]) -> Iterator[list[T]]:
    """The strongly connected components (Tarjan's), in linear time and without recursion."""
    number: dict[T, int] = {}
    lowest: dict[T, int] = {}
    open_: list[T] = []
    is_open: set[T] = set()
    for root in vertices:
        if root in number:
            continue
        path = [(root, iter(after(root)))]
        number[root] = lowest[root] = len(number)
        open_.append(root)
        is_open.add(root)
        while path:
            here, rest = path[-1]
            for each in rest:
                if each not in number:
                    number[each] = lowest[each] = len(number)
                    open_.append(each)
                    is_open.add(each)
                    path.append((each, iter(after(each))))
                    break
                if each in is_open:
                    lowest[here] = min(lowest[here], number[each])
            else:
                path.pop()
                if path:
                    around = path[-1][0]
                    lowest[around] = min(lowest[around], lowest[here])
                if lowest[here] == number[here]:
                    found: list[T] = []
                    while not found or found[-1] != here:
                        found.append(open_.pop())
                        is_open.remove(found[-1])
                    yield found
