"""Which operations of the SDK invoke, write or read, and which of their arguments names what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from slslint.app.graph.edges import Verb
from slslint.app.objects import entry, is_open
from slslint.app.sdk import SdkCall
from slslint.app.symbols import Constant, Group, Symbol, Unresolved, options
from slslint.model import Kind
from slslint.record import record

DEFAULT_BUS = "default"


@record(eq=False)
class Effect:
    """What a call does to one target.

    Attributes:
        target: what names it; None for the account's default event bus.
        what: the part of the call's input that is about this target: one entry of several; None for the whole input.

    """

    verb: Verb
    kind: Kind
    target: Symbol | None
    waits: bool = False
    what: Symbol | None = None


@record()
class _Plain:
    """An operation that works on the one resource that an argument names; the first one given counts."""

    verb: Verb
    kind: Kind
    names: tuple[str, ...]
    waits: bool = False


def _table(verb: Verb, kind: Kind, names: str, operations: str, *, waits: bool = False) -> dict[str, _Plain]:
    plain = _Plain(verb, kind, tuple(names.split()), waits)
    return dict.fromkeys(operations.lower().split(), plain)


_PLAIN: Mapping[str, Mapping[str, _Plain]] = {
    "lambda": _table(Verb.INVOKES, Kind.FUNCTION, "FunctionName", "InvokeAsync")
    | _table(Verb.INVOKES, Kind.FUNCTION, "FunctionName", "InvokeWithResponseStream", waits=True),
    "stepfunctions": _table(Verb.INVOKES, Kind.WORKFLOW, "stateMachineArn", "StartExecution")
    | _table(Verb.INVOKES, Kind.WORKFLOW, "stateMachineArn", "StartSyncExecution", waits=True),
    "sqs": _table(Verb.WRITES, Kind.QUEUE, "QueueUrl QueueName", "SendMessage SendMessageBatch")
    | _table(Verb.READS, Kind.QUEUE, "QueueUrl QueueName", "ReceiveMessage"),
    "sns": _table(Verb.WRITES, Kind.TOPIC, "TopicArn TargetArn", "Publish PublishBatch"),
    "s3": _table(
        Verb.WRITES,
        Kind.BUCKET,
        "Bucket",
        "PutObject CopyObject CompleteMultipartUpload DeleteObject DeleteObjects PutObjectTagging DeleteObjectTagging"
        " PutObjectAcl RestoreObject",
    )
    | _table(
        Verb.READS,
        Kind.BUCKET,
        "Bucket",
        "GetObject HeadObject ListObjects ListObjectsV2 ListObjectVersions SelectObjectContent GetObjectTagging"
        " GetObjectAttributes",
    ),
    "dynamodb": _table(Verb.WRITES, Kind.TABLE, "TableName", "PutItem UpdateItem DeleteItem")
    | _table(Verb.READS, Kind.TABLE, "TableName", "GetItem Query Scan"),
    "kinesis": _table(Verb.WRITES, Kind.STREAM, "StreamName StreamARN", "PutRecord PutRecords"),
    "firehose": _table(Verb.WRITES, Kind.DELIVERY_STREAM, "DeliveryStreamName", "PutRecord PutRecordBatch"),
    "logs": _table(Verb.WRITES, Kind.LOG_GROUP, "logGroupName", "PutLogEvents")
    | _table(Verb.READS, Kind.LOG_GROUP, "logGroupName", "GetLogEvents FilterLogEvents StartQuery"),
    "ssm": _table(Verb.WRITES, Kind.PARAMETER, "Name", "PutParameter")
    | _table(Verb.READS, Kind.PARAMETER, "Name", "GetParameter"),
    "secretsmanager": _table(Verb.WRITES, Kind.SECRET, "SecretId", "PutSecretValue UpdateSecret")
    | _table(Verb.READS, Kind.SECRET, "SecretId", "GetSecretValue"),
    # A user pool waits for the functions that it asks.
    "cognito-idp": _table(
        Verb.INVOKES,
        Kind.USER_POOL,
        "UserPoolId",
        "AdminCreateUser AdminConfirmSignUp AdminInitiateAuth AdminRespondToAuthChallenge AdminResetUserPassword"
        " AdminUpdateUserAttributes",
        waits=True,
    ),
}
"""By boto3's name of the service and the operation in lower case."""


def effects(call: SdkCall) -> Iterator[Effect]:
    """What a call does to the resources that it names; nothing for what this has no word for."""
    operation = call.operation.lower()
    plain = _PLAIN.get(call.service, {}).get(operation)
    if plain is not None:
        target = _first(call, plain.names)
        if target is not None:
            yield Effect(plain.verb, plain.kind, target, plain.waits)
        if operation == "copyobject":
            yield from _copied(call)
        return
    special = _SPECIAL.get((call.service, operation))
    if special is not None:
        yield from special(call)


def is_known(call: SdkCall) -> bool:
    """Whether it is an operation that invokes, writes or reads something."""
    operation = call.operation.lower()
    return operation in _PLAIN.get(call.service, {}) or (call.service, operation) in _SPECIAL


