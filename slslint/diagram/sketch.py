"""One application's graph as plain records, which all forms are written from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from slslint.app import App
from slslint.app.graph import Edge, Node, Verb
from slslint.model import Kind, show
from slslint.record import record
from slslint.value import Known


@record()
class Thing:
    """A node.

    Attributes:
        id: unique in the sketch. name: for people; `names`: others that it goes by, such as its physical name.
        kind: as `Kind` has it: "queue". at: "path:line:column", or None when it is defined elsewhere.
        unit: the template that it belongs to; "" when that is not in sight.

    """

    id: str
    name: str
    kind: str
    at: str | None
    names: tuple[str, ...] = ()
    unit: str = ""


@record()
class Link:
    """An edge.

    Attributes:
        source, target: ids of things. label: what stands on the line, for people; may be empty.
        loop: it is part of a loop, also of one that something ends.
        at: "path:line:column". proof: the same of each step that shows it, with what it does.
        filter, from_event, confidence, when: as `slslint.app.graph.edges.Edge` has them, for people.

    """

    source: str
    target: str
    verb: Verb
    waits: bool
    label: str
    loop: bool
    at: str
    filter: tuple[str, ...] = ()
    from_event: bool = False
    confidence: str = "high"
    when: tuple[tuple[str, bool], ...] = ()
    proof: tuple[tuple[str, str], ...] = ()


@record()
class Sketch:
    """The graph of one deployment unit: `path` is its template, or the source file of a lone handler.

    `related` are the templates of further units in it, where units name each other.
    """

    path: str
    dialect: str
    things: tuple[Thing, ...]
    links: tuple[Link, ...]
    related: tuple[str, ...] = ()


def sketch(app: App) -> Sketch:
    """The graph of an application."""
    graph = app.graph
    looping = {id(edge) for loop in app.loops for edge in loop.edges}
    # What invokes itself with nothing between is a loop as well.
    looping.update(id(edge) for edge in graph.edges if edge.source is edge.target and edge.site is not None)
    return Sketch(
        app.deployment.path,
        app.deployment.dialect,
        tuple(_thing(app, node) for node in graph.nodes.values()),
        tuple(_link(edge, id(edge) in looping) for edge in graph.edges),
        tuple(unit.path for unit in app.units[1:]),
    )


def _thing(app: App, node: Node) -> Thing:
    at = None if node.at is None else f"{node.at.path}:{node.at.line}:{node.at.column}"
    return Thing(node.id, node.title, node.kind.value, at, tuple(_names(app, node)), node.stack)


def _names(app: App, node: Node) -> Iterator[str]:
    resource = app.deployment.resources.get(node.id)
    name = None if resource is None else resource.name
    if isinstance(name, Known):
        yield show(name.value)


def _link(edge: Edge, loop: bool) -> Link:
    return Link(
        edge.source.id,
        edge.target.id,
        edge.verb,
        edge.waits,
        _label(edge),
        loop,
        f"{edge.at.path}:{edge.at.line}:{edge.at.column}",
        () if edge.filter is None else edge.filter.written,
        edge.from_event,
        str(edge.confidence),
        tuple(sorted(edge.when)),
        tuple((f"{step.at.path}:{step.at.line}:{step.at.column}", step.message) for step in edge.proof),
    )


def _label(edge: Edge) -> str:
    """What stands on the line: a route, a schedule, what comes through; what code does in a word."""
    trigger = edge.trigger
    if trigger is not None:
        if isinstance(trigger.route, Known):
            return f"{trigger.route.value.method} {trigger.route.value.path}"
        written = () if edge.filter is None else edge.filter.written
        return " ".join((trigger.event, *written)).strip()
    if edge.site is not None:
        if edge.target.kind is Kind.API:
            return "requests"
        return {Verb.INVOKES: "invokes", Verb.WRITES: "writes", Verb.READS: "reads"}.get(edge.verb, "")
    if edge.verb is Verb.FAILS_TO:
        return "failures"
    return " ".join(edge.filter.written) if edge.filter is not None else ""


def plain(sketched: Sketch) -> dict[str, Any]:
    """A sketch as JSON can hold it."""
    return {
        "path": sketched.path,
        "dialect": sketched.dialect,
        "related": list(sketched.related),
        "nodes": [
            {"id": each.id, "name": each.name, "kind": each.kind, "at": each.at, "unit": each.unit or None}
            for each in sketched.things
        ],
        "edges": [
            {
                "from": each.source,
                "to": each.target,
                "verb": each.verb.value,
                "waits": each.waits,
                "loop": each.loop,
                "filter": list(each.filter),
                "from_event": each.from_event,
                "confidence": each.confidence,
                "when": dict(each.when),
                "at": each.at,
                "proof": [{"at": at, "message": message} for at, message in each.proof],
            }
            for each in sketched.links
        ],
    }
