"""AWS::Serverless::StateMachine and GraphQLApi: what they call, and the state machine's role and events."""

from __future__ import annotations

from yaml.nodes import MappingNode, Node, SequenceNode

from slslint.templates.building import Literal, plain_fields, text_of
from slslint.templates.cloudformation.nodes import field, fields_of
from slslint.templates.sam.events import events_of
from slslint.templates.sam.expansion import Expansion, Written
from slslint.templates.sam.policies import Policies, add_role
from slslint.templates.sam.pushing import add_start


def rewrite_state_machine(expansion: Expansion, machine: Written) -> None:
    """Deploy a state machine, its role, and the rules that start it."""
    policies = Policies()
    role: Literal = machine["Role"]
    if role is None:
        policies.add_written(machine["Policies"], f"{machine.id}Role", expansion)
        if text_of(field(machine["Tracing"], "Enabled")).lower() == "true":
            policies.attach("AWSXrayWriteOnlyAccess", machine.key)
        add_role(expansion, machine, policies)
        role = {"Fn::GetAtt": [f"{machine.id}Role", "Arn"]}
    for event in events_of(machine, policies):
        add_start(expansion, event)
    expansion.become(
        machine,
        "AWS::StepFunctions::StateMachine",
        {
            "StateMachineName": machine["Name"],
            "StateMachineType": machine["Type"],
            "Definition": machine["Definition"],
            "DefinitionSubstitutions": machine["DefinitionSubstitutions"],
            "DefinitionS3Location": machine["DefinitionUri"],
            "RoleArn": role,
        },
    )


def rewrite_graphql_api(expansion: Expansion, api: Written) -> None:
    """Deploy a GraphQL API with its data sources, functions and resolvers."""
    expansion.become(api, "AWS::AppSync::GraphQLApi", {"Name": api["Name"], **_guards(api["Auth"])})
    id: Literal = {"Fn::GetAtt": [api.id, "ApiId"]}
    sources: dict[str, Literal] = {}
    for kind, type in (("Lambda", "AWS_LAMBDA"), ("DynamoDb", "AMAZON_DYNAMODB")):
        for name, (key, source) in _fields(field(api["DataSources"], kind)).items():
            resource = f"{api.id}{name}{kind}DataSource"
            function = field(source, "FunctionArn")
            expansion.add(
                resource,
                key,
                "AWS::AppSync::DataSource",
                {
                    "ApiId": id,
                    "Name": field(source, "Name") or name,
                    "Type": type,
                    "LambdaConfig": {"LambdaFunctionArn": function} if function is not None else None,
                    "ServiceRoleArn": field(source, "ServiceRoleArn"),
                },
                api.condition,
            )
            sources[name] = {"Fn::GetAtt": [resource, "Name"]}
    for name, (key, function) in _fields(api["Functions"]).items():
        named = field(function, "DataSource")
        expansion.add(
            api.id + name,
            key,
            "AWS::AppSync::FunctionConfiguration",
            {"ApiId": id, "Name": name, "DataSourceName": sources.get(text_of(named), named)},
            api.condition,
        )
    for type, (_, resolvers) in _fields(api["Resolvers"]).items():
        for name, (key, resolver) in _fields(resolvers).items():
            pipeline = field(resolver, "Pipeline")
            steps = pipeline.value if isinstance(pipeline, SequenceNode) else []
            functions: Literal = [{"Fn::GetAtt": [api.id + text_of(step), "FunctionId"]} for step in steps]
            expansion.add(
                api.id + type + name,
                key,
                "AWS::AppSync::Resolver",
                {
                    "ApiId": id,
                    "TypeName": type,
                    "FieldName": field(resolver, "FieldName") or name,
                    "Kind": "PIPELINE",
                    "PipelineConfig": {"Functions": functions},
                },
                api.condition,
            )


def _guards(auth: Node | None) -> dict[str, Literal]:
    """The functions that guard a GraphQL API."""
    additional = field(auth, "Additional")
    others: list[Literal] = [
        {"LambdaAuthorizerConfig": field(other, "LambdaAuthorizer")}
        for other in (additional.value if isinstance(additional, SequenceNode) else ())
        if field(other, "LambdaAuthorizer") is not None
    ]
    return {
        "LambdaAuthorizerConfig": field(auth, "LambdaAuthorizer"),
        "AdditionalAuthenticationProviders": others or None,
    }


def _fields(node: Node | None) -> dict[str, tuple[Node, Node]]:
    return fields_of(node) if isinstance(node, MappingNode) and plain_fields(node) else {}
