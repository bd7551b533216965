"""The names that annotations mention: read when a function is defined, though not when it is called."""

from __future__ import annotations

import re

from tree_sitter import Node, Query, QueryCursor

from slslint.languages.python.grammar import LANGUAGE

_TYPES = Query(LANGUAGE, "(type) @type")
_NAME = re.compile(rb"[^\W\d]\w*")


def annotated_names(root: Node, data: bytes) -> frozenset[str]:
    """Every name that stands in an annotation, in quotes too."""
    names: set[bytes] = set()
    for node in QueryCursor(_TYPES).captures(root).get("type", ()):
        names.update(_NAME.findall(data, node.start_byte, node.end_byte))
    return frozenset(name.decode(errors="replace") for name in names)
