"""What a write makes the next event say: in which of its parts, and what the code gives for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum

from slslint.app.code import Code
from slslint.app.graph.edges import Edge
from slslint.app.graph.happenings import changes, made, updates
from slslint.app.loops.assigned import assigned
from slslint.app.place import Place
from slslint.app.routing.event_fields import FieldPath, in_camel_case, is_whole, written_path
from slslint.app.sdk import SdkCall
from slslint.app.symbols import AnyOf, Constant, EventPart, Group, Joined, Symbol, Unresolved, parts_of_symbol
from slslint.model import REQUEST_SOURCES, Source
from slslint.record import record


class Slot(Enum):
    """What a part of an event tells."""

    FIELD = "a field of what was sent"
    KEY = "the key of the object"
    OPERATION = "what happened: ObjectCreated:Put, INSERT"
    TYPE = "the detail-type"
    SENDER = "the source of an event on a bus"
    SERVICE = "the service that the record comes from"
    ORIGIN = "the bucket, queue, topic or stream that it comes from"
    SHAPE = "a part that all events of one kind have, and others lack"
    COUNT = "how often the message was received, from its sending on"
    OTHER = "anything else about the event"


_ENVELOPES = frozenset(
    {"body", "Message", "detail", "data", "NewImage", "OldImage", "Keys", "MessageAttributes", "messageAttributes"}
)
"""Parts of events that hold what was sent."""

_ORIGINS = frozenset({"eventSourceARN", "TopicArn", "bucket", "EventSubscriptionArn"})

SERVICES: Mapping[Source, str] = {
    Source.BUCKET: "aws:s3", Source.QUEUE: "aws:sqs", Source.TOPIC: "aws:sns", Source.TABLE_STREAM: "aws:dynamodb",
    Source.DATA_STREAM: "aws:kinesis",
}  # fmt: skip

_RECORDS = frozenset({"Records"})
_BUS_EVENT = frozenset({"version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"})
_REQUEST = frozenset(
    {
        "body", "cookies", "headers", "httpMethod", "isBase64Encoded", "multiValueHeaders",
        "multiValueQueryStringParameters", "path", "pathParameters", "queryStringParameters", "rawPath",
        "rawQueryString", "requestContext", "resource", "routeKey", "stageVariables", "version",
    }
)  # fmt: skip

SHAPES: Mapping[Source, frozenset[str]] = {
    **dict.fromkeys(
        (Source.BUCKET, Source.QUEUE, Source.TOPIC, Source.TABLE_STREAM, Source.DATA_STREAM, Source.EMAIL), _RECORDS
    ),
    **dict.fromkeys((Source.RULE, Source.SCHEDULE), _BUS_EVENT),
    **dict.fromkeys(REQUEST_SOURCES - {Source.GRAPHQL_API}, _REQUEST),
    Source.LOGS: frozenset({"awslogs"}),
}
"""What events of a kind have at the top."""

ALWAYS_THERE = frozenset({"Records", "detail", "detail-type", "source", "requestContext", "headers", "awslogs"})
"""Those of them that are never empty."""


def slot(path: FieldPath, direct: bool) -> tuple[Slot, str]:
    """What a part of the event tells, with the name of the field, or of the part at the top.

    `direct`: the event is what the sender sent, and nothing around it.
    """
    if direct:
        return (Slot.FIELD, path[0] or "") if path else (Slot.OTHER, "")
    marks = [index for index, part in enumerate(path) if part in _ENVELOPES]
    first = path[0] if path else None
    if path[-2:] in (("object", "key"), ("get_object", "key"), ("requestParameters", "key")) or path == ("object_key",):
        return Slot.KEY, ""
    if path[-3:-1] == ("s3", "bucket") or path[-2:] in (("bucket", "name"), ("requestParameters", "bucketName")):
        return Slot.ORIGIN, ""
    if path == ("detail", "eventName"):
        return Slot.OPERATION, "detail"
    if marks and marks[-1] + 1 < len(path):
        return Slot.FIELD, path[marks[-1] + 1] or ""
    if len(path) < 2:
        simple = {"detail-type": Slot.TYPE, "source": Slot.SENDER}
        return simple.get(first or "", Slot.SHAPE), first or ""
    if first not in ("Records", "records"):
        return Slot.SHAPE if first not in _BUS_EVENT else Slot.OTHER, first or ""
    if not _ORIGINS.isdisjoint(path):
        return Slot.ORIGIN, ""
    named = {"eventName": Slot.OPERATION, "eventSource": Slot.SERVICE, "EventSource": Slot.SERVICE,
             "ApproximateReceiveCount": Slot.COUNT}  # fmt: skip
    return named.get(path[-1] or "", Slot.OTHER), ""


# --- what is sent ----------------------------------------------------------------------------------------------------

UNKNOWN = Unresolved()
MISSING = Constant(None)

_MESSAGES: Mapping[str, tuple[str, ...]] = {
    "lambda": ("Payload", "InvokeArgs"),
    "sqs": ("MessageBody",),
    "sns": ("Message",),
    "events": ("Detail",),
    "kinesis": ("Data",),
    "firehose": ("Data",),
    "stepfunctions": ("input",),
}
_ATTRIBUTES = "MessageAttributes"


@record(eq=False)
class Content:
    """What a message holds.

    Attributes:
        fields: by name. base: the part of the event of which the rest is a copy; None when there is no rest.
        known: whether that is all.

    """

    fields: Mapping[str, Symbol]
    base: FieldPath | None = None
    known: bool = True

    def field(self, name: str) -> Symbol:
        """What the next event has under that name: an EventPart when it is what came in."""
        spelled = {in_camel_case((key,)): each for key, each in self.fields.items()}
        found = self.fields.get(name, spelled.get((name,)))
        if found is not None:
            return found
        if self.base is not None:
            return EventPart((*self.base, name))
        return MISSING if self.known else UNKNOWN


def said(edge: Edge, which: Slot, name: str) -> Symbol:
    """What the write says in that part of the event that it leads to; `UNKNOWN` when that cannot be told.

    An EventPart stands for what came in with the event that the writing function got.
    """
    found = _said(edge, which, name)
    path = written_path(found) if is_whole(found) else None
    if path is None or edge.site is None:
        return found
    return _overwritten(edge.site.code, path) or EventPart(path)


def _overwritten(code: Code, path: FieldPath) -> Symbol | None:
    """What the code puts in the place of a part of the event: `event["source"] = "shop"`; None when nothing."""
    if not path or path[-1] is None:
        return None
    found = [
        value
        for place in code.places()
        for key, value in assigned(code, place, lambda base: written_path(base) == path[:-1])
        if key == path[-1]
    ]
    return None if not found else found[0] if len(found) == 1 else UNKNOWN


def _said(edge: Edge, which: Slot, name: str) -> Symbol:
    call = edge.call
    if call is None:
        return UNKNOWN
    if which is Slot.FIELD:
        return content(edge).field(name)
    if which is Slot.KEY and call.service == "s3":
        return call.argument("Key") or UNKNOWN
    if which is Slot.TYPE or which is Slot.SENDER:
        entries = call.argument("Entries") if call.service == "events" else None
        found = None if entries is None else _inside(entries, "DetailType" if which is Slot.TYPE else "Source")
        return found or UNKNOWN
    if which is Slot.OPERATION and name:
        # A record of CloudTrail has the operation itself.
        return Constant(call.operation) if call.operation else UNKNOWN
    if which is Slot.OPERATION:
        # Of what a bucket calls it, the usual name comes first.
        names = made(call)[:1] if call.service == "s3" else changes(call)
        return AnyOf(tuple(Constant(each) for each in names)) if names else UNKNOWN
    return UNKNOWN


def content(edge: Edge) -> Content:
    """What the message holds that a write sends."""
    call = edge.call
    if call is None:
        return Content({}, known=False)
    if call.service == "dynamodb":
        return _item(call)
    message = message_of(call)
    if message is None:
        return Content({}, known=call.service == "lambda")
    found = message_content(call.site.code, call.site.place, message)
    attributes = _given(call, _ATTRIBUTES)
    if isinstance(attributes, Group):
        return Content({**dict(_entries(attributes)), **found.fields}, found.base, found.known)
    return found


def message_of(call: SdkCall) -> Symbol | None:
    """What a call sends; of several messages that of one that is in sight."""
    found = (_given(call, name) for name in _MESSAGES.get(call.service, ()))
    return next((each for each in found if each is not None), None)


def message_content(code: Code, place: Place, message: Symbol) -> Content:
    """What a message holds that is sent from a place: an object, or the event or a part of it, changed or not."""
    parts = list(parts_of_symbol(message))
    table = next((part for part in parts if isinstance(part, Group) and part.keys is not None), None)
    if table is not None and table.keys is not None:
        spread = [item for key, item in zip(table.keys, table.items, strict=True) if key is None]
        paths = [path for each in spread if (path := written_path(each)) is not None and _is_message(path)]
        base = paths[0] if len(paths) == len(spread) == 1 else None
        return Content(dict(_entries(table)), base, known=not spread)
    path = next((path for part in parts if (path := written_path(part)) is not None), None)
    if path is None or not _is_message(path) or any(isinstance(part, Joined) for part in parts):
        return Content({}, known=False)
    return Content(dict(assigned(code, place, lambda base: written_path(base) == path)), path)


def _is_message(path: FieldPath) -> bool:
    """Whether a part of an event is all that somebody sent."""
    return not path or path[-1] in _ENVELOPES


def _item(call: SdkCall) -> Content:
    """What an item holds after a put, an update or a delete."""
    key, item = call.argument("Key"), call.argument("Item")
    keys = dict(_entries(key)) if isinstance(key, Group) else {}
    if isinstance(item, Group):
        return Content(dict(_entries(item)), known=None not in (item.keys or ()))
    if call.operation.lower() != "updateitem":
        return Content(keys, known=False)
    return Content({**keys, **{name: untyped(each) for name, each in updates(call).items()}}, known=False)


def _entries(group: Group) -> Iterator[tuple[str, Symbol]]:
    for key, item in zip(group.keys or (), group.items, strict=bool(group.keys)):
        if isinstance(key, str):
            yield key, untyped(item)


def untyped(symbol: Symbol) -> Symbol:
    """What `{"S": value}`, `{"DataType": "String", "StringValue": value}` say of a value."""
    if isinstance(symbol, Group) and symbol.keys is not None:
        for name in ("StringValue", "S", "N", "BOOL"):
            if name in symbol.keys and (len(symbol.keys) == 1 or name == "StringValue"):
                return symbol.items[symbol.keys.index(name)]
    return symbol


def _given(call: SdkCall, name: str) -> Symbol | None:
    """An argument, or that of an entry of those that are sent together."""
    found = call.argument(name)
    if found is not None:
        return found
    for several in ("Entries", "PublishBatchRequestEntries", "Records"):
        entries = call.argument(several)
        if entries is not None:
            return _inside(entries, name)
    return None


def _inside(entries: Symbol, name: str) -> Symbol | None:
    """What an entry that is in sight holds under a name."""
    for part in parts_of_symbol(entries):
        if isinstance(part, Group) and part.keys is not None and name in part.keys:
            return part.items[part.keys.index(name)]
    return None
