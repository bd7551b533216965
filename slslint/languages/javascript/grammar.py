"""The tree-sitter grammar of TSX, which says all of JavaScript and nearly all of TypeScript."""

from __future__ import annotations

import re

from slslint.grammar import Grammar

GRAMMAR = Grammar("tree_sitter_typescript", "language_tsx")
kinds = GRAMMAR.kinds
by_kind = GRAMMAR.by_kind
_field = GRAMMAR.field


class Fields:
    """The ids of the fields that are read."""

    ALIAS = _field("alias")
    ALTERNATIVE = _field("alternative")
    ARGUMENT = _field("argument")
    ARGUMENTS = _field("arguments")
    BODY = _field("body")
    CONDITION = _field("condition")
    CONSEQUENCE = _field("consequence")
    CONSTRUCTOR = _field("constructor")
    DECLARATION = _field("declaration")
    FINALIZER = _field("finalizer")
    FUNCTION = _field("function")
    HANDLER = _field("handler")
    INCREMENT = _field("increment")
    INDEX = _field("index")
    INITIALIZER = _field("initializer")
    KEY = _field("key")
    KIND = _field("kind")
    LEFT = _field("left")
    NAME = _field("name")
    OBJECT = _field("object")
    OPERATOR = _field("operator")
    PARAMETER = _field("parameter")
    PARAMETERS = _field("parameters")
    PATTERN = _field("pattern")
    PROPERTY = _field("property")
    RETURN_TYPE = _field("return_type")
    RIGHT = _field("right")
    SOURCE = _field("source")
    TYPE = _field("type")
    VALUE = _field("value")


EXTRAS = kinds("comment html_comment")
"""Nodes that may stand anywhere and mean nothing."""

TRANSPARENT = kinds("parenthesized_expression as_expression satisfies_expression non_null_expression")
"""Expressions that are what stands first in them; in `(a, b)` there is but one, a sequence."""


def joined(data: bytes) -> bytes:
    """The source with `var` where a line ends in `let`: the grammar takes that for a name, and the names behind it
    for no declaration.
    """
    if b"let\n" not in data and b"let\r" not in data:
        return data
    return re.sub(rb"(?m)(^|[;{}])([ \t]*)let(?=[ \t]*\r?\n\s*[\w$])", rb"\1\2var", data)