def _first(call: SdkCall, names: tuple[str, ...]) -> Symbol | None:
    found = (call.argument(name) for name in names)
    return next((each for each in found if each is not None and each != Constant(None)), None)


def _invoke(call: SdkCall) -> Iterator[Effect]:
    target = call.argument("FunctionName")
    if target is None:
        return
    kinds = {each.value if isinstance(each, Constant) else "" for each in options(_invocation(call))}
    if kinds == {"DryRun"}:
        return
    # Where one of several ways may wait, nobody can say that it does.
    yield Effect(Verb.INVOKES, Kind.FUNCTION, target, waits=kinds <= {"RequestResponse", None})


def _invocation(call: SdkCall) -> Symbol:
    given = call.argument("InvocationType")
    if given is not None:
        return given
    may_be_given = call.site.open if call.input is None else is_open(call.input)
    return Unresolved() if may_be_given else Constant("RequestResponse")


def _copied(call: SdkCall) -> Iterator[Effect]:
    """Where a copy comes from: `{"Bucket": ..., "Key": ...}`; a text "bucket/key" is left alone."""
    source = call.argument("CopySource")
    bucket = None if source is None else entry(source, "Bucket")
    if bucket is not None:
        yield Effect(Verb.READS, Kind.BUCKET, bucket)


def _put_events(call: SdkCall) -> Iterator[Effect]:
    for event in _listed(call.argument("Entries")):
        bus = entry(event, "EventBusName")
        if bus is not None and bus != Constant(None):
            yield Effect(Verb.WRITES, Kind.BUS, bus, what=event)
        elif isinstance(event, Group) and not is_open(event):
            yield Effect(Verb.WRITES, Kind.BUS, None, what=event)


def _listed(given: Symbol | None) -> Iterator[Symbol]:
    """The items of a list, and of lists of them; some of a list's items are one of them.

    A comprehension is known by what it is made of: the objects among that are its items.
    """
    for each in options(given) if given is not None else ():
        match each:
            case Group(items, None):
                listed = items
            case Unresolved(parts):
                listed = tuple(part for part in parts if isinstance(part, Group) and part.keys is not None)
            case _:
                listed = (each,)
        for one in listed:
            yield from options(one)


def _items_by_table(verb: Verb, call: SdkCall) -> Iterator[Effect]:
    """`RequestItems`: a table's requests under its name."""
    own = call.argument("TableName")
    if own is not None:
        yield Effect(verb, Kind.TABLE, own)
        return
    requests = call.argument("RequestItems")
    for each in options(requests) if requests is not None else ():
        if isinstance(each, Group) and each.keys is not None:
            computed = each.computed or (None,) * len(each.items)
            for key, name, items in zip(each.keys, computed, each.items, strict=True):
                if isinstance(key, str) or name is not None:
                    yield Effect(verb, Kind.TABLE, Constant(key) if isinstance(key, str) else name, what=items)


def _transaction(verb: Verb, call: SdkCall) -> Iterator[Effect]:
    """`TransactItems`: one request each, of which a check writes nothing."""
    for one in _listed(call.argument("TransactItems")):
        for kind in ("Put", "Update", "Delete", "Get"):
            request = entry(one, kind)
            table = None if request is None else entry(request, "TableName")
            if table is not None:
                yield Effect(verb, Kind.TABLE, table, what=one)


def _statement(call: SdkCall) -> Iterator[Effect]:
    """PartiQL names its table in the statement: `INSERT INTO "orders" VALUE ...`."""
    import re

    written = call.argument("Statement")
    for each in options(written) if written is not None else ():
        if isinstance(each, Constant) and isinstance(each.value, str):
            found = re.match(_STATEMENT, each.value, re.IGNORECASE | re.DOTALL)
            if found is not None:
                verb = Verb.READS if found[1].lower().startswith("select") else Verb.WRITES
                yield Effect(verb, Kind.TABLE, Constant(found[2]))


_STATEMENT = r"""\s*(insert\s+into|update|delete\s+from|select\b.*?\bfrom)\s+["']?([\w.-]+)"""


def _scheduled(call: SdkCall) -> Iterator[Effect]:
    """A schedule or rule that the code makes sends its target something later on."""
    for one in _listed(call.argument("Target") or call.argument("Targets")):
        arn = entry(one, "Arn")
        if arn is not None:
            yield Effect(Verb.INVOKES, Kind.OTHER, arn, what=one)


_SPECIAL = {
    ("lambda", "invoke"): _invoke,
    ("events", "putevents"): _put_events,
    ("dynamodb", "batchwriteitem"): lambda call: _items_by_table(Verb.WRITES, call),
    ("dynamodb", "batchgetitem"): lambda call: _items_by_table(Verb.READS, call),
    ("dynamodb", "transactwriteitems"): lambda call: _transaction(Verb.WRITES, call),
    ("dynamodb", "transactgetitems"): lambda call: _transaction(Verb.READS, call),
    ("dynamodb", "executestatement"): _statement,
    ("scheduler", "createschedule"): _scheduled,
    ("scheduler", "updateschedule"): _scheduled,
    ("events", "puttargets"): _scheduled,
}
