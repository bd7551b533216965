"""Expressions: literals, collections, references, operators, conditionals, `for`."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from tree_sitter import Node as Tree
from yaml.nodes import MappingNode, Node, SequenceNode

from slslint.model import Hole, Pattern, show
from slslint.templates.cloudformation.nodes import Computed, Undecided, fields_of
from slslint.templates.terraform.functions import call
from slslint.templates.terraform.grammar import kinds
from slslint.templates.terraform.references import Referred
from slslint.templates.terraform.values import (
    Choice,
    Missing,
    Nothing,
    choice,
    each_branch,
    entries_of,
    hole,
    is_object,
    known_text,
    lifted,
    listed,
    literal,
    mapped,
    number,
    origin_of,
    same,
    string,
)

if TYPE_CHECKING:
    from slslint.templates.terraform.evaluate import Context

_VARIABLE = kinds("variable_expr")
_GET = kinds("get_attr")
_INDEX = kinds("index")
_SPLAT = kinds("splat")
_ELLIPSIS = kinds("ellipsis")
_ARGUMENTS = kinds("function_arguments")
_EXPRESSION = kinds("expression")
_IDENTIFIER = kinds("identifier")
_ELEMENT = kinds("object_elem")
_INTRO = kinds("for_intro")
_COND = kinds("for_cond")
_LEGACY = kinds("legacy_index")
_OPERATORS = frozenset({"+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||"})


def text_of(tree: Tree) -> str:
    """A piece of syntax as written."""
    written = tree.text
    return written.decode() if written is not None else ""


def _expression(context: Context, tree: Tree) -> Node:
    return chain(context, context.parts(tree), tree)


def chain(context: Context, parts: Sequence[Tree], tree: Tree) -> Node:
    """A value with what follows it: attributes, indexes, splats."""
    if not parts:
        return Undecided("it is empty", context.place(tree))
    if parts[0].type == "(" and len(parts) > 2:
        return _postfix(context, context.value(parts[1]), parts[3:], tree)
    if parts[0].kind_id in _VARIABLE:
        value, used = _referred(context, parts, tree)
        return _postfix(context, value, parts[used:], tree)
    value = context.value(parts[0])
    return _postfix(context, value, parts[1:], tree) if len(parts) > 1 else value


def _referred(context: Context, parts: Sequence[Tree], tree: Tree) -> tuple[Node, int]:
    """What a name stands for, and how many of the parts name it."""
    root = text_of(parts[0])
    if root in context.names:
        return context.names[root], 1
    attributes: list[str] = []
    for part in parts[1:3]:
        if part.kind_id not in _GET:
            break
        attributes.append(text_of(part.children[-1]))
    at = context.source.between(parts[0], parts[-1])
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
            if known is None or not isinstance(known.value, str):
                return Undecided("which entry it is cannot be told", at)
            found = entries_of(value).get(known.value)
            return found if found is not None else Missing(f"it has no `{known.value}`", at)
        if isinstance(value, Nothing):
            return Missing("it is null", at)
        return _inside(value, f"[{show(known.value)}]" if known is not None else "[...]", at)

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


def _inner(context: Context, tree: Tree) -> Node:
    """Syntax that wraps one value."""
    parts = context.parts(tree)
    return context.value(parts[0]) if parts else Undecided("it is empty", context.place(tree))


def _number(context: Context, tree: Tree) -> Node:
    written = text_of(tree)
    try:
        return literal(float(written), context.place(tree))
    except (ValueError, OverflowError):
        return Undecided(f"`{written[:40]}` is no number", context.place(tree))


def _boolean(context: Context, tree: Tree) -> Node:
    return literal(text_of(tree) == "true", context.place(tree))


def _null(context: Context, tree: Tree) -> Node:
    return Nothing(context.place(tree))


def _tuple(context: Context, tree: Tree) -> Node:
    return listed(
        [context.value(part) for part in tree.children if part.kind_id in _EXPRESSION],
        context.place(tree),
    )


def _object(context: Context, tree: Tree) -> Node:
    pairs: list[tuple[Node, Node]] = []
    for element in tree.children:
        if element.kind_id not in _ELEMENT:
            continue
        parts = [part for part in element.children if part.kind_id in _EXPRESSION]
        if len(parts) != 2:
            continue
        key = _key(context, parts[0])
        if key is None:
            return Undecided("its keys are known only when deployed", context.place(tree))
        pairs.append((key, context.value(parts[1])))
    return mapped(pairs, context.place(tree))


def _key(context: Context, tree: Tree) -> Node | None:
    """The key of an entry: a bare name stands for itself."""
    parts = context.parts(tree)
    if len(parts) == 1 and parts[0].kind_id in _VARIABLE:
        return literal(text_of(parts[0]), context.place(tree))
    known = known_text(context.value(tree))
    return None if known is None else literal(show(known.value), context.place(tree))


def _function(context: Context, tree: Tree) -> Node:
    name = text_of(tree.children[0])
    arguments: list[Tree] = []
    spread = False
    for child in tree.children[1:]:
        if child.kind_id in _ARGUMENTS:
            arguments = [part for part in child.children if part.kind_id in _EXPRESSION]
            spread = any(part.kind_id in _ELLIPSIS for part in child.children)
        elif child.type == "::":
            return Undecided("functions of providers are not worked out", context.place(tree))
    return call(context, name, arguments, spread, context.place(tree))


def _conditional(context: Context, tree: Tree) -> Node:
    parts = [part for part in tree.children if part.kind_id in _EXPRESSION]
    at = context.place(tree)
    if len(parts) != 3:
        return Undecided("this syntax is not understood", at)
    holds = context.condition(parts[0])
    if isinstance(holds, bool):
        return context.value(parts[1] if holds else parts[2])
    then, otherwise = context.value(parts[1]), context.value(parts[2])
    if holds is None:
        return then if same(then, otherwise) else Undecided("it depends on what is known only when deployed", at)
    return choice(holds[0], holds[1], then, otherwise, at)


_ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
}


def _binary(context: Context, tree: Tree) -> Node:
    parts = context.parts(tree)
    sign, left, right = operands(context, tree)
    at = context.place(tree)
    if sign in _ARITHMETIC:

        def computed(nodes: list[Node]) -> Node:
            one, other = number(nodes[0]), number(nodes[1])
            if one is None or other is None or (sign in "/%" and other == 0):
                return Undecided("it is computed from what is known only when deployed", at)
            result = _ARITHMETIC[sign](one, other)
            return literal(result, at, origin_of(*nodes)) if abs(result) < 1e15 else Undecided("it is too large", at)

        return lifted([chain(context, left, tree), chain(context, right, tree)], computed, at)
    if not sign:
        return Undecided(f"`{text_of(parts[0])[:40]}` is not understood", at)
    return _truth(context, tree)


def operands(context: Context, tree: Tree) -> tuple[str, list[Tree], list[Tree]]:
    """The operator of a binary operation, with what stands left and right of it."""
    parts = context.parts(tree)
    for place, part in enumerate(parts):
        if not part.is_named and part.type in _OPERATORS:
            return part.type, parts[:place], parts[place + 1 :]
    return "", parts, []


def _unary(context: Context, tree: Tree) -> Node:
    parts = context.parts(tree)
    if parts[0].type == "!":
        return _truth(context, tree)
    at = context.place(tree)

    def negated(value: Node) -> Node:
        found = number(value)
        return Undecided("it is no number", at) if found is None else literal(-found, at, origin_of(value))

    return each_branch(chain(context, parts[1:], tree), negated)


def _truth(context: Context, tree: Tree) -> Node:
    """A test as a value."""
    at = context.place(tree)
    holds = context.condition(tree)
    if isinstance(holds, bool):
        return literal(holds, at)
    if holds is None:
        return Undecided("it depends on what is known only when deployed", at)
    return choice(holds[0], holds[1], literal(True, at), literal(False, at), at)


def _for(context: Context, tree: Tree) -> Node:
    parts = context.parts(tree.children[0])
    intro = next(part for part in parts if part.kind_id in _INTRO)
    inner = context.parts(intro)
    names = [text_of(part) for part in inner if part.kind_id in _IDENTIFIER]
    collection = next((part for part in inner if part.kind_id in _EXPRESSION), None)
    bodies = [part for part in parts if part.kind_id in _EXPRESSION]
    test = next((part for part in parts if part.kind_id in _COND), None)
    at = context.place(tree)
    if collection is None or not bodies or not names:
        return Undecided("this syntax is not understood", at)

    def over(value: Node) -> Node:
        pairs = pairs_of(value, at)
        if pairs is None:
            return Undecided("what it goes over is known only when deployed", at)
        rounds: list[tuple[Context, bool | tuple[str, bool]]] = []
        for key, item in pairs:
            inside = context.within({names[0]: key, names[1]: item} if len(names) > 1 else {names[0]: item})
            wanted = None if test is None else inside.condition(test.children[-1])
            if test is not None and wanted is None:
                return Undecided("what it keeps is known only when deployed", at)
            if wanted is not False:
                rounds.append((inside, True if wanted is None else wanted))
        if len(bodies) == 1:
            return listed([_kept(inside.value(bodies[0]), wanted, at) for inside, wanted in rounds], at)
        grouped = any(part.kind_id in _ELLIPSIS for part in parts)
        return _object_of(rounds, bodies, grouped, at)

    return each_branch(context.value(collection), over)


def _kept(value: Node, wanted: bool | tuple[str, bool], at: Node) -> Node:
    return value if isinstance(wanted, bool) else choice(wanted[0], wanted[1], value, Nothing(at), at)


def _object_of(
    rounds: Sequence[tuple[Context, bool | tuple[str, bool]]], bodies: Sequence[Tree], grouped: bool, at: Node
) -> Node:
    found: dict[str, list[tuple[Node, Node]]] = {}
    for inside, wanted in rounds:
        key = inside.value(bodies[0])
        known = known_text(key)
        if known is None or wanted is not True:
            return Undecided("its keys are known only when deployed", at)
        name = literal(show(known.value), key)
        found.setdefault(show(known.value), []).append((name, inside.value(bodies[1])))
    if grouped:
        return mapped([(each[0][0], listed([value for _, value in each], at)) for each in found.values()], at)
    return mapped([each[-1] for each in found.values()], at)


def pairs_of(value: Node, at: Node) -> list[tuple[Node, Node]] | None:
    """What a `for` goes over, each with its key or index; None when that cannot be told."""
    if isinstance(value, Referred):
        return value.pairs(at)
    if isinstance(value, SequenceNode):
        return [(literal(place, at), item) for place, item in enumerate(value.value)]
    if is_object(value):
        return [(literal(string(key) or "", key), item) for key, item in fields_of(value).values()]
    return None


HANDLERS: Mapping[str, Callable[[Context, Tree], Node]] = {
    "binary_operation": _binary,
    "bool_lit": _boolean,
    "collection_value literal_value operation": _inner,
    "conditional": _conditional,
    "expression": _expression,
    "for_expr": _for,
    "function_call": _function,
    "null_lit": _null,
    "numeric_lit": _number,
    "object": _object,
    "tuple": _tuple,
    "unary_operation": _unary,
    "variable_expr": lambda context, tree: chain(context, [tree], tree),
}
"""By the kinds of syntax."""
