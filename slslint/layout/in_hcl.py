"""Comments of Terraform's language, and the parts of its files: blocks, arguments, the elements of objects."""

from __future__ import annotations

from tree_sitter import Node

from slslint.layout.in_trees import Told, first_line, last_line, layout, only
from slslint.layout.parts import Layout
from slslint.source import SourceFile
from slslint.templates.terraform.grammar import GRAMMAR

_PARTS = ("block", "attribute", "object_elem")


def lay_out(file: SourceFile) -> Layout:
    """The layout of a file, which may be broken."""
    return layout(file, GRAMMAR.parser.parse(file.data).root_node, _part)


def _part(node: Node, parent: Node | None) -> Told | None:
    if node.type not in _PARTS or first_line(node) == last_line(node):
        return None
    return node, node, only(first_line(node)), only(first_line(node))
