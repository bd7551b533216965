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
from slslint.templates.terraform.values import Nothing

if TYPE_CHECKING:
    from slslint.templates.terraform.evaluate import Context

_WORD = rb"[A-Za-z_][\w-]*"
_NAME = _WORD + rb"(?:\." + _WORD + rb")+"
_PLAIN = re.compile(
    rb'"(?P<text>[^"\\$%\n]*)"|(?P<number>\d{1,15}|true|false)|(?P<null>null)'
    rb"|(?P<name>" + _NAME + rb')|"(?P<filled>(?:[^"\\$%\n]++|\$\{' + _NAME + rb'\})++)"'
)
_INSERTED = re.compile(rb"\$\{([^}]*)\}")
_KEY = re.compile(_WORD)


def plain(context: Context, tree: Tree) -> Node | None:
    """The value of an expression that is a plain text, number, truth value, null or name, or a text with nothing but
    names inserted; None for any other.
    """
    match = _PLAIN.fullmatch(context.source.file.data, tree.start_byte, tree.end_byte)
    if match is None:
        return None
    kind = match.lastgroup
    if kind == "name":
        return named(context, match["name"].decode().split("."), context.place(tree))
    if kind == "filled":
        return _filled(context, match["filled"], context.place(tree))
    if kind == "null":
        return Nothing(context.place(tree))
    text = match[match.lastindex or 0].decode(errors="replace")
    return context.source.scalar(text, tree, None if kind == "number" else '"')


def plain_key(context: Context, tree: Tree) -> str | None:
    """The bare word that the key of an object is; None for any other."""
    match = _KEY.fullmatch(context.source.file.data, tree.start_byte, tree.end_byte)
    return None if match is None else match[0].decode()


def _filled(context: Context, text: bytes, at: Node) -> Node | None:
    """A text with the names in it filled in; None for a lone name, whose value stands where the name does."""
    split = _INSERTED.split(text)
    if len(split) == 3 and not split[0] and not split[2]:
        return None
    pieces: list[str | Node] = []
    for index, piece in enumerate(split):
        # By turns what stands between the names, and a name.
        written = piece.decode(errors="replace")
        pieces.append(labelled(named(context, written.split("."), at), written) if index % 2 else written)
    return put_together(pieces, at)
