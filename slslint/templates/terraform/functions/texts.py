"""Functions of texts: joining, cutting, replacing."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping

from yaml.nodes import Node, SequenceNode

from slslint.model import Hole, Pattern, Ref, pieces_of
from slslint.templates.terraform.functions.calling import Call, Function
from slslint.templates.terraform.values import MAX_LENGTH, Nothing, known_text, lifted, listed, literal, string, text

_VERB = re.compile(r"%(?:%|\[\d+\]|[-+# 0]*\d*(?:\.\d+)?([a-zA-Z]))")


def _format(call: Call) -> Node:
    form = call.text(0)
    if form is None:
        return call.unknown()
    parts: list[str | Ref | Hole] = []
    end, used = 0, 1
    for match in _VERB.finditer(form):
        parts.append(form[end : match.start()])
        end = match.end()
        if match.group() == "%%":
            parts.append("%")
        elif match[1] is None or used >= len(call.arguments):
            return call.unknown("its format is not understood")
        elif match.group() not in ("%s", "%v", "%d"):
            parts.append(Hole("format(...)"))
            used += 1
        else:
            parts += _parts(call.arguments[used])
            used += 1
    return text([*parts, form[end:]], call.at)


def _parts(node: Node) -> list[str | Ref | Hole]:
    """The parts of a text that a value brings."""
    known = known_text(node)
    if known is None:
        return [Hole("...")]
    return list(known.parts) if isinstance(known, Pattern) else [known]


def _join(call: Call) -> Node:
    delimiter = call.text(0)
    if delimiter is None:
        return call.unknown()
    nodes: list[Node] = []
    for argument in call.arguments[1:]:
        if not isinstance(argument, SequenceNode):
            return call.unknown()
        nodes += argument.value

    def joined(nodes: list[Node]) -> Node:
        parts: list[str | Ref | Hole] = []
        for node in nodes:
            if not isinstance(node, Nothing):
                parts += [delimiter, *_parts(node)]
        if sum(len(part) for part in parts if isinstance(part, str)) > MAX_LENGTH:
            return call.unknown("it is too long a text")
        return text(parts[1:], call.at)

    return lifted(nodes, joined, call.at)


def _plain(change: Callable[..., str | float | bool]) -> Callable[[Call], Node]:
    """A function of texts that are wholly decided."""

    def apply(call: Call) -> Node:
        texts = [string(argument) for argument in call.arguments]
        if not texts or None in texts:
            return call.unknown()
        try:
            return literal(change(*texts), call.at)
        except (TypeError, ValueError, OverflowError):
            return call.unknown()

    return apply


def _outside(change: Callable[[str], str]) -> Callable[[Call], Node]:
    """A function of a text that treats each part of it alike, references and holes left as they are."""

    def apply(call: Call) -> Node:
        known = known_text(call.arguments[0]) if call.arguments else None
        if known is None:
            return call.unknown()
        if isinstance(known, str):
            return literal(change(known), call.at)
        parts = pieces_of(known)
        # What a reference stands for would be changed too.
        return text([change(part) if isinstance(part, str) else Hole(f"{call.name}(...)") for part in parts], call.at)

    return apply


def _at_edge(edge: int, change: Callable[[str, str], str]) -> Callable[[Call], Node]:
    """A function of a text that asks only how it starts, or ends."""

    def apply(call: Call) -> Node:
        known, cut = known_text(call.arguments[0]), call.text(1)
        if known is None or cut is None:
            return call.unknown()
        parts = list(known.parts) if isinstance(known, Pattern) else [known]
        part = parts[edge]
        if not isinstance(part, str) or (len(part) < len(cut) and len(parts) > 1):
            return call.unknown("how the text starts and ends is known only when deployed")
        parts[edge] = change(part, cut)
        return text(parts, call.at)

    return apply


def _replace(call: Call) -> Node:
    known, old, new = known_text(call.arguments[0]) if call.arguments else None, call.text(1), call.text(2)
    if known is None or old is None or new is None:
        return call.unknown()
    if not isinstance(known, str):
        return call.unknown("a part of the text is known only when deployed")
    if len(old) > 2 and old.startswith("/") and old.endswith("/"):
        return call.unknown("what a regular expression replaces is not worked out")
    if known.count(old) * len(new) > MAX_LENGTH:
        return call.unknown("it is too long a text")
    return literal(known.replace(old, new), call.at)


def _split(call: Call) -> Node:
    delimiter, known = call.text(0), known_text(call.arguments[1]) if len(call.arguments) > 1 else None
    if not delimiter or known is None:
        return call.unknown()
    if not isinstance(known, str):
        return call.unknown("the text it splits is known only when deployed")
    return listed([literal(part, call.at) for part in known.split(delimiter)], call.at)


def _substr(written: str, start: str, length: str) -> str:
    first, count = int(start), int(length)
    first = first if first >= 0 else len(written) + first
    return written[first:] if count < 0 else written[first : first + count]


def _dirname(path: str) -> str:
    return posixpath.dirname(path) or "."


FUNCTIONS: Mapping[str, Function] = {
    "basename": _plain(posixpath.basename),
    "chomp": _plain(lambda written: written.rstrip("\r\n")),
    "dirname": _plain(_dirname),
    "endswith": _plain(lambda written, end: written.endswith(end)),
    "format": _format,
    "join": _join,
    "lower": _outside(str.lower),
    "replace": _replace,
    "split": _split,
    "startswith": _plain(lambda written, start: written.startswith(start)),
    "substr": _plain(_substr),
    "title": _outside(str.title),
    "trim": _plain(lambda written, cut: written.strip(cut)),
    "trimprefix": _at_edge(0, str.removeprefix),
    "trimspace": _plain(str.strip),
    "trimsuffix": _at_edge(-1, str.removesuffix),
    "upper": _outside(str.upper),
}
"""By name."""
