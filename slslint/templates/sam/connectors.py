"""Connectors, embedded or standing alone: the policies and permissions that SAM makes of them."""

from __future__ import annotations

from collections.abc import Iterator

from yaml.nodes import MappingNode, Node, SequenceNode

from slslint import data
from slslint.record import record
from slslint.templates.building import Literal, referred, text_of
from slslint.templates.cloudformation.nodes import field, fields_of
from slslint.templates.sam.expansion import Expansion
from slslint.templates.sam.policies import table_statement

_PLAIN_TYPES = {
    "AWS::Serverless::Api": "AWS::ApiGateway::RestApi",
    "AWS::Serverless::Function": "AWS::Lambda::Function",
    "AWS::Serverless::HttpApi": "AWS::ApiGatewayV2::Api",
    "AWS::Serverless::SimpleTable": "AWS::DynamoDB::Table",
    "AWS::Serverless::StateMachine": "AWS::StepFunctions::StateMachine",
}
_ROLES = ("Role", "RoleArn", "ServiceRoleArn")
_ARN_IS_REF = frozenset({"AWS::SNS::Topic", "AWS::StepFunctions::StateMachine"})


@record()
class _Connector:
    """A connector as written. `source_id` is the resource that an embedded one stands in, or ""."""

    id: str
    at: Node
    source_id: str
    source: Node | None
    properties: MappingNode
    condition: Node | None


@record()
class _End:
    """One end of a connector. What is not known of it is None."""

    type: str
    arn: Literal
    name: Literal
    role: Literal
    id: Literal
    qualifier: Literal


def add_connectors(expansion: Expansion) -> None:
    """Deploy what every connector of the template stands for."""
    for connector in list(_connectors(expansion)):
        destination = field(connector.properties, "Destination")
        several = isinstance(destination, SequenceNode)
        for number, end in enumerate(destination.value if isinstance(destination, SequenceNode) else [destination]):
            id = f"{connector.id}Destination{number}" if several else connector.id
            _connect(expansion, connector, id, end)


def _connectors(expansion: Expansion) -> Iterator[_Connector]:
    for resource in expansion.written.values():
        if resource.type == "AWS::Serverless::Connector":
            properties = field(resource.node, "Properties")
            if isinstance(properties, MappingNode):
                source = field(properties, "Source")
                yield _Connector(resource.id, resource.key, "", source, properties, resource.condition)
            continue
        embedded = field(resource.node, "Connectors")
        for name, (key, entry) in (fields_of(embedded) if isinstance(embedded, MappingNode) else {}).items():
            properties = field(entry, "Properties")
            if isinstance(properties, MappingNode):
                source = field(properties, "SourceReference")
                condition = field(entry, "Condition")
                yield _Connector(resource.id + name, key, resource.id, source, properties, condition)


def _connect(expansion: Expansion, connector: _Connector, id: str, destination: Node | None) -> None:
    source_end = _end(expansion, connector.source, connector.source_id)
    destination_end = _end(expansion, destination, "")
    profile = data.table("sam_connectors").get(f"{source_end.type} {destination_end.type}")
    if profile is None:
        return
    if "principal" in profile:
        _permit(expansion, connector, id, source_end, destination_end, profile)
        return
    holder, other = destination_end, source_end
    if profile["holder"] == "source":
        holder, other = source_end, destination_end
    if holder.role is None or other.arn is None:
        expansion.gap(connector.at, "the role or the other end of this connector is not in this template")
        return
    permissions = field(connector.properties, "Permissions")
    statements: Literal = [
        table_statement(statement, {"Arn": other.arn, "Name": other.name})
        for category in (permissions.value if isinstance(permissions, SequenceNode) else ())
        for statement in profile["grants"].get(text_of(category), ())
    ]
    policy: dict[str, Literal] = {"PolicyDocument": {"Statement": statements}, "Roles": [holder.role]}
    expansion.add(f"{id}Policy", connector.at, "AWS::IAM::ManagedPolicy", policy, connector.condition)
    expansion.brought[f"{id}Policy", ""] = text_of(connector.at)


def _permit(
    expansion: Expansion, connector: _Connector, id: str, source: _End, function: _End, profile: dict[str, str]
) -> None:
    variables: Literal = {"Arn": source.arn, "ResourceId": source.id, "Qualifier": source.qualifier}
    permission: dict[str, Literal] = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": function.arn,
        "Principal": profile["principal"],
        "SourceArn": {"Fn::Sub": [profile["source"], variables]},
    }
    expansion.add(f"{id}Permission", connector.at, "AWS::Lambda::Permission", permission, connector.condition)


def _end(expansion: Expansion, written: Node | None, id: str) -> _End:
    """The resource with this id, or that is named in `written`; or what is written there of one out of sight."""
    id = id or text_of(field(written, "Id"))
    resource = expansion.written.get(id)
    if resource is None:
        type = text_of(field(written, "Type"))
        names = ("Arn", "Name", "RoleName", "ResourceId", "Qualifier")
        return _End(_PLAIN_TYPES.get(type, type), *(field(written, name) for name in names))
    type = _PLAIN_TYPES.get(resource.type, resource.type)
    given = next(filter(None, map(resource.__getitem__, _ROLES)), None)
    role = f"{id}Role" if given is None and resource.type.startswith("AWS::Serverless::") else referred(given)
    return _End(
        type,
        arn={"Ref": id} if type in _ARN_IS_REF else {"Fn::GetAtt": [id, "Arn"]},
        name={"Fn::GetAtt": [id, "Name"]},
        role={"Ref": role} if role in expansion.resources else None,
        id={"Fn::GetAtt": [id, "ApiId"]} if type == "AWS::AppSync::GraphQLApi" else {"Ref": id},
        qualifier=field(written, "Qualifier") or "*",
    )
