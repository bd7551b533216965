"""JavaScript: what promises, callbacks, globals, and methods of texts, objects, arrays and events return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slslint.app.place import Place
from slslint.app.resolve.frames import Frame
from slslint.app.resolve.keys import key_of, symbol_of, text_of
from slslint.app.runtime import SAME_TEXT, javascript
from slslint.app.symbols import (
    AnyOf,
    Constant,
    ContextPart,
    EnvVar,
    EventPart,
    External,
    Group,
    Joined,
    Key,
    LocalFunction,
    LocalInstance,
    LocalModule,
    Member,
    Result,
    Symbol,
    Unresolved,
    any_of,
    bounded,
    joined,
    options,
    unresolved,
)
from slslint.facts import Attr, Call, Name

if TYPE_CHECKING:
    from slslint.app.resolve.resolver import Resolver

_MOST_INNER = 40
"""Functions inside a promise's executor that are searched for calls of `resolve`."""

_LONGEST_MAPPED = 30
"""Items of an array whose mapped copy is as long; of a longer one only what an item may be is kept."""


def method_result(resolver: Resolver, call: Call, place: Place, frame: Frame | None) -> Symbol | None:
    """What a method returns that many kinds of values have: promises, functions, requests; None for all others."""
    callee = call.callee
    if not isinstance(callee, Attr):
        return None
    name = callee.name
    if name in javascript.SETTLING:
        base = resolver.resolve(callee.base, place, frame)
        return None if _has_own(resolver, base, name) else _settled(resolver, base, name, call, place, frame)
    if name == "promise" and not call.args:
        base = resolver.resolve(callee.base, place, frame)
        return base if isinstance(base, Result | AnyOf) else None
    if name in javascript.VALIDATING:
        return _validated(resolver, name, call, place, frame)
    if name == "bind":
        base = resolver.resolve(callee.base, place, frame)
        if isinstance(base, LocalFunction | External | Member) and len(call.args) <= 1:
            return base
    return None


def _validated(resolver: Resolver, name: str, call: Call, place: Place, frame: Frame | None) -> Symbol | None:
    """The environment, where a package only looks whether all is there: `schema.parse(process.env)`."""
    if External("process.env") not in [resolver.resolve(each.value, place, frame) for each in call.args[:2]]:
        return None
    key = javascript.VALIDATED.get(name)
    return External("process.env") if key is None else Group((External("process.env"),), (key,))


def _has_own(resolver: Resolver, base: Symbol, name: str) -> bool:
    return isinstance(base, LocalInstance) and resolver.method(base.of, name) is not None


def _settled(resolver: Resolver, base: Symbol, name: str, call: Call, place: Place, frame: Frame | None) -> Symbol:
    """What a promise is after `then`, `catch` or `finally`."""
    if name == "finally":
        return base
    asked = [resolver.argument(call, place, frame, index, None) for index in (0, 1)]
    if name == "catch":
        return any_of((base, *_useful(_applied(resolver, asked[0], (Unresolved(),), call, place, frame))))
    if asked[0] in (None, Constant(None)):
        kept = base
    else:
        found = _applied(resolver, asked[0], (base,), call, place, frame)
        kept = unresolved((base,)) if found is None else found
    return any_of((kept, *_useful(_applied(resolver, asked[1], (Unresolved(),), call, place, frame))))


def _useful(symbol: Symbol | None) -> tuple[Symbol, ...]:
    """What a function that handles an error gives in place of the value, if anything."""
    return () if symbol is None else tuple(each for each in options(symbol) if each != Constant(None))


def _applied(
    resolver: Resolver,
    function: Symbol | None,
    given: tuple[Symbol | None, ...],
    call: Call,
    place: Place,
    frame: Frame | None,
) -> Symbol | None:
    """What the functions among the options return for these arguments; None when one of them is not known."""
    found: list[Symbol] = []
    for each in () if function is None else options(function):
        target = resolver.sources.place(each.path, each.name) if isinstance(each, LocalFunction) else None
        if target is None:
            return None
        found.append(resolver.applied(target, given, call, frame))
    return any_of(found) if found else None


# --- methods ---------------------------------------------------------------------------------------------------------


