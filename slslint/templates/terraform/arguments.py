"""What a block is given: the values of its attributes, and the blocks inside it as lists of objects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from yaml.nodes import Node

from slslint.templates.cloudformation.nodes import Undecided
from slslint.templates.terraform.evaluate import Names, evaluate
from slslint.templates.terraform.loops import pairs_of
from slslint.templates.terraform.syntax import Block
from slslint.templates.terraform.values import Choice, Nothing, choice, is_list, keyed, listed, literal, mapped

if TYPE_CHECKING:
    from slslint.templates.terraform.module import Module

MAX_REPEATED = 200
"""Blocks that one `dynamic` may stand for; who writes more has other worries."""


def argument(block: Block, name: str, module: Module, names: Names) -> Node | None:
    """What a block holds under a name."""
    written = block.attributes.get(name)
    if written is not None:
        return evaluate(written, module, names)
    blocks = block.blocks.get(name)
    return None if blocks is None else _repeated(blocks, module, names)


def _repeated(blocks: Sequence[Block], module: Module, names: Names) -> Node:
    """Blocks of one name as a list of objects."""
    items = [(_dynamic if block.type == "dynamic" else _content)(block, module, names) for block in blocks]
    flat = [each for item in items for each in (item.value if is_list(item) else [item])]
    return listed(flat, items[0])


def _content(block: Block, module: Module, names: Names) -> Node:
    """A nested block as an object."""
    pairs = [(written.key, evaluate(written, module, names)) for written in block.attributes.values()]
    for name, inner in block.blocks.items():
        if name not in block.attributes:
            pairs.append((literal(name, inner[-1].key), _repeated(inner, module, names)))
    return mapped(pairs, block.key)


def _dynamic(block: Block, module: Module, names: Names) -> Node:
    """A `dynamic` block as a list of objects, or a choice of such lists."""
    at = block.key
    over, iterator = block.get("for_each"), block.get("iterator")
    content = next(iter(block.blocks.get("content", ())), None)
    nested = block.get("content")
    name = block.labels[0]
    if iterator is not None and iterator.node is None:
        name = iterator.text.decode()
    if over is None or (content is None and nested is None):
        return Undecided("it is no block that can be read", at)

    def repeated(value: Node) -> Node:
        if isinstance(value, Choice):
            return choice(value.condition, True, repeated(value.then), repeated(value.otherwise), at)
        if isinstance(value, Nothing):
            return listed([], at)
        pairs = pairs_of(value, at)
        if pairs is None or len(pairs) > MAX_REPEATED:
            return Undecided("how often it is repeated is known only when deployed", at)
        return listed([made(key, item) for key, item in pairs], at)

    def made(key: Node, item: Node) -> Node:
        if isinstance(item, Choice) and isinstance(item.otherwise, Nothing):
            return choice(item.condition, True, made(key, item.then), item.otherwise, at)
        if isinstance(item, Choice) and isinstance(item.then, Nothing):
            return choice(item.condition, False, made(key, item.otherwise), item.then, at)
        # The items of a set are their own keys; so are those of a list here, where nobody asks for an index.
        inside = {**names, name: keyed({"key": key, "value": item}, at)}
        if content is not None:
            return _content(content, module, inside)
        assert nested is not None
        return evaluate(nested, module, inside)

    return repeated(evaluate(over, module, names))
