"""Loops that ask the same until the answer changes, and those that try again what failed."""

from __future__ import annotations

import re

from slslint import facts
from slslint.app.callgraph import CallGraph
from slslint.app.graph.requests import request_of
from slslint.app.place import Place
from slslint.app.site import Site
from slslint.app.waiting.parallel import loop_around
from slslint.facts import Attr, Call, Expr, Literal, Name, walk

_RETRY = r"(?i)retr(y|ies)|attempt|tries\b|back_?off|throttl|rate_?limit|too_?many|\b429\b|unprocessed"
"""What is mentioned where something is tried again because it failed."""

_AGAIN = r"(?i)should_?retry|retryable|is_?retry|back_?off|throttl|rate_?limit|too_?many|\b429\b"
"""The same, where a loop asks for an answer: it may well count its attempts."""

_ASKING = re.compile(r"(?i)(batch_?)?(describe|get|list|head|check|lookup)")
"""How the names of operations begin that only ask."""


def question_in(graph: CallGraph, place: Place, loop: int, pause: Call) -> tuple[str, Site] | None:
    """The call in a loop that asks the same in every round, until its answer ends the loop; with what it asks.

    None where `pause`, the call by which the loop waits, stands under a test for a failure or for how a write went.
    """
    function = place.function
    if any(each.test is not None and _mentions(each.test, _AGAIN) for each in function.enclosing(pause.block)):
        return None
    changing = {
        part.id
        for assign in function.assigns
        if function.within(assign.block, loop)
        for part in walk(assign.target)
        if isinstance(part, Name)
    }
    for site in graph.calls(place, loop):
        what = _question(graph, site)
        if what is None:
            continue
        given = [part for argument in site.call.args for part in walk(argument.value)]
        steady = not any(isinstance(part, Name) and part.id in changing for part in given)
        if steady and _decides(place, loop, site.call):
            return None if _waits_for_write(graph, place, loop, pause) else (what, site)
    return None


def question_of(graph: CallGraph, place: Place) -> tuple[str, Site] | None:
    """The call by which a function that a timer runs again and again asks whether it is over; with what it asks."""
    for site in graph.calls(place, 0):
        what = _question(graph, site)
        if what is not None and _decides(place, 0, site.call):
            return what, site
    return None


def _waits_for_write(graph: CallGraph, place: Place, loop: int, pause: Call) -> bool:
    """Whether a loop waits because a write did not go through: then all of it is tried again."""
    function = place.function
    tests = [
        each.test
        for index, each in enumerate(function.blocks)
        if each.test is not None and function.within(index, loop) and function.within(pause.block, index)
    ]
    return any(_tells(place, loop, site.call, tests) and _writes(graph, site) for site in graph.calls(place, loop))


def _writes(graph: CallGraph, site: Site) -> bool:
    """Whether a call changes something in another service."""
    edges = graph.leads_to(site.place, site.call.block)
    _, inside = graph.under((edge.target, 0) for edge in edges if edge.site is site)
    return any(each.sdk is not None and _asks(each) is None for each in (site, *inside))


def _question(graph: CallGraph, site: Site) -> str | None:
    """What a call asks of the world outside; None when it does anything else."""
    what = _asks(site)
    if what is not None:
        return what
    for edge in graph.leads_to(site.place, site.call.block):
        if edge.site is site:
            _, inside = graph.under([(edge.target, 0)])
            asked = [_asks(each) for each in inside if each.sdk is not None or each.wait is not None]
            if asked and None not in asked:
                return asked[0]
    return None


def tries_again(place: Place, call: Call) -> bool:
    """Whether a pause belongs to what is tried again because it failed."""
    if re.search(_RETRY, place.name):
        return True
    if any(each.test is not None and _mentions(each.test) for each in place.function.enclosing(call.block)):
        return True
    loop = loop_around(place, call)
    return loop is not None and (_counts_tries(place.function, loop) or _ends_when_tried(place.function, loop))


def _counts_tries(function: facts.Function, loop: int) -> bool:
    return any(each.op == "for" and each.block == loop and _mentions(each.target) for each in function.assigns)


def _ends_when_tried(function: facts.Function, loop: int) -> bool:
    """Whether a loop goes on only after a failure: what it tries returns when it works."""
    blocks = [index for index in range(len(function.blocks)) if function.within(index, loop)]
    tried = [index for index in blocks if function.blocks[index].kind == "try"]
    caught = any(function.blocks[index].kind == "except" for index in blocks)
    leaves = [each.block for each in function.exits if each.kind == "return"]
    return caught and any(function.within(leave, index) for index in tried for leave in leaves)


def _mentions(expr: Expr, pattern: str = _RETRY) -> bool:
    """Whether an expression speaks of what is tried again."""
    for part in walk(expr):
        match part:
            case Name(id=text) | Attr(name=text) | Literal(value=str() | int() as text):
                if re.search(pattern, str(text)):
                    return True
            case _:
                pass
    return False


def _asks(site: Site) -> str | None:
    if site.sdk is not None:
        return site.sdk.title if _ASKING.match(site.sdk.operation) else None
    request = request_of(site) if site.wait is not None else None
    return site.dotted if request is not None and request.method == "GET" else None


def _decides(place: Place, loop: int, call: Call) -> bool:
    """Whether the answer to a call decides how the loop goes on."""
    function = place.function
    tests = [
        block.test
        for index, block in enumerate(function.blocks)
        if block.test is not None and function.within(index, loop) and block.kind in ("if", "else", "case", "loop")
    ]
    return _tells(place, loop, call, tests)


def _tells(place: Place, loop: int, call: Call, tests: list[Expr]) -> bool:
    """Whether tests ask for the answer to a call in a loop."""
    names: set[str] = set()
    assigns = [each for each in place.function.assigns if place.function.within(each.block, loop)]
    for _ in range(3):
        for assign in assigns:
            if any(part is call or (isinstance(part, Name) and part.id in names) for part in walk(assign.value)):
                names.update(part.id for part in walk(assign.target) if isinstance(part, Name))
    return any(part is call or (isinstance(part, Name) and part.id in names) for test in tests for part in walk(test))
