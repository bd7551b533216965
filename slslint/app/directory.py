"""Which resource of a deployment unit a text names."""

from __future__ import annotations

from typing import TypeAlias

from slslint.model import Deployment, Hole, Kind, Ref, Resource, Text, pieces_of
from slslint.value import known_values

Parts: TypeAlias = tuple[str | Ref | Hole, ...]

_SERVICES = {
    "dynamodb": Kind.TABLE, "events": Kind.BUS, "firehose": Kind.DELIVERY_STREAM, "kinesis": Kind.STREAM,
    "lambda": Kind.FUNCTION, "logs": Kind.LOG_GROUP, "s3": Kind.BUCKET, "secretsmanager": Kind.SECRET,
    "sns": Kind.TOPIC, "sqs": Kind.QUEUE, "ssm": Kind.PARAMETER, "states": Kind.WORKFLOW,
}  # fmt: skip
"""What the third part of an ARN says about the kind of resource."""


class Directory:
    """The resources of a unit by id, by physical name and by what else stands for them."""

    def __init__(self, deployment: Deployment) -> None:
        self.resources = deployment.resources
        self.aliases = deployment.aliases
        self.named: dict[Parts, list[Resource]] = {}
        for resource in self.resources.values():
            for name in known_values(resource.name):
                self.named.setdefault(pieces_of(name.value), []).append(resource)

    def find(self, text: Text, kind: Kind | None = None) -> Resource | None:
        """The resource that a reference, physical name, ARN or URL names; None when none does, or several may.

        A `kind` is what the text must name where it is written as a name, which a table and a queue may share.
        """
        if isinstance(text, Ref):
            return self._by_id(text)
        parts = pieces_of(text)
        found = self._one(parts, kind)
        if found is not None:
            return found
        if any(isinstance(part, Ref) for part in parts):
            return self._referred(parts)
        return self._by_address(parts)

    def _by_id(self, ref: Ref) -> Resource | None:
        return self.resources.get(self.aliases.get(ref.id, ref.id))

    def _referred(self, parts: Parts) -> Resource | None:
        """The resource of the one reference that ends an ARN or URL, or that only parts of it follow (`/*`)."""
        places = [index for index, part in enumerate(parts) if isinstance(part, Ref)]
        if len(places) != 1:
            return None
        before, after = parts[: places[0]], parts[places[0] + 1 :]
        ref = parts[places[0]]
        assert isinstance(ref, Ref)
        if before and not (isinstance(before[-1], str) and before[-1].endswith((":", "/"))):
            return None
        if after and not (isinstance(after[0], str) and after[0].startswith((":", "/"))):
            return None
        return self._by_id(ref)

    def _by_address(self, parts: Parts) -> Resource | None:
        kind, name = addressed(parts)
        return None if kind is None else self._one(name, kind)

    def _one(self, name: Parts, kind: Kind | None) -> Resource | None:
        found = [each for each in self.named.get(name, ()) if kind is None or each.kind is kind]
        return found[0] if len(found) == 1 else None


def addressed(parts: Parts) -> tuple[Kind | None, Parts]:
    """What an ARN or URL is the address of: the kind of resource and its name; None for anything else."""
    written = "".join(part if isinstance(part, str) else "?" for part in parts)
    if written.startswith("arn:"):
        kind = _SERVICES.get(written.split(":", 3)[2] if written.count(":") > 2 else "")
        match kind:
            case Kind.FUNCTION:
                return kind, _function_name(parts)
            case Kind.TABLE:
                return kind, _upto(_after(parts, ":table/", first=True), "/")
            case Kind.BUCKET:
                return kind, _upto(_after(parts, ":"), "/")
            case Kind.BUS | Kind.STREAM | Kind.DELIVERY_STREAM:
                return kind, _after(parts, "/")
            case Kind.LOG_GROUP:
                return kind, _upto(_after(parts, ":log-group:"), ":")
            case Kind.PARAMETER:
                return kind, _after(parts, ":parameter", first=True)
            case _:
                return kind, _after(parts, ":")
    if written.startswith(("https://sqs.", "https://queue.")):
        return Kind.QUEUE, _after(parts, "/")
    # `<account>:function:<name>:<alias>`, of which all but the name may be left out.
    return (Kind.FUNCTION, _function_name(parts)) if ":" in written and "/" not in written else (None, parts)


def _after(parts: Parts, mark: str, *, first: bool = False) -> Parts:
    """What stands after the last `mark`, or the first one."""
    indices = range(len(parts))
    for index in indices if first else reversed(indices):
        part = parts[index]
        if isinstance(part, str) and mark in part:
            tail = part.partition(mark)[2] if first else part.rpartition(mark)[2]
            return (tail, *parts[index + 1 :]) if tail else parts[index + 1 :]
    return parts


def _upto(parts: Parts, mark: str) -> Parts:
    """What stands before the first `mark`."""
    kept: list[str | Ref | Hole] = []
    for part in parts:
        before, found, _ = part.partition(mark) if isinstance(part, str) else ("", "", "")
        if found:
            return (*kept, before) if before else tuple(kept)
        kept.append(part)
    return tuple(kept)


def _function_name(parts: Parts) -> Parts:
    """The name in the address of a function: what stands after `function:`, without a version or an alias."""
    return _upto(_after(parts, "function:"), ":")
