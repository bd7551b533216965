"""Calls of boto3 and its relatives."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

from slslint.app.sdk.call import SdkCall
from slslint.app.symbols import Constant, Element, Group, Member, Result, Symbol, dotted, present
from slslint.record import record

if TYPE_CHECKING:
    from slslint.app.site import Site

CLIENTS = frozenset(
    {
        "boto3.client", "boto3.Session().client", "boto3.session.Session().client",
        "botocore.session.get_session().create_client", "botocore.session.Session().create_client",
        "aioboto3.client", "aioboto3.Session().client", "aioboto3.session.Session().client",
        "aiobotocore.get_session().create_client", "aiobotocore.session.get_session().create_client",
        "aiobotocore.session.AioSession().create_client",
    }
)  # fmt: skip
"""Calls that make a client; the service is the first argument."""

RESOURCES = frozenset(
    {
        "boto3.resource", "boto3.Session().resource", "boto3.session.Session().resource",
        "aioboto3.resource", "aioboto3.Session().resource", "aioboto3.session.Session().resource",
    }
)  # fmt: skip
"""Calls that make a resource object; the service is the first argument."""

_NO_OPERATION = frozenset({"get_paginator", "get_waiter", "can_paginate", "generate_presigned_url", "close", "meta",
                           "generate_presigned_post", "get_available_subresources", "exceptions"})  # fmt: skip

_SIGNS = frozenset({"generate_presigned_url", "generate_presigned_post"})

_IDENTIFIERS = {
    ("dynamodb", "Table"): (("TableName", "name"),),
    ("s3", "Bucket"): (("Bucket", "name"),),
    ("s3", "Object"): (("Bucket", "bucket_name"), ("Key", "key")),
    ("s3", "ObjectSummary"): (("Bucket", "bucket_name"), ("Key", "key")),
    ("sqs", "Queue"): (("QueueUrl", "url"),),
    ("sns", "Topic"): (("TopicArn", "arn"),),
    ("sns", "PlatformEndpoint"): (("TargetArn", "arn"),),
    ("cloudformation", "Stack"): (("StackName", "name"),),
}
"""What the arguments of a resource object's factory are called in the operations, and in the factory itself."""

_RESOURCE_OPERATIONS = {
    ("s3", "put"): "PutObject", ("s3", "get"): "GetObject", ("s3", "copy_from"): "CopyObject",
    ("s3", "upload_file"): "PutObject", ("s3", "upload_fileobj"): "PutObject", ("s3", "delete"): "DeleteObject",
    ("s3", "download_file"): "GetObject", ("s3", "download_fileobj"): "GetObject", ("s3", "copy"): "CopyObject",
    ("s3", "all"): "ListObjects", ("s3", "filter"): "ListObjects", ("s3", "load"): "HeadObject",
    ("dynamodb", "load"): "DescribeTable", ("sqs", "get_queue_by_name"): "GetQueueUrl",
    ("sqs", "send_messages"): "SendMessageBatch", ("sqs", "receive_messages"): "ReceiveMessage",
    ("sqs", "delete_messages"): "DeleteMessageBatch",
}  # fmt: skip
"""Methods whose name is not the operation's."""

_WAITERS = {"object_exists": "HeadObject", "bucket_exists": "HeadBucket", "table_exists": "DescribeTable",
            "function_active": "GetFunctionConfiguration", "function_updated": "GetFunctionConfiguration",
            "instance_running": "DescribeInstances", "stack_create_complete": "DescribeStacks"}  # fmt: skip


def operations(site: Site) -> tuple[SdkCall | None, ...]:
    """Every operation that the call may be, None for an alternative that is none."""
    return tuple(_operation(site, each) for each in present(site.symbol))


def signed(site: Site) -> SdkCall | None:
    """The operation that the call signs for somebody else: `generate_presigned_url("get_object")`."""
    if not isinstance(site.symbol, Member) or site.symbol.name not in _SIGNS:
        return None
    client = _client(site.symbol.of)
    if client is None or not client.direct:
        return None
    named = site.argument(0, "ClientMethod") if site.symbol.name == "generate_presigned_url" else Constant("put_object")
    operation = _camel(named.value) if isinstance(named, Constant) and isinstance(named.value, str) else ""
    return SdkCall(client.service, operation, site, client.made, input=site.argument(1, "Params") or Group((), ()))


def identifier(symbol: Symbol) -> Symbol | None:
    """What an attribute of a resource object holds that it was made with: `table.name`, `queue.url`."""
    if not isinstance(symbol, Member) or symbol.name not in _OWN:
        return None
    client = _client(symbol.of)
    return None if client is None or client.direct or not client.identifiers else client.identifiers[0][1]


_OWN = frozenset({"name", "table_name", "url", "arn", "bucket_name"})
"""Attributes of resource objects that name the resource."""


