"""Attributes and items of what is already known."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from slslint.app import runtime
from slslint.app.resolve.keys import constant_key, key_of, symbol_of, text_of
from slslint.app.symbols import (
    AnyOf,
    Constant,
    ContextPart,
    Element,
    EnvVar,
    EventPart,
    External,
    Group,
    Joined,
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
    dotted,
    options,
    present,
    unresolved,
)

if TYPE_CHECKING:
    from slslint.app.resolve.resolver import Resolver


def member(resolver: Resolver, base: Symbol, name: str, path: str) -> Symbol:
    """The attribute `name` of a symbol; `path` is the file that asks."""
    match base:
        case AnyOf():
            return any_of(member(resolver, each, name, path) for each in present(base))
        case External(outer):
            if not resolver.sources.in_python(path):
                return _of_package(resolver, base, name, path)
            full = f"{outer}.{name}"
            if outer.partition(".")[0] in resolver.sources.namespaces:
                found = resolver.sources.locate(full, path)
                if found is not None:
                    return LocalModule(found)
            return EventPart() if full in runtime.EVENT_OBJECTS else External(full)
        case Result() | Member() | Element():
            owners = runtime.EVENT_ATTRIBUTES.get(name)
            if owners is not None and (dotted(base) or "").startswith(owners):
                return EventPart()
            return bounded(Member(base, name))
        case EventPart((None,)) if name == "locals":
            # What middleware puts into `res.locals` may be the application's settings as well.
            return Unresolved()
        case EventPart(parts):
            return EventPart((*parts, name))
        case ContextPart(steps):
            return ContextPart((*steps, runtime.CONTEXT_NAMES.get(name, name)))
        case LocalModule(module):
            found_here = resolver.exported(module, name)
            if found_here is not None:
                return found_here
            if not resolver.sources.in_python(module):
                return Unresolved()
            inner = resolver.sources.locate(f".{name}", module)
            return Unresolved() if inner is None else LocalModule(inner)
        case LocalClass():
            return resolver.class_member(base, name)
        case LocalInstance(of):
            return resolver.instance_member(of, name)
        case Group() if not resolver.sources.in_python(path):
            return _of_object(base, name)
        case Constant(value) if name == "value" and value is not None:
            return base
        case Constant(None):
            return Unresolved()
        case Constant() | EnvVar() | Joined() | Group():
            return Member(base, name)
        case LocalFunction():
            return Member(base, name) if name in _OF_FUNCTIONS else Unresolved()
        case _:
            return base


_OF_FUNCTIONS = frozenset({"apply", "bind", "call"})


def _of_package(resolver: Resolver, base: External, name: str, path: str) -> Symbol:
    """A member of a package or global of JavaScript."""
    if name == "default":
        return base
    if base.dotted in _global_objects():
        return External(name)
    if base.dotted == "process.env":
        return EnvVar(name)
    if base.dotted == "exports":
        found = resolver.exported(path, name)
        if found is not None:
            return found
    return External(f"{base.dotted}.{name}")


@cache
def _global_objects() -> frozenset[str]:
    from slslint.app.runtime import javascript

    return javascript.GLOBAL_OBJECTS


def _of_object(base: Group, name: str) -> Symbol:
    """A property, or a method, of an object, array, Map or Set of JavaScript."""
    from slslint.app.runtime import javascript

    if base.keys is None:
        return Unresolved() if name in ("length", "size") else Member(base, name)
    if name in base.keys:
        found = base.items[len(base.keys) - 1 - base.keys[::-1].index(name)]
        # `new Map([["get", new Get()]]).get("get")` asks for the method.
        if name not in javascript.METHODS or not isinstance(found, LocalInstance | Constant | Group):
            return found
    if name in javascript.METHODS:
        return Member(base, name)
    return any_of(value for value, key in zip(base.items, base.keys, strict=True) if key is None)


def pair(base: Group) -> Symbol:
    """What iterating over a Map gives: a key and a value."""
    keys = any_of(Unresolved() if key is None else symbol_of(key) for key in base.keys or ())
    return bounded(Group((keys, any_of(base.items))))


def element(resolver: Resolver, base: Symbol) -> Symbol:
    """Any of the values of a list, array, set, dict, object or Map: what JavaScript's `forEach` calls back with."""
    if isinstance(base, AnyOf):
        return any_of(element(resolver, each) for each in present(base))
    if isinstance(base, Group):
        return any_of(base.items) if base.items else Unresolved()
    return item(resolver, base, None)


def item(resolver: Resolver, base: Symbol, key: Symbol | None) -> Symbol:
    """The item of a symbol; any element when `key` is None."""
    match base:
        case AnyOf():
            return any_of(item(resolver, each, key) for each in present(base))
        case EventPart(path):
            return EventPart((*path, text_of(key)))
        case External(name) if name in runtime.ENVIRONMENTS:
            return environment(resolver, key, None) or Element(base, None)
        case External() | Result() | Member() | Element() | ContextPart():
            return bounded(Element(base, constant_key(key)))
        case Group(items, None):
            if isinstance(key, Constant) and isinstance(key.value, int) and -len(items) <= key.value < len(items):
                return items[key.value]
            return any_of(items) if items else Unresolved()
        case Group(items, keys) if keys is not None:
            wanted = None if key is None else key_of(key)
            exact = [value for value, own in zip(items, keys, strict=True) if own == wanted and own is not None]
            if exact:
                return exact[-1]
            if wanted is not None:
                return any_of(value for value, own in zip(items, keys, strict=True) if own is None)
            if key is None:
                return any_of(symbol_of(own) for own in keys if own is not None)
            return any_of(items) if items else Unresolved()
        case LocalModule(path) if not resolver.sources.in_python(path):
            return any_of(resolver.all_exported(path))
        case LocalInstance(of) if not resolver.sources.in_python(of.path):
            names = sorted(resolver.sources.facts_of(of.path).classes[of.name].methods - {"constructor"})
            return any_of(LocalFunction(of.path, f"{of.name}.{each}") for each in names)
        case LocalInstance(of):
            method = resolver.method(of, "__getitem__")
            return Unresolved() if method is None else resolver.returns(method)
        case EnvVar() | Joined():
            return unresolved((base,))
        case Unresolved():
            return base
        case _:
            return Unresolved()


def environment(resolver: Resolver, name: Symbol | None, default: Symbol | None) -> Symbol | None:
    """The environment variables of a name; None when the name is not known."""
    if name is None:
        return None
    texts = [text_of(each) for each in options(name)]
    if any(text is None for text in texts):
        return None
    return any_of(EnvVar(text, default) for text in texts if text is not None)
