"""What is TypeScript, though the grammar of TSX cannot parse it: it is read with blanks in its place."""

from __future__ import annotations

import re

from tree_sitter import Node, Parser

from slslint.grammar import load

_FORMS = (
    rb"\btypeof\s+import\([^()\r\n]*\)"
    rb"|\bimport\(\s*['\"][^'\"\r\n]*['\"]\s*\)\.(?=[A-Z])"
    rb"|\bexport\s+type\s+\*[^;\r\n]*"
    rb"|\bexport(?=\s+import\b)"
    rb"|\baccessor(?=\s+[#\w$]+\s*[=:;!])"
    rb"|(?m:^[ \t]+)(?:\w+[ \t]+)?accessor(?=\s*(?:[=;(]|[?!]?:))"
)
"""`typeof import("m")`, `import("m").A` as types, `export type * from "m"`, `export import a = b`, `accessor a = 1`,
and a field `accessor = 1`."""

_SIMPLE = rb"(?:any|bigint|boolean|number|object|string|symbol|undefined|unknown)"

_UNTYPED = rb"(?<=:)\s*\(\s*" + _SIMPLE + rb"(?:\s*,\s*" + _SIMPLE + rb")*\s*\)(?=\s*=>)"
"""Parameters of a type that have the names of types: `find: (string) => User`."""

_VARIANCE = rb"([<,]\s*)((?:in[ \t]+out|in|out)(?=\s+[A-Z]\w*\s*(?:extends\b|[=,>])))"
"""`interface Client<in Options extends Any>`"""

_TAGGED = rb"(?<=[\w$])<(?:[^<>`;()]|<[^<>`;()]*>)*>(?=`)"
"""Types of a tagged template: ``query<{ count: number }[]>`SELECT ...` ``."""

_NO_LINE_END = rb"[^\r\n]"


def repaired(data: bytes, elements: bool) -> tuple[bytes, list[str]]:
    """The source without what the grammar cannot parse, every other thing in its place; and the types left out.

    That is a few rare forms, and, where a file holds no `elements` (JSX), `<T>` before an expression or an arrow
    function.
    """
    gone: list[str] = []
    data = re.sub(_FORMS, _blanked, data)
    data = re.sub(_UNTYPED, lambda found: found[0].title(), data)
    data = re.sub(_VARIANCE, lambda found: found[1] + b" " * len(found[2]), data)
    data = re.sub(_TAGGED, lambda found: re.sub(_NO_LINE_END, b" ", found[0]), data)
    if elements:
        return data, gone
    root = Parser(load("tree_sitter_typescript", "language_typescript")).parse(data).root_node
    blank = bytearray(data)
    for node in _bracketed(root):
        start, end = node.start_byte, node.end_byte
        gone.append(data[start:end].decode(errors="replace"))
        blank[start:end] = bytes(byte if byte in b"\r\n" else 0x20 for byte in data[start:end])
    return bytes(blank), gone


def _blanked(found: re.Match[bytes]) -> bytes:
    if found[0][:1].isspace():
        # The grammar takes the name for the keyword, so it is read under another one.
        return found[0].replace(b"accessor", b"Accessor")
    return (b"unknown" if found[0].startswith(b"typeof") else b"").ljust(len(found[0]))


def _bracketed(root: Node) -> list[Node]:
    """The types that stand in angle brackets before something."""
    found: list[Node] = []
    stack = [root]
    while stack:
        node = stack.pop()
        children = node.named_children
        if node.type == "type_assertion":
            found += [child for child in children if child.type == "type_arguments"]
        elif node.type == "arrow_function":
            found += [child for child in children if child.type == "type_parameters"]
        stack.extend(children)
    return found
