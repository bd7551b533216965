"""Names: followed through scopes, module bodies and star imports to what binds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slslint.app.place import Place
from slslint.app.resolve.frames import Frame
from slslint.app.resolve.keys import extended, key_of
from slslint.app.runtime import python
from slslint.app.scope import Binding, Scopes
from slslint.app.symbols import External, Group, Key, LocalClass, LocalFunction, Symbol, any_of, options, unresolved
from slslint.facts import Assign, Import
from slslint.source import Span

if TYPE_CHECKING:
    from slslint.app.resolve.resolver import Resolver


def name(resolver: Resolver, name: str, at: Span, place: Place, frame: Frame | None) -> Symbol:
    """What a name stands for where it is read."""
    scopes = resolver.sources.scopes(place.path)
    function = place.function
    found = scopes.reaching(function, name, at)
    if name in function.outer_names:
        local = [_bound(resolver, binding, name, place, frame) for binding in found]
        return any_of((*local, _outer(resolver, name, place, scopes)))
    if name == function.receiver and not found:
        return resolver.receiver(place)
    if found:
        return _bindings(resolver, found, name, place, frame)
    return _enclosing(resolver, name, place, frame, scopes)


def _enclosing(resolver: Resolver, name: str, place: Place, frame: Frame | None, scopes: Scopes) -> Symbol:
    key = place.name
    while key:
        key = scopes.parents[key]
        outer = resolver.sources.place(place.path, key)
        assert outer is not None
        if not key:
            break
        if name == outer.function.receiver:
            return resolver.receiver(outer)
        found = scopes.reaching(outer.function, name, None)
        if found and name not in outer.function.outer_names:
            inner = frame if frame is not None and frame.place is outer else None
            return _bindings(resolver, found, name, outer, inner)
    return module_name(resolver, place.path, name)


def _outer(resolver: Resolver, name: str, place: Place, scopes: Scopes) -> Symbol:
    """A name that the function declares global or nonlocal, as others left it."""
    key = scopes.parents.get(place.name, "")
    while key:
        outer = resolver.sources.place(place.path, key)
        if outer is not None and name in scopes.bindings(outer.function) and name not in outer.function.outer_names:
            return _bindings(resolver, scopes.reaching(outer.function, name, None), name, outer, None)
        key = scopes.parents.get(key, "")
    return module_name(resolver, place.path, name)


def module_name(resolver: Resolver, path: str, name: str) -> Symbol:
    """What a name of a module stands for once the module has been loaded; a builtin when it binds no such name."""
    found = exported(resolver, path, name)
    return External(name) if found is None else found


def exported(resolver: Resolver, path: str, name: str) -> Symbol | None:
    """What the module binds the name to, star imports included; None when it does not."""
    key = ("module", path, name)
    found = resolver.kept(key)
    if found is not None:
        return found
    place = resolver.sources.place(path)
    if place is None:
        return None
    scopes = resolver.sources.scopes(path)
    bindings = scopes.reaching(place.function, name, None)
    writes = scopes.global_writes.get(name, ())
    if bindings or writes:
        return resolver.once(key, _module_value, resolver, place, scopes, name, bindings)
    if key in resolver.active:
        return None
    resolver.active.add(key)
    try:
        return _starred(resolver, place, scopes, name)
    finally:
        resolver.active.discard(key)


def _module_value(resolver: Resolver, place: Place, scopes: Scopes, name: str, bindings: list[Binding]) -> Symbol:
    found = [_bindings(resolver, bindings, name, place, None)] if bindings else []
    for key, assign in scopes.global_writes.get(name, ()):
        writer = resolver.sources.place(place.path, key)
        if writer is not None and assign.op != "del":
            found.append(assigned(resolver, assign, writer, None))
    return any_of(found)


def _starred(resolver: Resolver, place: Place, scopes: Scopes, name: str) -> Symbol | None:
    outside: list[str] = []
    for binding in scopes.bindings(place.function).get("*", ()):
        assert isinstance(binding.what, Import)
        module = binding.what.module
        path = resolver.sources.locate(module, place.path)
        if path is not None:
            found = exported(resolver, path, name)
            if found is not None:
                return found
        elif not module.startswith("."):
            outside.append(module)
    if len(outside) == 1 and name not in python.BUILTINS:
        return External(f"{outside[0]}.{name}")
    return None


def _bindings(resolver: Resolver, found: list[Binding], name: str, place: Place, frame: Frame | None) -> Symbol:
    symbol = any_of(_bound(resolver, binding, name, place, frame) for binding in found)
    if any(isinstance(each, Group) for each in options(symbol)):
        return _filled(resolver, symbol, name, place, frame)
    return symbol


def _filled(resolver: Resolver, symbol: Symbol, name: str, place: Place, frame: Frame | None) -> Symbol:
    """The dict or list with what the same function puts into it later."""
    mutations = resolver.sources.scopes(place.path).mutations(place.function, name)
    if not mutations:
        return symbol
    key = ("filled", place, name, frame)
    if key in resolver.active:
        return symbol
    resolver.active.add(key)
    try:
        keys: list[Key | None] = []
        items: list[Symbol] = []
        for mutation in mutations:
            value = resolver.resolve(mutation.value, place, frame)
            if mutation.merges and isinstance(value, Group):
                items.extend(value.items)
                keys.extend(value.keys or (None,) * len(value.items))
                continue
            items.append(value)
            keys.append(None if mutation.key is None else key_of(resolver.resolve(mutation.key, place, frame)))
    finally:
        resolver.active.discard(key)
    return any_of(extended(each, items, keys) for each in options(symbol))


def _bound(resolver: Resolver, binding: Binding, name: str, place: Place, frame: Frame | None) -> Symbol:
    match binding.what:
        case Assign() as assign:
            return assigned(resolver, assign, place, frame)
        case Import() as statement:
            return resolver.imported(statement, place.path)
        case int(index):
            return resolver.parameter(place, index, frame)
        case str(key):
            return LocalClass(place.path, key) if binding.by == "class" else LocalFunction(place.path, key)


def assigned(resolver: Resolver, assign: Assign, place: Place, frame: Frame | None) -> Symbol:
    """What an assignment gives its target."""
    value = resolver.resolve(assign.value, place, frame)
    if assign.op in ("=", "for"):
        return value
    return unresolved((value,))
