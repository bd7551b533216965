"""Blocks of files that are written in JSON."""

from __future__ import annotations

from collections.abc import Iterator

from yaml.nodes import MappingNode, Node, SequenceNode

from slslint.templates.cloudformation.nodes import fields_of
from slslint.templates.terraform.places import Source
from slslint.templates.terraform.syntax import Block, Written

_OWN_LEVELS = {"data": 2, "module": 1, "output": 1, "provider": 1, "resource": 2, "variable": 1}
"""How many names the blocks of each kind have."""


def blocks_in(source: Source, root: Node | None) -> Iterator[Block]:
    """The top-level blocks of a document."""
    for top in _each(root):
        for type, (key, node) in fields_of(top).items():
            for part in _each(node):
                yield from _level(source, type, (), key, part, _OWN_LEVELS.get(type, 0))


def attributes_in(source: Source, root: Node | None) -> dict[str, Written]:
    """The attributes of a document that holds nothing else."""
    fields = fields_of(root) if isinstance(root, MappingNode) else {}
    return {name: Written(source, node=node) for name, (_, node) in fields.items()}


def _level(
    source: Source, type: str, labels: tuple[str, ...], key: Node, node: MappingNode, levels: int
) -> Iterator[Block]:
    if levels == 0:
        yield _block(source, type, labels, key, node)
        return
    for name, (inner, child) in fields_of(node).items():
        if name != "//":
            for part in _each(child):
                yield from _level(source, type, (*labels, name), inner, part, levels - 1)


def _block(source: Source, type: str, labels: tuple[str, ...], key: Node, node: MappingNode) -> Block:
    block = Block(source, type, labels, key)
    for name, (at, value) in fields_of(node).items():
        if name == "dynamic":
            for group in _each(value):
                for repeated, (inner, each) in fields_of(group).items():
                    for one in _each(each):
                        block.add(_block(source, name, (repeated,), inner, one))
        elif name != "//":
            block.attributes[name] = Written(source, key=at, node=value)
    return block


def _each(node: Node | None) -> Iterator[MappingNode]:
    """The objects that a node is: one, or a list of them."""
    for item in node.value if isinstance(node, SequenceNode) else [node]:
        if isinstance(item, MappingNode):
            yield item
