"""The tree-sitter grammar of Python."""

from __future__ import annotations

from slslint.grammar import Grammar

GRAMMAR = Grammar("tree_sitter_python")
kinds = GRAMMAR.kinds
by_kind = GRAMMAR.by_kind
_field = GRAMMAR.field


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
