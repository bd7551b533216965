"""Connectors, embedded or standing alone: the grants that SAM makes of them."""

from __future__ import annotations

from yaml.nodes import MappingNode, Node, SequenceNode

from slslint import data
from slslint.templates.cloudformation.nodes import field, fields_of
from slslint.templates.sam.expansion import Expansion
from slslint.templates.sam.nodes import Literal, referred, text_of
from slslint.templates.sam.policies import table_statement

_PLAIN_TYPES = {
    "AWS::Serverless::Api": "AWS::ApiGateway::RestApi",
    "AWS::Serverless::Function": "AWS::Lambda::Function",
    "AWS::Serverless::HttpApi": "AWS::ApiGatewayV2::Api",
    "AWS::Serverless::SimpleTable": "AWS::DynamoDB::Table",
    "AWS::Serverless::StateMachine": "AWS::StepFunctions::StateMachine",
}
_ARN_IS_REF = frozenset({"AWS::SNS::Topic", "AWS::StepFunctions::StateMachine"})


def add_connectors(expansion: Expansion) -> None:
    """Deploy the policies of every connector of the template."""
    for resource in list(expansion.written.values()):
        if resource.type == "AWS::Serverless::Connector":
            source = resource["Source"]
            if source is not None:
                _connect(expansion, resource.id, resource.key, source, "", resource.properties, resource.condition)
            continue
        embedded = field(resource.node, "Connectors")
        for name, (key, connector) in (fields_of(embedded) if isinstance(embedded, MappingNode) else {}).items():
            properties = field(connector, "Properties")
            if isinstance(properties, MappingNode):
                fields = fields_of(properties)
                own = field(properties, "SourceReference")
                _connect(expansion, resource.id + name, key, own, resource.id, fields, resource.condition)


def _connect(
    expansion: Expansion,
    id: str,
    at: Node,
    source: Node | None,
    source_id: str,
    properties: dict[str, tuple[Node, Node]],
    condition: Node | None,
) -> None:
    destination = properties["Destination"][1] if "Destination" in properties else None
    permissions = properties["Permissions"][1] if "Permissions" in properties else None
    categories = [text_of(item) for item in permissions.value] if isinstance(permissions, SequenceNode) else []
    ends = destination.value if isinstance(destination, SequenceNode) else [destination]
    for number, end in enumerate(ends):
        source_end = _End(expansion, source, source_id)
        destination_end = _End(expansion, end, "")
        profile = data.table("sam_connectors").get(f"{source_end.type} {destination_end.type}")
        if profile is None:
            continue
        holder, other = destination_end, source_end
        if profile["holder"] == "source":
            holder, other = source_end, destination_end
        if holder.role is None or other.arn is None:
            expansion.gap(at, "the role or the other end of this connector is not in this template")
            continue
        variables: dict[str, Literal] = {"Arn": other.arn, "Name": other.name}
        statements: Literal = [
            table_statement(statement, variables)
            for category in categories
            for statement in profile["grants"].get(category, ())
        ]
        name = f"{id}PolicyDestination{number}" if isinstance(destination, SequenceNode) else f"{id}Policy"
        policy: dict[str, Literal] = {"PolicyDocument": {"Statement": statements}, "Roles": [holder.role]}
        expansion.add(name, at, "AWS::IAM::ManagedPolicy", policy, condition)
        expansion.brought[name, ""] = text_of(at)


class _End:
    """One end of a connector: the resource with this id, or what is written about one out of sight."""

    def __init__(self, expansion: Expansion, written: Node | None, id: str) -> None:
        self.id = id or text_of(field(written, "Id"))
        resource = expansion.written.get(self.id)
        type = resource.type if resource is not None else text_of(field(written, "Type"))
        self.type = _PLAIN_TYPES.get(type, type)
        self.arn: Literal = field(written, "Arn")
        self.name: Literal = field(written, "Name")
        self.role: Literal = field(written, "RoleName")
        if resource is None:
            return
        self.arn = {"Ref": self.id} if self.type in _ARN_IS_REF else {"Fn::GetAtt": [self.id, "Arn"]}
        self.name = {"Fn::GetAtt": [self.id, "Name"]}
        given = resource["Role"]
        role = f"{self.id}Role" if given is None and type == "AWS::Serverless::Function" else referred(given)
        self.role = {"Ref": role} if role in expansion.resources else None
