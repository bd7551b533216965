"""How values get from calls into parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slslint.app.place import Place
from slslint.app.resolve.frames import MOST_CALLERS, Arrival, Frame
from slslint.app.symbols import EventPart, Group, LocalClass, Symbol, Unresolved, any_of, bounded, unresolved
from slslint.facts import Attr, Call, Expr

if TYPE_CHECKING:
    from slslint.app.resolve.resolver import Resolver


def argument(
    resolver: Resolver, call: Call, place: Place, frame: Frame | None, position: int | None, name: str | None
) -> Symbol | None:
    """What an argument of a call stands for, by position or name; spreads of known content are looked into."""
    if name is not None:
        value = call.keyword(name)
        if value is not None:
            return resolver.resolve(value, place, frame)
    if position is not None and position >= 0:
        index = 0
        for each in call.args:
            if each.name is not None:
                continue
            if each.spread:
                spread = resolver.resolve(each.value, place, frame)
                if not isinstance(spread, Group) or spread.keys is not None:
                    break
                if position < index + len(spread.items):
                    return spread.items[position - index]
                index += len(spread.items)
                continue
            if index == position:
                return resolver.resolve(each.value, place, frame)
            index += 1
    if name is None:
        return None
    for each in call.args:
        if each.spread:
            spread = resolver.resolve(each.value, place, frame)
            if isinstance(spread, Group) and spread.keys is not None and name in spread.keys:
                return spread.items[len(spread.keys) - 1 - spread.keys[::-1].index(name)]
            if isinstance(spread, EventPart):
                return EventPart((*spread.path, name))
    return None


def parameter(resolver: Resolver, place: Place, index: int, frame: Frame | None) -> Symbol:
    """What a parameter stands for: in its frame the call's argument, else those of every known caller."""
    if frame is not None and frame.place is place:
        return _argument_of(resolver, frame.arrival, place, index)
    key = ("parameter", place, index)
    found = resolver.kept(key)
    if found is not None:
        return found
    return resolver.once(key, _from_callers, resolver, place, index)


def _from_callers(resolver: Resolver, place: Place, index: int) -> Symbol:
    mine = (place.path, place.name)
    found: list[Symbol] = []
    for key in (mine, *resolver.wraps.get(mine, ())):
        resolver.touch(key)
        arrivals = resolver.arrivals.get(key, [])
        found.extend(_argument_of(resolver, arrival, place, index) for arrival in arrivals[:MOST_CALLERS])
        if len(arrivals) > MOST_CALLERS:
            found.append(Unresolved())
    return any_of(found)


def _argument_of(resolver: Resolver, arrival: Arrival, place: Place, index: int) -> Symbol:
    parameters = place.function.parameters
    parameter = parameters[index]
    if arrival.call is None or arrival.place is None:
        if parameter.kind == "*":
            rest = [each for each in arrival.given[index:] if each is not None]
            return Group(tuple(rest)) if rest else arrival.rest or Unresolved()
        if index < len(arrival.given):
            given = arrival.given[index]
            if given is not None:
                return given
        if parameter.default is None:
            return arrival.rest or Unresolved()
        default = _default(resolver, place, index)
        return default if arrival.rest is None else any_of((arrival.rest, default))
    call, caller, frame = arrival.call, arrival.place, arrival.frame
    if parameter.kind == "*":
        plain = [a for a in call.args if a.name is None][max(0, index + arrival.skip) :]
        return bounded(Group(tuple(_spreadable(resolver, a.value, a.spread, caller, frame) for a in plain)))
    if parameter.kind == "**":
        names = {each.name for each in parameters if each.kind == "plain"}
        named = [a for a in call.args if a.name is not None and a.name not in names]
        values = tuple(resolver.resolve(a.value, caller, frame) for a in named)
        return bounded(Group(values, tuple(a.name for a in named)))
    if arrival.partial is not None:
        early = arrival.partial.argument(index + 1 if index < -arrival.skip else None, parameter.name)
        if early is not None:
            return early
    by_name_only = any(each.kind == "*" for each in parameters[:index])
    position = None if by_name_only else index + arrival.skip
    found = argument(resolver, call, caller, frame, position, parameter.name)
    if found is not None:
        return found
    if call.open:
        spreads = [resolver.resolve(a.value, caller, frame) for a in call.args if a.spread]
        if not all(isinstance(each, Group) for each in spreads):
            return unresolved(spreads)
    if arrival.rest is not None:
        return arrival.rest
    return _default(resolver, place, index)


def _spreadable(resolver: Resolver, value: Expr, spread: bool, caller: Place, frame: Frame | None) -> Symbol:
    found = resolver.resolve(value, caller, frame)
    return resolver.item(found, None) if spread else found


def _default(resolver: Resolver, place: Place, index: int) -> Symbol:
    default = place.function.parameters[index].default
    if default is None:
        return Unresolved()
    if not place.in_python:
        # JavaScript computes it inside the function, on each call.
        return resolver.resolve(default, place)
    outer = resolver.sources.place(place.path, resolver.sources.scopes(place.path).parents.get(place.name, ""))
    return Unresolved() if outer is None else resolver.resolve(default, outer)


def skip(resolver: Resolver, function: Place, call: Call, place: Place, frame: Frame | None) -> int:
    """How many leading arguments of a call go to the receiver: one for `Class.method(instance, ...)`."""
    if function.function.receiver is None or not isinstance(call.callee, Attr):
        return 0
    if resolver.is_classmethod(function):
        return 0
    return int(isinstance(resolver.resolve(call.callee.base, place, frame), LocalClass))
