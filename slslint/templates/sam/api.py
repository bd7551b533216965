"""AWS::Serverless::Api, HttpApi and WebSocketApi, and the routes that functions' events add to them."""

from __future__ import annotations

import posixpath

from yaml.nodes import MappingNode, Node, ScalarNode

from slslint.errors import UnreadableFileError
from slslint.source import Problem
from slslint.templates.cloudformation.nodes import field, fields_of, intrinsic
from slslint.templates.document import MAX_BYTES, compose
from slslint.templates.sam.expansion import Expansion, Written
from slslint.templates.sam.globals import merge, merged_properties
from slslint.templates.sam.nodes import Literal, build, plain_fields, referred, text_of

IMPLICIT = {"ServerlessRestApi": "AWS::Serverless::Api", "ServerlessHttpApi": "AWS::Serverless::HttpApi"}
"""The APIs that SAM makes for events that name none."""

_ANY = "x-amazon-apigateway-any-method"
_INVOKE = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function}/invocations"


def integration_uri(function_arn: Literal) -> Literal:
    """The address under which API Gateway invokes a function."""
    return {"Fn::Sub": [_INVOKE, {"Function": function_arn}]}


def add_rest_event(expansion: Expansion, function: Written, id: str, at: Node, properties: MappingNode) -> None:
    """Add the route of an Api event to its API."""
    named = field(properties, "RestApiId")
    api = "ServerlessRestApi" if named is None else referred(named)
    if not _takes_routes(expansion, api, "AWS::Serverless::Api"):
        # The API's own definition says which routes reach the function; SAM only permits the call.
        _permit(expansion, function, id, at, named)
        return
    integration = _integration(function) | {
        "timeoutInMillis": field(properties, "TimeoutInMillis"),
        "responseTransferMode": "STREAM"
        if text_of(field(properties, "ResponseTransferMode")) == "RESPONSE_STREAM"
        else None,
    }
    path, method = text_of(field(properties, "Path")), text_of(field(properties, "Method")).lower()
    _add_route(expansion, function, api, at, path, method, integration)


def add_http_event(expansion: Expansion, function: Written, id: str, at: Node, properties: MappingNode) -> None:
    """Add the route of an HttpApi event to its API: without Path and Method all requests that no route takes."""
    named = field(properties, "ApiId")
    api = "ServerlessHttpApi" if named is None else referred(named)
    if not _takes_routes(expansion, api, "AWS::Serverless::HttpApi"):
        _permit(expansion, function, id, at, named)
        return
    integration = _integration(function) | {
        "payloadFormatVersion": field(properties, "PayloadFormatVersion") or "2.0",
        "timeoutInMillis": field(properties, "TimeoutInMillis"),
    }
    path, method = text_of(field(properties, "Path")), text_of(field(properties, "Method")).lower()
    _add_route(expansion, function, api, at, path or "$default", method or "any", integration)


def _takes_routes(expansion: Expansion, api: str, type: str) -> bool:
    written = expansion.written.get(api)
    if written is None:
        return api in IMPLICIT
    if written.type != type:
        return False
    body = written["DefinitionBody"]
    if type == "AWS::Serverless::HttpApi":
        return written["DefinitionUri"] is None and (body is None or plain_fields(body))
    merges = text_of(written["MergeDefinitions"]).lower() == "true"
    return merges or (body is None and written["DefinitionUri"] is None)


def _integration(function: Written) -> dict[str, Literal]:
    return {
        "type": "aws_proxy",
        "httpMethod": "POST",
        "uri": integration_uri({"Fn::GetAtt": [function.id, "Arn"]}),
    }


def _add_route(
    expansion: Expansion,
    function: Written,
    api: str,
    at: Node,
    path: str,
    method: str,
    integration: dict[str, Literal],
) -> None:
    operation: Literal = {"x-amazon-apigateway-integration": integration}
    if function.condition is not None:
        operation = {"Fn::If": [function.condition, operation, {"Ref": "AWS::NoValue"}]}
    methods = expansion.paths.setdefault(api, {}).setdefault(path, {})
    methods[_ANY if method == "any" else method] = at, build(operation, at)


