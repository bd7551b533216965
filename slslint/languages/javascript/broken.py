"""What is said of a file that does not parse as JavaScript or TypeScript."""

from __future__ import annotations

from tree_sitter import Node

from slslint.languages.grammar import first_error
from slslint.languages.scope import Unit
from slslint.source import Problem, templated


def problem_of(unit: Unit, root: Node, language: str) -> Problem | None:
    """Why the file does not parse, if it does not."""
    if not root.has_error:
        return None
    node = first_error(root)
    at = unit.at(node)
    tag = unit.file.tag_near(node.start_point.row)
    if tag:
        return templated(at, tag)
    name = "TypeScript" if language == "typescript" else "JavaScript"
    found = " ".join(unit.text(node).split())
    said = (
        f"`{node.type}` is missing" if node.is_missing else f"unexpected `{found[:30]}`" if found else "invalid syntax"
    )
    return Problem("syntax", at, f"this does not parse as {name}: {said}")
