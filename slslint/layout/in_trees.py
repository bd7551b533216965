"""What the syntaxes that tree-sitter reads have in common: the walk, and places in code points."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tree_sitter import Node

from slslint.layout.parts import Comment, Layout, Part, Position
from slslint.source import SourceFile

NOWHERE = range(0)


Told = tuple[Node, Node, range, range]
"""A part: the first and the last node of the stretch, and the lines below a comment and beside one."""


def layout(file: SourceFile, root: Node, part: Callable[[Node, Node | None], Told | None]) -> Layout:
    """The layout of a parsed file. `part` says of a node, whose parent it is given, whether it is a part."""
    comments: list[Comment] = []
    parts: list[Part] = []
    for node, parent in _nodes(root):
        if node.type == "comment":
            comments.append(Comment(_start(file, node), _end(file, node)))
            continue
        found = part(node, parent)
        if found is not None:
            first, last, below, beside = found
            parts.append(Part(_start(file, first), _end(file, last), below, beside))
    return Layout(tuple(comments), tuple(parts))


def _nodes(root: Node) -> Iterator[tuple[Node, Node | None]]:
    """Every node in textual order, with its parent, for which tree-sitter would look from the root each time."""
    pending: list[tuple[Node, Node | None]] = [(root, None)]
    while pending:
        node, parent = pending.pop()
        yield node, parent
        pending.extend((child, node) for child in reversed(node.children))


def first_line(node: Node) -> int:
    """The line on which a node starts."""
    return node.start_point.row + 1


def last_line(node: Node) -> int:
    """The line on which a node ends."""
    return node.end_point.row + 1


def only(line: int) -> range:
    """The one line."""
    return range(line, line + 1)


def last_of(node: Node) -> range:
    """The last line of what spans several."""
    return NOWHERE if first_line(node) == last_line(node) else only(last_line(node))


def _start(file: SourceFile, node: Node) -> Position:
    span = file.span(node.start_point, node.end_point)
    return span.line, span.column


def _end(file: SourceFile, node: Node) -> Position:
    span = file.span(node.start_point, node.end_point)
    return span.end_line, span.end_column
