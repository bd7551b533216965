"""What the code itself tells about the events that it gets, where no template does."""

from __future__ import annotations

from slslint.app.code import Code
from slslint.app.place import expressions
from slslint.app.symbols import EventPart
from slslint.facts import Attr, Call, Item, Literal

_CUSTOM_RESOURCE = frozenset({"RequestType", "ResourceProperties", "ResponseURL"})


def serves_custom_resource(code: Code) -> bool:
    """Whether the handler reads what only the event of a custom resource holds."""
    place = code.handler
    for expr, _ in expressions(place.function):
        match expr:
            case Item(base, Literal(key)) if key in _CUSTOM_RESOURCE:
                asked = base
            case Call(Attr(base, "get"), (first, *_)) if getattr(first.value, "value", None) in _CUSTOM_RESOURCE:
                asked = base
            case _:
                continue
        if isinstance(code.resolve(asked, place), EventPart):
            return True
    return False
