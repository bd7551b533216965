"""AWS::Serverless::Api, HttpApi and WebSocketApi, and the routes that functions' events add to them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yaml.nodes import MappingNode, Node

from slslint.model import Route
from slslint.templates.building import Literal, build, plain_fields, referred, text_of
from slslint.templates.cloudformation.nodes import field, fields_of
from slslint.templates.document import span
from slslint.templates.sam.events import Event
from slslint.templates.sam.expansion import Expansion, Written
from slslint.templates.sam.globals import merge, merged_properties

IMPLICIT = {"ServerlessRestApi": "AWS::Serverless::Api", "ServerlessHttpApi": "AWS::Serverless::HttpApi"}
"""The APIs that SAM makes for events that name none."""

_INVOKE = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function}/invocations"


def integration_uri(function_arn: Literal) -> Literal:
    """The address under which API Gateway invokes a function."""
    return {"Fn::Sub": [_INVOKE, {"Function": function_arn}]}


def add_rest_event(expansion: Expansion, event: Event) -> None:
    """Add the route of an Api event to its API."""
    named = event("RestApiId")
    api = "ServerlessRestApi" if named is None else referred(named)
    route = Route(text_of(event("Method")).upper(), text_of(event("Path")))
    if not _takes_rest_routes(expansion, api):
        _permit(expansion, event, named, route)
        return
    streams = text_of(event("ResponseTransferMode")) == "RESPONSE_STREAM"
    extras: dict[str, Literal] = {
        "timeoutInMillis": event("TimeoutInMillis"),
        "responseTransferMode": "STREAM" if streams else None,
    }
    _add_route(expansion, event, api, route, extras)


def add_http_event(expansion: Expansion, event: Event) -> None:
    """Add the route of an HttpApi event to its API: without Path and Method all requests that no route takes."""
    named = event("ApiId")
    api = "ServerlessHttpApi" if named is None else referred(named)
    route = Route(text_of(event("Method")).upper() or "ANY", text_of(event("Path")) or "$default")
    if not _takes_http_routes(expansion, api):
        _permit(expansion, event, named, route)
        return
    body = expansion.written[api]["DefinitionBody"] if api in expansion.written else None
    if field(body, "paths", route.path, _method_key(route), "x-amazon-apigateway-integration") is None:
        extras: dict[str, Literal] = {
            "payloadFormatVersion": event("PayloadFormatVersion") or "2.0",
            "timeoutInMillis": event("TimeoutInMillis"),
        }
        _add_route(expansion, event, api, route, extras)


def _takes_rest_routes(expansion: Expansion, api: str) -> bool:
    written = expansion.written.get(api)
    if written is None:
        return api in IMPLICIT
    if written.type != "AWS::Serverless::Api":
        return False
    if text_of(written["MergeDefinitions"]).lower() == "true":
        return True
    return written["DefinitionBody"] is None and written["DefinitionUri"] is None


def _takes_http_routes(expansion: Expansion, api: str) -> bool:
    written = expansion.written.get(api)
    if written is None:
        return api in IMPLICIT
    if written.type not in IMPLICIT.values():
        return False
    body = written["DefinitionBody"]
    return written["DefinitionUri"] is None if body is None else plain_fields(body)


def _method_key(route: Route) -> str:
    return "x-amazon-apigateway-any-method" if route.method == "ANY" else route.method.lower()


def _add_route(expansion: Expansion, event: Event, api: str, route: Route, extras: dict[str, Literal]) -> None:
    integration: Literal = {"type": "aws_proxy", "httpMethod": "POST", "uri": integration_uri(event.arn), **extras}
    operation: Literal = {"x-amazon-apigateway-integration": integration}
    if event.owner.condition is not None:
        operation = {"Fn::If": [event.owner.condition, operation, {"Ref": "AWS::NoValue"}]}
    methods = expansion.paths.setdefault(api, {}).setdefault(route.path, {})
    methods[_method_key(route)] = event.at, build(operation, event.at)


def _permit(expansion: Expansion, event: Event, api: Node | None, route: Route) -> None:
    """Permit an API to call a function on a route that the API's own definition leads there."""
    arn = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/"
    path = "" if route.path == "$default" else re.sub(r"{[^}]*}", "*", route.path)
    permission: dict[str, Literal] = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": {"Ref": event.owner.id},
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": {"Fn::Sub": [f"{arn}{'*' if route.method == 'ANY' else route.method}{path}", {"Api": api}]},
    }
    expansion.add(f"{event.id}Permission", event.at, "AWS::Lambda::Permission", permission, event.owner.condition)
    expansion.routes[span(event.at)] = route


