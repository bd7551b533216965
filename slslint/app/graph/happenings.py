"""The event that a write makes, as whoever filters it sees it: a bus, a subscription, a mapping."""

from __future__ import annotations

import re
from collections.abc import Mapping

from slslint.app.application import App
from slslint.app.graph.edges import Edge
from slslint.app.graph.nodes import TRAIL
from slslint.app.graph.patterns import ANYTHING, OPEN, OneOf, Shape, Words
from slslint.app.graph.shapes import message, shape, words
from slslint.app.objects import entry, is_open
from slslint.app.sdk import SdkCall
from slslint.app.symbols import Constant, Group, Symbol, Unresolved, options
from slslint.model import Function, Kind, Over, Ref

_OBJECTS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "putobject": (("ObjectCreated:Put", "ObjectCreated:CompleteMultipartUpload"), "Object Created"),
    "copyobject": (("ObjectCreated:Copy", "ObjectCreated:CompleteMultipartUpload"), "Object Created"),
    "completemultipartupload": (("ObjectCreated:CompleteMultipartUpload",), "Object Created"),
    "deleteobject": (("ObjectRemoved:Delete", "ObjectRemoved:DeleteMarkerCreated"), "Object Deleted"),
    "deleteobjects": (("ObjectRemoved:Delete", "ObjectRemoved:DeleteMarkerCreated"), "Object Deleted"),
    "putobjecttagging": (("ObjectTagging:Put",), "Object Tags Added"),
    "deleteobjecttagging": (("ObjectTagging:Delete",), "Object Tags Deleted"),
    "putobjectacl": (("ObjectAcl:Put",), "Object ACL Updated"),
    "restoreobject": (("ObjectRestore:Post", "ObjectRestore:Completed"), "Object Restore Initiated"),
}
"""What an operation on objects is called in notifications of buckets, and on the event bus."""

_CHANGES: Mapping[str, tuple[str, ...]] = {
    "putitem": ("INSERT", "MODIFY"),
    # It may insert, but who updates what a record is about changes what is there.
    "updateitem": ("MODIFY",),
    "deleteitem": ("REMOVE",),
}


def made(call: SdkCall) -> tuple[str, ...]:
    """What notifications of a bucket call what the operation does: "ObjectCreated:Put"; empty when not known."""
    return _OBJECTS.get(call.operation.lower(), ((), ""))[0]


def happening(app: App, function: Function, written: Edge, further: Edge, over: Over) -> Shape:
    """The event that a call makes, where `further` filters it."""
    call = written.call
    assert call is not None
    at_bus = further.source.kind in (Kind.BUS, Kind.RULE)
    if at_bus and call.service == "events":
        return _sent(app, function, written)
    if at_bus and written.target.kind is Kind.BUS:
        return _logged(app, function, call)
    if at_bus and call.service == "s3":
        return _object(app, function, written, call)
    if call.service == "sns" and further.source.kind is Kind.TOPIC:
        return _published(app, function, call, over)
    if call.service == "sqs" and further.source.kind is Kind.QUEUE:
        return OneOf(
            tuple({"body": message(app, function, each), OPEN: ANYTHING} for each in _each(call, "MessageBody"))
        )
    if call.service == "kinesis" and further.source.kind is Kind.STREAM:
        return OneOf(tuple({"data": message(app, function, each), OPEN: ANYTHING} for each in _each(call, "Data")))
    if call.service == "dynamodb" and further.source.kind is Kind.TABLE:
        return _changed(app, function, call)
    return ANYTHING


def _each(call: SdkCall, name: str) -> list[Symbol]:
    """An argument, in each entry of a batch."""
    own = call.argument(name)
    if own is not None:
        return [own]
    found = []
    for batch in ("Entries", "Records", "PublishBatchRequestEntries"):
        entries = call.argument(batch)
        for each in options(entries) if entries is not None else ():
            listed = each.items if isinstance(each, Group) and each.keys is None else ()
            found += [entry(one, name) or Unresolved() for one in listed]
    return found or [Unresolved()]


def _sent(app: App, function: Function, written: Edge) -> Shape:
    """An event that `PutEvents` sends."""
    what = written.what
    if what is None:
        return ANYTHING
    return {
        "source": _text(app, function, entry(what, "Source")),
        "detail-type": _text(app, function, entry(what, "DetailType")),
        "detail": message(app, function, entry(what, "Detail")),
        OPEN: ANYTHING,
    }


def _text(app: App, function: Function, symbol: Symbol | None) -> Shape:
    return ANYTHING if symbol is None else OneOf(words(app, function, symbol))


def _object(app: App, function: Function, written: Edge, call: SdkCall) -> Shape:
    """What a bucket tells the event bus."""
    _, kind = _OBJECTS.get(call.operation.lower(), ((), ""))
    bucket: Shape = Words((Ref(written.target.id),)) if written.target.at is not None else ANYTHING
    return {
        "source": Words(("aws.s3",)),
        "detail-type": Words((kind,)) if kind else ANYTHING,
        "detail": {
            "bucket": {"name": bucket, OPEN: ANYTHING},
            "object": {"key": _text(app, function, call.argument("Key")), OPEN: ANYTHING},
            OPEN: ANYTHING,
        },
        OPEN: ANYTHING,
    }


