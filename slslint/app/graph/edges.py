"""What the invocation graph is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import TYPE_CHECKING

from slslint.finding import Confidence, Related
from slslint.model import Delivery, Filter, Kind, Trigger
from slslint.record import record
from slslint.source import Span
from slslint.value import ALWAYS, When

if TYPE_CHECKING:
    from slslint.app.sdk import SdkCall
    from slslint.app.site import Site
    from slslint.app.symbols import Symbol


class Verb(Enum):
    """What one node does to another. The value is a verb for people."""

    TRIGGERS = "triggers"
    """The template says so: a notification, a subscription, an event source mapping, a rule, a route, a schedule."""
    INVOKES = "invokes"
    """Code calls a function, starts a workflow or requests an API; a workflow runs a function."""
    WRITES = "writes to"
    """Code, or a workflow, puts something where it may trigger others: a message, an object, an item, an event."""
    READS = "reads from"
    FAILS_TO = "fails to"
    """What could not be processed goes there: a dead-letter queue, a redrive policy, an on-failure destination."""


@record()
class Node:
    """A deployed thing that events come from or go to.

    Attributes:
        id: the resource's id in its unit; "default event bus" for the account's own bus; an ARN, name or URL as written
            for what is not in sight but is surely named.
        title: its name for people. at: where it is defined; None when that is not in sight.
        stack: the deployment unit it belongs to, for people; "" when it is not in sight.

    """

    id: str
    kind: Kind
    title: str
    at: Span | None
    stack: str


@record(eq=False)
class Edge:
    """One way from a node to another.

    Attributes:
        at: the call or the template's line that makes it. proof: the steps that show it, in order, `at` last: from
            the handler to the call, or the trigger's line.
        waits: the source waits for the target to finish.
        filter: what comes through, for edges of the template.
        trigger, delivery: what the template says; call, site: what the code says (a `site` without a `call` is an HTTP
            request). Where callers of the function around a call give it different targets, each has an edge whose
            `site` is the call as they make it.
        what: the part of the call's input that is about this target, where it is one of several: an entry of a batch.
        from_event: the target is named by the event that the function got (the bucket, queue or topic it came from).
            Where no trigger tells which that is, the target is a node without a place, and the confidence low.
        when: the conditions of the template under which both ends and the edge exist.
        confidence: how sure it is that the edge is there.

    """

    source: Node
    target: Node
    verb: Verb
    at: Span
    proof: tuple[Related, ...]
    waits: bool = False
    filter: Filter | None = None
    trigger: Trigger | None = None
    delivery: Delivery | None = None
    call: SdkCall | None = None
    site: Site | None = None
    what: Symbol | None = None
    from_event: bool = False
    when: When = ALWAYS
    confidence: Confidence = Confidence.HIGH


class Graph:
    """The nodes by id and the edges between them, in the order in which they were found."""

    def __init__(self, nodes: Iterable[Node], edges: Iterable[Edge]) -> None:
        self.nodes: Mapping[str, Node] = {node.id: node for node in nodes}
        self.edges = tuple(edges)
        self._leaving: dict[str, list[Edge]] = {}
        self._entering: dict[str, list[Edge]] = {}
        for edge in self.edges:
            self._leaving.setdefault(edge.source.id, []).append(edge)
            self._entering.setdefault(edge.target.id, []).append(edge)

    def leaving(self, node: str, *verbs: Verb) -> Iterator[Edge]:
        """The edges that start at the node of that id: all, or those of these verbs."""
        return (edge for edge in self._leaving.get(node, ()) if not verbs or edge.verb in verbs)

    def entering(self, node: str, *verbs: Verb) -> Iterator[Edge]:
        """The edges that end at the node of that id: all, or those of these verbs."""
        return (edge for edge in self._entering.get(node, ()) if not verbs or edge.verb in verbs)
