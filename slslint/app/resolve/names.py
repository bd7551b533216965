"""Names: followed through the scopes around them to what binds them, and to what is put into it later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from slslint.app.flow import Binding
from slslint.app.place import Place
from slslint.app.resolve.frames import Frame
from slslint.app.resolve.keys import extended, key_of
from slslint.app.scope import Mutation, Scopes
from slslint.app.symbols import (
    AnyOf,
    External,
    Group,
    Key,
    LocalClass,
    LocalFunction,
    LocalInstance,
    Symbol,
    Unresolved,
    any_of,
    options,
    unresolved,
)
from slslint.facts import Assign, Expr, Import, Item, Name
from slslint.source import Span

if TYPE_CHECKING:
    from slslint.app.resolve.resolver import Resolver

_MANY = (Group, AnyOf)


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
        return _variable(resolver, found, name, place, frame)
    return _enclosing(resolver, name, at, place, frame, scopes)


def _enclosing(resolver: Resolver, name: str, at: Span, place: Place, frame: Frame | None, scopes: Scopes) -> Symbol:
    inner = place.function
    while inner.name:
        if name == "this" and inner.owner is not None and not place.in_python:
            return LocalClass(place.path, inner.owner)
        outer = resolver.sources.place(place.path, scopes.parents[inner.name])
        assert outer is not None
        if not outer.name:
            break
        if name == outer.function.receiver:
            return resolver.receiver(outer)
        found = scopes.captured(outer.function, name, inner)
        if found and name not in outer.function.outer_names:
            return _variable(
                resolver, found, name, outer, frame if frame is not None and frame.place is outer else None
            )
        inner = outer.function
    if name == "this" and not place.in_python:
        return _this_of_field(place, at)
    return module_name(resolver, place.path, name)


def _this_of_field(place: Place, at: Span) -> Symbol:
    """What `this` is where no function is around it: in the value of a class's field."""
    for key, each in place.facts.classes.items():
        if any(assign.at.holds(at) for assign in each.assigns):
            return LocalInstance(LocalClass(place.path, key))
    return Unresolved()


def _outer(resolver: Resolver, name: str, place: Place, scopes: Scopes) -> Symbol:
    """A name that the function declares global or nonlocal, as others left it."""
    key = scopes.parents.get(place.name, "")
    while key:
        outer = resolver.sources.place(place.path, key)
        if outer is not None and name in scopes.bindings(outer.function) and name not in outer.function.outer_names:
            return _variable(resolver, scopes.reaching(outer.function, name, None), name, outer, None)
        key = scopes.parents.get(key, "")
    return module_name(resolver, place.path, name)


def module_name(resolver: Resolver, path: str, name: str) -> Symbol:
    """What a name of a module stands for once the module has been loaded; a builtin when it binds no such name."""
    python = resolver.sources.in_python(path)
    found = resolver.exported(path, name) if python else module_binding(resolver, path, name)
    if found is None:
        # Only slslint itself gives imports names with a blank.
        return Unresolved() if " " in name else External(name)
    return found


def module_binding(resolver: Resolver, path: str, name: str) -> Symbol | None:
    """What the module itself binds the name to, once it has been loaded; None when it does not."""
    key = ("module", path, name)
    found = resolver.kept(key)
    if found is not None:
        return found
    place = resolver.sources.place(path)
    if place is None:
        return None
    scopes = resolver.sources.scopes(path)
    bindings = scopes.reaching(place.function, name, None)
    if not bindings and not scopes.inner_writes("", name):
        return None
    return resolver.once(key, _variable, resolver, bindings, name, place, None)


def _variable(resolver: Resolver, found: list[Binding], name: str, place: Place, frame: Frame | None) -> Symbol:
    """What a variable holds by these bindings, or because functions inside its own have written it."""
    values = [_bindings(resolver, found, name, place, frame)] if found else []
    if resolver.sources.scopes(place.path).inner_writes(place.name, name):
        key = ("written", place, name)
        written = resolver.kept(key)
        values.append(resolver.once(key, _written, resolver, place, name) if written is None else written)
    return any_of(values) if len(values) != 1 else values[0]


