"""Calls of the AWS SDK for JavaScript: version 2, version 3, and the libraries on top of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from slslint.app.objects import entry
from slslint.app.sdk.call import SdkCall
from slslint.app.symbols import Constant, Element, External, Group, Member, Result, Symbol, options, present
from slslint.data.service_names import service_of_class, service_of_package
from slslint.facts import Attr
from slslint.record import record

if TYPE_CHECKING:
    from slslint.app.site import Site

_CLIENT = "@aws-sdk/client-"
_DOCUMENTS = "@aws-sdk/lib-dynamodb."
_VERSION_2 = ("aws-sdk.", "aws-sdk/clients/")

_CAPTURES = frozenset({"captureAWS", "captureAWSClient", "captureAWSv3Client"})
"""Functions of X-Ray and Powertools that return what they are given: the SDK, or a client of it."""

_DOCUMENT_OPERATIONS = {
    "get": "GetItem", "put": "PutItem", "update": "UpdateItem", "delete": "DeleteItem", "query": "Query",
    "scan": "Scan", "batchget": "BatchGetItem", "batchwrite": "BatchWriteItem", "transactget": "TransactGetItems",
    "transactwrite": "TransactWriteItems", "executestatement": "ExecuteStatement",
    "batchexecutestatement": "BatchExecuteStatement", "executetransaction": "ExecuteTransaction",
}  # fmt: skip
"""What the methods and commands of document clients are called in the API."""

_NO_OPERATION = frozenset({"send", "destroy", "on", "makeRequest", "makeUnauthenticatedRequest", "createSet",
                           "setupRequestListeners", "defineService", "customizeRequests", "getSignedUrl",
                           "getSignedUrlPromise", "createPresignedPost", "waitFor", "then", "toString"})  # fmt: skip

_WAITERS = {
    "objectexists": "HeadObject", "objectnotexists": "HeadObject", "bucketexists": "HeadBucket",
    "bucketnotexists": "HeadBucket", "tableexists": "DescribeTable", "tablenotexists": "DescribeTable",
    "functionexists": "GetFunction", "functionactive": "GetFunctionConfiguration", "functionactivev2": "GetFunction",
    "functionupdated": "GetFunctionConfiguration", "functionupdatedv2": "GetFunction",
    "instancerunning": "DescribeInstances", "instancestopped": "DescribeInstances",
    "stackcreatecomplete": "DescribeStacks", "stackupdatecomplete": "DescribeStacks",
    "stackdeletecomplete": "DescribeStacks",
}  # fmt: skip

_NOTHING = Group((), ())

_DEEPEST = 8
"""How often what is asked about is looked through: a client that is traced again in a loop is made of itself."""


@record()
class _Client:
    """A client: its service, and the call that made it."""

    service: str
    made: Site | None
    documents: bool = False
    """Its operations are those of a document client."""
    bare: bool = False
    """It has no operations, only `send`."""


def operations(site: Site) -> tuple[SdkCall | None, ...]:
    """Every operation that the call may be, None for an alternative that is none."""
    callee = site.call.callee
    if isinstance(callee, Attr) and callee.name == "send":
        sent = tuple(_sent(site))
        if sent:
            return sent
    return tuple(_operation(site, each) for each in present(site.symbol))


def signed(site: Site) -> SdkCall | None:
    """The operation that the call signs for somebody else: `getSignedUrl(client, command)`."""
    match site.symbol:
        case External("@aws-sdk/s3-request-presigner.getSignedUrl"):
            found = [_command(site, each, _client(site.argument(0))) for each in options(site.argument(1) or _NOTHING)]
            return found[0] if len(found) == 1 else None
        case External("@aws-sdk/s3-presigned-post.createPresignedPost"):
            client = _client(site.argument(0))
            return SdkCall("s3", "PutObject", site, _made(client), input=site.argument(1) or _NOTHING)
        case Member(of, "getSignedUrl" | "getSignedUrlPromise" | "createPresignedPost" as method):
            client = _client(of)
            if client is None or client.bare or client.documents:
                return None
            posted = method == "createPresignedPost"
            name = _text(Constant("putObject") if posted else site.argument(0))
            given = site.argument(0 if posted else 1) or _NOTHING
            return SdkCall(client.service, _api(name), site, client.made, input=given)
        case _:
            return None


# --- version 3: what is sent -----------------------------------------------------------------------------------------


def _sent(site: Site) -> Iterator[SdkCall | None]:
    """`client.send(command)`: the command alone tells the operation, the client at least the service."""
    client = _client(site.symbol.of) if isinstance(site.symbol, Member) else None
    for each in options(site.argument(0) or _NOTHING):
        command = _command(site, each, client)
        if command is not None:
            yield command
        elif client is not None and client.made is not None and _is_version_3(client.made):
            yield SdkCall(client.service, "", site, client.made, input=_NOTHING)


def _command(site: Site, symbol: Symbol, client: _Client | None) -> SdkCall | None:
    """What sending a command does; None when the symbol is none."""
    if not isinstance(symbol, Result):
        return None
    name = _name(symbol.of)
    if name is None or not name.endswith("Command"):
        return None
    package, _, operation = name.removesuffix("Command").rpartition(".")
    if package + "." == _DOCUMENTS:
        service, operation = "dynamodb", _DOCUMENT_OPERATIONS.get(operation.lower(), "")
    elif package.startswith(_CLIENT):
        service = service_of_package(package.removeprefix(_CLIENT))
    else:
        return None
    return SdkCall(service, operation, site, _made(client), input=symbol.site.argument(0) or _NOTHING)


def _is_version_3(made: Site) -> bool:
    return (made.dotted or "").startswith("@aws-sdk/")


# --- calls of clients and functions ----------------------------------------------------------------------------------


def _operation(site: Site, callee: Symbol, left: int = _DEEPEST) -> SdkCall | None:
    match callee:
        case External(name) if name.startswith((_CLIENT, _DOCUMENTS)):
            return _function(site, name)
        case Member(of, method) | Element(of, str() as method):
            return _method(site, of, method)
        case Result(External("util.promisify"), made) if left:
            given = made.argument(0)
            return None if given is None else _operation(site, given, left - 1)
        case Result(Member(method, "bind"), _) if left:
            return _operation(site, method, left - 1)
        case _:
            return None


def _function(site: Site, name: str) -> SdkCall | None:
    """`paginateScan({ client }, input)`, `waitUntilTableExists({ client }, input)`."""
    package, _, function = name.partition(".")
    if function.startswith("paginate"):
        operation = function.removeprefix("paginate")
    elif function.startswith("waitUntil"):
        operation = _WAITERS.get(function.removeprefix("waitUntil").lower(), "")
    else:
        return None
    service = "dynamodb" if package + "." == _DOCUMENTS else service_of_package(package.removeprefix(_CLIENT))
    client = _client(entry(site.argument(0) or _NOTHING, "client"))
    return SdkCall(service, operation, site, _made(client), input=site.argument(1) or _NOTHING)


def _method(site: Site, of: Symbol, method: str) -> SdkCall | None:
    if method == "done" and isinstance(of, Result) and _name(of.of) == "@aws-sdk/lib-storage.Upload":
        given = of.site.argument(0) or _NOTHING
        client = _client(entry(given, "client"))
        return SdkCall("s3", "PutObject", site, _made(client), input=entry(given, "params") or _NOTHING)
    client = _client(of)
    if client is None or client.bare:
        return None
    if method == "waitFor":
        operation = _WAITERS.get(_text(site.argument(0)).lower(), "")
        return SdkCall(client.service, operation, site, client.made, input=site.argument(1) or _NOTHING)
    if method in _NO_OPERATION:
        return None
    if client.documents:
        operation = _DOCUMENT_OPERATIONS.get(method.lower(), "")
        if not operation:
            return None
    elif client.service == "s3" and method == "upload":
        operation = "PutObject"
    else:
        operation = _api(method)
    return SdkCall(client.service, operation, site, client.made, input=site.argument(0) or _NOTHING)


# --- clients ---------------------------------------------------------------------------------------------------------


def _client(symbol: Symbol | None, left: int = _DEEPEST) -> _Client | None:
    """The client that a symbol stands for; of several, the one service that they agree on."""
    if symbol is None or not left:
        return None
    found = [_one_client(each, left - 1) for each in present(symbol)]
    first = found[0] if found else None
    if first is None or any(each is None or each.service != first.service for each in found):
        return None
    return first


def _made(client: _Client | None) -> Site | None:
    return None if client is None else client.made


def _one_client(symbol: Symbol, left: int) -> _Client | None:
    if isinstance(symbol, Result):
        inside = _captured(symbol)
        if inside is not None:
            return _client(inside, left)
    name = _name(symbol)
    if name is None or not name.endswith("()"):
        return None
    made = symbol.site if isinstance(symbol, Result) else None
    maker = name[:-2]
    if maker.startswith(_DOCUMENTS):
        document_class, _, method = maker.removeprefix(_DOCUMENTS).partition(".")
        known = document_class in ("DynamoDBDocument", "DynamoDBDocumentClient") and method == "from"
        return _Client("dynamodb", made, True, document_class.endswith("Client")) if known else None
    if maker.startswith(_CLIENT):
        package, _, own_class = maker.removeprefix(_CLIENT).partition(".")
        if not own_class[:1].isupper() or own_class.endswith("Command") or "." in own_class:
            return None
        return _Client(service_of_package(package), made, bare=own_class.endswith("Client"))
    if maker.startswith(_VERSION_2):
        return _old_client(maker, made)
    return None


def _old_client(maker: str, made: Site | None) -> _Client | None:
    """`aws-sdk.S3`, `aws-sdk/clients/s3`, `aws-sdk.DynamoDB.DocumentClient`."""
    path = maker.removeprefix("aws-sdk").removeprefix("/clients/all").removeprefix("/clients/").lstrip(".").split(".")
    documents = path[-1] == "DocumentClient"
    written = ".".join(path[:-1] if documents else path)
    service = service_of_class(written)
    return None if service is None else _Client(service, made, documents)


def _name(symbol: Symbol, left: int = _DEEPEST) -> str | None:
    """The dotted name of a symbol, as if nothing traced the SDK."""
    match symbol:
        case External(name):
            return name
        case Member(of, name):
            outer = _name(of, left)
            return None if outer is None else f"{outer}.{name}"
        case Result(of, _):
            inside = _captured(symbol)
            if inside is not None:
                return _name(inside, left - 1) if left else None
            outer = _name(of, left)
            return None if outer is None else f"{outer}()"
        case _:
            return None


def _captured(symbol: Result) -> Symbol | None:
    """What a function that traces the SDK was given; None for any other call."""
    match symbol.of:
        case External(name):
            last = name.rpartition(".")[2]
        case Member(_, last):
            pass
        case _:
            return None
    return symbol.site.argument(0) if last in _CAPTURES else None


# --- names -----------------------------------------------------------------------------------------------------------


def _api(method: str) -> str:
    return method[:1].upper() + method[1:]


def _text(symbol: Symbol | None) -> str:
    return symbol.value if isinstance(symbol, Constant) and isinstance(symbol.value, str) else ""
