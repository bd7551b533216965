"""Blocks of Terraform's files: what is written, nothing worked out."""

from __future__ import annotations

import re

from tree_sitter import Node as Tree
from yaml.nodes import Node, ScalarNode, SequenceNode

from slslint.templates.terraform.grammar import parsed
from slslint.templates.terraform.places import Source


class Written:
    """An expression as written: a piece of Terraform's own syntax, or else `node` of a JSON document.

    Attributes:
        start: the byte that it starts with. end: that after it.
        kind: what kind of plain value it is (see `patterns`); "" when it has structure, or is JSON.
        key: the name that it is given to.

    """

    __slots__ = ("_given", "_key", "end", "kind", "node", "source", "start")

    def __init__(
        self,
        source: Source,
        start: int = 0,
        end: int = 0,
        kind: str = "",
        key: tuple[int, int] | Node | None = None,
        given: Tree | None = None,
        node: Node | None = None,
    ) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.kind = kind
        self.node = node
        self._key = key
        self._given = given

    @property
    def tree(self) -> Tree | None:
        """The expression as syntax."""
        given = self._given
        if given is None and isinstance(self._key, tuple):
            # A plain value: hardly anybody asks for the syntax of those.
            body = parsed(self.source.data, self._key[0], self.end).child(0)
            given = self._given = None if body is None else body.child(0)
        return None if given is None else given.child(given.child_count - 1)

    @property
    def text(self) -> bytes:
        """The expression in Terraform's own syntax, as it is written."""
        return self.source.data[self.start : self.end]

    @property
    def key(self) -> Node:
        if isinstance(self._key, tuple):
            start, end = self._key
            return self.source.word(start, end, self.source.data[start:end].decode(errors="replace"))
        return self._key or self.at

    @property
    def at(self) -> Node:
        return self.node or self.source.between(self.start, self.end)

    def standing(self, source: Source) -> Written:
        """The same expression where `source` says that everything stands."""
        return Written(source, self.start, self.end, self.kind, self._key, self._given, self.node)


def words_of(written: Written) -> list[str]:
    """The names in an expression that is nothing but a list of names."""
    if written.node is None:
        return re.findall(r"[A-Za-z_]\w*", written.text.decode(errors="replace"))
    items = written.node.value if isinstance(written.node, SequenceNode) else [written.node]
    return [word for item in items if isinstance(item, ScalarNode) for word in item.value.split(".")]


class Block:
    """A block: `resource "aws_sqs_queue" "orders" { ... }`.

    Attributes:
        key: where its name stands.
        attributes: expressions by name.
        blocks: the blocks inside by what they are there for: a `dynamic` one, by the name of what it repeats. In JSON,
            what could be a block counts as an attribute.

    """

    __slots__ = ("attributes", "blocks", "key", "labels", "source", "type")

    def __init__(self, source: Source, type: str, labels: tuple[str, ...], key: Node) -> None:
        self.source = source
        self.type = type
        self.labels = labels
        self.key = key
        self.attributes: dict[str, Written] = {}
        self.blocks: dict[str, list[Block]] = {}

    def add(self, block: Block) -> None:
        """Put another block into this one."""
        name = block.labels[0] if block.type == "dynamic" and block.labels else block.type
        self.blocks.setdefault(name, []).append(block)

    def get(self, name: str) -> Written | None:
        """The expression of an attribute."""
        return self.attributes.get(name)

    def standing(self, source: Source) -> Block:
        """The same block where `source` says that everything stands."""
        block = Block(source, self.type, self.labels, source.fixed or self.key)
        block.attributes = {name: written.standing(source) for name, written in self.attributes.items()}
        block.blocks = {name: [each.standing(source) for each in inner] for name, inner in self.blocks.items()}
        return block
