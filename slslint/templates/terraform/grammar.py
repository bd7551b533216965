"""The tree-sitter grammar of HCL, and patterns for what is told without it."""

from __future__ import annotations

import re

from tree_sitter import Node as Tree
from tree_sitter import Point, Range

from slslint.grammar import Grammar

GRAMMAR = Grammar("tree_sitter_hcl")

kinds = GRAMMAR.kinds
by_kind = GRAMMAR.by_kind

WORD = rb"[A-Za-z_][\w-]*+"
_NAME = WORD + rb"(?:\." + WORD + rb")*+"
PLAIN = (
    rb'(?:(?P<text>"[^"\\$%\n]*+")|(?P<number>\d{1,15}|true|false)|(?P<null>null)|(?P<name>' + _NAME + rb")"
    rb'|(?P<filled>"(?:[^"\\$%\n]++|\$\{(?!(?:true|false|null)\})' + _NAME + rb'\})++"))'
)
"""A value without structure; its kind is the name of the group."""

_PLAIN = re.compile(PLAIN)
_NOWHERE = Point(0, 0)


def parsed(data: bytes, start: int, end: int) -> Tree:
    """What stands between two bytes of a file, as syntax with the same bytes; its rows and columns mean nothing."""
    GRAMMAR.parser.included_ranges = [Range(_NOWHERE, _NOWHERE, start, end)]
    try:
        return GRAMMAR.parser.parse(data).root_node
    finally:
        GRAMMAR.parser.included_ranges = []


def plain_kind(data: bytes, start: int, end: int) -> str:
    """The kind of plain value that stands between two bytes; "" for any other."""
    match = _PLAIN.fullmatch(data, start, end)
    return "" if match is None else match.lastgroup or ""


def text_of(tree: Tree) -> str:
    """A piece of syntax as written."""
    written = tree.text
    return written.decode(errors="replace") if written is not None else ""
