"""Where the comments of a JavaScript or TypeScript file stand."""

from __future__ import annotations

from tree_sitter import Query, QueryCursor

from slslint.languages.javascript.grammar import GRAMMAR
from slslint.source import SourceFile, Span


def comments(file: SourceFile) -> list[Span]:
    """Every comment, in textual order."""
    root = GRAMMAR.parser.parse(file.data).root_node
    found = QueryCursor(Query(GRAMMAR.language, "(comment) @comment")).captures(root).get("comment", [])
    return sorted(file.span(node.start_point, node.end_point) for node in found)
