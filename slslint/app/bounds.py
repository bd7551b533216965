"""What ends a loop that goes through a message: a counter or a remainder that is carried along and asked about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from slslint.app.callgraph import CallGraph
from slslint.app.code import Code
from slslint.app.dispatch import field_of
from slslint.app.place import Place
from slslint.app.site import Site
from slslint.app.symbols import AnyOf, ContextPart, EventPart, Member, Result, Symbol
from slslint.facts import Arithmetic, Attr, Call, Expr, Item, Name, walk
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
        for block in place.function.enclosing(call.block):
            if block.test is None or block.kind not in ("if", "else", "case", "loop"):
                continue
            asked = _asked(code, place, block.test, carried)
            if asked is not None:
                what = (
                    "the loop over"
                    if block.kind == "loop"
                    else "the counter"
                    if _counts(place, asked)
                    else "what the code asks about"
                )
                return Bound(f"{what} `{asked}`", block.at)
    return None


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


def _counts(place: Place, name: str) -> bool:
    """Whether a name is counted up or down, be it a variable or a key of the event."""
    for each in place.function.assigns:
        if each.op in ("+=", "-=") or any(isinstance(part, Arithmetic) for part in walk(each.value)):
            if _base(each.target) == name or name in _names((each.value,)):
                return True
    return False
