"""The tree-sitter grammar of HCL."""

from __future__ import annotations

from tree_sitter import Node as Tree

from slslint.grammar import Grammar

GRAMMAR = Grammar("tree_sitter_hcl")

kinds = GRAMMAR.kinds
by_kind = GRAMMAR.by_kind


def text_of(tree: Tree) -> str:
    """A piece of syntax as written."""
    written = tree.text
    return written.decode(errors="replace") if written is not None else ""
