"""Blocks from syntax trees."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node as Tree

from slslint.grammar import text_of
from slslint.templates.terraform.grammar import kinds
from slslint.templates.terraform.patterns import plain_kind
from slslint.templates.terraform.places import Source
from slslint.templates.terraform.syntax import Block, Written

BODY = kinds("body")
ATTRIBUTE = kinds("attribute")
_BLOCK = kinds("block")
_IDENTIFIER = kinds("identifier")
_STRING = kinds("string_lit")
_LITERAL = kinds("template_literal")


def blocks_in(source: Source, root: Tree) -> Iterator[Block]:
    """The blocks of a file, or of a part of one, that parses."""
    for body in root.children:
        for child in body.children if body.kind_id in BODY else ():
            if child.kind_id in _BLOCK:
                yield _block(source, child)


def whole_blocks_in(source: Source, root: Tree) -> Iterator[Block]:
    """The blocks that parse, of something that does not."""
    for child in root.children:
        if child.kind_id in BODY or child.is_error:
            yield from whole_blocks_in(source, child)
        elif child.kind_id in _BLOCK and not child.has_error:
            yield _block(source, child)


def attributes_in(source: Source, body: Tree) -> Iterator[tuple[str, Written]]:
    """The attributes that parse, with their names."""
    for child in body.children:
        if child.kind_id in ATTRIBUTE and not child.has_error:
            name, value = child.children[0], child.children[-1]
            start, end = value.start_byte, child.end_byte
            kind = plain_kind(source.data, start, end)
            yield text_of(name), Written(source, start, end, kind, (name.start_byte, name.end_byte), child)


def _block(source: Source, tree: Tree) -> Block:
    names: list[str] = []
    end = tree.end_byte
    bodies: list[Tree] = []
    for child in tree.children:
        if child.kind_id in _IDENTIFIER:
            names.append(text_of(child))
        elif child.kind_id in _STRING:
            names.append("".join(text_of(part) for part in child.children if part.kind_id in _LITERAL))
        else:
            if child.kind_id in BODY:
                bodies.append(child)
            continue
        end = child.end_byte
    block = Block(source, names[0], tuple(names[1:]), source.between(tree.start_byte, end))
    for body in bodies:
        block.attributes.update(attributes_in(source, body))
        for child in body.children:
            if child.kind_id in _BLOCK:
                block.add(_block(source, child))
    return block