def _written(resolver: Resolver, place: Place, name: str) -> Symbol:
    """What functions inside a function, or in a module, give a name of it."""
    values: list[Symbol] = []
    for key, assign in resolver.sources.scopes(place.path).inner_writes(place.name, name):
        writer = resolver.sources.place(place.path, key)
        if writer is not None and assign.op != "del":
            values.append(assigned(resolver, assign, writer, None))
    return any_of(values)


def _bindings(resolver: Resolver, found: list[Binding], name: str, place: Place, frame: Frame | None) -> Symbol:
    if len(found) == 1:
        symbol = _bound(resolver, found[0], name, place, frame)
        if not isinstance(symbol, _MANY):
            return symbol
    return resolver.held(("held", place, name, frame, *found), _held, resolver, found, name, place, frame)


def _held(resolver: Resolver, found: list[Binding], name: str, place: Place, frame: Frame | None) -> Symbol:
    symbol = any_of(_bound(resolver, binding, name, place, frame) for binding in found)
    if isinstance(symbol, _MANY) and any(isinstance(each, Group) for each in options(symbol)):
        return _filled(resolver, symbol, name, place, frame)
    return symbol


def _filled(resolver: Resolver, symbol: Symbol, name: str, place: Place, frame: Frame | None) -> Symbol:
    """The dict or list with what the same function puts into it later, and what functions inside it may."""
    scopes = resolver.sources.scopes(place.path)
    mutations = scopes.mutations(place.function, name)
    inner = scopes.inner_mutations(place.name, name)
    key = ("filled", place, name, frame)
    if not (mutations or inner):
        return symbol
    if key in resolver.active:
        resolver.cuts += 1
        return symbol
    resolver.active.add(key)
    try:
        made = (each for each in mutations if not _left_out(resolver, each.block, place, frame))
        surely = [entry for each in made for entry in _entries(resolver, each, place, frame)]
        perhaps: list[tuple[Key | None, Symbol]] = []
        for writer, mutation in inner:
            at = resolver.sources.place(place.path, writer)
            if at is not None:
                perhaps.extend(_entries(resolver, mutation, at, None))
    finally:
        resolver.active.discard(key)
    return any_of(extended(each, surely, perhaps) for each in options(symbol))


def _left_out(resolver: Resolver, block: int, place: Place, frame: Frame | None) -> bool:
    """Whether what the callers give decides that a block does not run: `if is_async:`, and nobody asks for that."""
    here = place.function.blocks[block]
    return here.kind in ("if", "else") and resolver.decided(here.test, place, frame) is (here.kind == "else")


def _entries(
    resolver: Resolver, mutation: Mutation, place: Place, frame: Frame | None
) -> Iterator[tuple[Key | None, Symbol]]:
    """What a mutation puts into a dict or list, by its keys."""
    value = resolver.resolve(mutation.value, place, frame)
    if mutation.merges and isinstance(value, Group):
        yield from zip(value.keys or (None,) * len(value.items), value.items, strict=True)
    else:
        yield None if mutation.key is None else key_of(resolver.resolve(mutation.key, place, frame)), value


def kept_under(item: Item, place: Place) -> Expr | None:
    """What a function itself keeps under the name that it asks for: `return clients[name]`, of what it has put there.

    So of one call it is known what that is, though others may keep other things there.
    """
    match item:
        case Item(Name(of), Name(key)) if of not in place.function.bound:
            for assign in place.function.assigns:
                match assign.target:
                    case Item(Name(into), Name(under)) if into == of and under == key and assign.op == "=":
                        return assign.value
    return None


def _bound(resolver: Resolver, binding: Binding, name: str, place: Place, frame: Frame | None) -> Symbol:
    what = binding.what
    if isinstance(what, Assign):
        return assigned(resolver, what, place, frame)
    if isinstance(what, Import):
        return resolver.imported(what, place.path)
    if isinstance(what, int):
        return resolver.parameter(place, what, frame)
    return (LocalClass if binding.by == "class" else LocalFunction)(place.path, what)


def assigned(resolver: Resolver, assign: Assign, place: Place, frame: Frame | None) -> Symbol:
    """What an assignment gives its target."""
    value = resolver.resolve(assign.value, place, frame)
    if assign.op in ("=", "for"):
        return value
    return unresolved((value,))