def _logged(app: App, function: Function, call: SdkCall) -> Shape:
    """What CloudTrail tells the event bus."""
    service = {"stepfunctions": "states"}.get(call.service, call.service)
    parameters: dict[str, Shape] = {OPEN: ANYTHING}
    for name, spelled in (("Bucket", "bucketName"), ("Key", "key"), ("TableName", "tableName")):
        given = call.argument(name)
        if given is not None:
            parameters[spelled] = _text(app, function, given)
    return {
        "source": Words((f"aws.{service}",)),
        "detail-type": Words((TRAIL,)),
        "detail": {
            "eventSource": Words((f"{service}.amazonaws.com",)),
            "eventName": Words((call.operation,)) if call.operation else ANYTHING,
            "requestParameters": parameters,
            OPEN: ANYTHING,
        },
        OPEN: ANYTHING,
    }


def _published(app: App, function: Function, call: SdkCall, over: Over) -> Shape:
    """A message that is published, as a filter policy sees it."""
    if over is Over.BODY:
        return OneOf(tuple(message(app, function, each) for each in _each(call, "Message")))
    if call.operation.lower() != "publish":
        return OneOf(tuple(_attributes(app, function, each) for each in _each(call, "MessageAttributes")))
    given = call.argument("MessageAttributes")
    if given is not None:
        return OneOf(tuple(_attributes(app, function, each) for each in options(given)))
    may_be_given = call.site.open if call.input is None else is_open(call.input)
    return ANYTHING if may_be_given else {}


def _attributes(app: App, function: Function, given: Symbol) -> Shape:
    if given == Constant(None):
        return {}
    found = shape(app, function, given)
    if not isinstance(found, Mapping):
        return ANYTHING
    return {name: each if name == OPEN else _attribute(each) for name, each in found.items()}


def _attribute(given: Shape) -> Shape:
    if not isinstance(given, Mapping) or given.get("DataType") != Words(("String",)):
        return ANYTHING
    return given.get("StringValue", ANYTHING)


# --- changes of tables -----------------------------------------------------------------------------------------------


def _changed(app: App, function: Function, call: SdkCall) -> Shape:
    """A record of a table's stream."""
    operation = call.operation.lower()
    image: Shape = ANYTHING
    kinds = _CHANGES.get(operation)
    item = call.argument("Item")
    if operation == "putitem" and item is not None:
        found = shape(app, function, item)
        if isinstance(found, Mapping):
            image = {name: each if name == OPEN else _typed(each) for name, each in found.items()}
        condition = call.argument("ConditionExpression")
        if isinstance(condition, Constant) and "attribute_not_exists" in str(condition.value):
            kinds = ("INSERT",)
    elif operation == "updateitem":
        image = _updated(app, function, call)
    return {
        "eventName": OneOf(tuple(Words((each,)) for each in kinds)) if kinds else ANYTHING,
        "dynamodb": {OPEN: ANYTHING, **({} if image is ANYTHING else {"NewImage": image})},
        OPEN: ANYTHING,
    }


def _typed(value: Shape) -> Shape:
    """An attribute with its type, as a stream shows it; it may be written so, or as plain values of the language."""
    match value:
        case Words():
            return {"S": value}
        case bool():
            return {"BOOL": value}
        case int() | float():
            return {"N": Words((str(value),))}
        case OneOf(alternatives):
            return OneOf(tuple(_typed(each) for each in alternatives))
        case Mapping() if len(value) == 1 and next(iter(value)) in ("S", "N", "BOOL", "NULL"):
            return value
        case _:
            return ANYTHING


def _updated(app: App, function: Function, call: SdkCall) -> Shape:
    """What an update sets, as far as its expression says; the item may have any other attribute."""
    sets = updates(call)
    if not sets:
        return ANYTHING
    return {OPEN: ANYTHING, **{name: _typed(shape(app, function, given)) for name, given in sets.items()}}


def updates(call: SdkCall) -> dict[str, Symbol]:
    """The attributes that an update sets, each with what it is set to; Unresolved where that is worked out."""
    expression = call.argument("UpdateExpression")
    if not isinstance(expression, Constant) or not isinstance(expression.value, str):
        return {}
    names, values = (call.argument(f"ExpressionAttribute{each}") for each in ("Names", "Values"))
    found: dict[str, Symbol] = {}
    for name, value in re.findall(r"([#\w.]+)\s*=\s*([^,]+)", expression.value):
        spelled = entry(names, name) if names is not None and name.startswith("#") else Constant(name)
        if isinstance(spelled, Constant) and isinstance(spelled.value, str) and "." not in spelled.value:
            plain = re.match(r":\w+(?=$|\s+(?:ADD|REMOVE|DELETE)\b)", value.strip(), re.IGNORECASE)
            given = entry(values, plain[0]) if plain is not None and values is not None else None
            found[spelled.value] = given if given is not None else Unresolved()
    return found


def changes(call: SdkCall) -> tuple[str, ...]:
    """What records of a table's stream call what the operation does: "INSERT", "MODIFY"; empty when not known."""
    return _CHANGES.get(call.operation.lower(), ())
