"""The loops of an application: how events come back to where they came from, and what ends that."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.app.application import App
from slslint.app.graph.edges import Edge
from slslint.app.loops.bounds import Bound
from slslint.app.loops.cycles import Hop, is_tangled
from slslint.finding import Confidence
from slslint.model import Function, Kind, Source
from slslint.record import record
from slslint.value import known_values

_SEEN_BY_AWS = frozenset({Kind.FUNCTION, Kind.QUEUE, Kind.TOPIC, Kind.BUCKET})
"""https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html"""


@record(eq=False)
class Loop:
    """A cycle of functions and resources.

    Attributes:
        hops: in order, beginning at the function that events enter by from elsewhere.
        functions: those on the way, each once, in the same order.
        bound: what ends it; None when nothing is seen to.

    """

    hops: tuple[Hop, ...]
    functions: tuple[Function, ...]
    bound: Bound | None

    @property
    def edges(self) -> tuple[Edge, ...]:
        return tuple(edge for hop in self.hops for edge in hop.edges)

    @property
    def closing(self) -> Edge:
        """The edge of code that leads back to the beginning; of the template where no code is on the way."""
        written = [edge for edge in self.edges if edge.site is not None]
        return written[-1] if written else self.hops[-1].edges[0]

    @property
    def confidence(self) -> Confidence:
        return min(edge.confidence for edge in self.edges)

    @property
    def unseen(self) -> str | None:
        """What keeps AWS's own loop detection from seeing the loop: "a table"; None when it sees it."""
        for edge in self.edges:
            if edge.trigger is not None and edge.trigger.source_kind is Source.PIPE:
                return Source.PIPE.value
            if edge.target.kind not in _SEEN_BY_AWS:
                name = edge.target.kind.value
                return f"an {name}" if name[0] in "aeioA" else f"a {name}"
        return None

    @property
    def allowed(self) -> Function | None:
        """The first function for which AWS's own loop detection is switched off."""
        return next((each for each in self.functions if detection_is_off(each)), None)


def detection_is_off(function: Function) -> bool:
    """Whether AWS's own loop detection is switched off for a function."""
    allowed = function.recursion_allowed
    return allowed is not None and any(each.value for each in known_values(allowed))


def loops(app: App) -> Iterator[Loop]:
    """The loops of an application, one for each knot: one that nothing ends, if there is one, else the shortest.

    A function that invokes itself with nothing between is none of them.
    """
    if app.may_lead_on and is_tangled(app.graph):
        # Few applications have any: what tells whether they run on is loaded for those.
        from slslint.app.loops.search import search

        yield from search(app)


def back_to_origin(app: App) -> Iterator[tuple[Edge, Bound | None]]:
    """Writes to where the event came from, when nothing in sight tells who sends events, and what ends that."""
    for edge in app.graph.edges if app.may_lead_on else ():
        if edge.from_event and edge.confidence is Confidence.LOW and not any(app.graph.entering(edge.source.id)):
            from slslint.app.loops.search import returns

            yield from returns(edge)


def looked_up(edge: Edge) -> Bound | None:
    """A state that is looked up on every way to a call, and decides whether it is made."""
    from slslint.app.loops.lookups import decided_by

    return decided_by(edge)
