"""What a SAM template is rewritten into, resource by resource, before it is read as CloudFormation."""

from __future__ import annotations

from collections.abc import Callable

from yaml.nodes import MappingNode, Node

from slslint.model import Gap, Route, Source
from slslint.record import field, record
from slslint.source import Span
from slslint.templates.building import Literal, build, text_of
from slslint.templates.cloudformation.nodes import field as field_of
from slslint.templates.cloudformation.nodes import fields_of, is_null
from slslint.templates.cloudformation.template import Template
from slslint.templates.document import span
from slslint.templates.sam.globals import merged_properties


@record(eq=False)
class Written:
    """A resource of the SAM template.

    Attributes:
        key: its logical id. node: the whole of it. properties: (key node, value node) by name, Globals merged in.

    """

    id: str
    key: Node
    type: str
    node: MappingNode
    properties: dict[str, tuple[Node, Node]]

    def __getitem__(self, name: str) -> Node | None:
        """The value of a property, or None; so of one that is null, which SAM takes for absent."""
        found = self.properties.get(name)
        return None if found is None or is_null(found[1]) else found[1]

    @property
    def condition(self) -> Node | None:
        return field_of(self.node, "Condition")


@record(eq=False, frozen=False)
class Expansion:
    """The CloudFormation resources that a SAM template stands for.

    Attributes:
        template: what is rewritten.
        written: the resources of the SAM template by id.
        resources: those that are deployed, as (key node, value node) by id.
        conditions: added to those of the template.
        types: the type that was written, for resources that are deployed under another.
        brought: (role or policy id, policy name) of policies that SAM brings -> what brought it, for people.
        polled: what the mapping at this place reads, which only the type of its event says.
        paths: of an API that SAM defines: its id -> path -> method -> (where, integration).
        routes: what the event at this place says of a route that its API defines itself.
        notifications: bucket id -> its added LambdaConfigurations.
        triggers: user pool id -> its added LambdaConfig.
        gaps: what was not understood.

    """

    template: Template
    written: dict[str, Written] = field(default_factory=dict)
    resources: dict[str, tuple[Node, Node]] = field(default_factory=dict)
    conditions: dict[str, tuple[Node, Node]] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    brought: dict[tuple[str, str], str] = field(default_factory=dict)
    polled: dict[Span, Source] = field(default_factory=dict)
    paths: dict[str, dict[str, dict[str, tuple[Node, Node]]]] = field(default_factory=dict)
    routes: dict[Span, Route] = field(default_factory=dict)
    notifications: dict[str, list[Node]] = field(default_factory=dict)
    triggers: dict[str, list[tuple[Node, Node]]] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)

    def add(self, id: str, at: Node, type: str, properties: dict[str, Literal], condition: Literal = None) -> None:
        """Deploy a resource that nobody wrote; it stands at `at`."""
        resource = build({"Type": type, "Condition": condition, "Properties": properties}, at)
        self.resources[id] = build(id, at), resource

    def become(self, written: Written, type: str, properties: dict[str, Literal]) -> None:
        """Deploy a written resource under another type; what stands beside its Properties stays."""
        pairs: list[tuple[Node, Node]] = [
            pair for name, pair in fields_of(written.node).items() if name not in ("Type", "Properties", "Connectors")
        ]
        pairs += [
            (build("Type", written.key), build(type, written.key)),
            (build("Properties", written.key), build(properties, written.key)),
        ]
        self.resources[written.id] = (
            written.key,
            MappingNode("", pairs, written.node.start_mark, written.node.end_mark, True),
        )
        self.types[written.id] = written.type

    def gap(self, at: Node, why: str) -> None:
        """Say what was not understood."""
        self.gaps.append(Gap(span(at), why))

    def negated(self, condition: str, at: Node) -> str:
        """The name, one that no author can give, of the condition that holds when this one does not."""
        name = f"not {condition}"
        self.conditions[name] = build(name, at), build({"Fn::Not": [{"Condition": condition}]}, at)
        return name

    def both(self, first: str, second: str, at: Node) -> str:
        """The name of the condition that holds when these two do; each may be "" for always."""
        if not first or not second or first == second:
            return first or second
        name = f"{first} and {second}"
        operands: Literal = [{"Condition": first}, {"Condition": second}]
        self.conditions[name] = build(name, at), build({"Fn::And": operands}, at)
        return name


Rewrite = Callable[[Expansion, Written], None]


def read_resources(expansion: Expansion) -> None:
    """Fill in the resources as written, with their Globals; all are deployed as they are until rewritten."""
    template = expansion.template
    shared = field_of(template.root, "Globals")
    section = field_of(template.root, "Resources")
    if not isinstance(section, MappingNode):
        return
    for id, (key, node) in template.fields(section)[0].items():
        expansion.resources[id] = key, node
        type = text_of(field_of(node, "Type"))
        if not isinstance(node, MappingNode) or not type:
            continue
        group = type.removeprefix("AWS::Serverless::") if type.startswith("AWS::Serverless::") else ""
        properties = merged_properties(template, node, field_of(shared, group) if group else None)
        expansion.written[id] = Written(id, key, type, node, properties)
