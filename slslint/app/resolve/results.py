"""What calls return."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from slslint.app import runtime
from slslint.app.place import Place
from slslint.app.resolve import python
from slslint.app.resolve.frames import Arrival, Frame, bound_by
from slslint.app.resolve.keys import same_text
from slslint.app.site import Site
from slslint.app.symbols import (
    AnyOf,
    Constant,
    ContextPart,
    Element,
    EventPart,
    External,
    Group,
    LocalClass,
    LocalFunction,
    LocalInstance,
    LocalModule,
    Member,
    Result,
    Symbol,
    Unresolved,
    any_of,
    bounded,
    present,
    unresolved,
)
from slslint.facts import Call, Name

if TYPE_CHECKING:
    from slslint.app.resolve.resolver import Resolver

_MOST_FRAMES = 1000
_DEEPEST_FRAME = 2
_LARGEST_FRAMED = 80
"""Calls and assignments of a function that is still resolved anew for each of its calls."""


def result_of(resolver: Resolver, call: Call, place: Place, frame: Frame | None) -> Symbol:
    """What a call returns."""
    if isinstance(call.callee, Name) and call.callee.id == "super" and place.function.owner is not None:
        return _super(resolver, place)
    if not place.in_python:
        found = _method_result()(resolver, call, place, frame)
        if found is not None:
            return found
    callee = resolver.resolve(call.callee, place, frame)
    if isinstance(callee, AnyOf):
        return any_of(_result(resolver, each, call, place, frame) for each in present(callee))
    return _result(resolver, callee, call, place, frame)


@cache
def _method_result() -> Callable[[Resolver, Call, Place, Frame | None], Symbol | None]:
    from slslint.app.resolve import javascript

    return javascript.method_result


def _super(resolver: Resolver, place: Place) -> Symbol:
    owner = place.function.owner
    assert owner is not None
    bases = list(resolver.lineage(LocalClass(place.path, owner)))[1:]
    local = [LocalInstance(each) for each in bases if isinstance(each, LocalClass)]
    if local:
        return local[0]
    outside = [each for each in bases if isinstance(each, str)]
    return External(f"{outside[0]}()") if len(outside) == 1 else Unresolved()


def _result(resolver: Resolver, callee: Symbol, call: Call, place: Place, frame: Frame | None) -> Symbol:
    match callee:
        case LocalFunction(path, name):
            function = resolver.sources.place(path, name)
            return Unresolved() if function is None else returns(resolver, function, call, place, frame)
        case LocalClass():
            # `Action("create")` is the member of that value.
            value = call.positional(0) if len(call.args) == 1 else None
            if value is not None and any(base in runtime.ENUMS for base in resolver.lineage(callee)):
                return resolver.resolve(value, place, frame)
            return LocalInstance(callee)
        case LocalInstance(of):
            method = resolver.method(of, "__call__")
            return Unresolved() if method is None else returns(resolver, method, call, place, frame)
        case External(name):
            special = _builtin(place)(resolver, name, call, place, frame)
            return Result(callee, resolver.site(call, place, frame)) if special is None else special
        case Result(External("functools.partial"), made):
            return _partial(resolver, made, call, place, frame)
        case Member(Group() as group, name):
            return _group_method(place)(resolver, group, name, call, place, frame)
        case Member(LocalFunction(path, key), "call" | "apply"):
            function = resolver.sources.place(path, key)
            return Unresolved() if function is None else returns(resolver, function)
        case Member(of, name) if name in runtime.SAME_TEXT and not isinstance(of, Result | Member | Element):
            return same_text(of, name)
        case EventPart(path):
            return _event_method(place)(resolver, path, call, place, frame)
        case LocalModule(path):
            whole = resolver.as_a_whole(path)
            return Unresolved() if whole == callee else _result(resolver, whole, call, place, frame)
        case Member() | Result() | Element() | ContextPart():
            return bounded(Result(callee, resolver.site(call, place, frame)))
        case _:
            return unresolved((callee, *(resolver.resolve(a.value, place, frame) for a in call.args)))


def _builtin(place: Place) -> Callable[[Resolver, str, Call, Place, Frame | None], Symbol | None]:
    if place.in_python:
        return python.builtin
    from slslint.app.resolve import javascript

    return javascript.builtin


def _group_method(place: Place) -> Callable[[Resolver, Group, str, Call, Place, Frame | None], Symbol]:
    if place.in_python:
        return python.group_method
    from slslint.app.resolve import javascript

    return javascript.group_method


def _event_method(
    place: Place,
) -> Callable[[Resolver, tuple[str | None, ...], Call, Place, Frame | None], Symbol]:
    if place.in_python:
        return python.event_method
    from slslint.app.resolve import javascript

    return javascript.event_method


def _partial(resolver: Resolver, made: Site, call: Call, place: Place, frame: Frame | None) -> Symbol:
    target = made.argument(0)
    if isinstance(target, LocalFunction):
        function = resolver.sources.place(target.path, target.name)
        return Unresolved() if function is None else returns(resolver, function, call, place, frame, made)
    return unresolved((*made.argument_symbols(), *(resolver.resolve(a.value, place, frame) for a in call.args)))


def returns(
    resolver: Resolver,
    function: Place,
    call: Call | None = None,
    place: Place | None = None,
    frame: Frame | None = None,
    partial: Site | None = None,
) -> Symbol:
    """What a local function returns: to any caller, or to one call when it is small enough to be looked at anew."""
    inner = None
    if call is not None and place is not None and function.function.parameters:
        inner = _frame(resolver, function, call, place, frame, partial)
    key = ("returns", function, inner)
    found = resolver.kept(key)
    if found is not None:
        return found
    return resolver.once(key, _exits, resolver, function, inner)


def _frame(
    resolver: Resolver, function: Place, call: Call, place: Place, frame: Frame | None, partial: Site | None
) -> Frame | None:
    def arrive() -> Arrival:
        skip = resolver.skip(function, call, place, frame) if partial is None else -bound_by(partial)
        return Arrival(place, call, frame, skip, partial=partial)

    return _framed(resolver, function, call, frame, arrive)


def applied(
    resolver: Resolver, function: Place, given: tuple[Symbol | None, ...], call: Call, frame: Frame | None
) -> Symbol:
    """What a local function returns that `call` hands to something that calls it with the arguments `given`."""
    inner = None
    if function.function.parameters:
        inner = _framed(resolver, function, call, frame, lambda: Arrival(given=given, rest=Unresolved()))
    key = ("returns", function, inner)
    found = resolver.kept(key)
    return resolver.once(key, _exits, resolver, function, inner) if found is None else found


def _framed(
    resolver: Resolver, function: Place, call: Call, frame: Frame | None, arrive: Callable[[], Arrival]
) -> Frame | None:
    depth = 1 if frame is None else frame.depth + 1
    facts = function.function
    if depth > _DEEPEST_FRAME or len(facts.calls) + len(facts.assigns) > _LARGEST_FRAMED:
        return None
    key = (id(call), f"{function.path}:{function.name}", id(frame))
    found = resolver.frames.get(key)
    if found is None:
        if len(resolver.frames) >= _MOST_FRAMES:
            return None
        found = resolver.frames[key] = Frame(function, arrive(), depth)
    return found


def _exits(resolver: Resolver, function: Place, frame: Frame | None) -> Symbol:
    exits = function.function.exits
    yields = [each.value for each in exits if each.kind == "yield"]
    if yields:
        values = [resolver.resolve(value, function, frame) for value in yields if value is not None]
        if resolver.decorated_by(function, runtime.CONTEXT_MANAGERS):
            return any_of(values)
        return bounded(Group((any_of(values),)))
    found = [
        Constant(None) if each.value is None else resolver.resolve(each.value, function, frame)
        for each in exits
        if each.kind == "return"
    ]
    return any_of(found) if found else Constant(None)
