"""Comments of Python, and the parts of its files: whole functions and classes, statements, the heads of blocks."""

from __future__ import annotations

from tree_sitter import Node

from slslint.languages.python.grammar import GRAMMAR
from slslint.layout.in_trees import NOWHERE, Told, first_line, last_of, layout, only
from slslint.layout.parts import Layout
from slslint.source import SourceFile

_DEFINITIONS = ("function_definition", "class_definition")
_SUITES = ("module", "block")


def lay_out(file: SourceFile) -> Layout:
    """The layout of a file, which may be broken."""
    return layout(file, GRAMMAR.parser.parse(file.data).root_node, _part)


def _part(node: Node, parent: Node | None) -> Told | None:
    if node.type in _DEFINITIONS:
        whole = parent if parent is not None and parent.type == "decorated_definition" else node
        head = _colon(node)
        # A comment may stand above the decorators, or between them.
        below = range(first_line(whole), first_line(node) + 1)
        return whole, whole, below, range(first_line(node), first_line(head or node) + 1)
    if node.type == "decorated_definition":
        return None
    colon = _colon(node)
    if colon is not None:
        return node, colon, only(first_line(node)), NOWHERE
    if node.is_named and parent is not None and parent.type in _SUITES:
        return node, node, only(first_line(node)), last_of(node)
    return None


def _colon(node: Node) -> Node | None:
    """The colon that ends the head of what has a suite."""
    if not any(child.type == "block" for child in node.children):
        return None
    return next((child for child in node.children if child.type == ":"), None)
