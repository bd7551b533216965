"""The Globals section, merged into a resource's properties as SAM merges it."""

from __future__ import annotations

from typing import Any

from yaml.nodes import MappingNode, Node, SequenceNode

from slslint.model import Function
from slslint.record import replace
from slslint.templates.building import text_of
from slslint.templates.cloudformation.nodes import Fields, field, fields_of, intrinsic
from slslint.templates.cloudformation.template import Template
from slslint.value import Absent, Known, Origin, Unknown, Value

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


def is_part(root: MappingNode) -> bool:
    """Whether a template with resources of SAM is put into another one: it does not ask for SAM's transform."""
    return not {"Globals", "Transform", "Fn::Transform"} & fields_of(root).keys()


_SHARED = ("timeout", "memory", "runtime", "handler", "dead_letter", "on_failure", "reserved_concurrency",
           "provisioned_concurrency", "snap_start")  # fmt: skip
"""What Globals may say of a function."""


def as_part(function: Function) -> Function:
    """A function of a template that is put into another one, with all open that is not written."""
    why = "the template that this is put into may say so in its `Globals`"
    unsaid: dict[str, Any] = {
        name: Unknown(why, function.at) for name in _SHARED if _is_unsaid(getattr(function, name))
    }
    return replace(function, **unsaid)


def _is_unsaid(value: Value[object] | None) -> bool:
    return value is None or isinstance(value, Absent) or (isinstance(value, Known) and value.origin is Origin.DEFAULT)
