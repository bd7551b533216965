"""What a service says as its author wrote it: mappings whose settings are asked for by name, and lists."""

from __future__ import annotations

from yaml.nodes import MappingNode, Node, SequenceNode

from slslint.templates.building import plain_fields
from slslint.templates.cloudformation.nodes import Fields, Undecided, fields_of, is_null

OPEN = "Fn::Transform"
"""The key of what a script puts into an object and is not in sight: to CloudFormation too, the rest then stays open."""


class Written:
    """A mapping as written: a function, an event, the provider.

    `key` is its name in the configuration. What is in a thing that cannot be told cannot be told either.
    """

    def __init__(self, key: Node, node: Node | None) -> None:
        self.key = key
        self.node = node
        self.fields, self.other = _told(node)

    def __call__(self, name: str, *names: str) -> Node | None:
        """What stands under these names; None when nothing, or `null`, does."""
        pair = self.fields.get(name)
        if pair is None:
            # Whatever a function might have is asked for, and most of it is not there.
            return self.other
        found = pair[1]
        for inner in names:
            fields, other = _told(found)
            pair = fields.get(inner)
            if pair is None:
                return other
            found = pair[1]
        return None if is_null(found) else found

    def lacks_all(self, names: frozenset[str]) -> bool:
        """Whether surely nothing stands under any of these names."""
        return self.other is None and self.fields.keys().isdisjoint(names)

    def place(self, *names: str) -> Node:
        """The key of what stands under these names, or of the innermost thing around it that is there."""
        place, found = self.key, self.node
        for name in names:
            pair = fields_of(found).get(name) if isinstance(found, MappingNode) else None
            if pair is None:
                break
            place, found = pair
        return place


def _told(node: Node | None) -> tuple[Fields, Node | None]:
    """The fields of a thing, and what stands under every other name: nothing, or what cannot be told."""
    if not isinstance(node, MappingNode):
        return _NO_FIELDS, node if isinstance(node, Undecided) else None
    fields = fields_of(node)
    if OPEN not in fields:
        return fields, None
    return fields, Undecided("it may be among what is put in here when it runs", fields[OPEN][0])


_NO_FIELDS: Fields = {}


class Function(Written):
    """One entry of `functions`; `name` is its key."""

    def __init__(self, key: Node, node: Node | None, name: str) -> None:
        super().__init__(key, node)
        self.name = name


def items_of(node: Node | None) -> list[Node]:
    """The items of a list; one thing that is no list counts as a list of it."""
    if node is None or is_null(node):
        return []
    return list(node.value) if isinstance(node, SequenceNode) and not node.tag else [node]


def mapping_of(node: Node | None) -> Fields:
    """A mapping's fields; nothing for what is no mapping, or a function call."""
    return fields_of(node) if isinstance(node, MappingNode) and plain_fields(node) else {}
