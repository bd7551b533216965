"""JSON written as text inside a template: `RedrivePolicy: !Sub '{"deadLetterTargetArn": "${Queue.Arn}"}'`."""

from __future__ import annotations

from collections.abc import Sequence

from yaml.error import Mark
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint import late
from slslint.model import Ref, Text, pattern
from slslint.templates.cloudformation.nodes import Computed
from slslint.templates.document import MAX_DEPTH, last_row, span
from slslint.value import Known

# A part that is no text is marked by its number between NULs, which cannot stand in a template.
_BARE = late.pattern(r"([:,\[]\s*)(\x00\d+\x00)(?=\s*[,}\]])")

_MISSES = 50
"""Keys that are looked for in vain before the rest is taken to stand elsewhere."""


def from_json(text: Text, place: Node, lines: Sequence[str] = ()) -> Node | None:
    """The nodes of JSON text, its references and holes kept; None when it is no JSON.

    Keys and texts stand where they are found in `lines`, those of the file that `place` lies in; all else, and what
    is not found there, stands at `place`.
    """
    import json  # costs 3 ms, and most templates write no JSON text

    parts = (text,) if isinstance(text, str | Ref) else text.parts
    written = "".join(part if isinstance(part, str) else f"\0{index}\0" for index, part in enumerate(parts))
    if "\\u0000" in written:
        return None
    try:
        data = json.loads(_BARE.sub(r'\1"\2"', written), strict=False)
    except (ValueError, RecursionError):
        return None
    places = _Places(place, lines)

    def text_of(value: str) -> Text:
        pieces = value.split("\0")
        return pattern([parts[int(piece)] if number % 2 else piece for number, piece in enumerate(pieces)])

    def key_of(key: str) -> Node:
        at = places.key(key)
        return ScalarNode("", key, at.start_mark, at.end_mark, '"')

    def node_of(value: object, depth: int) -> Node:
        if depth > MAX_DEPTH:
            return ScalarNode("", "", place.start_mark, place.end_mark)
        if isinstance(value, dict):
            pairs = [(key_of(key), node_of(each, depth + 1)) for key, each in value.items()]
            return MappingNode("", pairs, place.start_mark, place.end_mark, True)
        if isinstance(value, list):
            items = [node_of(each, depth + 1) for each in value]
            return SequenceNode("", items, place.start_mark, place.end_mark, True)
        if isinstance(value, str):
            at = places.value(value)
            return Computed(Known(text_of(value), span(at)), at)
        return ScalarNode("", json.dumps(value), place.start_mark, place.end_mark)

    return node_of(data, 0) if isinstance(data, dict | list) else None


class _Places:
    """Where the texts of a JSON text stand in the file: each is looked for behind the one before."""

    def __init__(self, place: Node, lines: Sequence[str]) -> None:
        self.place = place
        self.lines = lines
        self.row = place.start_mark.line
        self.column = place.start_mark.column
        self.last = min(last_row(place), len(lines) - 1)
        self.misses = 0

    def key(self, text: str) -> Node:
        found = self._find(text, self.last) if self.misses < _MISSES else None
        self.misses += found is None
        return found or self.place

    def value(self, text: str) -> Node:
        # What was put in for a variable stands nowhere, and is not to be taken for a later text.
        return self._find(text, min(self.row + 1, self.last)) or self.place

    def _find(self, text: str, last: int) -> Node | None:
        if not text or "\0" in text or '"' in text or "\\" in text:
            return None
        row, column = self.row, self.column
        while row <= last:
            start = self.lines[row].find(f'"{text}', column)
            end = start + len(text) + 1
            if start < 0:
                row, column = row + 1, 0
            elif self.lines[row][end : end + 1] in ('"', "\\"):
                self.row, self.column = row, end + 1
                return self._between(row, start, end + 1)
            else:
                column = end
        return None

    def _between(self, row: int, start: int, end: int) -> Node:
        name = self.place.start_mark.name
        first, last = Mark(name, 0, row, start, None, 0), Mark(name, 0, row, end, None, 0)
        return ScalarNode("", "", first, last)
