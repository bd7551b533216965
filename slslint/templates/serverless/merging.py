"""Two writings of one resource put together as the framework does: what comes later counts."""

from __future__ import annotations

from yaml.nodes import MappingNode, Node, SequenceNode

from slslint.templates.cloudformation.nodes import fields_of, intrinsic


def merge(first: Node, second: Node) -> Node:
    """Mappings key by key, lists one after the other, else the second."""
    if intrinsic(first) is not None or intrinsic(second) is not None:
        return second
    if isinstance(first, MappingNode) and isinstance(second, MappingNode):
        together = dict(fields_of(first))
        for name, (key, value) in fields_of(second).items():
            known = together.pop(name, None)
            # What is written last stands last, so that the whole ends where it ends.
            together[name] = (key, value if known is None else merge(known[1], value))
        merged = MappingNode("", list(together.values()), second.start_mark, second.end_mark, second.flow_style)
        merged.fields = together  # type: ignore[attr-defined]  # the keys of what nobody wrote stand for their place
        return merged
    if isinstance(first, SequenceNode) and isinstance(second, SequenceNode):
        return SequenceNode("", first.value + second.value, second.start_mark, second.end_mark, True)
    return second
