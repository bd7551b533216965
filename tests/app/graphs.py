"""Graphs made by hand."""

from __future__ import annotations

from slslint.app.graph.edges import Edge, Graph, Node, Verb
from slslint.model import Kind
from slslint.source import Span

KINDS = {"f": Kind.FUNCTION, "q": Kind.QUEUE, "t": Kind.TOPIC, "b": Kind.BUCKET, "d": Kind.TABLE, "w": Kind.WORKFLOW}
VERBS = {">": Verb.WRITES, ")": Verb.TRIGGERS, "!": Verb.INVOKES, "?": Verb.READS, "x": Verb.FAILS_TO}


def graph(*lines: str) -> Graph:
    """The graph of lines such as "f1 > q1 ) f2": a name's first letter is its kind, a mark between two the verb."""
    nodes: dict[str, Node] = {}
    edges: list[Edge] = []
    for row, line in enumerate(lines, 1):
        words = line.split()
        for name in words[::2]:
            nodes.setdefault(name, Node(name, KINDS[name[0]], name, None, ""))
        for column, (source, verb, target) in enumerate(zip(words[::2], words[1::2], words[2::2], strict=False), 1):
            at = Span("app", row, column, row, column + 1)
            edges.append(Edge(nodes[source], nodes[target], VERBS[verb], at, ()))
    return Graph(nodes.values(), edges)


def written(edges: tuple[Edge, ...]) -> str:
    """The same of edges that lead to one another."""
    marks = {verb: mark for mark, verb in VERBS.items()}
    return " ".join([edges[0].source.id, *(f"{marks[edge.verb]} {edge.target.id}" for edge in edges)])
