"""Functions that turn values into JSON and YAML, and back."""

from __future__ import annotations

from collections.abc import Mapping

from yaml.nodes import MappingNode, Node, SequenceNode

from slslint.source import SourceFile
from slslint.templates.cloudformation.json_text import from_json
from slslint.templates.cloudformation.nodes import AsJson, fields_of
from slslint.templates.document import compose
from slslint.templates.terraform.functions.calling import Call, Function
from slslint.templates.terraform.values import known_text, listed, literal, mapped, string


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
    written = string(given)
    if written is None:
        return call.unknown()
    found = compose(SourceFile(call.at.start_mark.name, written.encode()))
    return call.unknown("it is no YAML that can be read") if not isinstance(found, Node) else _replaced(found, call.at)


def _replaced(node: Node, at: Node) -> Node:
    """Nodes of a text, as they stand where the text does."""
    if isinstance(node, MappingNode):
        return mapped([(literal(key, at), _replaced(value, at)) for key, (_, value) in fields_of(node).items()], at)
    if isinstance(node, SequenceNode):
        return listed([_replaced(item, at) for item in node.value], at)
    return literal(node.value, at)


FUNCTIONS: Mapping[str, Function] = {
    "jsondecode": _from_json,
    "jsonencode": _as_json,
    "yamldecode": _from_yaml,
    "yamlencode": _as_json,
}
"""By name."""
