"""Which reached code runs on every invocation, and which only for some events."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slslint.app.callgraph import CallGraph
from slslint.app.code import Code
from slslint.app.place import Place
from slslint.app.routing.dispatch import dispatches
from slslint.app.routing.event_fields import GRAPHQL_FIELDS, FieldPath, written_field_of
from slslint.app.routing.routes import declared_routes
from slslint.app.site import Site
from slslint.app.symbols import EventPart, LocalFunction, options
from slslint.facts import Attr, Block, Call, Compare, Exit, Expr, Function, Item, Literal, Logic, Name, walk

_REFUSERS = r"(?i)err|fail|bad_?request|invalid|reject|deny|denied|forbidden|unauthori|not_?found|abort"
"""Names of functions that answer a request without doing what it asks for."""

_REFUSING = r"(?i)\b(error|invalid|unsupported|unknown|not (found|allowed|supported|implemented)|bad request)\b"


_REQUEST = {("path",), ("routeKey",), ("httpMethod",), ("requestContext", "http", "method")} | GRAPHQL_FIELDS
"""What tells one request from another."""

_AROUND = frozenset(
    {
        "Records", "records", "body", "detail", "headers", "httpMethod", "pathParameters", "path",
        "queryStringParameters", "requestContext", "resource", "routeKey", "source", "version",
    }
)  # fmt: skip
"""What events always have, so that asking for it only tells one kind of event from another."""

_IDLE = frozenset({"OPTIONS", "HEAD", "/", "/health", "/ping"})
"""What is asked without wanting any work done."""


class Branches:
    """Which parts of a function's code only some events lead to.

    In doubt a part counts as run on every invocation. The other way of a choice must do some work of its own: after
    `if method != "POST": return {"statusCode": 405}` comes all that the function does.
    """

    def __init__(self, code: Code) -> None:
        self._arms: dict[Place, dict[int, list[int]]] = {}
        self._flags: dict[Place, set[int]] = {}
        chosen: set[Place] = set()
        for dispatch in dispatches(code):
            several = len(dispatch.arms) > 1
            blocks = [arm.block for arm in dispatch.arms if arm.block is not None and arm.value not in _IDLE]
            for arm in dispatch.arms:
                if arm.block is not None:
                    arms = self._arms.setdefault(dispatch.place, {})
                    arms.setdefault(arm.block, []).extend(blocks)
                    # What follows `if method == "GET": return ...` is for the others.
                    if arm.block in blocks and dispatch.field in _REQUEST:
                        for other in _other_ways(dispatch.place.function, arm.block):
                            arms.setdefault(other, [])
                elif arm.runs is not None and several:
                    place = code.place(arm.runs.path, arm.runs.name)
                    chosen |= {place} if place is not None else set()
        served = {route.serves for route in declared_routes(code) if route.serves is not None}
        if len(served) > 1:
            chosen |= {place for each in served if (place := code.place(each.path, each.name)) is not None}
        graph = code.keep(CallGraph)
        for place in code.places():
            found = set(_flags(code, graph, place))
            if found:
                self._flags[place] = found
        self._always = set(self._run_by_all(code, graph, chosen))

    def _run_by_all(self, code: Code, graph: CallGraph, chosen: set[Place]) -> Iterator[Place]:
        todo = [place for place in code.places() if not graph.callers(place) and place not in chosen]
        todo.append(code.handler)
        seen = set(todo)
        while todo:
            place = todo.pop()
            yield place
            for edge in graph.leads_to(place):
                # One of several functions of a table; a router only registers.
                if edge.target in chosen and (edge.site is None or _one_of_several(edge.site) or not place.name):
                    continue
                if edge.target not in seen and not self._chosen(place, edge.block):
                    seen.add(edge.target)
                    todo.append(edge.target)

    def always(self, place: Place, block: int = 0) -> bool:
        """Whether the block runs whatever the event is, as far as can be told."""
        return place in self._always and not self._chosen(place, block)

    def _chosen(self, place: Place, block: int) -> bool:
        arms = self._arms.get(place, {})
        flags = self._flags.get(place, set())
        if not arms and not flags:
            return False
        function = place.function
        while block:
            if block in flags:
                return True
            if block in arms:
                apart = [other for other in arms[block] if not function.within(other, block)]
                apart = [other for other in apart if not function.within(block, other)]
                if any(_works(function, other) for other in apart) or _other_way_works(function, block):
                    return True
            block = function.blocks[block].parent
        return False


def _flags(code: Code, graph: CallGraph, place: Place) -> Iterator[int]:
    """The blocks that only an event with some flag leads to: `if event.get("report"):`.

    A field that is worked with where it was asked for is no flag, but what the work is about: then the other way must
    do work of its own.
    """
    function = place.function
    if not function.name:
        return
    for index, block in enumerate(function.blocks):
        if block.kind != "if" or block.test is None:
            continue
        fields = {field for test in _positive(block.test) if (field := _asked(code, place, test)) is not None}
        if not fields or any(_AROUND.intersection(field) for field in fields):
            continue
        others = _other_ways(function, index)
        apart = any(_works(function, each) and graph.does_work(place, each) for each in others)
        if apart or not _uses(code, place, index, fields):
            yield index


def _positive(test: Expr) -> Iterator[Expr]:
    match test:
        case Logic("and", operands):
            for operand in operands:
                yield from _positive(operand)
        case Logic():
            return
        case _:
            yield test


def _asked(code: Code, place: Place, test: Expr) -> FieldPath | None:
    """The field of the event whose presence or truth a test asks for."""
    match test:
        case Compare(Literal(str() as key), "in", right):
            whole = code.resolve(right, place)
            return (*whole.path, key) if isinstance(whole, EventPart) else None
        case Compare(left, "is" | "==", Literal(True)):
            return _asked(code, place, left)
        case Name() | Item() | Attr() | Call(Attr(_, "get")):
            return written_field_of(code.resolve(test, place))
        case _:
            return None


def _uses(code: Code, place: Place, block: int, fields: set[FieldPath]) -> bool:
    """Whether a block works with one of the fields, or hands on what holds them."""
    for expr, at in place.function.expressions:
        if isinstance(expr, Name | Item | Attr | Call) and place.function.within(at, block):
            symbol = code.resolve(expr, place)
            if symbol == EventPart():
                if isinstance(expr, Name) and _is_handed_on(place, expr):
                    return True
            elif (found := written_field_of(symbol)) is not None and any(
                found[: len(field)] == field
                or (isinstance(expr, Name) and field[: len(found)] == found and _is_handed_on(place, expr))
                for field in fields
            ):
                return True
    return False


def _is_handed_on(place: Place, name: Name) -> bool:
    return any(argument.value is name for call in place.function.calls for argument in call.args)


def _one_of_several(site: Site) -> bool:
    return len([each for each in options(site.symbol) if isinstance(each, LocalFunction)]) > 1


def _other_way_works(function: Function, block: int) -> bool:
    """Whether the function has work to do when it does not take this arm."""
    others = _other_ways(function, block)
    if not others and function.blocks[block].kind != "case":
        return True
    return any(_works(function, each) for each in others)


def _other_ways(function: Function, block: int) -> list[int]:
    """The blocks that run when an arm does not: the other side of an if, the other cases of a match."""
    arm = function.blocks[block]
    if arm.kind == "case":
        return [
            i
            for i, each in enumerate(function.blocks)
            if each.kind == "case" and i != block and each.parent == arm.parent
        ]
    other = "else" if arm.kind == "if" else "if"
    return [i for i, each in enumerate(function.blocks) if each.kind == other and _same_choice(each, arm)]


def _same_choice(one: Block, other: Block) -> bool:
    return one.parent == other.parent and one.test is other.test


def _works(function: Function, block: int) -> bool:
    exits = [each for each in function.exits if function.within(each.block, block)]
    if exits:
        return any(not _refuses(each) for each in exits)
    return any(function.within(call.block, block) for call in function.calls)


def _refuses(leave: Exit) -> bool:
    """Whether a way out of a function only says that nothing was done."""
    if leave.kind == "raise" or leave.value is None:
        return True
    for part in walk(leave.value):
        if isinstance(part, Call) and isinstance(part.callee, Name) and re.search(_REFUSERS, part.callee.id):
            return True
        if isinstance(part, Literal):
            value = part.value
            if value is None and part is leave.value:
                return True
            if isinstance(value, int) and 400 <= value < 600:
                return True
            if isinstance(value, str) and (re.search(_REFUSING, value) or re.fullmatch(r"[45]\d\d", value)):
                return True
    return False