def event_method(
    resolver: Resolver, path: tuple[str | None, ...], call: Call, place: Place, frame: Frame | None
) -> Symbol:
    """What a method of the event, or of a part of it, returns."""
    *outer, method = path or (None,)
    whole = tuple(outer)
    here, element = EventPart(whole), EventPart((*whole, None))
    if method in ("get", "getAll") and call.args:
        return EventPart((*whole, text_of(resolver.argument(call, place, frame, 0, None))))
    if method in SAME_TEXT or method in ("filter", "sort", "toSorted", "reverse", "toReversed", "flat"):
        return here
    if method in javascript.ONE_ITEM:
        return element
    if method in javascript.MAPPING:
        return Group((_mapped(resolver, element, call, place, frame),))
    if method in javascript.FOLDING:
        return _folded(resolver, element, call, place, frame)
    if method == "entries":
        return Group((Group((Unresolved(), element)),))
    if method == "values":
        return Group((element,))
    if method == "forEach":
        return Constant(None)
    return Result(EventPart(path), resolver.site(call, place, frame))


def group_method(resolver: Resolver, group: Group, name: str, call: Call, place: Place, frame: Frame | None) -> Symbol:
    """What a method of an array, object, Map or Set in sight returns."""
    given = [resolver.resolve(each.value, place, frame) for each in call.args]
    if group.keys is not None:
        found = _map_method(resolver, group, group.keys, name, given)
    else:
        found = _array_method(resolver, group, name, given, call, place, frame)
    return unresolved((group, *given)) if found is None else found


def _map_method(
    resolver: Resolver, group: Group, keys: tuple[Key | None, ...], name: str, given: list[Symbol]
) -> Symbol | None:
    if name == "get" and given:
        return resolver.item(group, given[0])
    if name == "entries":
        return _pairs(group, keys)
    if name == "values":
        return Group(group.items)
    if name == "keys":
        return Group(tuple(symbol_of(key) for key in keys if key is not None))
    if name == "set":
        return group
    return Constant(None) if name in ("forEach", "clear") else None


def _array_method(
    resolver: Resolver, group: Group, name: str, given: list[Symbol], call: Call, place: Place, frame: Frame | None
) -> Symbol | None:
    element = resolver.element(group)
    if name in javascript.MAPPING:
        mapped = _mapped(resolver, element, call, place, frame)
        known = name == "map" and 0 < len(group.items) <= _LONGEST_MAPPED
        return bounded(Group((mapped,) * (len(group.items) if known else 1)))
    if name in ("add", "values"):
        return group
    if name in javascript.SAME_LIST:
        # Nobody knows which item comes first now.
        return group if len(group.items) < 2 else Group((element,))
    if name in javascript.ONE_ITEM:
        return element
    if name in javascript.FOLDING:
        return _folded(resolver, element, call, place, frame)
    if name == "concat" and all(isinstance(each, Group) and each.keys is None for each in given):
        return bounded(Group((*group.items, *(i for each in given if isinstance(each, Group) for i in each.items))))
    if name == "entries":
        return Group((Group((Unresolved(), element)),))
    if name == "join":
        between = given[0] if given else Constant(",")
        parts = [part for item in group.items for part in (between, item)]
        return joined(parts[1:])
    return Constant(None) if name in ("forEach", "clear") else None


def _mapped(resolver: Resolver, element: Symbol, call: Call, place: Place, frame: Frame | None) -> Symbol:
    function = resolver.argument(call, place, frame, 0, None)
    found = _applied(resolver, function, (element,), call, place, frame)
    return unresolved((element,)) if found is None else found


def _folded(resolver: Resolver, element: Symbol, call: Call, place: Place, frame: Frame | None) -> Symbol:
    first = resolver.argument(call, place, frame, 1, None)
    function = resolver.argument(call, place, frame, 0, None)
    given = (unresolved((element,) if first is None else (element, first)), element)
    found = _applied(resolver, function, given, call, place, frame)
    return unresolved(given) if found is None else unresolved((found, *given))


def _pairs(group: Group, keys: tuple[Key | None, ...]) -> Symbol:
    pairs = zip(keys, group.items, strict=True)
    return bounded(Group(tuple(Group((Unresolved() if k is None else symbol_of(k), v)) for k, v in pairs)))


# --- globals ---------------------------------------------------------------------------------------------------------


