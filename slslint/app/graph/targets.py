"""Which nodes a call of the code works on: named by literals, settings, parameters, the context or the event itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from slslint.app.application import App
from slslint.app.code import Code
from slslint.app.graph.edges import Edge, Node, Verb
from slslint.app.graph.nodes import Nodes
from slslint.app.place import Place
from slslint.app.resolve.frames import Arrival, Chain, frame_of
from slslint.app.site import Site
from slslint.app.symbols import Symbol
from slslint.app.texts import Path, Said, texts
from slslint.finding import Confidence, Related
from slslint.model import Function, Kind
from slslint.record import record
from slslint.value import ALWAYS, When

_MOST_CALLERS = 64
_DEEPEST = 3
"""How many calls away a value may be that is handed down to where it is used."""

_TAKEN: dict[Kind, tuple[Path, ...]] = {
    Kind.BUCKET: (
        ("s3", "bucket", "name"),
        ("s3", "bucket", "arn"),
        ("detail", "bucket", "name"),
        ("detail", "requestParameters", "bucketName"),
        ("s3", "get_bucket", "name"),
        ("bucket_name",),
    ),
    Kind.TOPIC: (("Sns", "TopicArn"), ("TopicArn",), ("EventSubscriptionArn",)),
    Kind.QUEUE: (("eventSourceARN",), ("eventSourceArn",)),
    Kind.STREAM: (("eventSourceARN",),),
    Kind.TABLE: (("eventSourceARN",),),
    Kind.USER_POOL: (("userPoolId",),),
    Kind.LOG_GROUP: (("logGroup",),),
}
"""Where an event says which resource it comes from, as the end of a path, by the resource's kind."""


@record(eq=False)
class Target:
    """A node that a call works on, under the conditions `when`; `from_event`: the function's event names it."""

    node: Node
    when: When
    confidence: Confidence
    from_event: bool = False


class Targets:
    """Finds the nodes that calls work on. `entering` is what the template says of who triggers whom."""

    def __init__(self, app: App, nodes: Nodes, entering: dict[str, list[Edge]]) -> None:
        self.app = app
        self.nodes = nodes
        self.entering = entering

    def of(self, function: Function, symbol: Symbol, kind: Kind) -> tuple[Target, ...]:
        """What a symbol may name; each is only probable when it is one of several, of which some may not be told."""
        said = texts(self.app, function, symbol)
        return tuple(target for each in said for target in self._target(function, each, kind, _sure(said, each)))

    def of_address(self, function: Function, symbol: Symbol) -> tuple[Target, ...]:
        """The API of the unit that answers under an address."""
        said = texts(self.app, function, symbol)
        found = ((each, None if each.text is None else self.nodes.address(each.text)) for each in said)
        return tuple(Target(node, each.when, _sure(said, each)) for each, node in found if node is not None)

    def default_bus(self) -> Target:
        """The account's own bus."""
        return Target(self.nodes.default_bus(), ALWAYS, Confidence.HIGH)

    def _target(self, function: Function, said: Said, kind: Kind, sure: Confidence) -> tuple[Target, ...]:
        if said.event is not None:
            return self._from_event(function, said, kind)
        node = None if said.text is None else self.nodes.named(said.text, kind)
        if node is None or (node.at is None and node.kind is not Kind.BUS and sure is not Confidence.HIGH):
            # What is not in sight and not surely named is nothing to speak of.
            return ()
        return (Target(node, said.when, sure),)

    def _from_event(self, function: Function, said: Said, kind: Kind) -> tuple[Target, ...]:
        path = said.event or ()
        named = tuple(part for part in path if part is not None)
        if not any(named[-len(end) :] == end for end in _TAKEN.get(kind, ())):
            return ()
        sources = list(self._upstream(function.id, kind))
        if not sources:
            return (Target(self.nodes.of_event(function, kind), said.when, Confidence.LOW, from_event=True),)
        sure = Confidence.HIGH if len(sources) == 1 else Confidence.MEDIUM
        return tuple(Target(node, said.when, sure, from_event=True) for node in sources)

    def _upstream(self, node: str, kind: Kind, left: int = 4) -> Iterator[Node]:
        """The nearest nodes of that kind from which events come, by way of whatever hands them on."""
        for edge in self.entering.get(node, ()):
            if edge.verb is Verb.TRIGGERS:
                if edge.source.kind is kind:
                    yield edge.source
                elif left and edge.source.kind is not Kind.FUNCTION:
                    yield from self._upstream(edge.source.id, kind, left - 1)


def _sure(all_said: tuple[Said, ...], said: Said) -> Confidence:
    return Confidence.HIGH if len(all_said) == 1 or said.when != ALWAYS else Confidence.MEDIUM


# --- names that are handed down ---------------------------------------------------------------------------------------


def by_caller(site: Site, settled: Callable[[Site], bool]) -> Iterator[tuple[Site, tuple[Related, ...]]]:
    """A call as each caller of the function around it makes it, with the calls that lead there, outermost first.

    Where that does not settle what is asked, the callers' callers are told apart too, up to three calls away.
    """
    arrivals = site.code.resolver.arrivals
    pending: list[Chain] = [((arrival, site.place),) for arrival in _calls(arrivals, site.place)]
    seen = 0
    while pending and seen < _MOST_CALLERS:
        chain = pending.pop(0)
        seen += 1
        framed = Site(site.code, site.place, site.call, frame_of(site.code.resolver, chain))
        caller = chain[-1][0].place
        assert caller is not None
        further = _calls(arrivals, caller) if len(chain) < _DEEPEST else []
        if further and not settled(framed):
            pending += [(*chain, (arrival, caller)) for arrival in further]
        else:
            yield framed, _steps(site.code, chain)


def _calls(arrivals: Mapping[tuple[str, str], list[Arrival]], place: Place) -> list[Arrival]:
    found = arrivals.get((place.path, place.name), ())
    return [each for each in found if each.call is not None and each.place is not None and each.frame is None]


def _steps(code: Code, chain: Chain) -> tuple[Related, ...]:
    outermost = chain[-1][0].place
    assert outermost is not None
    steps = list(code.path_to(outermost))
    for arrival, place in reversed(chain):
        assert arrival.place is not None
        assert arrival.call is not None
        steps.append(Related(arrival.call.at, f"`{arrival.place.title}` calls `{place.title}`"))
    return tuple(steps)
