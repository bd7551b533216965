"""Classes of the application: their bases, methods, and the attributes of their instances."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from slslint.app import runtime
from slslint.app.objects import entry
from slslint.app.place import Place
from slslint.app.resolve.frames import LOADED, MOST_CALLERS
from slslint.app.resolve.keys import text_of
from slslint.app.runtime import python
from slslint.app.symbols import (
    Constant,
    EnvVar,
    External,
    LocalClass,
    LocalFunction,
    LocalInstance,
    LocalModule,
    Result,
    Symbol,
    Unresolved,
    any_of,
    dotted,
    options,
    unresolved,
)
from slslint.facts import Attr, Item, Name

if TYPE_CHECKING:
    from slslint.app.resolve.resolver import Resolver


def receiver(resolver: Resolver, place: Place) -> Symbol:
    """What `self`, `cls` or `this` stands for in a method."""
    owner = place.function.owner
    assert owner is not None
    this = LocalClass(place.path, owner)
    resolver.touch((place.path, owner))
    classes = [this, *resolver.code.reach.subclasses(this)]
    if is_classmethod(resolver, place):
        return any_of(classes)
    return any_of(LocalInstance(each) for each in classes)


def is_classmethod(resolver: Resolver, place: Place) -> bool:
    """Whether the method gets its class instead of an instance."""
    return any(isinstance(d, Name) and d.id == "classmethod" for d in place.function.decorators)


def lineage(resolver: Resolver, start: LocalClass) -> Iterator[LocalClass | str]:
    """The class and its bases, nearest first; bases outside the application by their dotted name."""
    stack: list[LocalClass | str] = [start]
    seen: set[LocalClass | str] = set()
    while stack and len(seen) < 40:
        here = stack.pop()
        if here in seen:
            continue
        seen.add(here)
        yield here
        if isinstance(here, str):
            continue
        facts = resolver.sources.facts_of(here.path)
        place = resolver.sources.place(here.path)
        each = facts.classes.get(here.name)
        if each is None or place is None:
            continue
        bases: list[LocalClass | str] = []
        for base in each.bases:
            # `Generic[T]` is Generic.
            expr = base.base if isinstance(base, Item) else base
            for each_base in options(resolver.resolve(expr, place)):
                found = resolver.as_a_whole(each_base.path) if isinstance(each_base, LocalModule) else each_base
                if isinstance(found, LocalClass):
                    bases.append(found)
                else:
                    name = dotted(found)
                    if name is not None:
                        bases.append(name)
        stack.extend(reversed(bases))


def method(resolver: Resolver, of: LocalClass, name: str) -> Place | None:
    """The method of that name, inherited ones included."""
    for each in lineage(resolver, of):
        if isinstance(each, LocalClass):
            found = resolver.sources.place(each.path, f"{each.name}.{name}")
            if found is not None:
                return found
    return None


def constructor(resolver: Resolver, of: LocalClass) -> Place | None:
    """What runs when an instance is made, inherited or not."""
    return method(resolver, of, "__init__" if resolver.sources.in_python(of.path) else "constructor")


def fields(resolver: Resolver, of: LocalClass) -> Iterator[Place]:
    """What gives the fields of a new instance their values, inherited ones included."""
    for each in lineage(resolver, of):
        if isinstance(each, LocalClass):
            found = resolver.sources.facts_of(each.path).classes.get(each.name)
            for key in () if found is None else found.fields:
                place = resolver.sources.place(each.path, key)
                if place is not None:
                    yield place


def is_property(resolver: Resolver, place: Place) -> bool:
    """Whether the method is read like an attribute."""
    return decorated_by(resolver, place, python.PROPERTIES)


def decorated_by(resolver: Resolver, place: Place, names: frozenset[str]) -> bool:
    """Whether one of the decorators has one of these dotted names."""
    if not place.function.decorators:
        return False
    outer = resolver.sources.place(place.path, resolver.sources.scopes(place.path).parents.get(place.name, ""))
    assert outer is not None
    return any(dotted(resolver.resolve(decorator, outer)) in names for decorator in place.function.decorators)


def instance_member(resolver: Resolver, of: LocalClass, name: str) -> Symbol:
    """The attribute of an instance."""
    key = ("instance", of, name)
    found = resolver.kept(key)
    if found is not None:
        return found
    return resolver.once(key, _of_instance, resolver, of, name)


def _of_instance(resolver: Resolver, of: LocalClass, name: str) -> Symbol:
    found = _attribute(resolver, of, name, instance=True)
    facts = resolver.sources.facts_of(of.path).classes.get(of.name)
    if facts is None or not facts.bases or python.SETTINGS.isdisjoint(map(str, lineage(resolver, of))):
        return found
    return _setting(resolver, of, name, found)


def _setting(resolver: Resolver, of: LocalClass, name: str, found: Symbol) -> Symbol:
    """A field of pydantic's settings: the environment variable of its name, or of its alias, and else its default."""
    if isinstance(found, LocalFunction) or name.startswith(("model_", "_")):
        return found
    if isinstance(found, External):
        return EnvVar(_prefix(resolver, of) + name.upper())
    if not isinstance(found, Result):
        return EnvVar(_prefix(resolver, of) + name.upper(), found)
    named = next((text for key in _ALIASES if (text := text_of(found.site.argument(name=key)))), None)
    default = found.site.argument(0, "default")
    return EnvVar(named or _prefix(resolver, of) + name.upper(), default if isinstance(default, Constant) else None)


