"""What decorators do with the functions that they decorate: call, wrap, keep or register them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slslint.app import runtime
from slslint.app.place import Place
from slslint.app.reach.step import FROM_EVENT, Step
from slslint.app.resolve import Arrival
from slslint.app.runtime import python
from slslint.app.symbols import (
    ContextPart,
    EventPart,
    External,
    LocalFunction,
    Member,
    Symbol,
    Unresolved,
    dotted,
    options,
)
from slslint.facts import Attr, Call, Expr, Item, Name
from slslint.source import Span

if TYPE_CHECKING:
    from slslint.app.reach.explore import Reach


def decorated(reach: Reach, place: Place, key: str) -> None:
    """What the decorators of a function do when the body around it runs."""
    function = reach.sources.place(place.path, key)
    if function is None:
        return
    for decorator in function.function.decorators:
        factory = decorator.callee if isinstance(decorator, Call) else decorator
        at = function.function.at
        for symbol in options(reach.resolver.resolve(factory, place)):
            if isinstance(symbol, LocalFunction):
                _local_decorator(reach, place, function, symbol, decorator)
            elif _registers(symbol, decorator):
                reach.registered[function] = None
                reach.arrive(function, Arrival(rest=FROM_EVENT))
                reach.step(place, function, at, "registers")
            elif dotted(symbol) in runtime.MIDDLEWARE_FACTORIES:
                reach.arrive(function, Arrival(given=(None, EventPart(), ContextPart()), rest=Unresolved()))


def _local_decorator(reach: Reach, place: Place, function: Place, symbol: LocalFunction, decorator: Expr) -> None:
    taken = reach.function(symbol)
    if taken is None:
        return
    at = function.function.at
    if isinstance(decorator, Call):
        made = reach.resolver.resolve(decorator, place)
        takers = [reach.function(each) for each in options(made) if isinstance(each, LocalFunction)]
    else:
        takers = [taken]
    for taker in takers:
        if taker is None:
            continue
        reach.arrive(taker, Arrival(given=(LocalFunction(function.path, function.name),)))
        reach.step(place, taker, at, "calls")
        if _keeps_argument(taker):
            reach.registered[function] = None
            reach.arrive(function, Arrival(rest=FROM_EVENT))
            reach.step(place, function, at, "registers")
        for wrapper in options(reach.resolver.returns(taker)):
            if isinstance(wrapper, LocalFunction):
                found = reach.function(wrapper)
                if found is not None and found is not function:
                    key = (found.path, found.name)
                    reach.wrappers.add(found)
                    wrapped = reach.resolver.wraps.setdefault(key, [])
                    if (function.path, function.name) not in wrapped:
                        wrapped.append((function.path, function.name))
                        reach.resolver.change(key)
                    _wrapped(reach, function, found, at)
        if reach.resolver.decorated_by(taker, runtime.MIDDLEWARE_FACTORIES):
            _wrapped(reach, function, taker, at)


def _wrapped(reach: Reach, function: Place, wrapper: Place, at: Span) -> None:
    step = Step(function, wrapper, at, "is wrapped by")
    if function in reach.places:
        reach.step(step.source, step.target, at, step.verb)
    else:
        reach.waiting.setdefault(function, []).append((step, None))


def _registers(symbol: Symbol, decorator: Expr) -> bool:
    """Whether a decorator is a method of an object that a package made: `@app.get("/users")`; or Nest's `@Get()`."""
    if isinstance(symbol, External) and isinstance(decorator, Call):
        return symbol.dotted.rpartition(".")[2] in runtime.ROUTE_DECORATORS
    if not isinstance(symbol, Member):
        return False
    name = dotted(symbol)
    if name is None or name.startswith(runtime.NOT_REGISTERING):
        return False
    return symbol.name not in python.WRAPPING_METHODS


def _keeps_argument(decorator: Place) -> bool:
    """Whether a local decorator keeps the function that it is given: `ROUTES[path] = function`."""
    if not decorator.function.parameters:
        return False
    name = decorator.function.parameters[0].name
    for assign in decorator.function.assigns:
        if isinstance(assign.target, Item | Attr) and isinstance(assign.value, Name) and assign.value.id == name:
            return True
    return any(
        isinstance(call.callee, Attr) and any(isinstance(a.value, Name) and a.value.id == name for a in call.args)
        for call in decorator.function.calls
    )
