"""Templates: quoted text and heredocs with `${}` and `%{}` in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tree_sitter import Node as Tree
from yaml.nodes import Node, ScalarNode

from slslint.grammar import text_of
from slslint.model import Hole, Pattern, Ref
from slslint.source import SourceFile
from slslint.templates.cloudformation.nodes import Undecided
from slslint.templates.terraform.grammar import GRAMMAR, kinds
from slslint.templates.terraform.loops import pairs_of
from slslint.templates.terraform.places import Source
from slslint.templates.terraform.values import (
    Choice,
    choice,
    known_text,
    lifted,
    literal,
    origin_of,
    text,
)

if TYPE_CHECKING:
    from slslint.templates.terraform.evaluate import Context

_LITERAL = kinds("template_literal")
_INTERPOLATION = kinds("template_interpolation")
_DIRECTIVE = kinds("template_directive")
_EXPRESSION = kinds("expression")
_IF = kinds("template_if")
_IF_INTRO = kinds("template_if_intro")
_ELSE = kinds("template_else_intro")
_FOR = kinds("template_for")
_FOR_START = kinds("template_for_start")
_ENDS = kinds("template_if_end template_for_end")
_IDENTIFIER = kinds("identifier")
_HEREDOC = kinds("heredoc_template")
_STRIP = kinds("strip_marker")
_EDGES = kinds("quoted_template_start quoted_template_end heredoc_start heredoc_identifier")

_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|([$%])\2\{", re.DOTALL)
_DOUBLED = re.compile(r"([$%])\1\{")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_END = "END_OF_TEMPLATE"
MAX_LABEL = 60


def template(context: Context, written: str, at: Node) -> Node:
    """The value of a text that is a template as it stands, without escapes; everything in it stands at `at`."""
    data = f"x=<<{_END}\n{written}\n{_END}\n".encode()
    file = SourceFile(at.start_mark.name, data)
    root = GRAMMAR.parser.parse(data).root_node
    tree = _first(root, _HEREDOC)
    if tree is None or root.has_error or f"\n{_END}" in f"\n{written}":
        return Undecided("it is no template that can be read", at)
    inner = type(context)(Source(file, at), context.module, context.names)
    pieces = _pieces(inner, tree.children[2:-1], tree.children[1].end_byte + 1, tree.children[-1].start_byte - 1, data)
    return put_together(pieces, at)


def _first(tree: Tree, wanted: frozenset[int]) -> Tree | None:
    pending = [tree]
    while pending:
        found = pending.pop()
        if found.kind_id in wanted:
            return found
        pending.extend(reversed(found.children))
    return None


def _quoted(context: Context, tree: Tree) -> Node:
    children = [child for child in tree.children if child.kind_id not in _EDGES]
    at = context.place(tree)
    if not children:
        return literal("", at)
    if len(children) == 1 and children[0].kind_id in _LITERAL:
        return literal(_DOUBLED.sub(r"\1{", _unescaped(text_of(children[0]))), at)
    start, end = tree.children[0].end_byte, tree.children[-1].start_byte
    pieces = _pieces(context, children, start, end, context.source.data)
    return put_together([_unescaped(piece) if isinstance(piece, str) else piece for piece in pieces], at)


def _heredoc(context: Context, tree: Tree) -> Node:
    data = context.source.data
    start = data.find(b"\n", tree.children[1].end_byte) + 1
    end = data.rfind(b"\n", start - 1, tree.children[-1].start_byte) + 1
    pieces = _pieces(context, tree.children[2:-1], start, max(start, end), data)
    if tree.children[0].text == b"<<-":
        pieces = _without_indent(pieces)
    value = put_together(pieces, context.place(tree))
    if type(value) is ScalarNode and context.source.fixed is None:
        # A block of lines, whose places can be told.
        value.style = "|"
    return value


def _without_indent(pieces: list[str | Node]) -> list[str | Node]:
    """The pieces of a heredoc without the blanks that all its lines start with."""
    fresh, indents = True, []
    for piece in pieces:
        if isinstance(piece, str):
            for number, line in enumerate(piece.split("\n")):
                if (number or fresh) and (line.strip() or (piece is not pieces[-1] and line)):
                    indents.append(len(line) - len(line.lstrip(" \t")))
            fresh = piece.endswith("\n")
        elif fresh:
            indents.append(0)
            fresh = False
    width = min(indents, default=0)
    if not width:
        return pieces
    found: list[str | Node] = []
    fresh = True
    for piece in pieces:
        if isinstance(piece, str):
            lines = piece.split("\n")
            found.append("\n".join(line[width:] if number or fresh else line for number, line in enumerate(lines)))
            fresh = piece.endswith("\n")
        else:
            found.append(piece)
            fresh = False
    return found


def _pieces(context: Context, children: list[Tree], start: int, end: int, data: bytes) -> list[str | Node]:
    """What a template consists of: texts as written, and values."""
    found: list[str | Node] = []
    for child in children:
        # The grammar leaves out blanks at some edges of a text.
        if child.start_byte > start:
            found.append(data[start : child.start_byte].decode(errors="replace"))
        if child.kind_id in _LITERAL:
            found.append(text_of(child))
        elif child.kind_id in _INTERPOLATION:
            _strip(found, child)
            found.append(_interpolated(context, child))
        elif child.kind_id in _DIRECTIVE:
            found.append(_directive(context, child))
        start = child.end_byte
    if end > start:
        found.append(data[start:end].decode(errors="replace"))
    whole: list[str | Node] = []
    for piece in found:
        if isinstance(piece, str) and whole and isinstance(whole[-1], str):
            whole[-1] += piece
        else:
            whole.append(piece)
    return whole


def _strip(found: list[str | Node], child: Tree) -> None:
    """`${~ x}` takes the blanks before it away."""
    if len(child.children) > 1 and child.children[1].kind_id in _STRIP and found and isinstance(found[-1], str):
        found[-1] = found[-1].rstrip()


def _interpolated(context: Context, tree: Tree) -> Node:
    inner = next((child for child in tree.children if child.kind_id in _EXPRESSION), None)
    if inner is None:
        return Undecided("it is empty", context.place(tree))
    value = context.value(inner)
    return labelled(value, text_of(inner))


def labelled(value: Node, label: str) -> Node:
    """A value in a text, with the words that stand for it where it is no text."""
    return value if _is_text(value) else _Labelled(value, _label(label))


def _is_text(value: Node) -> bool:
    return known_text(value) is not None or isinstance(value, Choice)


class _Labelled(Undecided):
    """A value that is no text, with the words that stand for it in a text."""

    def __init__(self, value: Node, label: str) -> None:
        super().__init__(value.why if isinstance(value, Undecided) else "it is no text", value)
        self.value_itself = value
        self.label = label


def _label(written: str) -> str:
    label = " ".join(written.split())
    return label if len(label) <= MAX_LABEL else f"{label[: MAX_LABEL - 1]}…"


def put_together(pieces: list[str | Node], at: Node) -> Node:
    """The value of a template that consists of these pieces."""
    pieces = [
        _DOUBLED.sub(r"\1{", piece) if isinstance(piece, str) and "{" in piece else piece for piece in pieces if piece
    ]
    if not pieces:
        return literal("", at)
    if len(pieces) == 1 and not isinstance(pieces[0], str):
        # A template that is nothing but one value is that value, whatever its type.
        only = pieces[0]
        return only.value_itself if isinstance(only, _Labelled) else only

    def joined(nodes: list[Node]) -> Node:
        parts: list[str | Ref | Hole] = []
        values = iter(nodes)
        for piece in pieces:
            if isinstance(piece, str):
                parts.append(piece)
                continue
            node = next(values)
            known = known_text(node)
            if known is None:
                parts.append(Hole(node.label if isinstance(node, _Labelled) else "..."))
            elif isinstance(known, Pattern):
                parts.extend(known.parts)
            else:
                parts.append(known)
        return text(parts, at, origin_of(*nodes))

    return lifted([piece for piece in pieces if not isinstance(piece, str)], joined, at)


def _directive(context: Context, tree: Tree) -> Node:
    inner = tree.children[0]
    at = context.place(tree)
    if inner.kind_id in _IF:
        return _if(context, inner, at)
    if inner.kind_id in _FOR:
        return _for(context, inner, at)
    return _Labelled(Undecided("this syntax is not understood", at), "%{...}")


def _if(context: Context, tree: Tree, at: Node) -> Node:
    intro = next((child for child in tree.children if child.kind_id in _IF_INTRO), None)
    test = None if intro is None else next((each for each in intro.children if each.kind_id in _EXPRESSION), None)
    unknown = _Labelled(Undecided("it depends on what is known only when deployed", at), "%{if ...}")
    if intro is None or test is None:
        return unknown
    other = next((child for child in tree.children if child.kind_id in _ELSE), None)
    last = next((child for child in tree.children if child.kind_id in _ENDS), tree.children[-1])
    then = _between(context, tree, intro, other or last, at)
    otherwise = literal("", at) if other is None else _between(context, tree, other, last, at)
    holds = context.condition(test)
    if isinstance(holds, bool):
        return then if holds else otherwise
    return unknown if holds is None else choice(holds[0], holds[1], then, otherwise, at)


def _between(context: Context, tree: Tree, first: Tree, last: Tree, at: Node) -> Node:
    children = [each for each in tree.children if first.end_byte <= each.start_byte < last.start_byte]
    pieces = _pieces(context, children, first.end_byte, last.start_byte, context.source.data)
    return put_together(pieces, at)


def _for(context: Context, tree: Tree, at: Node) -> Node:
    start = next((child for child in tree.children if child.kind_id in _FOR_START), None)
    last = next((child for child in tree.children if child.kind_id in _ENDS), None)
    unknown = _Labelled(Undecided("what it goes over is known only when deployed", at), "%{for ...}")
    if start is None or last is None:
        return unknown
    names = [text_of(child) for child in start.children if child.kind_id in _IDENTIFIER]
    collection = next((child for child in start.children if child.kind_id in _EXPRESSION), None)
    pairs = None if collection is None else pairs_of(context.value(collection), at)
    if pairs is None or not names:
        return unknown
    rounds: list[Node] = []
    for key, item in pairs:
        inside = context.within({names[0]: key, names[1]: item} if len(names) > 1 else {names[0]: item})
        rounds.append(_between(inside, tree, start, last, at))
    return put_together([*rounds], at) if len(rounds) != 1 else rounds[0]


def _unescaped(written: str) -> str:
    """The text that a part of a quoted template stands for; `$${` is left for later."""
    if "\\" not in written:
        return written

    def replaced(match: re.Match[str]) -> str:
        escape = match[1]
        if escape is None:
            return match[0]
        if len(escape) > 1:
            code = int(escape[1:], 16)
            return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        return _ESCAPED.get(escape, escape)

    return _ESCAPE.sub(replaced, written)


def _whole(context: Context, tree: Tree) -> Node:
    return context.value(tree.children[0]) if tree.children else literal("", context.place(tree))


HANDLERS: Mapping[str, Callable[[Context, Tree], Node]] = {
    "heredoc_template": _heredoc,
    "quoted_template string_lit": _quoted,
    "template_expr": _whole,
}
"""By the kinds of syntax."""