def builtin(resolver: Resolver, name: str, call: Call, place: Place, frame: Frame | None) -> Symbol | None:
    """What a global function or constructor returns; None when nothing special is known."""
    first = resolver.argument(call, place, frame, 0, None)
    if first is None:
        return _empty(name)
    if name in javascript.SAME_VALUE:
        return first
    if name == "String":
        return first if isinstance(first, EventPart | EnvVar | ContextPart | Joined) else None
    if name.rpartition(".")[2] in javascript.VALIDATING and name != "JSON.parse":
        found = _validated(resolver, name.rpartition(".")[2], call, place, frame)
        if found is not None:
            return found
    if name.startswith("Object."):
        return _of_object(resolver, name, first, call, place, frame)
    if name.startswith("Promise"):
        return _promised(resolver, name, first)
    if name == "JSON.parse" and isinstance(first, Result) and first.of == External("JSON.stringify"):
        return first.site.argument(0)
    if name == "Array.from":
        if len(call.args) == 1:
            return first
        mapped = _applied(
            resolver, resolver.argument(call, place, frame, 1, None), (resolver.element(first),), call, place, frame
        )
        return None if mapped is None else Group((mapped,))
    if name in ("Map", "WeakMap"):
        return _keyed(first)
    if name in ("Set", "WeakSet") and isinstance(first, Group):
        return first
    return None


def _empty(name: str) -> Symbol | None:
    if name in ("Map", "WeakMap"):
        return Group((), ())
    if name == "Promise.resolve":
        return Constant(None)
    return Group(()) if name in ("Set", "WeakSet", "Array") else None


def _of_object(
    resolver: Resolver, name: str, first: Symbol, call: Call, place: Place, frame: Frame | None
) -> Symbol | None:
    match name, first:
        case "Object.assign", _:
            return _merged([resolver.resolve(each.value, place, frame) for each in call.args])
        case "Object.fromEntries", _:
            return _keyed(first)
        case "Object.keys", EventPart(path):
            return Group((EventPart((*path, None)),))
        case "Object.values", EventPart(path):
            return Group((EventPart((*path, None)),))
        case "Object.entries", EventPart(path):
            part = EventPart((*path, None))
            return Group((Group((part, part)),))
        case "Object.keys", Group(_, keys) if keys is not None:
            return Group(tuple(Unresolved() if key is None else symbol_of(key) for key in keys))
        case "Object.values", Group(items, keys) if keys is not None:
            return Group(items)
        case "Object.entries", Group(_, keys) if keys is not None:
            return _pairs(first, keys)
        case "Object.keys" | "Object.values" | "Object.entries", LocalModule(path):
            values = any_of(resolver.all_exported(path))
            element = Unresolved() if name == "Object.keys" else values
            return Group((Group((Unresolved(), values)) if name == "Object.entries" else element,))
        case _:
            return None


def _merged(symbols: list[Symbol]) -> Symbol:
    """An object of all properties of the objects, later ones last."""
    items: list[Symbol] = []
    keys: list[Key | None] = []
    for each in symbols:
        if isinstance(each, Group) and each.keys is not None:
            items += each.items
            keys += each.keys
        else:
            items.append(each)
            keys.append(None)
    return bounded(Group(tuple(items), tuple(keys)))


def _keyed(pairs: Symbol) -> Symbol | None:
    """The Map, or object, of an array of pairs."""
    if isinstance(pairs, Group) and pairs.keys is not None:
        return pairs
    if not isinstance(pairs, Group) or not all(isinstance(p, Group) and len(p.items) == 2 for p in pairs.items):
        return None
    found = [each.items for each in pairs.items if isinstance(each, Group)]
    return bounded(Group(tuple(value for _, value in found), tuple(key_of(key) for key, _ in found)))


def _promised(resolver: Resolver, name: str, first: Symbol) -> Symbol | None:
    match name:
        case "Promise.race" | "Promise.any":
            return resolver.element(first)
        case "Promise.allSettled":
            return Group((Group((resolver.element(first),), ("value",)),))
        case "Promise" if isinstance(first, LocalFunction):
            executor = resolver.sources.place(first.path, first.name)
            return Unresolved() if executor is None else _resolved_with(resolver, executor)
        case _:
            return None


def _resolved_with(resolver: Resolver, executor: Place) -> Symbol:
    """What a promise's executor calls its `resolve` with."""
    if not executor.function.parameters:
        return Unresolved()
    resolve = executor.function.parameters[0].name
    scopes = resolver.sources.scopes(executor.path)
    inside = [executor.name]
    found: list[Symbol] = []
    for key in inside:
        if len(inside) < _MOST_INNER:
            inside += scopes.children.get(key, ())
        place = resolver.sources.place(executor.path, key)
        assert place is not None
        if key != executor.name and resolve in place.function.bound:
            continue
        found += [
            resolver.resolve(call.args[0].value, place) if call.args else Constant(None)
            for call in place.function.calls
            if isinstance(call.callee, Name) and call.callee.id == resolve
        ]
    return any_of(found) if found else Unresolved()
