"""Texts as nodes of a service: what is decided of them, and whether only a default decides it."""

from __future__ import annotations

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint.model import Text
from slslint.templates.cloudformation.nodes import Computed, Undecided, intrinsic, is_null
from slslint.templates.document import span
from slslint.value import Known, Origin


def text_in(node: Node | None) -> Text | None:
    """The text of a scalar that is no function call, and no `null`, wherever it stands."""
    if isinstance(node, Computed):
        return node.known.value
    return node.value if isinstance(node, ScalarNode) and (not node.tag or intrinsic(node) is None) else None


def known_text(node: Node | None) -> Known[Text] | None:
    """The text of a scalar that is no function call, and no `null`."""
    if isinstance(node, Computed):
        return node.known
    if not isinstance(node, ScalarNode) or intrinsic(node) is not None:
        return None
    return Known(node.value, span(node))


def standing_at(place: Node, node: Node, derived: bool) -> Node:
    """A text at the place that asks for it; everything else where it is written."""
    known = known_text(node) if isinstance(node, ScalarNode) else None
    if known is None:
        return derived_from(node) if derived else node
    origin = Origin.DERIVED if derived else known.origin
    if origin is Origin.WRITTEN and isinstance(known.value, str) and isinstance(node, ScalarNode):
        # A number without quotes is one wherever it is put.
        return ScalarNode("", known.value, place.start_mark, place.end_mark, node.style)
    return Computed(Known(known.value, span(place), origin), place)


def derived_from(node: Node) -> Node:
    """The node with every text in it marked as what a default decided."""
    if isinstance(node, Undecided) or node.tag:
        return node
    if isinstance(node, SequenceNode):
        return SequenceNode("", [derived_from(item) for item in node.value], node.start_mark, node.end_mark, True)
    if isinstance(node, MappingNode):
        pairs = [(key, derived_from(value)) for key, value in node.value]
        return MappingNode("", pairs, node.start_mark, node.end_mark, node.flow_style)
    if isinstance(node, ScalarNode) and "${" not in node.value and not is_null(node):
        known = known_text(node)
        assert known is not None
        return Computed(Known(known.value, known.at, Origin.DERIVED), node)
    return node