def add_implicit_apis(expansion: Expansion, shared: Node | None) -> None:
    """Write down the APIs that events ask for without naming one; `shared` is the Globals section."""
    for id, type in IMPLICIT.items():
        routes = expansion.paths.get(id)
        if routes is None or id in expansion.written:
            continue
        at = next(where for methods in routes.values() for where, _ in methods.values())
        node = build({"Type": type}, at)
        assert isinstance(node, MappingNode)
        properties = merged_properties(expansion.template, node, field(shared, type.rpartition("::")[2]))
        expansion.written[id] = Written(id, build(id, at), type, node, properties)


def rewrite_rest_api(expansion: Expansion, api: Written) -> None:
    """Deploy a REST API with the definition that SAM gives it."""
    _become_api(expansion, api, "AWS::ApiGateway::RestApi")
    for key, function in _guards(api):
        properties: dict[str, Literal] = {"RestApiId": {"Ref": api.id}, "AuthorizerUri": integration_uri(function)}
        expansion.add(
            f"{api.id}{text_of(key)}Authorizer", key, "AWS::ApiGateway::Authorizer", properties, api.condition
        )


def rewrite_http_api(expansion: Expansion, api: Written) -> None:
    """Deploy an HTTP API with the definition that SAM gives it."""
    _become_api(expansion, api, "AWS::ApiGatewayV2::Api")
    for key, function in _guards(api):
        _add_authorizer(expansion, api, key, function)


def _become_api(expansion: Expansion, api: Written, type: str) -> None:
    body = _with_routes(expansion, api)
    expansion.become(api, type, {"Name": api["Name"], "Body": body, "BodyS3Location": api["DefinitionUri"]})


def _add_authorizer(expansion: Expansion, api: Written, key: Node, function: Node) -> None:
    properties: dict[str, Literal] = {"ApiId": {"Ref": api.id}, "AuthorizerUri": integration_uri(function)}
    expansion.add(f"{api.id}{text_of(key)}Authorizer", key, "AWS::ApiGatewayV2::Authorizer", properties, api.condition)


def _with_routes(expansion: Expansion, api: Written) -> Node | None:
    """The written definition and the routes of events."""
    body = api["DefinitionBody"]
    routes = expansion.paths.get(api.id)
    if routes is None:
        return body
    paths: list[tuple[Node, Node]] = []
    for path, methods in routes.items():
        at = next(iter(methods.values()))[0]
        pairs = [(build(method, where), operation) for method, (where, operation) in methods.items()]
        paths.append((build(path, at), MappingNode("", pairs, at.start_mark, at.end_mark, True)))
    added = MappingNode("", paths, api.key.start_mark, api.key.end_mark, True)
    own = build({"openapi": "3.0.1", "paths": added}, api.key)
    return merge(body, own) if body is not None and plain_fields(body) else own


def _guards(api: Written) -> Iterator[tuple[Node, Node]]:
    """The functions that guard an API, each with its authorizer's name."""
    written = field(api["Auth"], "Authorizers")
    for key, authorizer in fields_of(written).values() if plain_fields(written) else ():
        function = field(authorizer, "FunctionArn")
        if function is not None:
            yield key, function


def rewrite_web_socket_api(expansion: Expansion, api: Written) -> None:
    """Deploy a WebSocket API with an integration for each of its routes."""
    expansion.become(
        api,
        "AWS::ApiGatewayV2::Api",
        {
            "Name": api["Name"],
            "ProtocolType": "WEBSOCKET",
            "RouteSelectionExpression": api["RouteSelectionExpression"],
        },
    )
    routes = api["Routes"]
    for number, (route, (key, settings)) in enumerate(
        fields_of(routes).items() if isinstance(routes, MappingNode) else ()
    ):
        integration = f"{api.id}Integration{number}"
        expansion.add(
            integration,
            key,
            "AWS::ApiGatewayV2::Integration",
            {
                "ApiId": {"Ref": api.id},
                "IntegrationType": "AWS_PROXY",
                "IntegrationUri": integration_uri(field(settings, "FunctionArn")),
                "TimeoutInMillis": field(settings, "IntegrationTimeout"),
            },
            api.condition,
        )
        expansion.add(
            f"{api.id}Route{number}",
            key,
            "AWS::ApiGatewayV2::Route",
            {
                "ApiId": {"Ref": api.id},
                "RouteKey": route,
                "Target": {"Fn::Join": ["/", ["integrations", {"Ref": integration}]]},
            },
            api.condition,
        )
    guard = field(api["Auth"], "AuthArn")
    if guard is not None:
        _add_authorizer(expansion, api, guard, guard)
