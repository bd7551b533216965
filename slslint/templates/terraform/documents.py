"""`aws_iam_policy_document`: the policies that data sources put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yaml.nodes import Node, SequenceNode

from slslint.templates.cloudformation.json_text import from_json
from slslint.templates.cloudformation.nodes import AsJson, Undecided, field, fields_of
from slslint.templates.terraform.values import (
    Choice,
    Nothing,
    choice,
    each_branch,
    entries_of,
    is_list,
    is_object,
    keyed,
    known_text,
    listed,
    literal,
    mapped,
    string,
)

if TYPE_CHECKING:
    from slslint.templates.terraform.instances import Instance
    from slslint.templates.terraform.unit import Unit

_FIELDS = {
    "sid": "Sid",
    "effect": "Effect",
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
    "principals": "Principal",
    "condition": "Condition",
}


def document(instance: Instance, at: Node) -> Node:
    """The JSON of an `aws_iam_policy_document`."""
    sources = _statements(instance, "source_policy_documents", "source_json")
    own = [each_branch(item, _statement) for item in _items(instance.argument("statement"))]
    overrides = _statements(instance, "override_policy_documents", "override_json")
    statements = _overridden(_overridden(sources, own), overrides)
    return AsJson(mapped([(literal("Statement", instance.at), listed(statements, instance.at))], instance.at), at)


def content(node: Node | None, unit: Unit) -> Node | None:
    """The object that a JSON text holds; the node itself when that cannot be told."""
    if isinstance(node, AsJson):
        return node.content
    known = known_text(node)
    if node is None or known is None:
        return node
    return from_json(known, node, unit.lines(node.start_mark.name)) or node


def json_of(node: Node | None, unit: Unit) -> Node | None:
    """The object that a JSON argument holds; of a text that depends on a condition, only the parts that differ do."""
    if isinstance(node, Choice):
        then, otherwise = json_of(node.then, unit), json_of(node.otherwise, unit)
        return _fused(node.condition, then or node.then, otherwise or node.otherwise, node)
    return content(node, unit)


def _fused(condition: str, then: Node, otherwise: Node, at: Node) -> Node:
    if is_object(then) and is_object(otherwise):
        one, other = fields_of(then), fields_of(otherwise)
        if list(one) == list(other):
            pairs = [(key, _fused(condition, value, other[name][1], at)) for name, (key, value) in one.items()]
            return mapped(pairs, then)
    if is_list(then) and is_list(otherwise) and len(then.value) == len(otherwise.value):
        pieces = zip(then.value, otherwise.value, strict=True)
        return listed([_fused(condition, one, other, at) for one, other in pieces], then)
    return choice(condition, True, then, otherwise, at)


def _items(node: Node | None) -> list[Node]:
    if node is None or isinstance(node, Nothing):
        return []
    return list(node.value) if isinstance(node, SequenceNode) else [node]


def _statements(instance: Instance, *names: str) -> list[Node]:
    """The statements of the documents that are given under these names; what cannot be told stands for some."""
    found: list[Node] = []
    for name in names:
        for item in _items(instance.argument(name)):
            inner = field(content(item, instance.module.unit), "Statement")
            if inner is None:
                found.append(Undecided("a part of the policy is not in sight", item))
            else:
                found += _items(inner)
    return found


def _overridden(statements: list[Node], later: list[Node]) -> list[Node]:
    """The statements, those whose `sid` comes again replaced."""
    sids = {string(field(item, "Sid")) or "": item for item in later}
    kept = [sids.pop(sid) if (sid := string(field(item, "Sid")) or "") in sids and sid else item for item in statements]
    return kept + [item for item in later if not any(item is each for each in kept)]


def _statement(node: Node) -> Node:
    """A statement in the words of JSON policies."""
    if not is_object(node):
        return node
    entries = {_FIELDS[name]: value for name, value in entries_of(node).items() if name in _FIELDS}
    entries = {name: value for name, value in entries.items() if not _is_empty(value)}
    entries.setdefault("Effect", literal("Allow", node))
    return keyed(entries, node)


def _is_empty(node: Node) -> bool:
    return isinstance(node, Nothing) or (isinstance(node, SequenceNode) and not node.value)
