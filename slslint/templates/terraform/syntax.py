"""Blocks of Terraform's files, in its own syntax and in JSON: what is written, nothing worked out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate, pairwise
from typing import Any

from tree_sitter import Node as Tree
from tree_sitter import Point, Range
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint.grammar import first_error
from slslint.source import Problem, SourceFile, Span, start_of
from slslint.templates.cloudformation.nodes import fields_of
from slslint.templates.document import compose
from slslint.templates.terraform.grammar import GRAMMAR, kinds, text_of
from slslint.templates.terraform.values import Mark, Place, literal, scalar

MAX_NESTING = 150
"""Brackets inside brackets; people write a dozen."""

_BLOCK = kinds("block")
_BODY = kinds("body")
_ATTRIBUTE = kinds("attribute")
_IDENTIFIER = kinds("identifier")
_STRING = kinds("string_lit")
_EXPRESSION = kinds("expression")
_LITERAL = kinds("template_literal")

_BRACKETS = bytes(b for b in range(256) if b not in b"[]{}()")
_STEP = {ord(opening): 1 for opening in "[{("} | {ord(closing): -1 for closing in "]})"}
_TOP = re.compile(
    rb"^(?:check|data|ephemeral|import|locals|module|moved|output|provider|removed|resource|terraform|variable)\b"
    rb"[ \t]*(?:[\"{]|[A-Za-z_])",
    re.MULTILINE,
)
_OWN_LEVELS = {"data": 2, "module": 1, "output": 1, "provider": 1, "resource": 2, "variable": 1}
"""How many names the blocks of each kind have."""


class Start(Mark):
    """Where a piece of syntax starts: worked out when somebody asks, which of most pieces nobody does."""

    __slots__ = ("source", "tree")

    def __init__(self, source: Source, tree: Tree) -> None:
        self.name = source.file.path
        self.source = source
        self.tree = tree

    def __getattr__(self, asked: str) -> int:
        # Line and column are not there yet.
        self.line, self.column = self.source.characters(self.tree.start_point)
        return self.line if asked == "line" else self.column


class End(Start):
    """Where a piece of syntax ends."""

    __slots__ = ()

    def __getattr__(self, asked: str) -> int:
        self.line, self.column = self.source.characters(self.tree.end_point)
        return self.line if asked == "line" else self.column


class Source:
    """Where the expressions of a file, or of one text in it, stand.

    `fixed` is the place of everything in a text that is a part of a larger one.
    """

    def __init__(self, file: SourceFile, fixed: Node | None = None) -> None:
        self.file = file
        self.fixed = fixed
        self.plain = file.data.isascii()

    def place(self, tree: Tree) -> Node:
        """Where a piece of syntax stands."""
        return self.fixed or Place(Start(self, tree), End(self, tree))

    def between(self, tree: Tree, other: Tree) -> Node:
        """From the start of one piece of syntax to the end of another."""
        return self.fixed or Place(Start(self, tree), End(self, other))

    def scalar(self, text: str, tree: Tree, style: str | None = '"') -> Node:
        """A text that a piece of syntax is; without a style it is a number or truth value."""
        if self.fixed is not None:
            return literal(text, self.fixed)
        return scalar(text, Start(self, tree), End(self, tree), style)

    def characters(self, point: tuple[int, int]) -> tuple[int, int]:
        """A row and column, both from 0, with the column in characters instead of bytes."""
        if self.plain:
            return point
        at = self.file.span(point, point)
        return at.line - 1, at.column - 1


class Written:
    """An expression as written: `tree` in Terraform's own syntax, or else `node` of a JSON document.

    `name` is what it is given to, in the same form.
    """

    __slots__ = ("name", "node", "source", "tree")

    def __init__(
        self, source: Source, tree: Tree | None = None, node: Node | None = None, name: Tree | Node | None = None
    ) -> None:
        self.source = source
        self.tree = tree
        self.node = node
        self.name = name

    @property
    def key(self) -> Node:
        """Where the name stands that it is given to."""
        return self.source.place(self.name) if isinstance(self.name, Tree) else self.name or self.at

    @property
    def at(self) -> Node:
        if self.tree is not None:
            return self.source.place(self.tree)
        assert self.node is not None
        return self.node


def words_of(written: Written) -> list[str]:
    """The names in an expression that is nothing but a list of names."""
    if written.tree is not None:
        return re.findall(r"[A-Za-z_]\w*", text_of(written.tree))
    items = written.node.value if isinstance(written.node, SequenceNode) else [written.node]
    return [word for item in items if isinstance(item, ScalarNode) for word in item.value.split(".")]


class Block:
    """A block: `resource "aws_sqs_queue" "orders" { ... }`.

    Attributes:
        key: where its name stands.
        attributes: expressions by name.
        blocks: the blocks inside. In JSON, what could be a block counts as an attribute.

    """

    __slots__ = ("attributes", "blocks", "body", "key", "labels", "source", "type")

    attributes: dict[str, Written]
    blocks: list[Block]

    def __init__(self, source: Source, type: str, labels: tuple[str, ...], key: Node, body: Tree | None = None) -> None:
        self.source = source
        self.type = type
        self.labels = labels
        self.key = key
        self.body = body

    def __getattr__(self, asked: str) -> Any:
        # The body has not been read yet; of every other block (outputs, providers, ...) nobody wants to know it.
        self.attributes = {}
        self.blocks = []
        for child in self.body.children if self.body is not None else ():
            if child.kind_id in _ATTRIBUTE:
                name, *_, value = child.children
                if value.kind_id in _EXPRESSION:
                    self.attributes[text_of(name)] = Written(self.source, value, name=name)
            elif child.kind_id in _BLOCK:
                self.blocks.append(block_of(self.source, child))
        return self.attributes if asked == "attributes" else self.blocks

    def get(self, name: str) -> Written | None:
        """The expression of an attribute."""
        return self.attributes.get(name)


def block_of(source: Source, tree: Tree) -> Block:
    """A block in Terraform's own syntax."""
    (last, names), body = _header(tree)
    return Block(source, names[0], tuple(names[1:]), source.between(tree, last), body)


