"""The Events of a function or a state machine, as written."""

from __future__ import annotations

from collections.abc import Iterator

from yaml.nodes import MappingNode, Node

from slslint.record import record
from slslint.templates.building import Literal, plain_fields, text_of
from slslint.templates.cloudformation.nodes import field, fields_of
from slslint.templates.sam.expansion import Written
from slslint.templates.sam.policies import Policies


@record()
class Event:
    """An event of a function, or of a state machine, whose `policies` no event touches.

    `id` is that of the resource it becomes, `at` its name in the template.
    """

    id: str
    at: Node
    type: str
    properties: MappingNode
    owner: Written
    policies: Policies

    def __call__(self, *keys: str) -> Node | None:
        return field(self.properties, *keys)

    @property
    def arn(self) -> Literal:
        function = self.owner.type == "AWS::Serverless::Function"
        return {"Fn::GetAtt": [self.owner.id, "Arn"]} if function else {"Ref": self.owner.id}


def events_of(owner: Written, policies: Policies) -> Iterator[Event]:
    """The entries of a resource's Events."""
    written = owner["Events"]
    for name, (key, entry) in (fields_of(written) if plain_fields(written) else {}).items():
        properties = field(entry, "Properties")
        if not isinstance(properties, MappingNode):
            properties = MappingNode("", [], key.start_mark, key.end_mark, True)
        yield Event(owner.id + name, key, text_of(field(entry, "Type")), properties, owner, policies)
