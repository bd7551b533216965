"""Where events go round, in graphs made by hand."""

from __future__ import annotations

import pytest
from graphs import graph, written

from slslint.app.graph.edges import Edge, Graph
from slslint.app.loops.cycles import cycles, hops
from slslint.record import replace


def anything(*_: object) -> bool:
    return True


def found(of: Graph, may_pass: object = anything) -> list[str]:
    """The cycles of a graph, as it is written."""
    return [
        written(tuple(edge for hop in cycle for edge in hop.edges))
        for cycle, _ in cycles(hops(of, may_pass), anything)  # type: ignore[arg-type]
    ]


GRAPHS = {
    "nothing": ([], []),
    "a chain": (["f1 > q1 ) f2 > q2 ) f3"], []),
    "a function and its queue": (["f1 > q1 ) f1"], ["f1 > q1 ) f1"]),
    "reading makes nothing happen": (["f1 ? b1 ) f1"], []),
    "several functions": (["f1 > q1 ) f2 ! f3 > t1 ) f1"], ["f1 > q1 ) f2 ! f3 > t1 ) f1"]),
    "by way of several resources": (["f1 > b1 ) t1 ) q1 ) f1"], ["f1 > b1 ) t1 ) q1 ) f1"]),
    "the shortest of a knot": (["f1 > q1 ) f2 > q2 ) f3 > q3 ) f1", "f3 > q2"], ["f3 > q2 ) f3"]),
    "each knot once": (["f1 > q1 ) f1", "f1 > q2 ) f2 > q3 ) f2"], ["f1 > q1 ) f1", "f2 > q3 ) f2"]),
    "resources alone go round without anybody": (["t1 ) q1 ) t1"], []),
    "a state machine makes something new": (["w1 ! f1 ! w1"], ["w1 ! f1 ! w1"]),
    "what fails": (["f1 > q1 x q2 ) f1"], ["f1 > q1 x q2 ) f1"]),
}


@pytest.mark.parametrize(("lines", "expected"), GRAPHS.values(), ids=GRAPHS)
def test_finds_the_shortest_cycle_of_each_knot(lines: list[str], expected: list[str]) -> None:
    assert found(graph(*lines)) == expected


def test_a_write_goes_on_only_where_it_passes() -> None:
    def may_pass(write: Edge, way: Edge) -> bool:
        return (write.target.id, way.target.id) != ("q1", "f1")

    assert found(graph("f1 > q1 ) f1"), may_pass) == []
    # What is asked is what was written, however far on the filter stands.
    assert found(graph("f1 > q1 ) t1 ) f1"), may_pass) == []


def test_conditions_that_contradict_each_other_make_no_cycle() -> None:
    whole = graph("f1 > q1 ) f2 > q2 ) f1")
    production = [frozenset({("IsProd", True)}), frozenset(), frozenset({("IsProd", False)}), frozenset()]
    edges = [replace(edge, when=when) for edge, when in zip(whole.edges, production, strict=True)]
    assert found(Graph(whole.nodes.values(), edges)) == []


def test_large_knots_are_searched() -> None:
    ring = [f"f{number} > q{number} ) f{(number + 1) % 3000}" for number in range(3000)]
    (cycle,) = found(graph(*ring))
    assert cycle.count("q") == 3000
    shortcut = "f1500 > q1499"
    assert found(graph(*ring, shortcut)) == ["f1500 > q1499 ) f1500"]