def _json_block(source: Source, type: str, labels: tuple[str, ...], key: Node, node: MappingNode) -> Block:
    """A block in JSON."""
    block = Block(source, type, labels, key)
    for name, (at, value) in fields_of(node).items():
        if name == "dynamic":
            for group in _each(value):
                for repeated, (inner, each) in fields_of(group).items():
                    block.blocks += (_json_block(source, name, (repeated,), inner, one) for one in _each(each))
        elif name != "//":
            block.attributes[name] = Written(source, node=value, name=at)
    return block


def blocks_of(file: SourceFile) -> tuple[list[Block], list[Problem]]:
    """The top-level blocks of a file, and why some are missing."""
    if file.path.endswith(".json"):
        return _json_blocks(file)
    nesting = max(accumulate(map(_STEP.__getitem__, file.data.translate(None, _BRACKETS))), default=0)
    if nesting > MAX_NESTING:
        return [], [Problem("syntax", start_of(file.path), "it is nested too deeply to be read")]
    root = GRAMMAR.parser.parse(file.data).root_node
    if not root.has_error:
        return list(_top_blocks(Source(file), root)), []
    return _piecewise(file, root)


def top_level(file: SourceFile) -> list[Tree]:
    """The blocks of a file that parses."""
    return list(_trees(GRAMMAR.parser.parse(file.data).root_node))


def _trees(root: Tree) -> Iterator[Tree]:
    for body in root.children:
        if body.kind_id in _BODY:
            yield from (child for child in body.children if child.kind_id in _BLOCK)


def _top_blocks(source: Source, root: Tree) -> Iterator[Block]:
    return (block_of(source, tree) for tree in _trees(root))


def _piecewise(file: SourceFile, root: Tree) -> tuple[list[Block], list[Problem]]:
    """The blocks of a file that does not parse: each is parsed alone, so that one does not hide the others."""
    found: list[Block] = []
    problems: list[Problem] = []
    source = Source(file)
    edges = [0, *(match.start() for match in _TOP.finditer(file.data)), len(file.data)]
    rows = list(accumulate(file.data.count(b"\n", start, end) for start, end in pairwise(edges)))
    for (start, end), (first, last) in zip(list(pairwise(edges))[1:], pairwise(rows), strict=True):
        piece = _parsed_alone(file.data, Range(Point(first, 0), Point(last, 0), start, end))
        if piece.has_error:
            problems.append(_problem(file, piece))
        found += (block_of(source, tree) for tree in _whole(piece))
    return found, problems[:1] or [_problem(file, root)]