def _permit(expansion: Expansion, function: Written, id: str, at: Node, api: Node | None) -> None:
    arn = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*"
    permission: dict[str, Literal] = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": {"Ref": function.id},
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": {"Fn::Sub": [arn, {"Api": api}]},
    }
    expansion.add(f"{id}Permission", at, "AWS::Lambda::Permission", permission, function.condition)


def add_implicit_apis(expansion: Expansion, shared: Node | None) -> None:
    """Write down the APIs that events ask for without naming one; `shared` is the Globals section."""
    for id, type in IMPLICIT.items():
        routes = expansion.paths.get(id)
        if routes is None or id in expansion.written:
            continue
        at = next(where for methods in routes.values() for where, _ in methods.values())
        node = build({"Type": type}, at)
        assert isinstance(node, MappingNode)
        properties = merged_properties(node, field(shared, type.rpartition("::")[2]))
        expansion.written[id] = Written(id, build(id, at), type, node, properties)


def rewrite_rest_api(expansion: Expansion, api: Written) -> None:
    """Deploy a REST API with the definition that SAM gives it."""
    body = _with_routes(expansion, api)
    definitions = {"securityDefinitions": _authorizers(api)}
    properties: dict[str, Literal] = {"Name": api["Name"], "Body": _joined(api, body, definitions)}
    if body is None:
        properties["BodyS3Location"] = api["DefinitionUri"]
    expansion.become(api, "AWS::ApiGateway::RestApi", properties)


def rewrite_http_api(expansion: Expansion, api: Written) -> None:
    """Deploy an HTTP API with the definition that SAM gives it."""
    body = _with_routes(expansion, api)
    schemes = _authorizers(api)
    definitions: dict[str, Literal] = {"components": {"securitySchemes": schemes} if schemes else None}
    properties: dict[str, Literal] = {"Name": api["Name"], "Body": _joined(api, body, definitions)}
    if body is None:
        properties["BodyS3Location"] = api["DefinitionUri"]
    expansion.become(api, "AWS::ApiGatewayV2::Api", properties)


def _joined(api: Written, body: Node | None, definitions: dict[str, Literal]) -> Node | None:
    own = build(definitions, api.key)
    if not isinstance(own, MappingNode) or not own.value:
        return body
    if body is None:
        return own if api["DefinitionUri"] is None else None
    return merge(body, own) if plain_fields(body) else body


def _with_routes(expansion: Expansion, api: Written) -> Node | None:
    """The written definition and the routes of events."""
    body = api["DefinitionBody"]
    if body is None and api["DefinitionUri"] is not None:
        body = local_definition(expansion, api["DefinitionUri"])
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


def local_definition(expansion: Expansion, uri: Node) -> Node | None:
    """The document that a DefinitionUri names, when it is a local file that can be read; its spans lie in that file."""
    path = text_of(uri)
    if not path or "://" in path or not isinstance(uri, ScalarNode):
        return None
    path = posixpath.normpath(posixpath.join(posixpath.dirname(expansion.path), path))
    try:
        file = expansion.reader.read(path, MAX_BYTES)
    except UnreadableFileError as error:
        expansion.gap(uri, f"the definition in `{path}` is not known: {error.why}")
        return None
    root = compose(file)
    if isinstance(root, Problem):
        expansion.problems.append(root)
        return None
    return root


def _authorizers(api: Written) -> Literal:
    """The functions that guard an API, in the form of its definition."""
    written = field(api["Auth"], "Authorizers")
    if not isinstance(written, MappingNode) or intrinsic(written) is not None:
        return None
    schemes: dict[str, Literal] = {}
    for name, (key, authorizer) in fields_of(written).items():
        function = field(authorizer, "FunctionArn")
        if function is not None:
            authorizer_uri: Literal = {"type": "request", "authorizerUri": integration_uri(function)}
            schemes[name] = build({"type": "apiKey", "x-amazon-apigateway-authorizer": authorizer_uri}, key)
    return schemes or None


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
        expansion.add(
            f"{api.id}Authorizer",
            guard,
            "AWS::ApiGatewayV2::Authorizer",
            {"ApiId": {"Ref": api.id}, "AuthorizerType": "REQUEST", "AuthorizerUri": integration_uri(guard)},
            api.condition,
        )
