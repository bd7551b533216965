"""The tree-sitter grammar of HCL."""

from __future__ import annotations

from slslint.grammar import Grammar

GRAMMAR = Grammar("tree_sitter_hcl")

kinds = GRAMMAR.kinds
by_kind = GRAMMAR.by_kind
