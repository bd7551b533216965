"""YAML and JSON templates as PyYAML nodes, whose marks become spans; hostile documents are refused."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator
from io import BytesIO
from itertools import accumulate

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]
from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from slslint import late
from slslint.source import Problem, SourceFile, Span, start_of, templated

MAX_BYTES = 4 * 1024 * 1024
"""CloudFormation itself takes 1 MB; 8 MB of flow lists took PyYAML 7 s and 750 MB."""
MAX_DEPTH = 100
MAX_ALIASES = 1_000
MAX_NODES = 1_000_000
"""Nodes after every alias is replaced by what it stands for."""

# The composer recurses in C: this much nesting is refused before it can exhaust the stack.
_COMPOSABLE_DEPTH = 1_000
_BRACKETS = bytes(b for b in range(256) if b not in b"[]{}")
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_INDENTED = b"\n" + b" " * 64
_COMPACT = re.compile(rb"[-?][ \t]+(?:[-?][ \t]+){63}")
_ABYSS = late.pattern(rb"(?:[-?][ \t]+){400}|\n {1000}")
_ALIAS = late.pattern(rb"[\s\[{,]\*[\w-]")
_PAIR = late.pattern(rb"(?<!\\)((?:\\\\)*)\\u[dD]([89abAB])([0-9a-fA-F]{2})\\u[dD]([c-fC-F])([0-9a-fA-F]{2})")
_STAND_IN = late.pattern("[\ue000-\ue3ff][\ue400-\ue7ff]")


class _Composer(CParser):
    """Composes without resolving YAML 1.1's implicit types: a template's reader asks for the type it wants."""

    # The parser calls these three for every node. They are builtins because functions would take a quarter of the time
    # that composing takes: the first answers "" whatever it is given, and the answers of the others are not used.
    resolve = "".format
    descend_resolver = operator.is_
    ascend_resolver = tuple


class _Stream(BytesIO):
    """Bytes with a name, which every mark then carries: so a node knows which file it stands in."""

    def __init__(self, path: str, data: bytes) -> None:
        super().__init__(data)
        self.name = path


class Place(ScalarNode):
    """A node that is nothing but a stretch of a file, and its own two marks.

    Nodes that are no YAML's stand at one: then one object tells where they start and end, and only when somebody asks.
    """

    tag = value = ""
    style = None
    span: Span

    def __init__(self, at: Span) -> None:
        self.span = at
        self.start_mark = self.end_mark = self  # as far as PyYAML's marks are asked

    @property
    def name(self) -> str:
        return self.span.path

    @property
    def line(self) -> int:
        return self.span.line - 1

    @property
    def column(self) -> int:
        return self.span.column - 1


def compose(file: SourceFile) -> Node | Problem | None:
    """The document in a file, why there is none, or None for an empty file.

    Nodes carry no implicit types (`tag` is "" or what is written: `!Ref`); their marks name the file.
    The nodes may share children (aliases), but are no cycle and not deeper than MAX_DEPTH.
    """
    data = file.data
    if len(data) > MAX_BYTES:
        return _problem(file, f"it has {len(data):,} bytes, more than the {MAX_BYTES:,} that slslint reads; split it")
    if b"\0" in data:
        return _problem(file, "it holds NUL bytes, so it is no text")
    brackets = data.count(b"[") + data.count(b"{")
    if brackets > MAX_DEPTH // 2:  # else they cannot be nested too deeply, however they stand
        brackets = max(accumulate(map(_STEP.__getitem__, data.translate(None, _BRACKETS))), default=0)
    # To count bytes takes a hundredth of the time of a search that begins with a set of them.
    many = data.count(b"-") + data.count(b"?") > 63
    blocks = _INDENTED in data or (many and _COMPACT.search(data) is not None)
    if brackets > _COMPOSABLE_DEPTH or (blocks and _ABYSS.search(data)):
        return _problem(file, "it is nested too deeply to be read")
    json = data.lstrip()[:1] == b"{"
    pairs = json and _PAIR.search(data) is not None
    try:
        root = _compose(file.path, _without_pairs(data) if pairs else data)
    except yaml.YAMLError as error:
        return _syntax_problem(file, error)
    if root is None:
        return None
    aliases = len(_ALIAS.findall(data)) if b"&" in data else 0
    if aliases or brackets > MAX_DEPTH // 2 or blocks:
        why = refusal(root)
        if why:
            return _problem(file, why)
    if pairs:
        _restore_pairs(root)
    return root


def span(node: Node) -> Span:
    """Where a node stands, without the blank lines and comments that follow a block; of a block scalar, its `|`."""
    kept: Span | None = getattr(node, "span", None)
    if kept is None:
        kept = node.span = _span(node)  # type: ignore[attr-defined]
    return kept


def _span(node: Node) -> Span:
    start = node.start_mark
    if isinstance(start, Place):
        return start_at(start.span) if getattr(node, "style", None) == "|" else start.span
    line, column = start.line, start.column
    # A block collection's end mark stands at the next token, wherever that is.
    while isinstance(node, CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    mark, begun = node.end_mark, node.start_mark
    if isinstance(node, ScalarNode) and node.style in ("|", ">"):
        mark = begun
    end_line, end_column = mark.line, mark.column
    if end_line == begun.line and end_column == begun.column:
        end_column += 1
    return Span(start.name, line + 1, column + 1, end_line + 1, end_column + 1)


def start_at(at: Span) -> Span:
    """The first character of a span."""
    return Span(at.path, at.line, at.column, at.line, at.column + 1)


def last_row(node: Node) -> int:
    """The row, from 0, in which a node ends."""
    mark = node.end_mark
    row: int = mark.span.end_line - 1 if isinstance(mark, Place) else mark.line
    return row


def _compose(path: str, data: bytes) -> Node | None:
    composer = _Composer(_Stream(path, data))
    try:
        root: Node | None = composer.get_single_node()
        return root
    finally:
        composer.dispose()


def _without_pairs(data: bytes) -> bytes:
    """JSON writes characters beyond U+FFFF as two escapes, which YAML does not know: keep their place and length.

    Each half is moved to the private use area, from where `_restore_pairs` fetches it.
    """

    def move(match: re.Match[bytes]) -> bytes:
        slashes, high, high_rest, low, low_rest = match.groups()
        return b"%s\\ue%x%s\\ue%x%s" % (slashes, int(high, 16) - 8, high_rest, int(low, 16) - 8, low_rest)

    return _PAIR.sub(move, data)


def _restore_pairs(root: Node) -> None:
    def join(match: re.Match[str]) -> str:
        high, low = match.group()[0], match.group()[1]
        return chr(0x10000 + ((ord(high) - 0xE000) << 10) + (ord(low) - 0xE400))

    for node in _walk(root):
        if isinstance(node, ScalarNode):
            node.value = _STAND_IN.sub(join, node.value)


def _walk(root: Node) -> Iterator[Node]:
    """Every node once."""
    seen = {id(root)}
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        for child in _children(node):
            if id(child) not in seen:
                seen.add(id(child))
                pending.append(child)


def _children(node: Node) -> Iterator[Node]:
    if isinstance(node, SequenceNode):
        yield from node.value
    elif isinstance(node, MappingNode):
        for pair in node.value:
            yield from pair


def refusal(root: Node) -> str:
    """Why a composed document must not be read, or "": what it would be with every alias written out."""
    sizes: dict[int, tuple[int, int]] = {}
    opened: set[int] = set()
    uses: dict[int, int] = {}
    pending = [(root, False)]
    while pending:
        node, closing = pending.pop()
        key = id(node)
        if closing:
            opened.discard(key)
            parts = [sizes[id(child)] for child in _children(node)]
            depth = 1 + max((part[1] for part in parts), default=0)
            size = 1 + sum(part[0] for part in parts)
            if depth > MAX_DEPTH:
                return "it is nested too deeply to be read"
            if size > MAX_NODES:
                return "its aliases stand for more than a million nodes; write them out"
            sizes[key] = size, depth
            continue
        if key in opened:
            return "an alias stands inside its own anchor; a template cannot hold itself"
        if key in sizes:
            uses[key] = uses.get(key, 0) + 1
            continue
        opened.add(key)
        pending.append((node, True))
        pending.extend((child, False) for child in _children(node))
    if sum(uses.values()) > MAX_ALIASES:
        return f"it uses more than {MAX_ALIASES:,} aliases; write them out"
    return ""


def _problem(file: SourceFile, message: str) -> Problem:
    return Problem("syntax", start_of(file.path), message)


def _syntax_problem(file: SourceFile, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    said = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "it is no YAML")
    if mark is None:
        position = getattr(error, "position", 0)
        line = file.data.count(b"\n", 0, position) + 1
        return Problem("syntax", Span(file.path, line, 1, line, 2), f"{said}; mend the YAML here or just above")
    line, column = min(mark.line + 1, len(file.lines)), mark.column + 1
    at = Span(file.path, line, column, line, column + 1)
    tag = file.tag_near(line - 1)
    if tag:
        return templated(at, tag)
    context = getattr(error, "context", None)
    message = f"{said} {context}" if context else said
    if context and said.startswith("but "):
        message = f"{context}, {said}"
    return file.unfinished_merge() or Problem("syntax", at, f"{message}; mend it here or just above")
