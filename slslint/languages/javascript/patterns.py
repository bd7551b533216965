"""Targets: what a declaration, a parameter or an assignment gives a value to."""

from __future__ import annotations

from tree_sitter import Node

from slslint.facts import ANY, Attr, Expr, Item, Literal, Logic, Name, Sequence
from slslint.languages.javascript.dispatch import inner, lower, named
from slslint.languages.javascript.exports import export
from slslint.languages.javascript.grammar import EXTRAS, TRANSPARENT, Fields, kinds
from slslint.languages.scope import MAX_EXPRESSION_DEPTH, Scope
from slslint.source import Span

LONGEST_NAME = 80


def bind(
    node: Node, value: Expr, scope: Scope, at: Span, op: str = "=", depth: int = 0, declares: bool = False
) -> None:
    """Give a value to a target, each name in it apart; `declares` when the target makes its names."""
    while node.kind_id in TRANSPARENT:
        child = node.named_child(0)
        if child is None:
            return
        node = child
    if depth > MAX_EXPRESSION_DEPTH:
        return
    kind = node.kind_id
    if kind in _NAMES:
        name = scope.unit.text(node)
        if name:
            scope.assign(Name(name, scope.unit.at(node)), value, at, op, declares)
    elif kind in _OBJECT:
        for child in inner(node):
            _bind_part(child, value, scope, at, op, depth + 1, declares)
    elif kind in _ARRAY:
        _bind_items(node, value, scope, at, op, depth + 1, declares)
    elif kind in _DEFAULTED:
        _bind_default(node, value, scope, at, op, depth + 1, declares)
    elif kind in _REST:
        child = node.named_child(0)
        if child is not None:
            bind(child, value, scope, at, op, depth + 1, declares)
    else:
        target = lower(node, scope, depth)
        if isinstance(target, Attr | Item | Name):
            scope.assign(target, value, at, op, False)
            export(target, value, scope)


def _bind_part(node: Node, value: Expr, scope: Scope, at: Span, op: str, depth: int, declares: bool) -> None:
    """One part of an object pattern."""
    kind = node.kind_id
    if kind in _SHORTHAND:
        bind(node, Attr(value, scope.unit.text(node)), scope, at, op, depth, declares)
    elif kind in _DEFAULTED:
        left = node.child_by_field_id(Fields.LEFT)
        name = "" if left is None else scope.unit.text(left)
        _bind_default(node, Attr(value, name), scope, at, op, depth, declares)
    elif kind in _PAIR:
        key = node.child_by_field_id(Fields.KEY)
        target = node.child_by_field_id(Fields.VALUE)
        if key is not None and target is not None:
            bind(target, part_of(value, key, scope, depth), scope, at, op, depth, declares)
    elif kind in _REST:
        bind(node, value, scope, at, op, depth, declares)


def part_of(value: Expr, key: Node, scope: Scope, depth: int) -> Expr:
    """The property of a value that a key names."""
    if key.kind_id in _PROPERTY:
        return Attr(value, scope.unit.text(key))
    if key.kind_id in _COMPUTED:
        return Item(value, lower(key.named_child(0), scope, depth))
    return Item(value, lower(key, scope, depth))


def _bind_default(node: Node, value: Expr, scope: Scope, at: Span, op: str, depth: int, declares: bool) -> None:
    left = node.child_by_field_id(Fields.LEFT)
    if left is not None:
        default = named(node.child_by_field_id(Fields.RIGHT), name_for(left, scope), scope, depth)
        bind(left, Logic("or", (value, default)), scope, at, op, depth, declares)


def _bind_items(node: Node, value: Expr, scope: Scope, at: Span, op: str, depth: int, declares: bool) -> None:
    index = 0
    for child in node.children:
        if not child.is_named:
            index += child.type == ","
        elif child.kind_id in _REST:
            bind(child, Item(value, ANY), scope, at, op, depth, declares)
        elif child.kind_id not in EXTRAS:
            written = isinstance(value, Sequence) and index < len(value.items)
            part = value.items[index] if written and isinstance(value, Sequence) else Item(value, Literal(index))
            bind(child, part, scope, at, op, depth, declares)


def name_for(target: Node, scope: Scope) -> str:
    """What people call a function that is assigned to this: `create` for `exports.create`; "" when nothing is."""
    if target.end_byte - target.start_byte > LONGEST_NAME or target.kind_id not in _NAMING:
        return ""
    text = scope.unit.text(target)
    if not text.replace("$", "_").replace(".", "_").isidentifier():
        return ""
    if text == "module.exports":
        return text
    return text.removeprefix("module.").removeprefix("exports.").removeprefix("this.")


def this_for(target: Node, scope: Scope) -> str:
    """What the methods of an object literal that is assigned to this mean by `this`."""
    text = name_for(target, scope)
    return "exports" if text == "module.exports" else "" if target.kind_id not in _NAMES else text


_NAMES = kinds("identifier shorthand_property_identifier_pattern shorthand_property_identifier")
_SHORTHAND = kinds("shorthand_property_identifier_pattern shorthand_property_identifier")
_OBJECT = kinds("object_pattern object")
_ARRAY = kinds("array_pattern array")
_DEFAULTED = kinds("assignment_pattern object_assignment_pattern assignment_expression")
_PAIR = kinds("pair_pattern pair")
_REST = kinds("rest_pattern spread_element")
_PROPERTY = kinds("property_identifier private_property_identifier")
_COMPUTED = kinds("computed_property_name")
_NAMING = kinds("identifier member_expression shorthand_property_identifier_pattern")
