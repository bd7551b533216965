"""Python: what builtins, and methods of texts, dicts, lists and events return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slslint.app import runtime
from slslint.app.place import Place
from slslint.app.resolve.frames import Frame
from slslint.app.resolve.keys import symbol_of, text_of
from slslint.app.runtime.python import DICT_GETTERS, SAME_VALUE
from slslint.app.symbols import (
    ContextPart,
    EnvVar,
    EventPart,
    Group,
    Joined,
    Result,
    Symbol,
    Unresolved,
    any_of,
    bounded,
    unresolved,
)
from slslint.facts import Call

if TYPE_CHECKING:
    from slslint.app.resolve.resolver import Resolver


def event_method(
    resolver: Resolver, path: tuple[str | None, ...], call: Call, place: Place, frame: Frame | None
) -> Symbol:
    """What a method of the event, or of a part of it, returns."""
    *outer, method = path or (None,)
    whole = tuple(outer)
    if method in DICT_GETTERS and call.args:
        return EventPart((*whole, text_of(resolver.argument(call, place, frame, 0, None))))
    if method in runtime.SAME_TEXT:
        return EventPart(whole)
    element = EventPart((*whole, None))
    if method == "items":
        return Group((Group((element, element)),))
    if method in ("values", "keys"):
        return Group((element,))
    return Result(EventPart(path), resolver.site(call, place, frame))


def group_method(resolver: Resolver, group: Group, name: str, call: Call, place: Place, frame: Frame | None) -> Symbol:
    """What a method of a list or dict literal returns."""
    if group.keys is not None:
        if name in DICT_GETTERS and call.args:
            default = resolver.argument(call, place, frame, 1, None)
            found = resolver.item(group, resolver.argument(call, place, frame, 0, None) or Unresolved())
            return any_of((found, default)) if default is not None else found
        if name == "items":
            pairs = zip(group.keys, group.items, strict=True)
            return bounded(Group(tuple(Group((Unresolved() if k is None else symbol_of(k), v)) for k, v in pairs)))
        if name == "values":
            return Group(group.items)
        if name == "keys":
            return Group(tuple(symbol_of(key) for key in group.keys if key is not None))
    if name == "copy":
        return group
    if name == "pop":
        return resolver.item(group, None)
    return unresolved((group, *(resolver.resolve(a.value, place, frame) for a in call.args)))


def builtin(resolver: Resolver, name: str, call: Call, place: Place, frame: Frame | None) -> Symbol | None:
    """What a function of the language or its library returns; None when nothing special is known."""
    if name in runtime.ENVIRONMENT_GETTERS:
        default = resolver.argument(call, place, frame, 1, "default")
        return resolver.environment(resolver.argument(call, place, frame, 0, "key"), default)
    if not call.args:
        return Group((), ()) if name == "dict" else Group(()) if name in ("list", "set", "tuple") else None
    if name in SAME_VALUE:
        position = 1 if name == "typing.cast" else 0
        found = resolver.argument(call, place, frame, position, None)
        if found is None or (name == "str" and not isinstance(found, EventPart | EnvVar | ContextPart | Joined)):
            return None
        return found
    if name == "dict":
        first = call.positional(0)
        if first is not None and len(call.args) == 1:
            return resolver.resolve(first, place, frame)
        if all(each.name is not None for each in call.args):
            values = tuple(resolver.resolve(each.value, place, frame) for each in call.args)
            return bounded(Group(values, tuple(each.name for each in call.args)))
        return None
    if name in ("enumerate", "zip"):
        elements = tuple(resolver.item(resolver.resolve(each.value, place, frame), None) for each in call.args)
        return Group((Group((Unresolved(), elements[0]) if name == "enumerate" else elements),))
    if name == "next":
        found = resolver.argument(call, place, frame, 0, None)
        return None if found is None else resolver.item(found, None)
    if name == "getattr":
        of, attribute = (resolver.argument(call, place, frame, index, None) for index in (0, 1))
        text = text_of(attribute)
        return resolver.member(of, text, place.path) if of is not None and text is not None else None
    if name.startswith(runtime.EVENT_CLASSES):
        found = resolver.argument(call, place, frame, 0, "data")
        return found if isinstance(found, EventPart) else None
    return None
