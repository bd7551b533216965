"""What is said of a file that does not parse as JavaScript or TypeScript."""

from __future__ import annotations

import re

from tree_sitter import Node

from slslint.languages.javascript.grammar import EXTRAS, kinds
from slslint.languages.scope import Unit
from slslint.source import Problem, templated

_PRAGMA = 1000
"""Bytes in which a file says that it has types."""

_DEFAULT_FROM = r"export\s+[\w$]+\s+from\b"
"""`export a from "m"`."""

_SHOWN = 30
"""Characters of what does not parse that a message shows."""


def problem_of(unit: Unit, root: Node, language: str) -> Problem | None:
    """Why the file does not parse, if it does not."""
    node = _error(root) if root.has_error else None
    if node is None:
        return None
    first = _first_written(node)
    at = unit.at(first)
    if b"@flow" in unit.file.data[:_PRAGMA]:
        return Problem("templated", at, "this has Flow's types in it; slslint reads what Babel makes of it")
    if re.match(_DEFAULT_FROM, unit.text(node, first.start_byte)):
        return Problem("templated", at, "only Babel knows such exports; slslint reads what it makes of them")
    tag = unit.file.tag_near(first.start_point.row)
    if tag:
        return templated(at, tag)
    name = "TypeScript" if language == "typescript" else "JavaScript"
    said = f"this does not parse as {name}: {_said(node, first, unit)}"
    return unit.file.unfinished_merge() or Problem("syntax", at, said)


def _said(node: Node, first: Node, unit: Unit) -> str:
    if node.is_missing:
        return f"`{node.type}` is missing"
    shown = " ".join(unit.text(node, first.start_byte).split())[:_SHOWN]
    if not shown:
        return "invalid syntax"
    lasting = node.start_point.row != node.end_point.row
    return f"what begins with `{shown}` is no whole statement" if lasting else f"unexpected `{shown}`"


def _error(root: Node) -> Node | None:
    """The first node that does not parse, innermost where they nest, and for which the grammar is not to blame.

    It knows neither a bare `&` in the text of an element nor `import { undefined }`, and that a line which begins with
    `in` is a member of its own where types are declared.
    """
    stack = [root]
    while stack:
        node = stack.pop()
        if node.kind_id in _IMPERFECT or _is_member(node):
            continue
        inside = [child for child in node.children if child.has_error or child.is_error or child.is_missing]
        if node.is_missing or (node.is_error and not inside):
            return node
        stack.extend(reversed(inside))
    return None


def _is_member(node: Node) -> bool:
    """Whether a type and the member below it were taken for one: `size?: number` above `in?: string`."""
    if not node.is_error or not any(child.text in (b"in", b"instanceof") for child in node.children):
        return False
    above = node.parent
    while above is not None and "type" in above.type:
        above = above.parent
    return above is not None and above.type == "property_signature"


def _first_written(node: Node) -> Node:
    """An error that takes in all that follows is shown at the first thing in it that is no comment."""
    if node.start_point.row == node.end_point.row:
        return node
    return next((child for child in node.children if child.kind_id not in EXTRAS), node)


_IMPERFECT = kinds("jsx_element jsx_attribute named_imports export_clause")
