"""APIs: API Gateway of both versions, load balancers, AppSync."""

from __future__ import annotations

from yaml.nodes import Node

from slslint.templates.building import Literal
from slslint.templates.terraform.instances import Instance
from slslint.templates.terraform.messaging import json_of
from slslint.templates.terraform.rewriting import Rewrite, Rewriting, get, items, part
from slslint.templates.terraform.values import is_object


def _renamed(type: str, names: dict[str, str]) -> Rewrite:
    """A rewrite of a resource that differs in nothing but the names of its arguments."""

    def rewrite(rewriting: Rewriting, written: Instance) -> None:
        rewriting.add(written, type, {name: get(written, *own.split(".")) for name, own in names.items()})

    return rewrite


def add_rest_integration(rewriting: Rewriting, written: Instance) -> None:
    """An aws_api_gateway_integration, which names its method's place itself."""
    integration: dict[str, Literal] = {
        "Uri": get(written, "uri"),
        "TimeoutInMillis": get(written, "timeout_milliseconds"),
        "ResponseTransferMode": get(written, "response_transfer_mode"),
        "RequestParameters": get(written, "request_parameters"),
    }
    properties: dict[str, Literal] = {
        "HttpMethod": get(written, "http_method"),
        "ResourceId": get(written, "resource_id"),
        "RestApiId": get(written, "rest_api_id"),
        "Integration": integration,
    }
    rewriting.add(written, "AWS::ApiGateway::Method", properties)


def add_rest_api(rewriting: Rewriting, api: Instance) -> None:
    """An aws_api_gateway_rest_api."""
    rewriting.add(api, "AWS::ApiGateway::RestApi", {"Name": get(api, "name"), "Body": json_of(get(api, "body"))})


def add_http_api(rewriting: Rewriting, api: Instance) -> None:
    """An aws_apigatewayv2_api."""
    properties: dict[str, Literal] = {
        "Name": get(api, "name"),
        "ProtocolType": get(api, "protocol_type"),
        "RouteKey": get(api, "route_key"),
        "Target": get(api, "target"),
        "Body": json_of(get(api, "body")),
    }
    rewriting.add(api, "AWS::ApiGatewayV2::Api", properties)


def add_target_group(rewriting: Rewriting, group: Instance) -> None:
    """An aws_lb_target_group."""
    rewriting.add(group, "AWS::ElasticLoadBalancingV2::TargetGroup", {"Targets": []})


def add_attachment(rewriting: Rewriting, written: Instance) -> None:
    """An aws_lb_target_group_attachment: one more target of its group."""
    target: Literal = {"Id": get(written, "target_id")}
    kind = "AWS::ElasticLoadBalancingV2::TargetGroup"
    rewriting.extend(get(written, "target_group_arn"), kind, "Targets[]", target, written.condition)


def add_listener_rule(rewriting: Rewriting, rule: Instance) -> None:
    """An aws_lb_listener_rule."""
    actions: list[Literal] = [
        {"TargetGroupArn": part(item, "target_group_arn")} for item in items(rule.argument("action")) if is_object(item)
    ]
    conditions: list[Literal] = []
    for item in items(rule.argument("condition")):
        values = part(item, "path_pattern", "values") if is_object(item) else None
        if values is not None:
            conditions.append({"Field": "path-pattern", "Values": values})
    properties: dict[str, Literal] = {"Actions": actions, "Conditions": conditions}
    rewriting.add(rule, "AWS::ElasticLoadBalancingV2::ListenerRule", properties)


def add_graphql_api(rewriting: Rewriting, api: Instance) -> None:
    """An aws_appsync_graphql_api."""
    properties: dict[str, Literal] = {"Name": get(api, "name")}
    guard: Node | None = get(api, "lambda_authorizer_config", "authorizer_uri")
    if guard is not None:
        properties["LambdaAuthorizerConfig"] = {"AuthorizerUri": guard}
    rewriting.add(api, "AWS::AppSync::GraphQLApi", properties)


def add_data_source(rewriting: Rewriting, source: Instance) -> None:
    """An aws_appsync_datasource."""
    properties: dict[str, Literal] = {"ApiId": get(source, "api_id"), "Name": get(source, "name")}
    function = get(source, "lambda_config", "function_arn")
    if function is not None:
        properties["LambdaConfig"] = {"LambdaFunctionArn": function}
    rewriting.add(source, "AWS::AppSync::DataSource", properties)


REWRITES: dict[str, Rewrite] = {
    "aws_api_gateway_authorizer": _renamed(
        "AWS::ApiGateway::Authorizer", {"AuthorizerUri": "authorizer_uri", "RestApiId": "rest_api_id"}
    ),
    "aws_api_gateway_integration": add_rest_integration,
    "aws_api_gateway_resource": _renamed(
        "AWS::ApiGateway::Resource", {"ParentId": "parent_id", "PathPart": "path_part", "RestApiId": "rest_api_id"}
    ),
    "aws_api_gateway_rest_api": add_rest_api,
    "aws_apigatewayv2_api": add_http_api,
    "aws_apigatewayv2_authorizer": _renamed(
        "AWS::ApiGatewayV2::Authorizer", {"AuthorizerUri": "authorizer_uri", "ApiId": "api_id"}
    ),
    "aws_apigatewayv2_integration": _renamed(
        "AWS::ApiGatewayV2::Integration",
        {
            "ApiId": "api_id",
            "IntegrationUri": "integration_uri",
            "RequestParameters": "request_parameters",
            "TimeoutInMillis": "timeout_milliseconds",
        },
    ),
    "aws_apigatewayv2_route": _renamed(
        "AWS::ApiGatewayV2::Route", {"ApiId": "api_id", "RouteKey": "route_key", "Target": "target"}
    ),
    "aws_appsync_datasource": add_data_source,
    "aws_appsync_graphql_api": add_graphql_api,
    "aws_appsync_function": _renamed(
        "AWS::AppSync::FunctionConfiguration", {"ApiId": "api_id", "DataSourceName": "data_source"}
    ),
    "aws_appsync_resolver": _renamed(
        "AWS::AppSync::Resolver",
        {
            "ApiId": "api_id",
            "DataSourceName": "data_source",
            "FieldName": "field",
            "PipelineConfig.Functions": "pipeline_config.functions",
            "TypeName": "type",
        },
    ),
    "aws_lb_listener_rule": add_listener_rule,
    "aws_lb_target_group": add_target_group,
    "aws_alb_listener_rule": add_listener_rule,
    "aws_alb_target_group": add_target_group,
}

EXTENSIONS: dict[str, Rewrite] = {
    "aws_alb_target_group_attachment": add_attachment,
    "aws_lb_target_group_attachment": add_attachment,
}
