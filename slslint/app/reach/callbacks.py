"""Functions and objects that are handed to something outside the application, which calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slslint.app import runtime
from slslint.app.place import Place
from slslint.app.reach.step import FROM_EVENT
from slslint.app.resolve import Arrival, bound_by
from slslint.app.runtime import python
from slslint.app.site import Site
from slslint.app.symbols import (
    EventPart,
    LocalClass,
    LocalFunction,
    LocalInstance,
    Symbol,
    Unresolved,
    dotted,
    options,
    unresolved,
)
from slslint.facts import Attr, Call, Closure, Expr, Name

if TYPE_CHECKING:
    from slslint.app.reach.explore import Reach

_TAKES_FUNCTIONS = python.ELEMENTWISE | python.DEFERRED | {"run_in_executor", "partial", "Thread", "Timer"}
_FUNCTION_NAMES = frozenset({"target", "key", "func", "function", "callback", "record_handler", "view_func"})


def handed_on(reach: Reach, place: Place, call: Call, callee: Symbol) -> None:
    """Local functions and objects that are given to something outside the application."""
    resolver = reach.resolver
    name = dotted(callee) or ""
    last = name.rpartition(".")[2]
    names = reach.callable_names(place)
    expected = last in _TAKES_FUNCTIONS or name in runtime.BATCH_PROCESSORS
    for position, argument in enumerate(call.args):
        if not (expected or argument.name in _FUNCTION_NAMES or _may_be_function(reach, argument.value, names)):
            continue
        for symbol in options(resolver.resolve(argument.value, place)):
            if isinstance(symbol, LocalFunction):
                function = reach.function(symbol)
                if function is None:
                    continue
                if not reach.step(place, function, call.at, "passes on") and (call, function) in reach.given:
                    continue
                reach.given.add((call, function))
                reach.arrive(function, _given_by(reach, place, call, callee, name, last, position, argument.name))
                if not place.name and name not in python.SYNCHRONOUS and last not in python.ELEMENTWISE:
                    reach.registered[function] = None
            elif isinstance(symbol, LocalClass | LocalInstance):
                handed_over(reach, place, call, symbol)


def _may_be_function(reach: Reach, value: Expr, names: set[str]) -> bool:
    """A cheap test before resolving: whether an argument may be a local function, class or instance."""
    match value:
        case Closure():
            return True
        case Name(name):
            return name in names or reach.derived
        case Attr(_, name):
            return name in reach.methods or name in names
        case Call():
            return reach.derived
        case _:
            return False


def _given_by(
    reach: Reach, place: Place, call: Call, callee: Symbol, name: str, last: str, position: int, keyword: str | None
) -> Arrival:
    resolver = reach.resolver
    if name in runtime.BATCH_PROCESSORS:
        return Arrival(given=(EventPart(("Records", None)),), rest=FROM_EVENT)
    if last in python.ELEMENTWISE and position == 0:
        rest = [resolver.argument(call, place, None, index, None) for index in range(1, len(call.args))]
        if rest:
            return Arrival(given=tuple(None if s is None else resolver.item(s, None) for s in rest))
    if last in python.DEFERRED and position == 0 and keyword is None:
        return Arrival(place, call, skip=1)
    if last == "run_in_executor" and position == 1:
        return Arrival(place, call, skip=2)
    if keyword == "target":
        values = resolver.argument(call, place, None, None, "args")
        return Arrival(given=tuple(getattr(values, "items", ())) if values is not None else ())
    if name == "functools.partial" and position == 0:
        return Arrival(place, call, skip=1, rest=Unresolved())
    if name in ("sorted", "min", "max", "functools.reduce"):
        first = resolver.argument(call, place, None, 1 if name == "functools.reduce" else 0, None)
        return Arrival(rest=None if first is None else resolver.item(first, None))
    if not place.name and name not in python.SYNCHRONOUS:
        return Arrival(rest=FROM_EVENT)
    others = [resolver.resolve(each.value, place) for index, each in enumerate(call.args) if index != position]
    return Arrival(rest=unresolved((callee, *others)))


def handed_over(reach: Reach, place: Place, call: Call, symbol: LocalClass | LocalInstance) -> None:
    """A framework calls the methods of a class that is derived from one of its own."""
    of = symbol.of if isinstance(symbol, LocalInstance) else symbol
    lineage = list(reach.resolver.lineage(of))
    if not any(isinstance(each, str) and each not in runtime.PLAIN_BASES for each in lineage):
        return
    for each in lineage:
        if not isinstance(each, LocalClass):
            continue
        facts = reach.sources.facts_of(each.path)
        for method in sorted(facts.classes[each.name].methods):
            function = reach.sources.place(each.path, f"{each.name}.{method}")
            if function is not None and reach.step(place, function, call.at, "passes on"):
                reach.arrive(function, Arrival(rest=FROM_EVENT))
                reach.registered[function] = None


def partial_called(reach: Reach, place: Place, call: Call, made: Site) -> None:
    """A call of what `functools.partial` made."""
    target = made.argument(0)
    for symbol in options(target) if target is not None else ():
        if isinstance(symbol, LocalFunction):
            function = reach.function(symbol)
            if function is not None and reach.step(place, function, call.at, "calls"):
                reach.arrive(function, Arrival(place, call, skip=-bound_by(made), partial=made))
