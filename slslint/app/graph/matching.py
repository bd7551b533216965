"""Whether what an edge writes may pass a filter further on. Not known means that it may."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slslint.app.application import App
from slslint.app.graph.edges import Edge
from slslint.app.graph.happenings import happening, made
from slslint.app.graph.patterns import Words, may_be, may_end, may_match, may_start
from slslint.app.graph.requests import request_of
from slslint.app.graph.shapes import words
from slslint.app.symbols import Symbol
from slslint.model import EVERYTHING, Filter, Function, Hole, Kind, Pattern, Ref, Route, Source, Text
from slslint.value import Known


def may_pass(app: App, written: Edge, further: Edge) -> bool:
    """Whether what `written` puts somewhere may go on by `further`, which leaves that place, or one further on."""
    function = app.function(written.source.id)
    if function is None or written.site is None:
        return True
    if further.source.kind is Kind.API:
        return _may_take(app, function, written, further)
    if further.source.kind is Kind.USER_POOL:
        return _may_ask(written, further)
    through = further.filter
    if through is None or through == EVERYTHING or written.call is None:
        return True
    if written.call.service == "s3" and further.source.kind is Kind.BUCKET and not through.patterns:
        return _may_notify(app, function, written, through)
    if not through.patterns:
        return True
    event = happening(app, function, written, further, through.over)
    return any(may_match(pattern, event, lambda text, value: _same(app, text, value)) for pattern in through.patterns)


def _same(app: App, text: Text | Hole, value: Words) -> bool:
    """Whether a text of a template may be the text that is sent."""
    if isinstance(text, Hole):
        return True
    first = value.pieces[0] if value.pieces else ""
    if isinstance(first, Ref) and len(value.pieces) == 1:
        named, own = app.target(text), app.deployment.resources.get(first.id)
        if named is not None:
            return named.id == first.id
        # What is written is no name of this unit's; the name of the resource may not be known.
        return own is None or not isinstance(own.name, Known) or own.name.value == text
    if isinstance(text, str):
        return may_be(value, text)
    if isinstance(text, Pattern) and isinstance(text.parts[0], str):
        return may_start(value, text.parts[0])
    return True


# --- notifications of buckets ----------------------------------------------------------------------------------------


def _may_notify(app: App, function: Function, written: Edge, through: Filter) -> bool:
    assert written.call is not None
    kinds = made(written.call)
    if through.events and kinds and not any(_names(event, kind) for event in through.events for kind in kinds):
        return False
    if not through.prefix and not through.suffix:
        return True
    keys = words(app, function, written.call.argument("Key"))
    return any(_starts(key, through.prefix) and _ends(key, through.suffix) for key in keys)


def _names(event: str, kind: str) -> bool:
    """Whether "s3:ObjectCreated:*" means "ObjectCreated:Put"."""
    event = event.removeprefix("s3:")
    return kind.startswith(event[:-1]) if event.endswith("*") else event == kind


def _starts(key: Words, prefix: Text) -> bool:
    known = prefix.parts[0] if isinstance(prefix, Pattern) else prefix
    return not isinstance(known, str) or may_start(key, known)


def _ends(key: Words, suffix: Text) -> bool:
    known = suffix.parts[-1] if isinstance(suffix, Pattern) else suffix
    return not isinstance(known, str) or may_end(key, known)


# --- routes of APIs --------------------------------------------------------------------------------------------------


def _may_take(app: App, function: Function, written: Edge, further: Edge) -> bool:
    """Whether a request may take that route."""
    route = further.trigger.route if further.trigger is not None else None
    request = None if written.call is not None or written.site is None else request_of(written.site)
    if request is None or not isinstance(route, Known):
        return True
    if further.trigger is not None and further.trigger.source_kind is Source.GRAPHQL_API:
        return True
    wanted: Route = route.value
    if request.method is not None and wanted.method not in ("ANY", request.method):
        return False
    return any(_leads(path, wanted.path) for url in words(app, function, request.url) for path in _paths(url))


def _paths(url: Words) -> Iterator[tuple[object, ...] | None]:
    """The segments of an address's path, with and without a stage before it; None when they are not known."""
    pieces = list(url.pieces)
    host = next((index for index, piece in enumerate(pieces) if isinstance(piece, Ref)), None)
    if host is None:
        yield None
        return
    rest = pieces[host + 1 :]
    while rest and not (isinstance(rest[0], str) and "/" in rest[0]):
        # `.execute-api.`, the region and the domain follow the API's id; nothing follows an address that ends in "/".
        if isinstance(rest[0], str) and "." not in rest[0]:
            break
        rest.pop(0)
    if rest and isinstance(rest[0], str) and "amazonaws.com" in rest[0]:
        rest[0] = rest[0].partition("amazonaws.com")[2].partition(".cn")[2] or rest[0].partition("amazonaws.com")[2]
    segments = _segments(rest)
    yield segments
    if segments:
        yield segments[1:]


def _segments(pieces: Sequence[object]) -> tuple[object, ...]:
    """A path's segments: a text where it is wholly known, else None."""
    found: list[object] = [""]
    for piece in pieces:
        if isinstance(piece, str):
            first, *more = piece.partition("?")[0].split("/")
            found[-1] = None if found[-1] is None and first == "" else _plus(found[-1], first)
            found.extend(more)
        else:
            found[-1] = None
    return tuple(each for each in found if each != "")


def _plus(one: object, other: str) -> object:
    return one + other if isinstance(one, str) else None


def surely_leads(app: App, function: Function, url: Symbol, route: str) -> bool:
    """Whether an address is that of a route: what is not known of it stands where the route takes anything."""
    wanted = [each for each in route.split("/") if each]

    def fits(path: tuple[object, ...] | None) -> bool:
        pairs = zip(path or (), wanted, strict=False)
        same = all(each == given or (each.startswith("{") and not each.endswith("+}")) for given, each in pairs)
        return path is not None and len(path) == len(wanted) and same

    return all(any(map(fits, _paths(each))) for each in words(app, function, url))


def _leads(path: tuple[object, ...] | None, route: str) -> bool:
    if path is None or not route.startswith("/"):
        return True
    wanted = [each for each in route.split("/") if each]
    for index, each in enumerate(wanted):
        if each.endswith("+}") or each == "*":
            return True
        if index >= len(path):
            return False
        given = path[index]
        if given is None and index == len(path) - 1:
            # It may be several.
            return True
        if given is not None and not each.startswith("{") and given != each:
            return False
    return len(path) == len(wanted)


_ASKED = {
    "admincreateuser": {"PreSignUp", "CustomMessage", "CustomEmailSender", "CustomSMSSender"},
    "adminconfirmsignup": {"PostConfirmation"},
    "adminresetuserpassword": {"CustomMessage", "CustomEmailSender", "CustomSMSSender"},
    "adminupdateuserattributes": {"CustomMessage", "CustomEmailSender", "CustomSMSSender"},
}


def _may_ask(written: Edge, further: Edge) -> bool:
    """Whether an operation makes the user pool ask that function."""
    operation = "" if written.call is None else written.call.operation.lower()
    event = "" if further.trigger is None else further.trigger.event
    if operation in _ASKED:
        return event in _ASKED[operation]
    return "Auth" in event or "Token" in event or event == "UserMigration" if operation.startswith("admin") else True
