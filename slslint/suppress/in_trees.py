"""What the syntaxes that tree-sitter reads have in common: the walk, and places in code points."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tree_sitter import Node

from slslint.source import SourceFile
from slslint.suppress.parts import Comment, Layout, Part, Position

NOWHERE = range(0)


def layout(file: SourceFile, root: Node, part: Callable[[Node], tuple[Node, Node, range, range] | None]) -> Layout:
    """The layout of a parsed file.

    `part` says of a node whether it is one: the first and the last node of the stretch, and the lines below a comment
    and beside one.
    """
    comments: list[Comment] = []
    parts: list[Part] = []
    for node in _nodes(root):
        if node.type == "comment":
            comments.append(Comment(_start(file, node), _end(file, node)))
            continue
        found = part(node)
        if found is not None:
            first, last, below, beside = found
            parts.append(Part(_start(file, first), _end(file, last), below, beside))
    return Layout(tuple(comments), tuple(parts))


def _nodes(root: Node) -> Iterator[Node]:
    """Every node in textual order. Deep nesting is no danger: nothing recurs."""
    cursor = root.walk()
    while True:
        node = cursor.node
        assert node is not None
        yield node
        if cursor.goto_first_child() or cursor.goto_next_sibling():
            continue
        while cursor.goto_parent():
            if cursor.goto_next_sibling():
                break
        else:
            return


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
