"""A state that is looked up on the way to a call, and decides whether it is made."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.app.callgraph import CallGraph
from slslint.app.code import Code
from slslint.app.graph.edges import Edge
from slslint.app.guards import conditions
from slslint.app.loops.bounds import Bound
from slslint.app.place import Place
from slslint.app.symbols import Result, parts_of_symbol
from slslint.facts import Arithmetic, Call, Compare, Expr, Other, Sequence


def decided_by(edge: Edge) -> Bound | None:
    """A state that is looked up on every way to a call, and decides whether it is made."""
    if edge.site is None:
        return None
    code = edge.site.code
    found = [
        next((each for place, call in chain if (each := _state(code, place, call)) is not None), None)
        for chain in code.keep(CallGraph).chains(edge.site)
    ]
    return found[0] if found and all(found) else None


def _state(code: Code, place: Place, call: Call) -> Bound | None:
    for block, test, _ in conditions(place.function, call.block):
        title = read_in(code, place, test)
        if title is not None:
            return Bound(f"the state that `{title}` reads", block.at)
    return None


def read_in(code: Code, place: Place, test: Expr) -> str | None:
    """The operation of AWS whose answer a test asks about: "dynamodb:GetItem"."""
    for operand in operands(test):
        for part in parts_of_symbol(code.resolve(operand, place)):
            if isinstance(part, Result) and part.site.sdk is not None:
                return part.site.sdk.title
    return None


def operands(test: Expr) -> Iterator[Expr]:
    """What a test compares, adds up or counts."""
    match test:
        case Compare(left, _, right) | Arithmetic(left, _, right):
            yield from operands(left)
            yield from operands(right)
        case Other(parts) | Sequence(parts, _):
            for part in parts:
                yield from operands(part)
        case _:
            yield test
