"""Values without structure: most of what people write is a plain text, a number, a name, or a text with names in it.

Those are read off their bytes, for walking their syntax would take three times as long.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tree_sitter import Node as Tree
from yaml.nodes import Node

from slslint.templates.terraform.names import named
from slslint.templates.terraform.strings import labelled, put_together
from slslint.templates.terraform.syntax import Piece
from slslint.templates.terraform.values import Composed, Nothing, moved

if TYPE_CHECKING:
    from slslint.templates.terraform.evaluate import Context

_WORD = rb"[A-Za-z_][\w-]*"
_NAME = _WORD + rb"(?:\." + _WORD + rb")+"
_PLAIN = re.compile(
    rb'"(?P<text>[^"\\$%\n]*)"|(?P<number>\d{1,15}|true|false)|(?P<null>null)'
    rb"|(?P<name>" + _NAME + rb')|"(?P<filled>(?:[^"\\$%\n]++|\$\{' + _NAME + rb'\})++)"'
)
_INSERTED = re.compile(rb"\$\{([^}]*)\}")
_BARE = re.compile(_WORD)
_KEY = re.compile(rb'(?P<key>(%s)|"([^"\\$%%\n]*)")[ \t]*[=:][ \t]*' % _WORD)


def plain(context: Context, start: int, end: int) -> Node | None:
    """The value of the expression between two bytes when it is a plain text, number, truth value, null or name, or a
    text with nothing but names inserted; None for any other.
    """
    source = context.source
    match = _PLAIN.fullmatch(source.file.data, start, end)
    if match is None:
        return None
    kind = match.lastgroup
    if kind == "text" or kind == "number":
        text = match[match.lastindex or 0].decode(errors="replace")
        return source.word(start, end, text, None if kind == "number" else '"')
    at = source.fixed or Piece(source, start, end)
    if kind == "name":
        return _name(context, match[0].decode(), at)
    return Nothing(at) if kind == "null" else _filled(context, match["filled"], at)


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


def _filled(context: Context, text: bytes, at: Node) -> Node | None:
    """A text with the names in it filled in; None for a lone name, whose value stands where the name does."""
    split = _INSERTED.split(text)
    if len(split) == 3 and not split[0] and not split[2]:
        return None
    pieces: list[str | Node] = []
    for index, piece in enumerate(split):
        # By turns what stands between the names, and a name.
        written = piece.decode(errors="replace")
        pieces.append(labelled(_name(context, written, at), written) if index % 2 else written)
    return put_together(pieces, at)
