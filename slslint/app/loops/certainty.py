"""Whether what is written surely passes a filter: what is not known does not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from slslint.app.application import App
from slslint.app.graph.edges import Edge
from slslint.app.graph.matching import surely_leads
from slslint.app.graph.patterns import Words, may_match
from slslint.app.graph.requests import request_of
from slslint.app.loops.content import Slot, said
from slslint.app.symbols import AnyOf, Constant, EnvVar, EventPart, Joined, Result, Symbol, options, parts_of_symbol
from slslint.model import EVERYTHING, Data, Filter, Kind, Pattern, Text
from slslint.value import Known

_TOP = {"source": Slot.SENDER, "detail-type": Slot.TYPE}

_AROUND = frozenset(
    {"detail", "dynamodb", "NewImage", "OldImage", "Keys", "body", "data", "object", "requestParameters"}
)
"""Parts of events that hold others which are asked about."""

_OWN = frozenset({"bucket", "bucketName", "eventSource", "tableName", "account", "region", "resources", "reason"})
"""Parts of events that the platform fills in; whether they fit has been asked already."""


def surely_passes(app: App, written: Edge, further: Edge) -> bool:
    """Whether what `written` puts somewhere goes on by `further`, by all that is known of what it is.

    What came in with the event and is handed on as it was passes what it has passed before.
    """
    if further.source.kind is Kind.API:
        return _asks_for_route(app, written, further)
    through = further.filter
    if through is None or through == EVERYTHING:
        return True
    if written.call is None:
        # What a library writes to a bucket is an object, of which the key is not asked.
        return "s3:ObjectCreated:*" in through.events and not (through.prefix or through.suffix or through.patterns)
    if (through.prefix or through.suffix) and not _key_fits(said(written, Slot.KEY, ""), through):
        return False
    return not through.patterns or any(_fits(written, further, pattern) for pattern in through.patterns)


_CATCH_ALL = ("$default", "+}", "*")


def _asks_for_route(app: App, written: Edge, further: Edge) -> bool:
    """Whether a request names its whole path, or every path leads there: where it might has been asked already."""
    route = None if further.trigger is None else further.trigger.route
    if written.site is None or (isinstance(route, Known) and route.value.path.endswith(_CATCH_ALL)):
        return True
    request = request_of(written.site)
    if request is None or all(
        isinstance(each, Constant | EnvVar | Joined | AnyOf) for each in parts_of_symbol(request.url)
    ):
        return True
    function = app.function(written.source.id)
    return (
        function is not None and isinstance(route, Known) and surely_leads(app, function, request.url, route.value.path)
    )


def _key_fits(key: Symbol, through: Filter) -> bool:
    prefix, suffix = _known(through.prefix), _known(through.suffix)
    for each in options(key):
        parts = each.parts if isinstance(each, Joined) else (each,)
        if not _ends_with(parts[0], prefix, starts=True) or not _ends_with(parts[-1], suffix, starts=False):
            return False
    return True


def _known(text: Text) -> str | None:
    return text if isinstance(text, str) else None


def _ends_with(part: Symbol, wanted: str | None, *, starts: bool) -> bool:
    """Whether a text that starts, or ends, with that part does so with what is wanted."""
    if wanted == "" or isinstance(part, EventPart):
        return True
    if wanted is not None and isinstance(part, Result) and isinstance(part.of, EventPart):
        return _stays(part, wanted, starts=starts)
    if wanted is None or not isinstance(part, Constant) or not isinstance(part.value, str):
        return False
    return part.value.startswith(wanted) if starts else part.value.endswith(wanted)


def _stays(replaced: Result, wanted: str, *, starts: bool) -> bool:
    """Whether a part of the event, which starts or ends so, still does when a text in it is replaced by another."""
    old, new = replaced.site.argument(0), replaced.site.argument(1)
    match replaced.of, old, new:
        case EventPart((*_, "replace")), Constant(str() as sought), Constant(str() as given) if sought.isprintable():
            plain = re.sub(r"\\(.)", r"\1", sought.removesuffix("$"))
            if plain in wanted:
                return not starts and given.endswith(wanted)
            first, second = (wanted, plain) if starts else (plain, wanted)
            return bool(plain) and not any(first.endswith(second[:size]) for size in range(1, len(second)))
        case _:
            return False


def _fits(written: Edge, further: Edge, pattern: Mapping[str, Data]) -> bool:
    return all(_field_fits(written, further, name, wanted) for name, wanted in pattern.items())


def _field_fits(written: Edge, further: Edge, name: str, wanted: Data) -> bool:
    call = written.call
    assert call is not None
    if name in _AROUND and isinstance(wanted, Mapping):
        return _fits(written, further, wanted)
    at_bus = further.source.kind in (Kind.BUS, Kind.RULE)
    if name in _OWN or (at_bus and call.service != "events" and name in (*_TOP, "eventName")):
        return True
    if name == "eventName":
        return call.operation.lower() != "putitem" or {"INSERT", "MODIFY"} <= set(_texts(wanted))
    if name == "key" and call.service == "s3":
        return _matches(said(written, Slot.KEY, ""), wanted)
    slot = _TOP.get(name, Slot.FIELD) if at_bus else Slot.FIELD
    return _matches(said(written, slot, name), wanted)


def _texts(wanted: Data) -> Iterator[str]:
    if isinstance(wanted, tuple):
        yield from (each for each in wanted if isinstance(each, str))


def _matches(symbol: Symbol, wanted: Data) -> bool:
    """Whether every alternative of a value matches a part of a pattern."""
    return all(isinstance(each, EventPart) or _constant_matches(each, wanted) for each in options(symbol))


def _constant_matches(symbol: Symbol, wanted: Data) -> bool:
    match symbol:
        case Constant(str() as text):
            return may_match({"": wanted}, {"": Words((text,))}, _same)
        case Constant(bool() | int() | float() | None as value):
            return may_match({"": wanted}, {"": value}, _same)
        case Joined(parts):
            return any(_ends_as(parts, each) for each in (wanted if isinstance(wanted, tuple) else ()))
        case _:
            return False


def _ends_as(parts: Sequence[Symbol], wanted: Data) -> bool:
    """Whether a text surely starts, or ends, as one alternative of a pattern asks."""
    match wanted:
        case {"prefix": str(prefix)}:
            return _ends_with(parts[0], prefix, starts=True)
        case {"suffix": str(suffix)}:
            return _ends_with(parts[-1], suffix, starts=False)
        case _:
            return False


def _same(text: object, value: Words) -> bool:
    return not isinstance(text, Pattern) and value.pieces == (text,)
