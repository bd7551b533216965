"""What importers see of a module: in Python every name, in JavaScript what it exports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from slslint.app.place import Place
from slslint.app.runtime import python
from slslint.app.symbols import External, LocalModule, Symbol, any_of
from slslint.facts import Expr, Import, Name
from slslint.record import record

if TYPE_CHECKING:
    from slslint.app.resolve.resolver import Resolver

_MOST_BARRELS = 30
"""Modules that pass on one name, each what the next one exports."""


@record(eq=False)
class Stars:
    """What the star imports of a file may pass on, so that a barrel of many files is not searched for each name.

    Attributes:
        named: by name, the files that export it, each with the position of its import. others: the files that may
            export names that cannot be listed: stars of their own, `module.exports = ...`, Python's.
        outside: the packages.

    """

    named: dict[str, list[tuple[int, str]]]
    others: list[tuple[int, str]]
    outside: list[str]


def exported(resolver: Resolver, path: str, name: str) -> Symbol | None:
    """What importers of the module see under a name, star imports and re-exports included; None when nothing."""
    place = resolver.sources.place(path)
    if place is None:
        return None
    if place.facts.exports is None:
        found = resolver.module_binding(path, name)
        return _starred(resolver, place, name) if found is None else found
    key = ("exported", path, name)
    found = resolver.kept(key)
    if found is not None:
        return found
    values = place.facts.exports.get(name)
    if values:
        return resolver.once(key, _any, resolver, values, place)
    if "export=" in place.facts.exports:
        whole = as_a_whole(resolver, path)
        if name == "default":
            return whole
        # `module.exports = { ...require("./orders") }`
        spread = _starred(resolver, place, name)
        return resolver.member(whole, name, path) if spread is None else spread
    # What CommonJS exports name by name is its default export, too.
    return LocalModule(path) if name == "default" else _starred(resolver, place, name)


def module(resolver: Resolver, path: str) -> Symbol:
    """What importing a whole JavaScript module gives: what `module.exports` is, if that is more than its members."""
    place = resolver.sources.place(path)
    exports = place.facts.exports if place is not None else None
    if exports is not None and len(exports) == 1 and "export=" in exports:
        return as_a_whole(resolver, path)
    return LocalModule(path)


def as_a_whole(resolver: Resolver, path: str) -> Symbol:
    """What a module is when it is called, or derived from: its `module.exports`, if it has one."""
    place = resolver.sources.place(path)
    values = (place.facts.exports or {}).get("export=") if place is not None else None
    if place is None or not values:
        return LocalModule(path)
    key = ("whole", path)
    found = resolver.kept(key)
    return resolver.once(key, _any, resolver, values, place) if found is None else found


def all_exported(resolver: Resolver, path: str) -> Iterator[Symbol]:
    """What a JavaScript module exports by name."""
    for name in resolver.sources.facts_of(path).exports or ():
        found = None if name == "export=" else exported(resolver, path, name)
        if found is not None:
            yield found


def public_names(resolver: Resolver, path: str, name: str) -> frozenset[str]:
    """The names under which importers see a binding of the module."""
    exports = resolver.sources.facts_of(path).exports
    if exports is None:
        return frozenset({name})
    return frozenset(public for public, values in exports.items() if _named(values) == name)


def binding_of(resolver: Resolver, path: str, name: str) -> tuple[str, str] | None:
    """The file and the name of the binding that a JavaScript module exports under a name, through re-exports."""
    asked: set[tuple[str, str]] = set()
    todo = [(path, name)]
    while todo and len(asked) < _MOST_BARRELS:
        here = todo.pop()
        place = resolver.sources.place(here[0])
        if here in asked or place is None:
            continue
        asked.add(here)
        local = _named((place.facts.exports or {}).get(here[1], ()))
        imports = [each for each in place.function.imports if each.binds == local or each.member == "*"]
        passed_on = [each for each in imports if each.binds == local]
        if local is not None and not passed_on:
            return here[0], local
        for statement in passed_on if local is not None else imports:
            found = resolver.sources.locate(statement.module, here[0])
            if found is not None and statement.member is not None:
                todo.append((found, here[1] if statement.member == "*" else statement.member))
    return None


def _named(values: tuple[Expr, ...]) -> str | None:
    names = {each.id if isinstance(each, Name) else None for each in values}
    return names.pop() if len(names) == 1 else None


def _any(resolver: Resolver, values: tuple[Expr, ...], place: Place) -> Symbol:
    return any_of(
        resolver.module_name(place.path, each.id) if isinstance(each, Name) else resolver.resolve(each, place)
        for each in values
    )


def _starred(resolver: Resolver, place: Place, name: str) -> Symbol | None:
    if (place.path, name) in resolver.starred or len(resolver.starred) > _MOST_BARRELS:
        return None
    resolver.starred.add((place.path, name))
    try:
        return _from_stars(resolver, place, name)
    finally:
        resolver.starred.discard((place.path, name))


def _from_stars(resolver: Resolver, place: Place, name: str) -> Symbol | None:
    stars = resolver.stars.get(place.path)
    if stars is None:
        stars = resolver.stars[place.path] = _stars(resolver, place)
    for _, path in sorted((*stars.named.get(name, ()), *stars.others)):
        found = exported(resolver, path, name)
        if found is not None:
            return found
    if len(stars.outside) == 1 and not (place.in_python and name in python.BUILTINS):
        return External(f"{stars.outside[0]}.{name}")
    return None


def _stars(resolver: Resolver, place: Place) -> Stars:
    sources = resolver.sources
    stars = Stars({}, [], [])
    for position, binding in enumerate(sources.scopes(place.path).bindings(place.function).get("*", ())):
        statement = binding.what
        assert isinstance(statement, Import)
        path = sources.locate(statement.module, place.path)
        module = None if path is None else sources.place(path)
        if path is None and not statement.module.startswith("."):
            stars.outside.append(statement.module)
        if path is None or module is None:
            continue
        exports = module.facts.exports
        if exports is None or "export=" in exports or sources.scopes(path).bindings(module.function).get("*"):
            stars.others.append((position, path))
            continue
        for name in exports:
            stars.named.setdefault(name, []).append((position, path))
    return stars