def _prefix(resolver: Resolver, of: LocalClass) -> str:
    """What stands before the names of all fields: `env_prefix` of `model_config`, or of the class `Config` inside."""
    config = _attribute(resolver, of, "model_config", instance=False)
    older = LocalClass(of.path, f"{of.name}.Config")
    if older.name in resolver.sources.facts_of(of.path).classes:
        given: Symbol | None = _attribute(resolver, older, "env_prefix", instance=False)
    elif isinstance(config, Result):
        given = config.site.argument(name="env_prefix")
    else:
        given = entry(config, "env_prefix")
    return (text_of(given) or "").upper()


_ALIASES = ("validation_alias", "alias", "env")


def class_member(resolver: Resolver, of: LocalClass, name: str) -> Symbol:
    """The attribute of a class."""
    return _attribute(resolver, of, name, instance=False)


def _attribute(resolver: Resolver, of: LocalClass, name: str, *, instance: bool) -> Symbol:
    outside: list[str] = []
    for each in lineage(resolver, of):
        if isinstance(each, str):
            if each not in runtime.PLAIN_BASES:
                outside.append(each)
            continue
        method = resolver.sources.place(each.path, f"{each.name}.{name}")
        if method is not None:
            if instance and is_property(resolver, method):
                return resolver.returns(method)
            return LocalFunction(each.path, method.name)
        scopes = resolver.sources.scopes(each.path)
        assigns = scopes.attributes(each.name).get(name, ())
        values: list[Symbol] = []
        for key, assign in assigns:
            place = resolver.sources.place(each.path, key)
            if place is not None:
                values.append(resolver.assigned(assign, place, None))
        if values and all(value == Constant(None) for value in values):
            # A place that is kept for something: `instance = None`, until others set it.
            values.extend(_set_from_outside(resolver, of, name, instance=instance))
        if values:
            return any_of(values)
        inner = f"{each.name}.{name}"
        if inner in scopes.facts.classes:
            return LocalClass(each.path, inner)
    if instance and not outside:
        field = _field(resolver, of, name)
        if field is not None:
            return field
    if len(outside) == 1:
        return External(f"{outside[0]}().{name}" if instance else f"{outside[0]}.{name}")
    return any_of(_set_from_outside(resolver, of, name, instance=instance))


def _set_from_outside(resolver: Resolver, of: LocalClass, name: str, *, instance: bool) -> Iterator[Symbol]:
    """What an attribute is given by its owner's name: `order.id = event["id"]`, `Orders.instance = Orders()`."""
    owner = LocalInstance(of) if instance else of
    resolver.touch(LOADED)
    asked = 0
    for path in dict.fromkeys((of.path, *resolver.files)):
        for key, assign in resolver.sources.scopes(path).attribute_writes.get(name, ()):
            asked += 1
            if asked > MOST_CALLERS:
                yield Unresolved()
                return
            place = resolver.sources.place(path, key)
            assert isinstance(assign.target, Attr)
            if place is not None and owner in options(resolver.resolve(assign.target.base, place)):
                yield resolver.assigned(assign, place, None)


def _field(resolver: Resolver, of: LocalClass, name: str) -> Symbol | None:
    """A field of a dataclass or model, from the calls that make its instances."""
    if constructor(resolver, of) is not None:
        return None
    resolver.touch((of.path, of.name))
    found: list[Symbol] = []
    for arrival in resolver.arrivals.get((of.path, of.name), ())[:MOST_CALLERS]:
        if arrival.call is None or arrival.place is None:
            continue
        given = resolver.argument(arrival.call, arrival.place, arrival.frame, None, name)
        if given is None:
            plain = [each.value for each in arrival.call.args if each.name is None]
            if not plain:
                continue
            given = unresolved(resolver.resolve(value, arrival.place, arrival.frame) for value in plain)
        found.append(given)
    return any_of(found) if found else None
