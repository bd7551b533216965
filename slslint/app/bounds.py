"""What ends a loop that goes through a message: a counter or a remainder that is carried along and asked about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from slslint.app.callgraph import CallGraph
from slslint.app.code import Code
from slslint.app.dispatch import field_of
from slslint.app.place import Place, expressions
from slslint.app.site import Site
from slslint.app.symbols import AnyOf, ContextPart, EventPart, Member, Result, Symbol
from slslint.facts import Arithmetic, Attr, Block, Call, Expr, Item, Name, walk
from slslint.source import Span


@dataclass(frozen=True, slots=True)
class Bound:
    """What ends a loop. `why` is a noun phrase for people: "the counter `hops`"; `at` is where it is asked about."""

    why: str
    at: Span


def loop_bound(code: Code, site: Site, message: Symbol | None) -> Bound | None:
    """What ends the loop that `site` closes by sending `message` (None: nothing) to its own function.

    A condition around the call, or around a call that leads to it, that asks about the event, or about something that
    the message carries (a counter, the items that are left, where to go on). None bounds the event sent on unchanged.
    """
    steps = list(_steps(code, site))
    if message is None or (_is_event(message) and not any(_changes_event(code, place) for place, _ in steps)):
        return None
    for place, call in steps:
        carried = _carried(place, call)
        out_of_time = False
        for block in place.function.enclosing(call.block):
            if block.test is None or block.kind not in ("if", "else", "case", "loop"):
                continue
            out_of_time |= block.kind == "if" and _asks_for_time(code, place, block.test)
            # A call for each item makes it worse; one when time runs out hands over the items that are left.
            if block.kind == "loop" and not out_of_time:
                continue
            asked = _asked(code, place, block.test, carried)
            if asked is not None:
                return Bound(f"{_kind(code, place, block, asked)} `{asked}`", block.at)
    return None


def _kind(code: Code, place: Place, block: Block, asked: str) -> str:
    if block.kind == "loop":
        return "the end of"
    return "the counter" if _counts(code, place, asked) else "the condition on"


def _asks_for_time(code: Code, place: Place, test: Expr) -> bool:
    return any(isinstance(part, Name) and isinstance(code.resolve(part, place), ContextPart) for part in walk(test))


def _is_event(symbol: Symbol) -> bool:
    """Whether a symbol is the whole event and nothing else, serialised or not."""
    match symbol:
        case EventPart(()):
            return True
        case Result(Member(of, "encode"), _):
            return _is_event(of)
        case Result(_, site):
            given = site.argument(0)
            return given is not None and _is_event(given)
        case AnyOf(choices):
            return all(map(_is_event, choices))
        case _:
            return False


def _changes_event(code: Code, place: Place) -> bool:
    """Whether a part of the event gets another value: `event["hops"] += 1`."""
    return any(
        isinstance(each.target, Item) and isinstance(code.resolve(each.target.base, place), EventPart)
        for each in place.function.assigns
    )


def _steps(code: Code, site: Site) -> Iterator[tuple[Place, Call]]:
    """The call, and the calls that lead to it, nearest first."""
    graph = CallGraph(code)
    seen = {site.place}
    todo = [site]
    while todo:
        here = todo.pop(0)
        yield here.place, here.call
        for caller in graph.callers(here.place):
            if caller.place not in seen:
                seen.add(caller.place)
                todo.append(caller)


def _carried(place: Place, call: Call) -> frozenset[str]:
    """The local names whose values go into the arguments of a call, also by way of other names."""
    names = set(_names(argument.value for argument in call.args))
    while True:
        more = {
            found
            for each in place.function.assigns
            if _base(each.target) in names
            for found in _names((each.value, each.target))
        }
        if more <= names:
            return frozenset(names & place.function.bound)
        names |= more


def _names(exprs: Iterable[Expr]) -> Iterator[str]:
    return (part.id for expr in exprs for part in walk(expr) if isinstance(part, Name))


def _base(target: Expr) -> str | None:
    while isinstance(target, Item | Attr):
        target = target.base
    return target.id if isinstance(target, Name) else None


def _asked(code: Code, place: Place, test: Expr, carried: frozenset[str]) -> str | None:
    """What a test asks about, if that is a part of the event or something that the message carries."""
    for part in walk(test):
        if isinstance(part, Name | Attr | Item | Call):
            field = field_of(code.resolve(part, place))
            if field is not None and field[-1] is not None:
                return field[-1]
    for part in walk(test):
        if isinstance(part, Name) and part.id in carried and not isinstance(code.resolve(part, place), ContextPart):
            return part.id
    return None


def _counts(code: Code, place: Place, name: str) -> bool:
    """Whether a variable, or a part of the event with that key, is counted up or down."""
    if any(each.op in ("+=", "-=") and _called(code, place, each.target) == name for each in place.function.assigns):
        return True
    return any(
        isinstance(expr, Arithmetic) and name in (_called(code, place, expr.left), _called(code, place, expr.right))
        for expr, _ in expressions(place.function)
    )


def _called(code: Code, place: Place, expr: Expr) -> str | None:
    if isinstance(expr, Name):
        return expr.id
    field = field_of(code.resolve(expr, place)) if isinstance(expr, Attr | Item | Call) else None
    return field[-1] if field is not None else None
