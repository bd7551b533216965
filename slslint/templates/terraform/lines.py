"""Blocks as nearly everybody writes them: a line for each name with its value, and for where a block begins and ends.

Patterns tell such lines in a fifth of the time that the grammar takes, and values with structure are all that is left
to it: of whitespace it makes a token each, and half of a file is that. Blocks with other lines it gets whole.
"""

from __future__ import annotations

import re
from itertools import pairwise

from tree_sitter import Node as Tree

from slslint.templates.terraform.grammar import parsed
from slslint.templates.terraform.patterns import PLAIN, WORD
from slslint.templates.terraform.places import Source
from slslint.templates.terraform.syntax import Block, Written
from slslint.templates.terraform.trees import ATTRIBUTE, BODY
from slslint.templates.terraform.trees import blocks_in as blocks_in_tree

_TOP = re.compile(
    rb"\n(?=(?:check|data|ephemeral|import|locals|module|moved|output|provider|removed|resource|terraform|variable)\b"
    rb"[ \t]*[\"{A-Za-z_])"
)
_END = rb"[ \t\r]*+ (?: (?: \# | // ) [^\n]*+ )? (?: \n | \Z )"
_LINE = re.compile(
    rb"(?P<indent> [ \t]*+ ) (?:"
    # A name with its value: a plain one, a heredoc up to its last line, or what goes on for as long as the line ends
    # with a bracket, each time up to the next line as far to the right that starts with one.
    rb"  (?P<key> " + WORD + rb" ) (?: [ \t]*+ = [ \t]*+ (?: " + PLAIN + _END + rb" | (?P<structured>"
    rb"      << -? (?P<tag> [\w-]++ ) \r? \n (?: [^\n]*+ \n )*? [ \t]*+ (?P=tag) (?= [ \t\r]*+ (?: \n | \Z ) )"
    rb"    | (?! << ) [^\n]*+ (?: (?: (?<= [\[({] ) | (?<= [\[({]\r ) ) \n"
    rb"        (?: [^\n]*+ \n )*? (?P=indent) [\])}] [^\n]*+ )*+"
    rb"    ) (?: \n | \Z ) )"
    # The first line of a block, or all of an empty one.
    rb'    | (?P<labels> (?: [ \t]++ "[^"\\$%\n]*+" )*+ ) [ \t]*+ \{ (?P<empty> [ \t]*+ \} )? ' + _END + rb")"
    rb"  | (?P<closing> \} ) " + _END + rb""
    rb"  | (?: (?: \# | // ) [^\n]*+ | \r )? \n"
    rb")",
    re.VERBOSE,
)
_LABEL = re.compile(r'"([^"]*)"')
_GAP = re.compile(rb"(?:\s++|(?:#|//)[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/)*+")
"""What may stand between blocks."""


def blocks_in(source: Source) -> list[Block] | None:
    """The blocks of a file; None when there is something else in it, or an error."""
    data = source.data
    edges = edges_of(data)
    if b"\0" in data or _GAP.fullmatch(data, 0, edges[0]) is None:
        return None
    found: list[Block] = []
    for start, end in pairwise(edges):
        block = _block(source, start, end)
        if block is not None:
            found.append(block)
            continue
        root = parsed(data, start, end)
        if root.has_error:
            return None
        found += blocks_in_tree(source, root)
    return found


def edges_of(data: bytes) -> list[int]:
    """The bytes that the blocks of a file start with, and the end of the file."""
    # With a line end before it, the first one is no special case.
    return [*map(re.Match.start, _TOP.finditer(b"\n" + data)), len(data)]


def _block(source: Source, start: int, end: int) -> Block | None:
    """The only block between two bytes; None when its lines are not of the usual kinds."""
    data = source.data
    opened: list[Block] = []
    while (line := _LINE.match(data, start, end)) is not None:
        start = line.end()
        kind = line.lastgroup
        if kind == "indent":
            continue  # blank, or a comment
        if kind == "labels" or kind == "empty":
            block = _begun(source, line)
            if opened:
                opened[-1].add(block)
            if kind == "labels":
                opened.append(block)
                continue
        elif kind == "closing" and opened:
            block = opened.pop()
        else:
            given = _given(source, line) if opened else None
            if given is None:
                return None
            opened[-1].attributes[line["key"].decode()] = given
            continue
        if not opened:
            return block if _GAP.fullmatch(data, start, end) is not None else None
    return None


def _begun(source: Source, line: re.Match[bytes]) -> Block:
    labels = tuple(_LABEL.findall(line["labels"].decode(errors="replace")))
    return Block(source, line["key"].decode(), labels, source.between(line.start("key"), line.end("labels")))


def _given(source: Source, line: re.Match[bytes]) -> Written | None:
    """The value of an attribute; None when it goes on after the line, or is an error."""
    kind = line.lastgroup or ""
    start, end = line.span(kind)
    key = line.span("key")
    if kind != "structured":
        return Written(source, start, end, kind, key)
    tree = _attribute(parsed(source.data, key[0], line.end()))
    if tree is None or _GAP.fullmatch(source.data, tree.end_byte, line.end()) is None:
        return None
    return Written(source, start, tree.end_byte, "", key, tree)


def _attribute(root: Tree) -> Tree | None:
    body = None if root.has_error else root.child(0)
    given = body.child(0) if body is not None and body.kind_id in BODY else None
    return given if given is not None and given.kind_id in ATTRIBUTE else None
