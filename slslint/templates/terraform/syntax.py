"""Blocks of Terraform's files, in its own syntax and in JSON: what is written, nothing worked out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate

from tree_sitter import Node as Tree
from yaml.nodes import MappingNode, Node, SequenceNode

from slslint.grammar import first_error
from slslint.source import Problem, SourceFile, Span, start_of
from slslint.templates.cloudformation.nodes import fields_of
from slslint.templates.document import compose
from slslint.templates.terraform.grammar import GRAMMAR, kinds, text_of
from slslint.templates.terraform.values import Mark, between, place

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
        return self.between(tree, tree)

    def between(self, tree: Tree, other: Tree) -> Node:
        """From the start of one piece of syntax to the end of another."""
        if self.fixed is not None:
            return self.fixed
        start, end = tree.start_point, other.end_point
        if not self.plain:
            return place(self.file.span(start, end))
        return between(Mark(self.file.path, *start), Mark(self.file.path, *end))


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


class Block:
    """A block: `resource "aws_sqs_queue" "orders" { ... }`.

    Attributes:
        key: where its name stands.
        attributes: expressions by name.
        blocks: the blocks inside. In JSON, what could be a block counts as an attribute.

    """

    def __init__(self, source: Source, type: str, labels: tuple[str, ...]) -> None:
        self.source = source
        self.type = type
        self.labels = labels

    @cached_property
    def key(self) -> Node:
        raise NotImplementedError

    @cached_property
    def attributes(self) -> dict[str, Written]:
        return {}

    @cached_property
    def blocks(self) -> list[Block]:
        return []

    def get(self, name: str) -> Written | None:
        """The expression of an attribute."""
        return self.attributes.get(name)


class HclBlock(Block):
    """A block in Terraform's own syntax; what is in it is read when asked for."""

    def __init__(self, source: Source, tree: Tree) -> None:
        names, self.body = _header(tree)
        super().__init__(source, names[0], names[1:])
        self.tree = tree

    @cached_property
    def key(self) -> Node:
        return self.source.between(self.tree.children[0], self.tree.children[len(self.labels)])

    @cached_property
    def attributes(self) -> dict[str, Written]:
        found: dict[str, Written] = {}
        for child in self._children:
            if child.kind_id in _ATTRIBUTE:
                name, *_, value = child.children
                if value.kind_id in _EXPRESSION:
                    found[text_of(name)] = Written(self.source, value, name=name)
        return found

    @cached_property
    def blocks(self) -> list[Block]:
        return [HclBlock(self.source, child) for child in self._children if child.kind_id in _BLOCK]

    @cached_property
    def _children(self) -> list[Tree]:
        return self.body.children if self.body is not None else []


class JsonBlock(Block):
    """A block in JSON."""

    def __init__(self, source: Source, type: str, labels: tuple[str, ...], key: Node, node: MappingNode) -> None:
        super().__init__(source, type, labels)
        self.named = key
        self.node = node

    @cached_property
    def key(self) -> Node:
        return self.named

    @cached_property
    def attributes(self) -> dict[str, Written]:
        fields = {name: pair for name, pair in fields_of(self.node).items() if name not in ("//", "dynamic")}
        return {name: Written(self.source, node=node, name=key) for name, (key, node) in fields.items()}

    @cached_property
    def blocks(self) -> list[Block]:
        dynamic = fields_of(self.node).get("dynamic")
        found: list[Block] = []
        for group in _each(dynamic[1]) if dynamic is not None else ():
            for name, (key, node) in fields_of(group).items():
                found += (JsonBlock(self.source, "dynamic", (name,), key, each) for each in _each(node))
        return found


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
    return (HclBlock(source, tree) for tree in _trees(root))


def _piecewise(file: SourceFile, root: Tree) -> tuple[list[Block], list[Problem]]:
    """The blocks of a file that does not parse: each is parsed alone, so that one does not hide the others."""
    found: list[Block] = []
    problems: list[Problem] = []
    starts = [match.start() for match in _TOP.finditer(file.data)]
    for start, end in zip(starts, [*starts[1:], len(file.data)], strict=False):
        before = b"\n" * file.data.count(b"\n", 0, start)
        piece = GRAMMAR.parser.parse(before + file.data[start:end]).root_node
        if piece.has_error:
            problems.append(_problem(file, piece))
        found += (HclBlock(Source(file), tree) for tree in _whole(piece))
    return found, problems[:1] or [_problem(file, root)]


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


def _header(tree: Tree) -> tuple[tuple[str, ...], Tree | None]:
    """A block's type and labels, and its body."""
    names: list[str] = []
    for child in tree.children:
        if child.kind_id in _IDENTIFIER:
            names.append(text_of(child))
        elif child.kind_id in _STRING:
            names.append("".join(text_of(part) for part in child.children if part.kind_id in _LITERAL))
        elif child.kind_id in _BODY:
            return tuple(names), child
    return tuple(names), None


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
        yield JsonBlock(source, type, labels, key, node)
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