def _parsed_alone(data: bytes, part: Range) -> Tree:
    """A part of a file, with its own places in it."""
    GRAMMAR.parser.included_ranges = [part]
    try:
        return GRAMMAR.parser.parse(data).root_node
    finally:
        GRAMMAR.parser.included_ranges = []


def _whole(root: Tree) -> Iterator[Tree]:
    """The blocks that parse, of something that does not."""
    for child in root.children:
        if child.kind_id in _BODY or child.is_error:
            yield from _whole(child)
        elif child.kind_id in _BLOCK and not child.has_error:
            yield child


def attributes_of(file: SourceFile) -> tuple[dict[str, Written], list[Problem]]:
    """The attributes of a file that holds nothing else: values of variables."""
    source = Source(file)
    if file.path.endswith(".json"):
        root = compose(file)
        if isinstance(root, Problem):
            return {}, [root]
        fields = fields_of(root) if isinstance(root, MappingNode) else {}
        return {name: Written(source, node=node) for name, (_, node) in fields.items()}, []
    if max(accumulate(map(_STEP.__getitem__, file.data.translate(None, _BRACKETS))), default=0) > MAX_NESTING:
        return {}, [Problem("syntax", start_of(file.path), "it is nested too deeply to be read")]
    tree = GRAMMAR.parser.parse(file.data).root_node
    found: dict[str, Written] = {}
    for body in tree.children:
        for child in body.children if body.kind_id in _BODY else ():
            if child.kind_id in _ATTRIBUTE and not child.has_error:
                found[text_of(child.children[0])] = Written(source, child.children[-1])
    return found, [_problem(file, tree)] if tree.has_error else []


def _problem(file: SourceFile, root: Tree) -> Problem:
    error = first_error(root)
    row = min(error.start_point.row, len(file.lines) - 1)
    tag = file.tag_near(row)
    message = "this is no HCL that can be read; mend it here or just above"
    if error.is_missing:
        message = f"`{error.type}` is missing; mend it here or just above"
    elif tag.startswith(("<%", "{%", "{{")):
        message = f"`{tag}` is no HCL; slslint reads what the other program renders"
    column = min(error.start_point.column, len(file.lines[row].encode()))
    at = file.span((row, column), (row, column))
    return Problem("syntax", Span(at.path, at.line, at.column, at.line, at.column + 1), message)


def _header(tree: Tree) -> tuple[tuple[Tree, list[str]], Tree | None]:
    """A block's last name as syntax, its type and labels, and its body."""
    names: list[str] = []
    last = tree
    for child in tree.children:
        if child.kind_id in _IDENTIFIER:
            names.append(text_of(child))
        elif child.kind_id in _STRING:
            names.append("".join(text_of(part) for part in child.children if part.kind_id in _LITERAL))
        elif child.kind_id in _BODY:
            return (last, names), child
        else:
            continue
        last = child
    return (last, names), None


def _json_blocks(file: SourceFile) -> tuple[list[Block], list[Problem]]:
    root = compose(file)
    if isinstance(root, Problem):
        return [], [root]
    found: list[Block] = []
    source = Source(file)
    for top in _each(root):
        for type, (key, node) in fields_of(top).items():
            levels = _OWN_LEVELS.get(type, 0)
            found += (each for part in _each(node) for each in _json_level(source, type, (), key, part, levels))
    return found, []


def _json_level(
    source: Source, type: str, labels: tuple[str, ...], key: Node, node: MappingNode, levels: int
) -> Iterator[Block]:
    if levels == 0:
        yield _json_block(source, type, labels, key, node)
        return
    for name, (inner, child) in fields_of(node).items():
        if name != "//":
            for part in _each(child):
                yield from _json_level(source, type, (*labels, name), inner, part, levels - 1)


def _each(node: Node | None) -> Iterator[MappingNode]:
    """The objects that a node is: one, or a list of them."""
    for item in node.value if isinstance(node, SequenceNode) else [node]:
        if isinstance(item, MappingNode):
            yield item
