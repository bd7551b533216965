"""What plain values come to, and the keys of objects."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tree_sitter import Node as Tree
from yaml.nodes import Node

from slslint.templates.terraform.names import attribute, index, named
from slslint.templates.terraform.patterns import ENTRIES, ITEMS, KEY, WORD, plain_kind
from slslint.templates.terraform.strings import labelled, put_together
from slslint.templates.terraform.values import Composed, Nothing, listed, literal, mapped, moved

if TYPE_CHECKING:
    from slslint.templates.terraform.evaluate import Context

_INSERTED = re.compile(rb"\$\{([^}]*)\}")
_STEPS = re.compile(r'\["?(?P<index>[^"\]]*)"?\]|\.(?P<name>[^.\[]+)')
_WORD = re.compile(WORD)
_KEY = re.compile(KEY)


def plain(context: Context, start: int, end: int) -> Node | None:
    """The value of the expression between two bytes when it is a plain one; None for any other."""
    kind = plain_kind(context.source.data, start, end)
    return TOLD[kind](context, start, end) if kind else None


def entry(context: Context, tree: Tree) -> tuple[Node, Node] | None:
    """The key and the value of an entry of an object whose key is a plain text or bare word; None for any other."""
    start, end = tree.start_byte, tree.end_byte
    match = _KEY.match(context.source.data, start, end)
    if match is None:
        return None
    value = plain(context, match.end(), end) or context.worked_out(tree.child(tree.child_count - 1) or tree)
    return _key(context, match), value


def plain_key(context: Context, tree: Tree) -> str | None:
    """The bare word that the key of an object is; None for any other."""
    match = _WORD.fullmatch(context.source.data, tree.start_byte, tree.end_byte)
    return None if match is None else match[0].decode()


def _key(context: Context, match: re.Match[bytes]) -> Node:
    word = match["key"] if match["bare"] else match["key"][1:-1]
    return context.source.word(match.start("key"), match.end("key"), word.decode(errors="replace"))


def _text(context: Context, start: int, end: int) -> Node:
    source = context.source
    return source.word(start, end, source.data[start + 1 : end - 1].decode(errors="replace"))


def _number(context: Context, start: int, end: int) -> Node:
    source = context.source
    return source.word(start, end, source.data[start:end].decode(), None)


def _null(context: Context, start: int, end: int) -> Node:
    return Nothing(context.source.between(start, end))


def _name(context: Context, start: int, end: int) -> Node:
    source = context.source
    return _named(context, source.data[start:end].decode(), source.between(start, end))


def _filled(context: Context, start: int, end: int) -> Node:
    """A text with the names in it filled in; the value of a lone name stands where the name does."""
    source = context.source
    split = _INSERTED.split(source.data[start + 1 : end - 1])
    if len(split) == 3 and not split[0] and not split[2]:
        return _name(context, start + len('"${'), end - len('}"'))
    at = source.between(start, end)
    pieces: list[str | Node] = []
    for number, piece in enumerate(split):
        # By turns what stands between the names, and a name.
        written = piece.decode(errors="replace")
        pieces.append(labelled(_named(context, written, at), written) if number % 2 else written)
    return put_together(pieces, at)


def _list(context: Context, start: int, end: int) -> Node:
    items = ITEMS.finditer(context.source.data, start + 1, end)
    return listed(
        [TOLD[item.lastgroup](context, *item.span(item.lastgroup)) for item in items if item.lastgroup],
        context.source.between(start, end),
    )


def _object(context: Context, start: int, end: int) -> Node:
    entries = ENTRIES.finditer(context.source.data, start + 1, end)
    return mapped(
        [
            (_key(context, entry), TOLD[entry.lastgroup](context, *entry.span(entry.lastgroup)))
            for entry in entries
            if entry.lastgroup
        ],
        context.source.between(start, end),
    )


def _named(context: Context, written: str, at: Node) -> Node:
    """What a name stands for. That of a text or reference is kept, for most are named in several places."""
    kept = context.module.named
    head = written.partition("[")[0]
    names, steps = head.split("."), written[len(head) :]
    if names[0] in context.names:
        return _inside(named(context, names, at), steps, at)
    known = kept.get(written)
    if known is not None:
        return moved(known, at)
    value = _inside(named(context, names, at), steps, at)
    if type(value) is Composed and value.start_mark is at.start_mark and names[0] not in ("each", "count"):
        # It stands where it is named, so nothing else in it depends on the place.
        kept[written] = value
    return value


def _inside(value: Node, steps: str, at: Node) -> Node:
    """What stands in a value under indexes and names."""
    for step in _STEPS.finditer(steps) if steps else ():
        value = attribute(value, step["name"], at) if step["name"] else index(value, literal(step["index"], at), at)
    return value


TOLD: Mapping[str, Callable[[Context, int, int], Node]] = {
    "filled": _filled,
    "list": _list,
    "name": _name,
    "null": _null,
    "number": _number,
    "object": _object,
    "text": _text,
}
"""By the kinds of plain values: the value that stands between two bytes."""
