"""The Globals section, merged into a resource's properties as SAM merges it."""

from __future__ import annotations

from yaml.nodes import MappingNode, Node, SequenceNode

from slslint.templates.building import text_of
from slslint.templates.cloudformation.nodes import Fields, field, fields_of, intrinsic
from slslint.templates.cloudformation.template import Template

_REPLACED_LISTS = frozenset({"Architectures"})
"""Lists that are not appended to those of Globals."""


def merged_properties(template: Template, resource: MappingNode, shared: Node | None) -> Fields:
    """The properties of a resource with its section of Globals (`shared`) merged in, as (key node, value node).

    An include that is not in sight stays, so that what it may hold is not missed.
    """
    own = field(resource, "Properties")
    properties: Fields = {}
    if isinstance(own, MappingNode):
        properties, whole = template.fields(own)
        if not whole:
            properties = {**fields_of(own), **properties}
    if not isinstance(shared, MappingNode):
        return properties
    inherited = fields_of(shared)
    ignored = field(resource, "IgnoreGlobals")
    if text_of(ignored) == "*":
        return properties
    if isinstance(ignored, SequenceNode):
        names = {text_of(item) for item in ignored.value}
        inherited = {name: pair for name, pair in inherited.items() if name not in names}
    return _merged(inherited, properties)


def _merged(inherited: Fields, own: Fields) -> Fields:
    # What is written here stands last, so that the whole ends where it ends.
    together = {name: pair for name, pair in inherited.items() if name not in own}
    for name, (key, value) in own.items():
        if name in inherited and name not in _REPLACED_LISTS:
            value = merge(inherited[name][1], value)
        together[name] = (key, value)
    return together


def merge(inherited: Node, own: Node) -> Node:
    """Two values of one property: mappings key by key, lists one after the other, else what is written here."""
    # Function calls count as plain values: SAM cannot look into what they will be.
    if intrinsic(inherited) is not None or intrinsic(own) is not None:
        return own
    if isinstance(inherited, MappingNode) and isinstance(own, MappingNode):
        pairs = list(_merged(fields_of(inherited), fields_of(own)).values())
        return MappingNode("", pairs, own.start_mark, own.end_mark, own.flow_style)
    if isinstance(inherited, SequenceNode) and isinstance(own, SequenceNode):
        return SequenceNode("", inherited.value + own.value, own.start_mark, own.end_mark, own.flow_style)
    return own
