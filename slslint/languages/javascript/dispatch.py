"""The way from a node to what lowers it: each module of this room enters its own kinds here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from tree_sitter import Node

from slslint.facts import ANY, Expr, Other
from slslint.languages.javascript.grammar import EXTRAS, TRANSPARENT
from slslint.languages.scope import MAX_EXPRESSION_DEPTH, Scope

Lowering: TypeAlias = Callable[[Node, Scope, int], Expr]

LOWERINGS: dict[int, Lowering] = {}
"""By kind. A kind that is not here is Other, with what is in it."""

EFFECTS: dict[int, Lowering] = {}
"""By kind, of expressions whose value nobody gets, where that makes a difference."""


Naming: TypeAlias = Callable[[Node, str, Scope, int, str], Expr]

NAMED: dict[int, Naming] = {}
"""By kind, of values that take the name of what they are given to: functions, classes, objects that hold functions.

Called with the name, "" when there is none, and with what the methods of an object literal mean by `this`.
"""

Statement: TypeAlias = Callable[[Node, Scope, int], bool]

STATEMENTS: dict[int, Statement] = {}
"""By kind, what reads a statement and says whether control never passes on to the next.

Called with how deeply it is nested. A kind that is not here is an expression.
"""


def lower(node: Node | None, scope: Scope, depth: int = 0) -> Expr:
    """What an expression says. `depth` is the number of expressions around it."""
    if node is None or depth > MAX_EXPRESSION_DEPTH:
        return ANY
    return LOWERINGS.get(node.kind_id, other)(node, scope, depth + 1)


def effect(node: Node | None, scope: Scope, depth: int = 0) -> Expr:
    """What an expression says that only runs for what it does."""
    if node is None or depth > MAX_EXPRESSION_DEPTH:
        return ANY
    kind = node.kind_id
    return (EFFECTS.get(kind) or LOWERINGS.get(kind, other))(node, scope, depth + 1)


def named(node: Node | None, name: str, scope: Scope, depth: int, this: str = "") -> Expr:
    """A value that is given a name."""
    while node is not None and node.kind_id in TRANSPARENT:
        children = inner(node)
        for child in children[1:]:
            scope.unit.annotate(child)
        node = children[0] if children else None
    if node is None or depth > MAX_EXPRESSION_DEPTH:
        return ANY
    naming = NAMED.get(node.kind_id)
    return lower(node, scope, depth) if naming is None else naming(node, name, scope, depth + 1, this)


def inner(node: Node) -> list[Node]:
    """The named children that mean something."""
    return [child for child in node.named_children if child.kind_id not in EXTRAS]


def other(node: Node, scope: Scope, depth: int) -> Expr:
    """An expression of which only the parts are known."""
    return Other(tuple([lower(child, scope, depth) for child in inner(node)]))
