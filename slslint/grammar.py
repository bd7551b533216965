"""The names of a tree-sitter grammar as the numbers that its nodes carry."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from typing import TypeVar

from tree_sitter import Language, Node, Parser

T = TypeVar("T")


def load(package: str, function: str) -> Language:
    """A compiled grammar, without its package.

    Those packages import importlib.resources for texts that nobody here asks for: a tenth of what a start takes.
    """
    parent = find_spec(package)
    found = parent and PathFinder.find_spec("_binding", parent.submodule_search_locations)
    assert found is not None
    assert found.loader is not None
    binding = module_from_spec(found)
    found.loader.exec_module(binding)
    return Language(getattr(binding, function)())


class Grammar:
    """One grammar: its parser, and the ids of its kinds and fields."""

    def __init__(self, package: str, function: str = "language") -> None:
        self.language = load(package, function)
        self.parser = Parser(self.language)
        self._ids: dict[str, list[int]] = {"ERROR": [65535]}
        for each in range(self.language.node_kind_count):
            if self.language.node_kind_is_named(each):
                self._ids.setdefault(self.language.node_kind_for_id(each) or "", []).append(each)

    def kinds(self, names: str) -> frozenset[int]:
        """The ids of the named kinds, given with blanks between; the grammar gives some names to several ids."""
        return frozenset(i for name in names.split() for i in self._ids[name])

    def by_kind(self, table: Mapping[str, T]) -> dict[int, T]:
        """A table keyed by names of kinds (with blanks between, when several share a value), keyed by ids instead."""
        return {i: value for names, value in table.items() for i in self.kinds(names)}

    def field(self, name: str) -> int:
        """The id of a field."""
        found = self.language.field_id_for_name(name)
        assert found is not None, name
        return found


def first_error(node: Node) -> Node:
    """The first ERROR or MISSING node, innermost where they nest."""
    while not node.is_missing:
        inside = next((child for child in node.children if child.has_error or child.is_error or child.is_missing), None)
        if inside is None:
            break
        node = inside
    return node


def text_of(node: Node) -> str:
    """A piece of syntax as written."""
    return (node.text or b"").decode(errors="replace")
