"""What a function puts into objects that it got: `event["hops"] = 1`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from slslint.app.code import Code
from slslint.app.place import Place
from slslint.app.symbols import Constant, Symbol, Unresolved
from slslint.facts import Attr, Item


def assigned(code: Code, place: Place, into: Callable[[Symbol], bool]) -> Iterator[tuple[str, Symbol]]:
    """The keys that a function sets in what `into` holds of, with the values; Unresolved where it adds to them."""
    for each in place.function.assigns:
        match each.target:
            case Attr(base, name):
                key: Symbol = Constant(name)
            case Item(base, expr):
                key = code.resolve(expr, place)
            case _:
                continue
        if isinstance(key, Constant) and isinstance(key.value, str) and into(code.resolve(base, place)):
            yield key.value, Unresolved() if each.op != "=" else code.resolve(each.value, place)
