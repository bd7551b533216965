"""The invocation graph: who triggers, invokes, writes to, reads from and waits for whom."""

from slslint.app.graph.edges import Edge, Graph, Node, Verb

__all__ = ["Edge", "Graph", "Node", "Verb"]
