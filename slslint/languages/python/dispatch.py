"""The way from a node to what lowers it: each module of this room enters its own kinds here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from tree_sitter import Node

from slslint.facts import ANY, Expr, Other
from slslint.languages.python.grammar import EXTRAS
from slslint.languages.scope import MAX_EXPRESSION_DEPTH, Scope

Lowering: TypeAlias = Callable[[Node, Scope, int], Expr]

LOWERINGS: dict[int, Lowering] = {}
"""By kind. A kind that is not here is Other, with what is in it."""

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


def inner(node: Node) -> list[Node]:
    """The named children that mean something."""
    return [child for child in node.named_children if child.kind_id not in EXTRAS]


def last(node: Node) -> Node | None:
    """The last of them."""
    found = inner(node)
    return found[-1] if found else None


def other(node: Node, scope: Scope, depth: int) -> Expr:
    """An expression of which only the parts are known."""
    return Other(tuple([lower(child, scope, depth) for child in inner(node)]))
