"""Which resource of a deployment unit a text names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from slslint.model import Hole, Kind, Pattern, Ref, Resource, Text
from slslint.value import known_values

Parts: TypeAlias = tuple[str | Ref | Hole, ...]

_SERVICES = {
    "dynamodb": Kind.TABLE, "events": Kind.BUS, "firehose": Kind.STREAM, "kinesis": Kind.STREAM,
    "lambda": Kind.FUNCTION, "s3": Kind.BUCKET, "secretsmanager": Kind.SECRET, "sns": Kind.TOPIC,
    "sqs": Kind.QUEUE, "states": Kind.WORKFLOW,
}  # fmt: skip
"""What the third part of an ARN says about the kind of resource."""


class Directory:
    """The resources of a unit by id and by physical name."""

    def __init__(self, resources: Mapping[str, Resource]) -> None:
        self.resources = resources
        self.named: dict[Parts, list[Resource]] = {}
        for resource in resources.values():
            for name in known_values(resource.name):
                self.named.setdefault(_parts(name.value), []).append(resource)

    def find(self, text: Text) -> Resource | None:
        """The resource that a reference, physical name, ARN or URL names; None when none does, or several may."""
        if isinstance(text, Ref):
            return self.resources.get(text.id)
        parts = _parts(text)
        referred = self._referred(parts)
        if referred is not None or any(isinstance(part, Ref) for part in parts):
            return referred
        return self._one(parts, None) or self._by_address(parts)

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
        return self.resources.get(ref.id)

    def _by_address(self, parts: Parts) -> Resource | None:
        written = "".join(part if isinstance(part, str) else "?" for part in parts)
        if written.startswith("arn:"):
            service = written.split(":", 3)[2] if written.count(":") > 2 else ""
            kind = _SERVICES.get(service)
            if kind is Kind.FUNCTION:
                return self._one(_function_name(parts), kind)
            return None if kind is None else self._one(_after(parts, "/" if service == "dynamodb" else ":"), kind)
        if written.startswith(("https://sqs.", "https://queue.")):
            return self._one(_after(parts, "/"), Kind.QUEUE)
        # `<account>:function:<name>:<alias>`, of which all but the name may be left out.
        return self._one(_function_name(parts), Kind.FUNCTION) if ":" in written else None

    def _one(self, name: Parts, kind: Kind | None) -> Resource | None:
        found = [each for each in self.named.get(name, ()) if kind is None or each.kind is kind]
        return found[0] if len(found) == 1 else None


def _parts(text: Text) -> Parts:
    return text.parts if isinstance(text, Pattern) else (text,)


def _after(parts: Parts, mark: str) -> Parts:
    """What stands after the last `mark`."""
    for index in range(len(parts) - 1, -1, -1):
        part = parts[index]
        if isinstance(part, str) and mark in part:
            tail = part.rpartition(mark)[2]
            return (tail, *parts[index + 1 :]) if tail else parts[index + 1 :]
    return parts


def _function_name(parts: Parts) -> Parts:
    """The name in the address of a function: what stands after `function:`, without a version or an alias."""
    name: list[str | Ref | Hole] = []
    for part in _after(parts, "function:"):
        before, colon, _ = part.partition(":") if isinstance(part, str) else ("", "", "")
        if colon:
            return (*name, before) if before else tuple(name)
        name.append(part)
    return tuple(name)
