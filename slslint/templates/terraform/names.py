"""Names in expressions, with what follows them: attributes, indexes, splats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tree_sitter import Node as Tree
from yaml.nodes import MappingNode, Node, SequenceNode

from slslint.grammar import text_of
from slslint.model import Hole, Pattern, show
from slslint.templates.cloudformation.nodes import Computed, Undecided, fields_of
from slslint.templates.terraform.grammar import kinds
from slslint.templates.terraform.references import Referred
from slslint.templates.terraform.values import (
    Choice,
    Missing,
    Nothing,
    each_branch,
    entries_of,
    hole,
    is_object,
    known_text,
    lifted,
    listed,
    literal,
    number,
)

if TYPE_CHECKING:
    from slslint.templates.terraform.evaluate import Context

_VARIABLE = kinds("variable_expr")
_GET = kinds("get_attr")
_INDEX = kinds("index")
_SPLAT = kinds("splat")
_EXPRESSION = kinds("expression")
_LEGACY = kinds("legacy_index")


def chain(context: Context, parts: Sequence[Tree], tree: Tree) -> Node:
    """A value with what follows it: attributes, indexes, splats."""
    if not parts:
        return Undecided("it is empty", context.place(tree))
    if parts[0].type == "(" and len(parts) > 2:
        return _postfix(context, context.value(parts[1]), parts[3:], tree)
    if parts[0].kind_id in _VARIABLE:
        names = [text_of(parts[0])]
        for part in parts[1:]:
            if part.kind_id not in _GET:
                break
            names.append(text_of(part.children[-1]))
        value = named(context, names, context.source.between(parts[0].start_byte, parts[-1].end_byte))
        return _postfix(context, value, parts[len(names) :], tree)
    value = context.value(parts[0])
    return _postfix(context, value, parts[1:], tree) if len(parts) > 1 else value


def named(context: Context, names: Sequence[str], at: Node) -> Node:
    """What names with points between them stand for: `aws_sqs_queue.orders.arn`."""
    value, used = _referred(context, names[0], names[1:], at)
    for name in names[used:]:
        value = attribute(value, name, at)
    return value


def _referred(context: Context, root: str, attributes: Sequence[str], at: Node) -> tuple[Node, int]:
    """What the first of some names stand for, and how many those are."""
    if root in context.names:
        return context.names[root], 1
    module = context.module
    if not attributes:
        return Undecided(f"`{root}` stands for nothing that is in sight", at), 1
    first = attributes[0]
    if root in ("each", "count"):
        found = context.names.get(f"{root}.{first}")
        return (found or Undecided(f"`{root}.{first}` is known only when deployed", at)), 2
    match root:
        case "var":
            return module.variable(first, at), 2
        case "local":
            return module.local(first, at), 2
        case "path":
            return literal(module.where if first == "module" else ".", at), 2
        case "terraform":
            return hole(f"terraform.{first}", at), 2
        case "self":
            return Undecided("`self` is known only when deployed", at), 2
        case "module":
            return module.called(first, at), 2
        case "data":
            if len(attributes) < 2:
                return Undecided("it is no value", at), 2
            return module.referred("data", first, attributes[1], at), 3
        case _:
            return module.referred("resource", root, first, at), 2


def _postfix(context: Context, value: Node, parts: Sequence[Tree], tree: Tree) -> Node:
    for part in parts:
        if part.kind_id in _GET:
            value = attribute(value, text_of(part.children[-1]), context.place(tree))
        elif part.kind_id in _INDEX:
            value = _indexed(context, value, part, tree)
        elif part.kind_id in _SPLAT:
            inner = context.parts(part.children[0])[1:]
            value = _splat(context, value, inner, tree)
        else:
            return Undecided("this syntax is not understood", context.place(tree))
    return value


def attribute(value: Node, name: str, at: Node) -> Node:
    """What stands under a name in a value."""
    if isinstance(value, Choice):
        return each_branch(value, lambda branch: attribute(branch, name, at))
    if isinstance(value, Referred):
        return value.attribute(name, at)
    if isinstance(value, Nothing):
        return Missing("it is null", at)
    if isinstance(value, MappingNode):
        found = fields_of(value).get(name)
        return found[1] if found is not None else Missing(f"it has no `{name}`", at)
    if isinstance(value, SequenceNode) and len(value.value) == 1 and not name.isdigit():
        # Blocks of which there may be only one are lists all the same.
        return attribute(value.value[0], name, at)
    return _inside(value, f".{name}", at)


def _inside(value: Node, way: str, at: Node) -> Node:
    """A part of something that cannot be told."""
    if isinstance(value, Undecided):
        return type(value)(value.why, at)
    if isinstance(value, Computed) and isinstance(value.known.value, Pattern):
        match value.known.value.parts:
            case (Hole(name),):
                return hole(name + way, at)
    if known_text(value) is not None and not isinstance(value, Computed):
        return Missing("it is no object", at)
    return Undecided("it is no object", at)


def _indexed(context: Context, value: Node, part: Tree, tree: Tree) -> Node:
    inner = part.children[0]
    at = context.place(tree)
    if inner.kind_id in _LEGACY:
        return index(value, literal(text_of(inner).strip(".").strip(), at), at)
    key = next((child for child in inner.children if child.kind_id in _EXPRESSION), None)
    return Undecided("it is no index", at) if key is None else index(value, context.value(key), at)


def index(value: Node, key: Node, at: Node) -> Node:
    """An item of a list, or what stands under a key of an object."""

    def chosen(nodes: list[Node]) -> Node:
        value, key = nodes
        if isinstance(value, Referred):
            return value.index(key, at)
        known = known_text(key)
        if isinstance(value, SequenceNode):
            place = number(key)
            if place is None:
                return Undecided("which item it is cannot be told", at)
            items = value.value
            # An item that may be left out moves those after it.
            if any(isinstance(item, Choice) and isinstance(item.otherwise, Nothing) for item in items):
                return Undecided("which item it is depends on a condition", at)
            return items[int(place)] if 0 <= place < len(items) else Missing("there is no such item", at)
        if is_object(value):
            if not isinstance(known, str):
                return Undecided("which entry it is cannot be told", at)
            found = entries_of(value).get(known)
            return found if found is not None else Missing(f"it has no `{known}`", at)
        if isinstance(value, Nothing):
            return Missing("it is null", at)
        return _inside(value, f"[{show(known)}]" if known is not None else "[...]", at)

    return lifted([value, key], chosen, at)


def _splat(context: Context, value: Node, inner: Sequence[Tree], tree: Tree) -> Node:
    def spread(value: Node) -> Node:
        at = context.place(tree)
        if isinstance(value, Referred):
            value = value.listed(at)
        if isinstance(value, Nothing):
            return listed([], at)
        if isinstance(value, Undecided):
            return Undecided(value.why, at)
        items = value.value if isinstance(value, SequenceNode) else [value]
        return listed([_postfix(context, item, inner, tree) for item in items], at)

    return each_branch(value, spread)
