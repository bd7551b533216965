"""Which reached code runs on every invocation, and which only for some events."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slslint.app.callgraph import CallGraph
from slslint.app.code import Code
from slslint.app.dispatch import dispatches
from slslint.app.place import Place
from slslint.app.routes import declared_routes
from slslint.app.site import Site
from slslint.app.symbols import LocalFunction, options
from slslint.facts import Block, Exit, Function, Literal, walk

_REFUSING = r"(?i)\b(error|invalid|unsupported|unknown|not (found|allowed|supported|implemented)|bad request)\b"


_IDLE = frozenset({"OPTIONS", "HEAD", "/", "/health", "/ping"})
"""What is asked without wanting any work done."""


class Branches:
    """Which parts of a function's code only some events lead to.

    In doubt a part counts as run on every invocation. The other way of a choice must do some work of its own: after
    `if method != "POST": return {"statusCode": 405}` comes all that the function does.
    """

    def __init__(self, code: Code) -> None:
        self._arms: dict[Place, dict[int, list[int]]] = {}
        chosen: set[Place] = set()
        for dispatch in dispatches(code):
            several = len(dispatch.arms) > 1
            blocks = [arm.block for arm in dispatch.arms if arm.block is not None and arm.value not in _IDLE]
            for arm in dispatch.arms:
                if arm.block is not None:
                    self._arms.setdefault(dispatch.place, {}).setdefault(arm.block, []).extend(blocks)
                elif arm.runs is not None and several:
                    place = code.place(arm.runs.path, arm.runs.name)
                    chosen |= {place} if place is not None else set()
        served = {route.serves for route in declared_routes(code) if route.serves is not None}
        if len(served) > 1:
            chosen |= {place for each in served if (place := code.place(each.path, each.name)) is not None}
        self._always = set(self._run_by_all(code, chosen))

    def _run_by_all(self, code: Code, chosen: set[Place]) -> Iterator[Place]:
        graph = CallGraph(code)
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
        arms = self._arms.get(place)
        if not arms:
            return False
        function = place.function
        while block:
            if block in arms:
                apart = [other for other in arms[block] if not function.within(other, block)]
                apart = [other for other in apart if not function.within(block, other)]
                if any(_works(function, other) for other in apart) or _other_way_works(function, block):
                    return True
            block = function.blocks[block].parent
        return False


def _one_of_several(site: Site) -> bool:
    return len([each for each in options(site.symbol) if isinstance(each, LocalFunction)]) > 1


def _other_way_works(function: Function, block: int) -> bool:
    """Whether the function has work to do when it does not take this arm."""
    arm = function.blocks[block]
    if arm.kind == "case":
        others = [
            i
            for i, each in enumerate(function.blocks)
            if each.kind == "case" and i != block and each.parent == arm.parent
        ]
    else:
        other = "else" if arm.kind == "if" else "if"
        others = [i for i, each in enumerate(function.blocks) if each.kind == other and _same_choice(each, arm)]
        if not others:
            return True
    return any(_works(function, each) for each in others)


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
        if isinstance(part, Literal):
            value = part.value
            if value is None and part is leave.value:
                return True
            if isinstance(value, int) and 400 <= value < 600:
                return True
            if isinstance(value, str) and (re.search(_REFUSING, value) or re.fullmatch(r"[45]\d\d", value)):
                return True
    return False
