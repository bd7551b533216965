"""The tree-sitter grammar of Python, and its names as the numbers that nodes carry."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from typing import TypeVar

from tree_sitter import Language, Parser

T = TypeVar("T")


def _language() -> Language:
    """The compiled grammar, without its package.

    That package imports importlib.resources for texts that nobody here asks for: a tenth of what a start takes.
    """
    package = find_spec("tree_sitter_python")
    found = package and PathFinder.find_spec("_binding", package.submodule_search_locations)
    assert found is not None
    assert found.loader is not None
    binding = module_from_spec(found)
    found.loader.exec_module(binding)
    return Language(binding.language())


LANGUAGE = _language()
PARSER = Parser(LANGUAGE)


_IDS: dict[str, list[int]] = {"ERROR": [65535]}
for _id in range(LANGUAGE.node_kind_count):
    if LANGUAGE.node_kind_is_named(_id):
        _IDS.setdefault(LANGUAGE.node_kind_for_id(_id) or "", []).append(_id)


def kinds(names: str) -> frozenset[int]:
    """The ids of the named kinds, which are given with blanks between; the grammar gives some names to several ids."""
    return frozenset(i for name in names.split() for i in _IDS[name])


def by_kind(table: Mapping[str, T]) -> dict[int, T]:
    """A table keyed by names of kinds (with blanks between, when several share a value), keyed by ids instead."""
    return {i: value for names, value in table.items() for i in kinds(names)}


def _field(name: str) -> int:
    found = LANGUAGE.field_id_for_name(name)
    assert found is not None, name
    return found


class Fields:
    """The ids of the fields that are read."""

    ALIAS = _field("alias")
    ALTERNATIVE = _field("alternative")
    ARGUMENT = _field("argument")
    ARGUMENTS = _field("arguments")
    ATTRIBUTE = _field("attribute")
    BODY = _field("body")
    CONDITION = _field("condition")
    CONSEQUENCE = _field("consequence")
    DEFINITION = _field("definition")
    FORMAT_SPECIFIER = _field("format_specifier")
    EXPRESSION = _field("expression")
    FUNCTION = _field("function")
    GUARD = _field("guard")
    KEY = _field("key")
    LEFT = _field("left")
    MODULE_NAME = _field("module_name")
    NAME = _field("name")
    OBJECT = _field("object")
    OPERATOR = _field("operator")
    OPERATORS = _field("operators")
    PARAMETERS = _field("parameters")
    RETURN_TYPE = _field("return_type")
    RIGHT = _field("right")
    SUBJECT = _field("subject")
    SUBSCRIPT = _field("subscript")
    SUPERCLASSES = _field("superclasses")
    TYPE = _field("type")
    TYPE_CONVERSION = _field("type_conversion")
    VALUE = _field("value")


EXTRAS = kinds("comment line_continuation")
"""Nodes that may stand anywhere and mean nothing."""
