"""What a unit of Terraform is rewritten into: the CloudFormation resources that its resources stand for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from yaml.nodes import MappingNode, Node, SequenceNode

from slslint.model import Dialect, Pattern, Ref, Text, pieces_of
from slslint.record import field, record
from slslint.templates.building import Literal, build
from slslint.templates.cloudformation.nodes import Undecided
from slslint.templates.cloudformation.nodes import field as field_of
from slslint.templates.terraform.instances import Instance
from slslint.templates.terraform.unit import Unit
from slslint.templates.terraform.values import Choice, Nothing, each_branch, entries_of, is_list, is_object, known_text
from slslint.templates.terraform.words import TERRAFORM, of_call

_NAMES = {
    "AWS::Events::Rule": "Name",
    "AWS::IAM::Role": "RoleName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SQS::Queue": "QueueName",
}
"""The property that holds the physical name."""


@record(eq=False, frozen=False)
class Rewriting:
    """The CloudFormation resources that a unit stands for.

    Attributes:
        resources: (key node, properties, condition) by Terraform's address.
        types: (CloudFormation's type, Terraform's own type) by address.
        by_address: the resources as written.
        archives: archives that Terraform makes, by path. uploads: objects in buckets, by key.
        files: local files that Terraform writes.
        calls: the call of a public module that makes a resource, by the resource's address.
        names: addresses by CloudFormation's type and physical name.
        makers: what may make the code of a function, by the function's address.
        anywhere: (CloudFormation's type, property) that something sets of a resource that cannot be told.

    """

    unit: Unit
    resources: dict[str, tuple[Node, dict[str, Literal], str]] = field(default_factory=dict)
    types: dict[str, tuple[str, str]] = field(default_factory=dict)
    by_address: dict[str, Instance] = field(default_factory=dict)
    archives: dict[str, Instance] = field(default_factory=dict)
    uploads: dict[str, Instance] = field(default_factory=dict)
    files: list[Instance] = field(default_factory=list)
    calls: dict[str, str] = field(default_factory=dict)
    names: dict[tuple[str, Text], str] = field(default_factory=dict)
    makers: dict[str, str] = field(default_factory=dict)
    anywhere: set[tuple[str, str]] = field(default_factory=set)

    def dialect(self, id: str) -> Dialect:
        """Whose words speak of a resource."""
        return of_call(self.calls[id]) if id in self.calls else TERRAFORM

    def add(self, written: Instance, type: str, properties: dict[str, Literal], id: str = "", own: str = "") -> str:
        """Deploy a resource that stands where `written` does; under another id when it is one of several."""
        id = id or written.address
        self.resources[id] = written.at, properties, written.condition
        self.types[id] = type, own or written.type
        named = properties.get(_NAMES.get(type, ""))
        name = known_text(named) if isinstance(named, Node) else None
        if name is not None:
            self.names.setdefault((type, name), id)
        call = written.module.call
        if call is not None and not written.module.folder:
            self.calls[id] = call.address
        return id

    def extend(self, node: Node | None, kind: str, name: str, value: Literal, condition: str = "") -> bool:
        """Add to a property of the resource that a reference names: one more item of a list, else its value.

        False when the reference names no such resource of the unit.
        """
        found = self.named(node, kind)
        if found is not None:
            self.add_to(found, name, value, condition)
        elif is_open(node):
            self.anywhere.add((kind, name))
        return found is not None

    def open_up(self) -> None:
        """Leave open what may be set by something whose target cannot be told."""
        for kind, name in self.anywhere:
            for id, (type, _) in self.types.items():
                at, properties, _ = self.resources[id]
                if type == kind and (name.endswith("[]") or _at(properties, name) is None):
                    _put(properties, name, Undecided("something that cannot be told may set it", at))

    def add_to(self, id: str, name: str, value: Literal, condition: str = "") -> None:
        """Add to a property of a resource, `Outer.Inner` or `Outer.List[]`, under a condition."""
        _, properties, own = self.resources[id]
        if condition and condition != own and not isinstance(value, str):
            value = {"Fn::If": [condition, value, {"Ref": "AWS::NoValue"}]}
        _put(properties, name, value)

    def named(self, node: Node | None, kind: str) -> str | None:
        """The address of the resource of a type that a text names: a reference, alone or in an ARN, or its name."""
        known = known_text(node)
        if known is None:
            return None
        parts = pieces_of(known)
        for part in parts:
            if isinstance(part, Ref) and self.types.get(part.id, ("", ""))[0] == kind:
                return part.id
        if isinstance(parts[-1], str) and ("/" in parts[-1] or parts[-1].startswith("arn:")):
            known = re.split(r"[/:]", parts[-1])[-1]
        return self.names.get((kind, known))


def is_open(node: Node | None) -> bool:
    """Whether it cannot be told which resource a name, ARN or URL means."""
    known = known_text(node)
    last = known.parts[-1] if isinstance(known, Pattern) else known
    if isinstance(known, Pattern) and isinstance(last, str):
        return "/" not in last and ":" not in last
    return node is not None and not isinstance(last, str | Ref)


def _at(properties: Literal, name: str) -> Literal:
    for key in name.split("."):
        properties = properties.get(key) if isinstance(properties, dict) else None
    return properties


def _put(properties: dict[str, Literal], name: str, value: Literal) -> None:
    """Set `Outer.Inner`, or add to `Outer.List[]`."""
    *outer, name = name.split(".")
    for each in outer:
        inner = properties.setdefault(each, {})
        assert isinstance(inner, dict)
        properties = inner
    if not name.endswith("[]"):
        properties[name] = value
        return
    name = name.removesuffix("[]")
    items = properties.get(name)
    if isinstance(items, list):
        items.append(value)
    elif isinstance(items, SequenceNode):
        properties[name] = [*items.value, value]
    else:
        properties[name] = [items, value] if isinstance(items, Node) else [value]


Rewrite = Callable[[Rewriting, Instance], None]


def renamed(type: str, names: Mapping[str, str]) -> Rewrite:
    """A rewrite of a resource that differs in nothing but the names of its arguments, `outer.inner` in both."""

    def rewrite(rewriting: Rewriting, written: Instance) -> None:
        properties: dict[str, Literal] = {}
        for name, own in names.items():
            value = get(written, *own.split("."))
            if value is not None:
                _put(properties, name, value)
        rewriting.add(written, type, properties)

    return rewrite


def get(written: Instance, name: str, *inner: str) -> Node | None:
    """What is given under these names, of blocks of which there may be one the one that there is; None for null."""
    found = written.argument(name)
    for name in inner:
        if found is None:
            return None
        found = each_branch(_single(found), partial(_under, name))
    return None if found is None or isinstance(found, Nothing) else found


def _under(name: str, node: Node) -> Node:
    node = _single(node)
    if isinstance(node, Choice):
        return each_branch(node, partial(_under, name))
    if isinstance(node, Undecided | Nothing):
        return node
    found = field_of(node, name)
    return Nothing(node) if found is None else found


def _single(node: Node) -> Node:
    """The one block of a list of them."""
    if isinstance(node, Choice):
        return each_branch(node, _single)
    if isinstance(node, SequenceNode):
        if not node.value:
            return Nothing(node)
        return _single(node.value[0]) if len(node.value) == 1 else node.value[0]
    return node


_OWN_WORDS = {
    "dynamodb_stream_parameters": "DynamoDBStreamParameters",
    "eventbridge_event_bus_parameters": "EventBridgeEventBusParameters",
    "eventbridge_parameters": "EventBridgeParameters",
    "input_paths": "InputPathsMap",
}
_LISTS = {"filter": "Filters"}
"""Blocks of which there may be several."""


def translated(node: Node | None) -> Node | None:
    """A block in CloudFormation's words, the blocks in it too: `retry_policy` is `RetryPolicy`."""
    if node is None or isinstance(node, Nothing):
        return None
    return each_branch(node, _translated)


def _translated(node: Node) -> Node:
    if is_list(node):
        if not node.value:
            return Nothing(node)
        return translated(node.value[0]) or node if isinstance(node.value[0], MappingNode) else node
    if not is_object(node):
        return node
    entries: dict[str, Literal] = {}
    for name, value in entries_of(node).items():
        if name in _LISTS:
            entries[_LISTS[name]] = [translated(item) for item in items(value)]
            continue
        word = _OWN_WORDS.get(name) or "".join(part.capitalize() for part in name.split("_"))
        # Keys of the author's own are no words of the provider's.
        entries[word] = value if name == "input_paths" else translated(value)
    return build(entries, node)


def items(node: Node | None) -> list[Node]:
    """The items of a list, those of lists in it that depend on conditions as they are; nothing for null."""
    if node is None or isinstance(node, Nothing):
        return []
    return list(node.value) if is_list(node) else [node]


def part(node: Node, *names: str) -> Node | None:
    """What an object holds under these names, through its branches."""
    found = node
    for name in names:
        found = each_branch(_single(found), partial(_under, name))
    return None if isinstance(found, Nothing) else found
