"""Nodes of a template: their fields, and the function calls they are."""

from __future__ import annotations

from typing import TypeAlias

from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from slslint.model.reference import Text, show
from slslint.model.role import Grant
from slslint.record import cached_property
from slslint.value import Known

FUNCTIONS = frozenset(
    {
        "Ref", "Condition", "Fn::And", "Fn::Base64", "Fn::Cidr", "Fn::Equals", "Fn::FindInMap", "Fn::GetAtt",
        "Fn::GetAZs", "Fn::GetStackOutput", "Fn::If", "Fn::ImportValue", "Fn::Join", "Fn::Length", "Fn::Not",
        "Fn::Or", "Fn::Select", "Fn::Split", "Fn::Sub", "Fn::ToJsonString", "Fn::Transform",
    }
)  # fmt: skip
"""The long names of the intrinsic functions: the only key of a mapping that is a call."""

_PLAIN_NAMES = ("Ref", "Condition")


class Computed(ScalarNode):
    """A scalar that no one wrote as such: an item of a split text, of a parameter's default, ..."""

    tag, style = "", None

    def __init__(self, known: Known[Text], place: Node) -> None:
        self.start_mark, self.end_mark = place.start_mark, place.end_mark
        self.known = known

    @cached_property
    def value(self) -> str:
        """The text for people: hardly anybody asks for it."""
        return show(self.known.value)


class AsJson(ScalarNode):
    """The JSON text of other nodes (Fn::ToJsonString)."""

    tag, value, style = "", "", None

    def __init__(self, content: Node, place: Node) -> None:
        self.start_mark, self.end_mark = place.start_mark, place.end_mark
        self.content = content


class Reference(ScalarNode):
    """A Ref or Fn::GetAtt that no one wrote: one node instead of the three to five of a call."""

    tag, value, style = "!Reference", "", '"'
    call = "Fn::Reference", ScalarNode("", "")  # what `intrinsic` finds

    def __init__(self, owner: str, attribute: str, place: Node) -> None:
        self.start_mark, self.end_mark = place.start_mark, place.end_mark
        kept = getattr(place, "span", None)
        if kept is not None and not isinstance(place, CollectionNode):
            self.span = kept  # as of all that stands there
        self.owner = owner
        self.attribute = attribute


class Granted(ScalarNode):
    """A policy that no one wrote: what it grants is known already, so that it need not be written out to be read."""

    def __init__(self, grants: tuple[Grant, ...], place: Node) -> None:
        super().__init__("", "policy", place.start_mark, place.end_mark)
        self.grants = grants


class Undecided(ScalarNode):
    """Something of which a dialect knows no more than why it cannot be told. It counts as a function call."""

    tag, value, style = "!Undecided", "", '"'  # quoted, for it must not be taken for `null`

    def __init__(self, why: str, place: Node) -> None:
        self.start_mark, self.end_mark = place.start_mark, place.end_mark
        self.why = why


Fields: TypeAlias = dict[str, tuple[Node, Node]]
"""A mapping's (key node, value node) by key."""


def fields_of(node: MappingNode) -> Fields:
    """A mapping's (key node, value node) by key; merge keys (`<<`) filled in; of equal keys the last one."""
    kept: Fields | None = getattr(node, "fields", None)
    if kept is None:
        kept = node.fields = _fields_of(node)  # type: ignore[attr-defined]
    return kept


def _fields_of(node: MappingNode) -> Fields:
    try:
        fields: Fields = {pair[0].value: pair for pair in node.value}
    except TypeError:  # a key that is no scalar
        return _merged_fields(node)
    return _merged_fields(node) if "<<" in fields else fields


def _merged_fields(node: MappingNode) -> Fields:
    merged: Fields = {}
    own: Fields = {}
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            continue
        if key.value == "<<" and not key.style:
            for source in reversed(value.value if isinstance(value, SequenceNode) else [value]):
                if isinstance(source, MappingNode):
                    merged.update(fields_of(source))
            continue
        own[key.value] = (key, value)
    return {**merged, **own} if merged else own


def field(node: Node | None, *keys: str) -> Node | None:
    """The node under these keys as written, function calls unseen."""
    for key in keys:
        if not isinstance(node, MappingNode):
            return None
        found = fields_of(node).get(key)
        node = None if found is None else found[1]
    return node


def intrinsic(node: Node) -> tuple[str, Node] | None:
    """The long name and the argument of the function call that a node is: `!Sub x`, `{"Fn::Sub": "x"}`."""
    tag = node.tag
    if tag and tag[0] == "!" and len(tag) > 1 and tag[1] != "!":
        kept: tuple[str, Node] | None = getattr(node, "call", None)
        if kept is None:
            name = tag[1:]
            kept = node.call = (name if name in _PLAIN_NAMES else f"Fn::{name}"), untagged(node)  # type: ignore[attr-defined]
        return kept
    if isinstance(node, MappingNode) and len(node.value) == 1:
        key, argument = node.value[0]
        if isinstance(key, ScalarNode) and key.value in FUNCTIONS:
            return key.value, argument
    return None


def untagged(node: Node) -> Node:
    """The node without its tag."""
    if isinstance(node, MappingNode):
        return MappingNode("", node.value, node.start_mark, node.end_mark, node.flow_style)
    if isinstance(node, SequenceNode):
        return SequenceNode("", node.value, node.start_mark, node.end_mark, node.flow_style)
    assert isinstance(node, ScalarNode)
    return ScalarNode("", node.value, node.start_mark, node.end_mark, node.style)


_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


def is_null(node: Node) -> bool:
    """Whether a scalar says that there is nothing."""
    return isinstance(node, ScalarNode) and not node.style and node.value in _NULLS
