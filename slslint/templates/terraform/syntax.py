"""Blocks of Terraform's files, in its own syntax and in JSON: what is written, nothing worked out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, pairwise

from tree_sitter import Node as Tree
from tree_sitter import Point, Range
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint.grammar import first_error
from slslint.record import cached_property
from slslint.source import Problem, SourceFile, Span, start_of
from slslint.templates.cloudformation.nodes import fields_of
from slslint.templates.document import Place, compose
from slslint.templates.terraform.grammar import GRAMMAR, kinds, text_of

MAX_NESTING = 150
"""Brackets inside brackets; people write a dozen."""

_BLOCK = kinds("block")
_BODY = kinds("body")
_ATTRIBUTE = kinds("attribute")
_IDENTIFIER = kinds("identifier")
_STRING = kinds("string_lit")
_LITERAL = kinds("template_literal")

_BRACKETS = bytes(b for b in range(256) if b not in b"[]{}()")
_STEP = {ord(opening): 1 for opening in "[{("} | {ord(closing): -1 for closing in "]})"}
_TOP = re.compile(
    rb"^(?:check|data|ephemeral|import|locals|module|moved|output|provider|removed|resource|terraform|variable)\b"
    rb"[ \t]*(?:[\"{]|[A-Za-z_])",
    re.MULTILINE,
)
_HEADER = re.compile(rb'([a-z_]+)((?:[ \t]+"[^"\\$%\n]*")*)[ \t]*\{')
_LABEL = re.compile(r'"([^"]*)"')
_GIVEN = re.compile(rb"([A-Za-z_][\w-]*)[ \t]*=[ \t]*")
_OWN_LEVELS = {"data": 2, "module": 1, "output": 1, "provider": 1, "resource": 2, "variable": 1}
"""How many names the blocks of each kind have."""


class Piece(Place):
    """A piece of a file, by its bytes: the lines and columns of most are never asked for."""

    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.start_mark = self.end_mark = self

    @cached_property
    def span(self) -> Span:  # type: ignore[override]
        """From its first byte to the one after it; never an empty one."""
        start, end, source = self.start, self.end, self.source
        rows = source.rows
        row = last = bisect_right(rows, start)
        first = rows[row - 1]
        if end < rows[row] and source.plain:
            return Span(source.file.path, row, start - first + 1, row, end - first + 1 + (start == end))
        if end >= rows[row]:
            last = bisect_right(rows, end)
        column, end_column = start - first, end - rows[last - 1]
        if not source.plain:
            data = source.file.data
            column -= _continuing(data[first:start])
            end_column -= _continuing(data[rows[last - 1] : end])
        return Span(source.file.path, row, column + 1, last, end_column + 1 + (start == end))


class Word(Piece):
    """A plain text, number, truth value or name of a file, and where it stands."""

    def __init__(self, source: Source, start: int, end: int, value: str, style: str | None = '"') -> None:
        self.source = source
        self.start = start
        self.end = end
        self.start_mark = self.end_mark = self
        self.value = value
        self.style = style  # type: ignore[assignment]


class Source:
    """Where the expressions of a file, or of one text in it, stand.

    `fixed` is the place of everything in a text that is a part of a larger one.
    """

    def __init__(self, file: SourceFile, fixed: Node | None = None) -> None:
        self.file = file
        self.fixed = fixed

    @cached_property
    def rows(self) -> list[int]:
        """The byte that each line starts with, and the end of the file as if another line did."""
        data = self.file.data
        return [0, *map(re.Match.end, re.finditer(rb"\n", data)), len(data) + 1]

    @cached_property
    def plain(self) -> bool:
        """Whether every character is one byte."""
        return self.file.data.isascii()

    def place(self, tree: Tree) -> Node:
        """Where a piece of syntax stands."""
        return self.fixed or Piece(self, tree.start_byte, tree.end_byte)

    def between(self, start: int, end: int) -> Node:
        """From one byte to another."""
        return self.fixed or Piece(self, start, end)

    def word(self, start: int, end: int, value: str, style: str | None = '"') -> Node:
        """A plain value that is written from one byte to another."""
        fixed = self.fixed
        if fixed is None:
            return Word(self, start, end, value, style)
        return ScalarNode("", value, fixed.start_mark, fixed.end_mark, style)


def _continuing(data: bytes) -> int:
    """How many bytes do not start a character."""
    return len(data) - len(data.decode(errors="replace"))


class Written:
    """An expression as written: a piece of Terraform's own syntax, or else `node` of a JSON document.

    Attributes:
        start: the byte that it starts with. end: that after it.
        key: the name that it is given to.

    """

    __slots__ = ("_given", "_key", "end", "node", "source", "start")

    def __init__(
        self,
        source: Source,
        given: Tree | None = None,
        start: int = 0,
        end: int = 0,
        node: Node | None = None,
        key: Node | int = 0,
    ) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.node = node
        self._given = given
        self._key = key

    @property
    def tree(self) -> Tree | None:
        """The expression as syntax."""
        return None if self._given is None else self._given.child(self._given.child_count - 1)

    @property
    def key(self) -> Node:
        if isinstance(self._key, Node):
            return self._key
        if self._given is None:
            return self.at
        start, source = self._given.start_byte, self.source
        return source.word(start, self._key, source.file.data[start : self._key].decode(errors="replace"))

    @property
    def at(self) -> Node:
        return self.node or self.source.between(self.start, self.end)


def _written(source: Source, given: Tree) -> tuple[str, Written]:
    """The name and the expression of an attribute. Most are told by their bytes, for syntax costs more to walk."""
    start, end = given.start_byte, given.end_byte
    named = _GIVEN.match(source.file.data, start, end)
    if named is not None:
        return named[1].decode(), Written(source, given, named.end(), end, key=named.end(1))
    name, *_, value = given.children
    return text_of(name), Written(source, given, value.start_byte, end, key=name.end_byte)


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

    def __init__(self, source: Source, type: str, labels: tuple[str, ...], key: Node, tree: Tree | None = None) -> None:
        self.source = source
        self.type = type
        self.labels = labels
        self.key = key
        self.tree = tree

    # The body is read when somebody asks: of many a block (outputs, providers, ...) nobody wants to know it.

    @cached_property
    def attributes(self) -> dict[str, Written]:
        return self._body[0]

    @cached_property
    def blocks(self) -> list[Block]:
        return self._body[1]

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all that is given in it: attributes and blocks, those that are repeated too."""
        inner = (block.labels[0] if block.type == "dynamic" and block.labels else block.type for block in self.blocks)
        return frozenset((*self.attributes, *inner))

    @cached_property
    def _body(self) -> tuple[dict[str, Written], list[Block]]:
        source = self.source
        attributes: dict[str, Written] = {}
        blocks: list[Block] = []
        for child in _body_of(self.tree) if self.tree is not None else ():
            kind = child.kind_id
            if kind in _ATTRIBUTE:
                name, written = _written(source, child)
                attributes[name] = written
            elif kind in _BLOCK:
                blocks.append(block_of(source, child))
        return attributes, blocks

    def get(self, name: str) -> Written | None:
        """The expression of an attribute."""
        return self.attributes.get(name)