def _operation(site: Site, callee: Symbol) -> SdkCall | None:
    if not isinstance(callee, Member) or callee.name in _NO_OPERATION or callee.name[:1].isupper():
        return None
    method, of = callee.name, callee.of
    if method in ("paginate", "wait"):
        return _paged(site, method, of)
    client = _client(of)
    if client is None or method == "batch_writer":
        return None
    if client.batch:
        operation = "BatchWriteItem"
    elif client.direct:
        operation = (client.service == "s3" and _TRANSFERS.get(method)) or _camel(method)
    else:
        operation = _RESOURCE_OPERATIONS.get((client.service, method)) or _camel(method)
    identifiers = client.identifiers
    if client.service == "s3" and method in _POSITIONS:
        identifiers = (*identifiers, *_placed(site, method, dict(identifiers)))
    return SdkCall(client.service, operation, site, client.made, identifiers)


def _placed(site: Site, method: str, known: Container[str]) -> Iterator[tuple[str, Symbol]]:
    """The arguments of a transfer, which may be given by position: `upload_file(path, bucket, key)`."""
    for position, name in enumerate(each for each in _POSITIONS[method] if each not in known):
        symbol = site.argument(position, name)
        if symbol is not None:
            yield name, symbol


def _paged(site: Site, method: str, of: Symbol) -> SdkCall | None:
    match of:
        case Result(Member(inner, "get_paginator" | "get_waiter" as maker), made):
            client = _client(inner)
            named = made.argument(0, "operation_name" if maker == "get_paginator" else "waiter_name")
            if client is None or not isinstance(named, Constant) or not isinstance(named.value, str):
                return None
            operation = _camel(named.value) if method == "paginate" else _WAITERS.get(named.value, "")
            return SdkCall(client.service, operation, site, client.made)
        case _:
            return None


_TRANSFERS = {"upload_file": "PutObject", "upload_fileobj": "PutObject", "download_file": "GetObject",
              "download_fileobj": "GetObject", "copy": "CopyObject"}  # fmt: skip
"""Methods of an S3 client that are no operations themselves."""

_POSITIONS = {
    "upload_file": ("Filename", "Bucket", "Key"), "upload_fileobj": ("Fileobj", "Bucket", "Key"),
    "download_file": ("Bucket", "Key", "Filename"), "download_fileobj": ("Bucket", "Key", "Fileobj"),
    "copy": ("CopySource", "Bucket", "Key"),
}  # fmt: skip
"""What stands where in transfers; a resource object has its bucket, and key, already."""

_COLLECTIONS = frozenset({"all", "filter", "limit", "page_size", "pages"})

_MAKERS = frozenset({"get_queue_by_name", "create_queue", "create_topic", "create_table", "create_bucket"})


@record()
class _Client:
    made: Site
    service: str
    identifiers: tuple[tuple[str, Symbol], ...]
    direct: bool
    """A client, whose methods are the operations, not a resource object."""
    batch: bool = False


def _client(of: Symbol) -> _Client | None:
    """The client or resource object that a symbol stands for."""
    match of:
        case Result(Member(inner, name), site):
            outer = _client(inner)
            if outer is None or outer.direct:
                return _made(of)
            if name == "batch_writer":
                return _Client(outer.made, outer.service, outer.identifiers, False, batch=True)
            if name in _COLLECTIONS:
                return outer
            if name in _MAKERS:
                queue = site.argument(None, "QueueName")
                given = () if queue is None else (("QueueName", queue),)
                return _Client(outer.made, outer.service, given, False)
            if not name[:1].isupper():
                return None
            identifiers = list(outer.identifiers)
            known = {argument for argument, _ in identifiers}
            # `bucket.Object(key)` has its bucket already.
            asked = [each for each in _IDENTIFIERS.get((outer.service, name), ()) if each[0] not in known]
            for position, (argument, keyword) in enumerate(asked):
                symbol = site.argument(position, keyword)
                if symbol is not None:
                    identifiers.append((argument, symbol))
            return _Client(outer.made, outer.service, tuple(identifiers), False)
        case Result():
            return _made(of)
        case Member(Member(inner, "meta"), "client"):
            outer = _client(inner)
            return None if outer is None else _Client(outer.made, outer.service, (), True)
        case Member(inner, name) if name.endswith("s"):
            outer = _client(inner)
            return None if outer is None or outer.direct else outer
        case Element(inner):
            outer = _client(inner) if isinstance(inner, Result | Member) else None
            return None if outer is None or outer.direct or outer.batch else outer
        case _:
            return None


def _made(of: Result) -> _Client | None:
    name = dotted(of.of)
    if name not in CLIENTS and name not in RESOURCES:
        return None
    service = of.site.argument(0, "service_name")
    if not isinstance(service, Constant) or not isinstance(service.value, str):
        return None
    return _Client(of.site, service.value, (), name in CLIENTS)


def _camel(method: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in method.split("_"))
