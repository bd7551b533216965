"""What a block is given: the values of its attributes, and the blocks inside it as lists of objects."""

from __future__ import annotations

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
    items: list[Node] = []
    for inner in block.blocks:
        if inner.type == name:
            items.append(_content(inner, module, names))
        elif inner.type == "dynamic" and inner.labels[:1] == (name,):
            items.append(_dynamic(inner, module, names))
    if not items:
        return None
    flat = [each for item in items for each in (item.value if is_list(item) else [item])]
    return listed(flat, items[0])


def _content(block: Block, module: Module, names: Names) -> Node:
    """A nested block as an object."""
    pairs = [(written.key, evaluate(written, module, names)) for written in block.attributes.values()]
    inner = {each.labels[0] if each.type == "dynamic" and each.labels else each.type: each.key for each in block.blocks}
    for name, key in inner.items():
        if name not in block.attributes:
            pairs.append((literal(name, key), argument(block, name, module, names) or Nothing(key)))
    return mapped(pairs, block.key)


def _dynamic(block: Block, module: Module, names: Names) -> Node:
    """A `dynamic` block as a list of objects, or a choice of such lists."""
    at = block.key
    over, iterator = block.get("for_each"), block.get("iterator")
    content = next((inner for inner in block.blocks if inner.type == "content"), None)
    nested = block.get("content")
    name = block.labels[0]
    if iterator is not None and iterator.tree is not None and iterator.tree.text is not None:
        name = iterator.tree.text.decode()
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