def _body_of(block: Tree) -> list[Tree]:
    """What stands between the braces of a block."""
    # Mostly that is the last but one of its parts; to make objects of all of them would take five times as long.
    body = block.child(block.child_count - 2)
    if body is not None and body.kind_id in _BODY:
        return body.children
    return [child for part in block.children if part.kind_id in _BODY for child in part.children]


def block_of(source: Source, tree: Tree) -> Block:
    """A block in Terraform's own syntax."""
    start = tree.start_byte
    header = _HEADER.match(source.file.data, start)
    if header is not None:
        labels = tuple(_LABEL.findall(header[2].decode(errors="replace")))
        return Block(source, header[1].decode(), labels, source.between(start, header.end(2)), tree)
    names, end = _header(tree)
    return Block(source, names[0], tuple(names[1:]), source.between(start, end), tree)


def _json_block(source: Source, type: str, labels: tuple[str, ...], key: Node, node: MappingNode) -> Block:
    """A block in JSON."""
    block = Block(source, type, labels, key)
    for name, (at, value) in fields_of(node).items():
        if name == "dynamic":
            for group in _each(value):
                for repeated, (inner, each) in fields_of(group).items():
                    block.blocks += (_json_block(source, name, (repeated,), inner, one) for one in _each(each))
        elif name != "//":
            block.attributes[name] = Written(source, node=value, key=at)
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
                name, written = _written(source, child)
                found[name] = written
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


def _header(tree: Tree) -> tuple[list[str], int]:
    """A block's type and labels, and the byte after them."""
    names: list[str] = []
    end = tree.end_byte
    for child in tree.children:
        if child.kind_id in _IDENTIFIER:
            names.append(text_of(child))
        elif child.kind_id in _STRING:
            names.append("".join(text_of(part) for part in child.children if part.kind_id in _LITERAL))
        elif child.kind_id in _BODY:
            break
        else:
            continue
        end = child.end_byte
    return names, end


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
