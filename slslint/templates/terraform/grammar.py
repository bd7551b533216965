"""The tree-sitter grammar of HCL."""

from __future__ import annotations

from tree_sitter import Node as Tree
from tree_sitter import Parser, Point, Range

from slslint.grammar import Grammar

GRAMMAR = Grammar("tree_sitter_hcl")

kinds = GRAMMAR.kinds
by_kind = GRAMMAR.by_kind

_OF_PARTS = Parser(GRAMMAR.language)
_NOWHERE = Point(0, 0)


def parsed(data: bytes, start: int, end: int) -> Tree:
    """What stands between two bytes of a file, as syntax with the same bytes; its rows and columns mean nothing."""
    _OF_PARTS.included_ranges = [Range(_NOWHERE, _NOWHERE, start, end)]
    return _OF_PARTS.parse(data).root_node
