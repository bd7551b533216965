"""JSON written as text inside a template: `RedrivePolicy: !Sub '{"deadLetterTargetArn": "${Queue.Arn}"}'`."""

from __future__ import annotations

import re

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint.model import Ref, Text
from slslint.templates.cloudformation.branches import pattern
from slslint.templates.cloudformation.nodes import Computed
from slslint.templates.document import MAX_DEPTH, span
from slslint.value import Known

# A part that is no text is marked by its number between NULs, which cannot stand in a template.
_BARE = re.compile(r"([:,\[]\s*)(\x00\d+\x00)(?=\s*[,}\]])")


def from_json(text: Text, place: Node) -> Node | None:
    """The nodes of JSON text, which all stand at `place`, its references and holes kept; None when it is no JSON."""
    import json  # costs 3 ms, and most templates write no JSON text

    parts = (text,) if isinstance(text, str | Ref) else text.parts
    written = "".join(part if isinstance(part, str) else f"\0{index}\0" for index, part in enumerate(parts))
    if "\\u0000" in written:
        return None
    try:
        data = json.loads(_BARE.sub(r'\1"\2"', written), strict=False)
    except (ValueError, RecursionError):
        return None

    def text_of(value: str) -> Text:
        pieces = value.split("\0")
        return pattern([parts[int(piece)] if number % 2 else piece for number, piece in enumerate(pieces)])

    def node_of(value: object, depth: int) -> Node:
        if depth > MAX_DEPTH:
            return ScalarNode("", "", place.start_mark, place.end_mark)
        if isinstance(value, dict):
            keys = (ScalarNode("", key, place.start_mark, place.end_mark, '"') for key in value)
            pairs = list(zip(keys, (node_of(each, depth + 1) for each in value.values()), strict=True))
            return MappingNode("", pairs, place.start_mark, place.end_mark, True)
        if isinstance(value, list):
            items = [node_of(each, depth + 1) for each in value]
            return SequenceNode("", items, place.start_mark, place.end_mark, True)
        if isinstance(value, str):
            return Computed(Known(text_of(value), span(place)), place)
        return ScalarNode("", json.dumps(value), place.start_mark, place.end_mark)

    return node_of(data, 0) if isinstance(data, dict | list) else None
