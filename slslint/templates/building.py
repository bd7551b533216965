"""Nodes that nobody wrote as such, standing where the author's words stand that ask for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias, TypeGuard

from yaml.error import Mark
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint.templates.cloudformation.nodes import Fields, intrinsic

Literal: TypeAlias = "str | int | bool | Node | list[Literal] | dict[str, Literal] | None"
"""What a node is built from: Python's own literals, with the author's nodes in them."""


def build(value: Literal, at: Node) -> Node:
    """The value as nodes that stand at `at`; the author's nodes in it stay what and where they are.

    Entries of a mapping that are None are left out.
    """
    if isinstance(value, Node):
        return value
    return _build(value, at.start_mark, at.end_mark)


def properties(entries: Mapping[str, Literal], at: Node) -> MappingNode:
    """The properties of a resource as a mapping that stands at `at`; entries that are None are left out.

    Only `fields` tells its keys, which are no function calls: `at` tells where all of them stand.
    """
    fields = {
        key: (at, value if isinstance(value, Node) else _build(value, at.start_mark, at.end_mark))
        for key, value in entries.items()
        if value is not None
    }
    node = MappingNode("", list(fields.values()), at.start_mark, at.end_mark, True)
    node.fields = fields  # type: ignore[attr-defined]  # what `fields_of` would find
    node.expanded = fields, True  # type: ignore[attr-defined]  # what `Template.fields` would
    return node


def _mapping(entries: Mapping[str, Literal], start: Mark, end: Mark) -> MappingNode:
    fields: Fields = {}
    for key, value in entries.items():
        if value is not None:
            made = value if isinstance(value, Node) else _build(value, start, end)
            fields[key] = ScalarNode("", key, start, end), made
    node = MappingNode("", list(fields.values()), start, end, True)
    node.fields = fields  # type: ignore[attr-defined]  # what `fields_of` would find
    return node


def _build(value: Literal, start: Mark, end: Mark) -> Node:
    if isinstance(value, str):
        return ScalarNode("", value, start, end)
    if isinstance(value, Node):
        return value
    if isinstance(value, dict):
        return _mapping(value, start, end)
    if isinstance(value, list):
        return SequenceNode("", [_build(each, start, end) for each in value], start, end, True)
    return ScalarNode("", str(value).lower() if isinstance(value, bool) else str(value), start, end)


def plain_fields(node: Node | None) -> TypeGuard[MappingNode]:
    """Whether a node is a mapping of fields, and no function call."""
    return isinstance(node, MappingNode) and intrinsic(node) is None


def text_of(node: Node | None) -> str:
    """A scalar's text as written; "" for everything else, function calls too."""
    return node.value if isinstance(node, ScalarNode) and intrinsic(node) is None else ""


def is_no_value(node: Node) -> bool:
    """Whether a node is `!Ref AWS::NoValue`."""
    call = intrinsic(node)
    return call is not None and call[0] == "Ref" and text_of(call[1]) == "AWS::NoValue"


def referred(node: Node | None) -> str:
    """The id in `!Ref id`, `!GetAtt id.Arn` or plain text; "" when it is none of these."""
    if node is None:
        return ""
    call = intrinsic(node)
    if call is None:
        return text_of(node)
    name, argument = call
    if name == "Ref":
        return text_of(argument)
    if name == "Fn::GetAtt":
        if isinstance(argument, SequenceNode) and argument.value:
            return text_of(argument.value[0])
        return text_of(argument).partition(".")[0]
    return ""


def if_parts(node: Node) -> tuple[str, Node, Node] | None:
    """The condition and the two branches of an Fn::If."""
    call = intrinsic(node)
    if call is None or call[0] != "Fn::If" or not isinstance(call[1], SequenceNode) or len(call[1].value) != 3:
        return None
    condition, then, otherwise = call[1].value
    return (condition.value, then, otherwise) if isinstance(condition, ScalarNode) else None


def no_value(at: Node) -> Node:
    """`!Ref AWS::NoValue`."""
    return build({"Ref": "AWS::NoValue"}, at)


def each_branch(node: Node, change: Callable[[Node], Literal]) -> Node:
    """The node with `change` applied to what stands in every branch of its Fn::Ifs; AWS::NoValue stays."""
    parts = if_parts(node)
    if parts is not None:
        condition, then, otherwise = parts
        return build({"Fn::If": [condition, each_branch(then, change), each_branch(otherwise, change)]}, node)
    return node if is_no_value(node) else build(change(node), node)
