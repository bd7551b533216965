"""Comments of YAML, and the entries of mappings and lists, in YAML and JSON."""

from __future__ import annotations

from collections.abc import Iterator

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint.layout.in_trees import NOWHERE, only
from slslint.layout.parts import Comment, Layout, Part, Position
from slslint.source import Problem, SourceFile
from slslint.templates.document import compose


def lay_out(file: SourceFile) -> Layout:
    """The layout of a file, in YAML or JSON; of one that does not parse, what looks like comments."""
    root = compose(file)
    if root is None or isinstance(root, Problem):
        return Layout(tuple(_comments(file.lines, {})), ())
    nodes = list(_nodes(root))
    texts: dict[int, list[tuple[int, int]]] = {}
    for node in nodes:
        if isinstance(node, ScalarNode):
            for line, start, end in _stretches(node):
                texts.setdefault(line, []).append((start, end))
    parts = tuple(part for node in nodes for part in _parts(node, file.lines, node is root))
    return Layout(tuple(_comments(file.lines, texts)), parts)


def _nodes(root: Node) -> Iterator[Node]:
    seen = {id(root)}
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        pairs = node.value if isinstance(node, MappingNode) else ()
        items = node.value if isinstance(node, SequenceNode) else ()
        for child in (*items, *(each for pair in pairs for each in pair)):
            if id(child) not in seen:
                seen.add(id(child))
                pending.append(child)


def _stretches(node: ScalarNode) -> Iterator[tuple[int, int, int]]:
    """The lines that a text stands on, from 1, and from which to before which column, from 0."""
    start, end = node.start_mark, node.end_mark
    block = node.style in ("|", ">")
    for line in range(start.line + block, end.line + 1):
        first = start.column if line == start.line else 0
        yield line + 1, first, end.column if line == end.line else 1_000_000


def _comments(lines: tuple[str, ...], texts: dict[int, list[tuple[int, int]]]) -> Iterator[Comment]:
    """What starts with a `#` after a blank, in no text."""
    for number, line in enumerate(lines, 1):
        column = line.find("#")
        before = sorted(texts.get(number, ())) if column >= 0 else []
        before.reverse()
        while column >= 0:
            while before and before[-1][1] <= column:
                before.pop()
            inside = bool(before) and before[-1][0] <= column
            if not inside and (column == 0 or line[column - 1].isspace()):
                yield Comment((number, column + 1), (number, len(line) + 1))
                break
            column = line.find("#", column + 1)


def _parts(node: Node, lines: tuple[str, ...], top: bool) -> Iterator[Part]:
    if isinstance(node, SequenceNode):
        for item in node.value:
            yield _part(item, item, lines)
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            yield _part(key, value, lines, section=top)


def _part(first: Node, last: Node, lines: tuple[str, ...], section: bool = False) -> Part:
    mark = first.start_mark
    start = mark.line + 1, mark.column + 1
    line = NOWHERE if section else only(start[0])
    end_line, end_column = end_of(last)
    # A block scalar ends where the next key begins, which may stand at the margin, behind blank lines.
    while end_column == 1 and end_line > start[0]:
        end_line -= 1
        end_column = len(lines[end_line - 1]) + 1
    return Part(start, (end_line, end_column), line, line)


def end_of(node: Node) -> Position:
    """Where a node ends, without the blank lines and comments that follow a block; of a block scalar, with them."""
    while isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    mark = node.end_mark
    return mark.line + 1, mark.column + 1
