"""APIs: API Gateway of both versions, load balancers, AppSync."""

from __future__ import annotations

from functools import partial

from yaml.nodes import Node

from slslint.templates.building import Literal
from slslint.templates.terraform.documents import content
from slslint.templates.terraform.functions.encoding import from_yaml
from slslint.templates.terraform.instances import Instance
from slslint.templates.terraform.rewriting import Rewrite, Rewriting, get, items, part, renamed
from slslint.templates.terraform.unit import Unit
from slslint.templates.terraform.values import each_branch, is_object, known_text


def _body(api: Instance) -> Node | None:
    """The OpenAPI document of an API, which is JSON or YAML."""
    body = get(api, "body")
    return None if body is None else each_branch(body, partial(_document, api.module.unit))


def _document(unit: Unit, node: Node) -> Node:
    found = content(node, unit) or node
    known = known_text(found)
    written = None if known is None else from_yaml(known, node)
    return written if written is not None and is_object(written) else found


def add_rest_api(rewriting: Rewriting, api: Instance) -> None:
    """An aws_api_gateway_rest_api."""
    rewriting.add(api, "AWS::ApiGateway::RestApi", {"Name": get(api, "name"), "Body": _body(api)})


def add_http_api(rewriting: Rewriting, api: Instance) -> None:
    """An aws_apigatewayv2_api."""
    properties: dict[str, Literal] = {
        "Name": get(api, "name"),
        "ProtocolType": get(api, "protocol_type"),
        "RouteKey": get(api, "route_key"),
        "Target": get(api, "target"),
        "Body": _body(api),
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


REWRITES: dict[str, Rewrite] = {
    "aws_api_gateway_authorizer": renamed(
        "AWS::ApiGateway::Authorizer", {"AuthorizerUri": "authorizer_uri", "RestApiId": "rest_api_id"}
    ),
    "aws_api_gateway_integration": renamed(
        "AWS::ApiGateway::Method",
        {
            "HttpMethod": "http_method",
            "ResourceId": "resource_id",
            "RestApiId": "rest_api_id",
            "Integration.Credentials": "credentials",
            "Integration.IntegrationHttpMethod": "integration_http_method",
            "Integration.RequestParameters": "request_parameters",
            "Integration.RequestTemplates": "request_templates",
            "Integration.ResponseTransferMode": "response_transfer_mode",
            "Integration.TimeoutInMillis": "timeout_milliseconds",
            "Integration.Type": "type",
            "Integration.Uri": "uri",
        },
    ),
    "aws_api_gateway_resource": renamed(
        "AWS::ApiGateway::Resource", {"ParentId": "parent_id", "PathPart": "path_part", "RestApiId": "rest_api_id"}
    ),
    "aws_api_gateway_rest_api": add_rest_api,
    "aws_apigatewayv2_api": add_http_api,
    "aws_apigatewayv2_authorizer": renamed(
        "AWS::ApiGatewayV2::Authorizer", {"AuthorizerUri": "authorizer_uri", "ApiId": "api_id"}
    ),
    "aws_apigatewayv2_integration": renamed(
        "AWS::ApiGatewayV2::Integration",
        {
            "ApiId": "api_id",
            "IntegrationSubtype": "integration_subtype",
            "IntegrationType": "integration_type",
            "IntegrationUri": "integration_uri",
            "RequestParameters": "request_parameters",
            "TimeoutInMillis": "timeout_milliseconds",
        },
    ),
    "aws_apigatewayv2_route": renamed(
        "AWS::ApiGatewayV2::Route", {"ApiId": "api_id", "RouteKey": "route_key", "Target": "target"}
    ),
    "aws_appsync_datasource": renamed(
        "AWS::AppSync::DataSource",
        {"ApiId": "api_id", "Name": "name", "LambdaConfig.LambdaFunctionArn": "lambda_config.function_arn"},
    ),
    "aws_appsync_graphql_api": renamed(
        "AWS::AppSync::GraphQLApi",
        {"Name": "name", "LambdaAuthorizerConfig.AuthorizerUri": "lambda_authorizer_config.authorizer_uri"},
    ),
    "aws_appsync_function": renamed(
        "AWS::AppSync::FunctionConfiguration", {"ApiId": "api_id", "DataSourceName": "data_source"}
    ),
    "aws_appsync_resolver": renamed(
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
