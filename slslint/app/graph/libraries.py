"""Libraries on top of the SDK: which of their calls read or write what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from slslint.app.graph.edges import Verb
from slslint.app.graph.operations import Effect
from slslint.app.symbols import Constant, Joined, Symbol, options
from slslint.model import Kind

if TYPE_CHECKING:
    from slslint.app.site import Site

_POWERTOOLS = "aws_lambda_powertools.utilities."
_FOR_NODE = "@aws-lambda-powertools/"

_CALLS: Mapping[str, tuple[Verb, Kind, int | None, str]] = {
    f"{_POWERTOOLS}parameters.get_parameter": (Verb.READS, Kind.PARAMETER, 0, "name"),
    f"{_POWERTOOLS}parameters.ssm.get_parameter": (Verb.READS, Kind.PARAMETER, 0, "name"),
    f"{_POWERTOOLS}parameters.set_parameter": (Verb.WRITES, Kind.PARAMETER, 0, "name"),
    f"{_POWERTOOLS}parameters.get_secret": (Verb.READS, Kind.SECRET, 0, "name"),
    f"{_POWERTOOLS}parameters.set_secret": (Verb.WRITES, Kind.SECRET, 0, "name"),
    f"{_POWERTOOLS}parameters.DynamoDBProvider": (Verb.READS, Kind.TABLE, 0, "table_name"),
    f"{_POWERTOOLS}idempotency.DynamoDBPersistenceLayer": (Verb.WRITES, Kind.TABLE, 0, "table_name"),
    f"{_FOR_NODE}parameters/ssm.getParameter": (Verb.READS, Kind.PARAMETER, 0, ""),
    f"{_FOR_NODE}parameters/ssm.setParameter": (Verb.WRITES, Kind.PARAMETER, 0, ""),
    f"{_FOR_NODE}parameters/secrets.getSecret": (Verb.READS, Kind.SECRET, 0, ""),
    f"{_FOR_NODE}parameters/dynamodb.DynamoDBProvider": (Verb.READS, Kind.TABLE, None, "tableName"),
    f"{_FOR_NODE}idempotency/dynamodb.DynamoDBPersistenceLayer": (Verb.WRITES, Kind.TABLE, None, "tableName"),
}
"""By dotted name: what is done to what kind of thing, and the position and name of the argument that names it."""

_FRAMES = "awswrangler.s3."

LIBRARIES = ("aws_lambda_powertools", "@aws-lambda-powertools/", "awswrangler")
"""How the names of the packages begin."""


def of_library(site: Site) -> Iterator[Effect]:
    """What a call of a library does; nothing for most calls."""
    name = site.dotted
    if name is None:
        return
    known = _CALLS.get(name)
    if known is not None:
        verb, kind, position, keyword = known
        target = site.argument(position, keyword or None)
        if target is not None:
            yield Effect(verb, kind, target)
    elif name.startswith(_FRAMES):
        method = name.removeprefix(_FRAMES)
        if method.startswith(("to_", "read_")):
            path = site.argument(1 if method.startswith("to_") else 0, "path")
            bucket = None if path is None else _bucket(path)
            if bucket is not None:
                yield Effect(Verb.WRITES if method.startswith("to_") else Verb.READS, Kind.BUCKET, bucket)


def _bucket(path: Symbol) -> Symbol | None:
    """The bucket of an address such as `s3://bucket/key`."""
    match options(path):
        case (Constant(str() as text),) if text.startswith("s3://"):
            return Constant(text.removeprefix("s3://").partition("/")[0])
        case (Joined((Constant("s3://"), bucket, *_)),):
            return bucket
        case _:
            return None
