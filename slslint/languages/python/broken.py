"""What is said of a file that is no valid Python 3."""

from __future__ import annotations

import warnings

from tree_sitter import Node

from slslint.languages.python.scope import Unit
from slslint.source import Problem

_PYTHON2 = "Python 2 source; slslint reads Python 3, so this file is not linted"


def problem_of(unit: Unit, root: Node) -> Problem | None:
    """Why the file is no Python 3, if it is not."""
    if not unit.old and not root.has_error:
        return None
    # The grammar is not perfect: what the running Python accepts is Python.
    if _compiles(unit):
        return None
    if unit.old:
        first = min(unit.old, key=lambda node: node.start_byte)
        return Problem("python2", unit.at(first), _PYTHON2)
    error = _first_error(root)
    if error.is_missing:
        return Problem("syntax", unit.at(error), f"this does not parse as Python: `{error.type}` is missing")
    words = unit.text(error).split("\n", 1)[0].strip()
    return Problem("syntax", unit.at(error), f"this does not parse as Python: `{words[:40]}`")


def _compiles(unit: Unit) -> bool:
    """Whether the running Python parses the file. Nothing is executed."""
    from ast import PyCF_ONLY_AST

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(unit.file.text, "<source>", "exec", PyCF_ONLY_AST, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return False
    return True


def _first_error(node: Node) -> Node:
    """The first ERROR or MISSING node, innermost where they nest."""
    while not node.is_missing:
        inside = next((child for child in node.children if child.has_error or child.is_error or child.is_missing), None)
        if inside is None:
            break
        node = inside
    return node
