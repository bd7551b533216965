"""Expressions: literals, collections, operators, conditionals, calls."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tree_sitter import Node as Tree
from yaml.nodes import Node

from slslint.grammar import text_of
from slslint.model import show
from slslint.templates.cloudformation.nodes import Undecided
from slslint.templates.terraform import loops
from slslint.templates.terraform.functions import call
from slslint.templates.terraform.grammar import kinds
from slslint.templates.terraform.names import chain
from slslint.templates.terraform.plain import entry, plain_key
from slslint.templates.terraform.values import (
    Nothing,
    choice,
    each_branch,
    known_text,
    lifted,
    listed,
    literal,
    mapped,
    number,
    origin_of,
    same,
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
        pair = entry(context, element)
        if pair is not None:
            pairs.append(pair)
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
    word = plain_key(context, tree)
    if word is not None:
        return literal(word, context.place(tree))
    known = known_text(context.value(tree))
    return None if known is None else literal(show(known), context.place(tree))


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


HANDLERS: Mapping[str, Callable[[Context, Tree], Node]] = {
    "binary_operation": _binary,
    "bool_lit": _boolean,
    "collection_value literal_value operation": _inner,
    "conditional": _conditional,
    "expression": lambda context, tree: chain(context, context.parts(tree), tree),
    "for_expr": loops.comprehension,
    "function_call": _function,
    "null_lit": _null,
    "numeric_lit": _number,
    "object": _object,
    "tuple": _tuple,
    "unary_operation": _unary,
    "variable_expr": lambda context, tree: chain(context, [tree], tree),
}
"""By the kinds of syntax."""
