"""Functions that turn values into JSON and YAML, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from yaml.nodes import MappingNode, Node, SequenceNode

from slslint.model import Hole, Ref, Text, pieces_of
from slslint.source import SourceFile
from slslint.templates.cloudformation.json_text import from_json
from slslint.templates.cloudformation.nodes import AsJson, fields_of
from slslint.templates.document import compose
from slslint.templates.terraform.functions.calling import Call, Function
from slslint.templates.terraform.values import known_text, listed, literal, mapped, text


def _as_json(call: Call) -> Node:
    return AsJson(call.arguments[0], call.at)


def _from_json(call: Call) -> Node:
    given = call.arguments[0]
    if isinstance(given, AsJson):
        return given.content
    known = known_text(given)
    found = None if known is None else from_json(known, call.at)
    return found or call.unknown()


def _from_yaml(call: Call) -> Node:
    given = call.arguments[0]
    if isinstance(given, AsJson):
        return given.content
    known = known_text(given)
    if known is None:
        return call.unknown()
    return from_yaml(known, call.at) or call.unknown("it is no YAML that can be read")


def from_yaml(written: Text, at: Node) -> Node | None:
    """The nodes of YAML text, which all stand at `at`, its references and holes kept; None when it is no YAML."""
    parts = pieces_of(written)
    plain = "".join(part if isinstance(part, str) else f"\ue000{index}\ue001" for index, part in enumerate(parts))
    found = compose(SourceFile(at.start_mark.name, plain.encode()))
    return _placed(found, parts, at) if isinstance(found, Node) else None


def _placed(node: Node, parts: Sequence[str | Ref | Hole], at: Node) -> Node:
    """Nodes of a text, as they stand where the text does, with its references and holes back in their places."""
    if isinstance(node, MappingNode):
        fields = fields_of(node).items()
        return mapped([(literal(key, at), _placed(value, parts, at)) for key, (_, value) in fields], at)
    if isinstance(node, SequenceNode):
        return listed([_placed(item, parts, at) for item in node.value], at)
    pieces = re.split("\ue000(\\d+)\ue001", node.value)
    return text([parts[int(piece)] if number % 2 else piece for number, piece in enumerate(pieces)], at)


FUNCTIONS: Mapping[str, Function] = {
    "jsondecode": _from_json,
    "jsonencode": _as_json,
    "yamldecode": _from_yaml,
    "yamlencode": _as_json,
}
"""By name."""
