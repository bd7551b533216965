"""What is assigned to: names, attributes, items, and several of them in a tuple or list."""

from __future__ import annotations

from tree_sitter import Node

from slslint.facts import ANY, Attr, Expr, Item, Literal, Name, Sequence
from slslint.languages.python.dispatch import inner, last, lower
from slslint.languages.python.grammar import kinds
from slslint.languages.scope import MAX_EXPRESSION_DEPTH, Scope
from slslint.source import Span


def bind(node: Node, value: Expr, scope: Scope, at: Span, op: str = "=", depth: int = 0) -> None:
    """Give a value to a target: a name, attribute or item, or several of them in a tuple or list."""
    kind = node.kind_id
    if kind in _NAME:
        name = scope.unit.text(node)
        if name:
            scope.assign(Name(name, scope.unit.at(node)), value, at, op)
    elif kind in _TUPLES:
        if depth <= MAX_EXPRESSION_DEPTH:
            _bind_each(inner(node), value, scope, at, op, depth + 1)
    elif kind in _WRAPPERS:
        child = last(node)
        if child is not None and depth <= MAX_EXPRESSION_DEPTH:
            bind(child, value, scope, at, op, depth + 1)
    else:
        target = lower(node, scope, depth)
        if isinstance(target, Attr | Item):
            scope.assign(target, value, at, op)


def _bind_each(targets: list[Node], value: Expr, scope: Scope, at: Span, op: str, depth: int) -> None:
    stars = [index for index, target in enumerate(targets) if target.kind_id in _TARGET_STARS]
    written = isinstance(value, Sequence) and not stars and len(value.items) == len(targets)
    for index, target in enumerate(targets):
        if op == "del":
            part: Expr = ANY
        elif isinstance(value, Sequence) and written:
            part = value.items[index]
        elif stars and index == stars[0]:
            part = Item(value, ANY)
        else:
            part = Item(value, Literal(index if not stars or index < stars[0] else index - len(targets)))
        bind(target, part, scope, at, op, depth)


_NAME = kinds("identifier")
_TARGET_STARS = kinds("list_splat_pattern list_splat")
_TUPLES = kinds("pattern_list tuple_pattern list_pattern expression_list tuple list")
_WRAPPERS = kinds("list_splat_pattern list_splat parenthesized_expression as_pattern_target")
