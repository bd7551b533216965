"""Tables that are asked by a part of the event: which values they have, and which function each gives."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.app.code import Code
from slslint.app.guards import root
from slslint.app.place import Place
from slslint.app.resolve.keys import text_of
from slslint.app.routing.choices import choices
from slslint.app.routing.event_fields import GRAPHQL_FIELDS, PATH_FIELDS, FieldPath, field_of
from slslint.app.symbols import (
    Group,
    Key,
    LocalClass,
    LocalFunction,
    LocalInstance,
    Symbol,
    Unresolved,
    options,
)
from slslint.facts import ANY, Attr, Call, Closure, Expr, Item, Literal, Name
from slslint.record import record
from slslint.source import Span

_FINDING = frozenset({"find", "findLast", "findIndex", "filter"})


@record()
class Row:
    """One value for which a table gives a function: `at` is where the table is asked, or the row is put into it."""

    field: FieldPath
    value: str
    at: Span
    runs: LocalFunction | None = None


def rows(code: Code, place: Place) -> Iterator[Row]:
    """The rows of the tables that a function asks by a part of the event."""
    for expr, _ in place.function.expressions:
        if isinstance(expr, Item):
            if not isinstance(expr.key, Literal):
                yield from _rows(code, place, expr.base, expr.key)
        elif isinstance(expr, Call) and isinstance(expr.callee, Attr) and expr.callee.name == "get" and expr.args:
            if not isinstance(expr.args[0].value, Literal):
                yield from _rows(code, place, expr.callee.base, expr.args[0].value)


def _rows(code: Code, place: Place, base: Expr, key: Expr) -> Iterator[Row]:
    """The rows of a table that is asked by a key; none when the key is no part of the event."""
    asked = code.resolve(key, place)
    tupled = isinstance(asked, Group) and asked.keys is None
    for position, part in enumerate(asked.items if isinstance(asked, Group) and tupled else (asked,)):
        field = field_of(part)
        if field is None:
            continue
        at = _span_of(base) or place.function.at
        for table in options(code.resolve(base, place)):
            for name, item in _entries(table):
                value = name[position] if isinstance(name, tuple) and position < len(name) else name
                # What gives text or numbers translates; only what gives functions dispatches.
                runs = _function(item) or _by_name(place, item) or _object(field, item)
                if runs is not None and field not in PATH_FIELDS and _describes(code, item):
                    continue
                if isinstance(value, str) and isinstance(name, tuple) == tupled and runs is not None:
                    yield Row(field, value, at, runs)
            if isinstance(table, Group) and not table.items:
                yield from _registered(code, field, base, position if tupled else None)


def searched(code: Code, place: Place) -> Iterator[Row]:
    """The rows of a list or table in which a callback finds one: `routes.find((each) => each.path === event.path)`."""
    function = place.function
    if not function.is_value:
        return
    leaves = [leave for leave in function.exits if leave.kind == "return" and leave.value is not None]
    outer = code.place(place.path, function.outer)
    if len(leaves) != 1 or outer is None:
        return
    found = [choice for choice in choices(code, place, leaves[0].value or ANY) if choice.field in PATH_FIELDS]
    if not found:
        return
    given = {text: runs for text, runs in _elements(code, outer, place.name) if runs is not None}
    for choice in found:
        for value in choice.values if given else ():
            yield Row(choice.field, value, leaves[0].at, given.get(value))


def _elements(code: Code, outer: Place, key: str) -> Iterator[tuple[str, LocalFunction | None]]:
    """What the list or table holds in which the callback of that key looks: each text with the function beside it."""
    for call in outer.function.calls:
        if not any(isinstance(argument.value, Closure) and argument.value.function == key for argument in call.args):
            continue
        match call:
            case Call(Attr(Call(_, (listed,)), method)) if method in _FINDING:
                # `Object.keys(routes).find(...)`
                table = code.resolve(listed.value, outer)
            case Call(Attr(base, method)) if method in _FINDING:
                table = code.resolve(base, outer)
            case Call(Name("filter"), (_, listed)):
                table = code.resolve(listed.value, outer)
            case _:
                continue
        for each in options(table):
            for name, item in _entries(each):
                yield str(name), _function(item)
            for item in each.items if isinstance(each, Group) and each.keys is None else ():
                for text in item.items if isinstance(item, Group) else ():
                    yield text_of(text) or "", _function(item)


def _entries(table: Symbol) -> Iterator[tuple[Key | None, Symbol]]:
    """The keys and values of a dict, an object, a Map."""
    if isinstance(table, Group) and table.keys is not None:
        yield from zip(table.keys, table.items, strict=True)


def _registered(code: Code, field: FieldPath, base: Expr, position: int | None) -> Iterator[Row]:
    """What other functions put into a table: `ROUTES[(method, path)] = function`, once for each of their callers."""
    name = _last_name(base)
    for place in code.places():
        for key, value, at in _puts(place, name):
            if not any(_function(each) for each in options(code.resolve(value, place))):
                continue
            given = code.resolve(key, place)
            if position is not None:
                whole = isinstance(given, Group) and position < len(given.items)
                given = given.items[position] if isinstance(given, Group) and whole else Unresolved()
            for each in options(given):
                text = text_of(each)
                if text is not None:
                    yield Row(field, text, at)


def _puts(place: Place, name: str | None) -> Iterator[tuple[Expr, Expr, Span]]:
    for assign in place.function.assigns:
        target = assign.target
        if isinstance(target, Item) and _last_name(target.base) == name:
            yield target.key, assign.value, assign.at
    for call in place.function.calls:
        match call:
            case Call(Attr(base, "set"), (key, value)) if _last_name(base) == name:
                yield key.value, value.value, call.at


def _last_name(expr: Expr) -> str | None:
    match expr:
        case Name(name) | Attr(_, name):
            return name
        case _:
            return None


def _function(symbol: Symbol) -> LocalFunction | None:
    """The function that an item of a table gives, or the first one of a table of its own: `{"GET": list_users}`."""
    if isinstance(symbol, LocalFunction):
        return symbol
    items = symbol.items if isinstance(symbol, Group) else ()
    return next((item for item in items if isinstance(item, LocalFunction)), None)


def _describes(code: Code, symbol: Symbol) -> bool:
    """Whether a row tells of a thing rather than serves it: words, and functions that are given nothing.

    `{"subject": "Welcome", "render": () => welcome("A. User")}`
    """
    items = symbol.items if isinstance(symbol, Group) else ()
    functions = (code.place(each.path, each.name) for each in items if isinstance(each, LocalFunction))
    given = any(place is None or place.function.parameters for place in functions)
    return any(text_of(each) is not None for each in items) and not given


def _object(field: FieldPath, symbol: Symbol) -> LocalFunction | None:
    """What serves a request when a table gives an object or a class for its path."""
    if field in PATH_FIELDS | GRAPHQL_FIELDS and isinstance(symbol, LocalInstance | LocalClass):
        of = symbol.of if isinstance(symbol, LocalInstance) else symbol
        return LocalFunction(of.path, of.name)
    return None


def _by_name(place: Place, symbol: Symbol) -> LocalFunction | None:
    """The function of the same file whose name a table gives, where functions are looked up by their names."""
    name = text_of(symbol)
    if name is None or not any(
        isinstance(call.callee, Name) and call.callee.id in ("getattr", "globals") for call in place.function.calls
    ):
        return None
    keys = place.facts.functions
    found = next((key for key in (f"{place.function.owner}.{name}", name) if key in keys), None)
    return None if found is None else LocalFunction(place.path, found)


def _span_of(expr: Expr) -> Span | None:
    name = root(expr)
    return name.at if name is not None else None
