"""Values without structure: most of what people write is a plain text, a number, a name, or a text with names in it.

Those are read off their bytes, for walking their syntax would take three times as long.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tree_sitter import Node as Tree
from yaml.nodes import Node

from slslint.templates.terraform.grammar import WORD, plain_kind
from slslint.templates.terraform.names import named
from slslint.templates.terraform.places import Piece
from slslint.templates.terraform.strings import labelled, put_together
from slslint.templates.terraform.values import Composed, Nothing, moved

if TYPE_CHECKING:
    from slslint.templates.terraform.evaluate import Context

_INSERTED = re.compile(rb"\$\{([^}]*)\}")
_BARE = re.compile(WORD)
_KEY = re.compile(rb'(?P<key>(%s)|"([^"\\$%%\n]*)")[ \t]*[=:][ \t]*' % WORD)


def plain(context: Context, start: int, end: int) -> Node | None:
    """The value of the expression between two bytes when it is a plain text, number, truth value, null or name, or a
    text with nothing but names inserted; None for any other.
    """
    kind = plain_kind(context.source.file.data, start, end)
    return told(context, kind, start, end) if kind else None


def told(context: Context, kind: str, start: int, end: int) -> Node:
    """The value that stands between two bytes, by what kind of plain value it is."""
    source = context.source
    data = source.file.data
    if kind == "text":
        return source.word(start, end, data[start + 1 : end - 1].decode(errors="replace"))
    if kind == "number":
        return source.word(start, end, data[start:end].decode(), None)
    at = source.fixed or Piece(source, start, end)
    if kind == "name":
        return _name(context, data[start:end].decode(), at)
    if kind == "null":
        return Nothing(at)
    split = _INSERTED.split(data[start + 1 : end - 1])
    if len(split) == 3 and not split[0] and not split[2]:
        # The value of a lone name stands where the name does.
        return _name(context, split[1].decode(), source.between(start + len('"${'), end - len('}"')))
    return _filled(context, split, at)


def entry(context: Context, tree: Tree) -> tuple[Node, Node] | None:
    """The key and the value of an entry of an object whose key is a plain text or bare word; None for any other."""
    source = context.source
    start, end = tree.start_byte, tree.end_byte
    match = _KEY.match(source.file.data, start, end)
    if match is None:
        return None
    word = match[2] or match[3] or b""
    key = source.word(start, match.end("key"), word.decode(errors="replace"))
    return key, plain(context, match.end(), end) or context.worked_out(tree.child(tree.child_count - 1) or tree)


def plain_key(context: Context, tree: Tree) -> str | None:
    """The bare word that the key of an object is; None for any other."""
    match = _BARE.fullmatch(context.source.file.data, tree.start_byte, tree.end_byte)
    return None if match is None else match[0].decode()


def _name(context: Context, written: str, at: Node) -> Node:
    """What a name stands for. That of a text or reference is kept, for most are named in several places."""
    kept = context.module.named
    names = written.split(".")
    if names[0] in context.names:
        return named(context, names, at)
    known = kept.get(written)
    if known is not None:
        return moved(known, at)
    value = named(context, names, at)
    if type(value) is Composed and value.start_mark is at.start_mark and names[0] not in ("each", "count"):
        # It stands where it is named, so nothing else in it depends on the place.
        kept[written] = value
    return value


def _filled(context: Context, split: list[bytes], at: Node) -> Node:
    """A text with the names in it filled in."""
    pieces: list[str | Node] = []
    for index, piece in enumerate(split):
        # By turns what stands between the names, and a name.
        written = piece.decode(errors="replace")
        pieces.append(labelled(_name(context, written, at), written) if index % 2 else written)
    return put_together(pieces, at)
