"""Events of request APIs: REST, HTTP and WebSocket APIs, load balancers; and the functions that guard them."""

from __future__ import annotations

from yaml.nodes import Node, ScalarNode

from slslint.model import Route
from slslint.templates.building import Literal, plain_fields, text_of
from slslint.templates.cloudformation.nodes import Reference
from slslint.templates.document import span
from slslint.templates.serverless.event import Event
from slslint.templates.serverless.naming import function_id, normalized, path_id, route_id, websocket_route_id
from slslint.templates.serverless.service import Service
from slslint.templates.serverless.texts import text_in
from slslint.templates.serverless.written import Written, items_of, mapping_of

REST_API = "ApiGatewayRestApi"
HTTP_API = "HttpApi"
WEBSOCKET_API = "WebsocketsApi"


def add_rest_method(service: Service, event: Event) -> None:
    """`http`: a method of the service's REST API, or of one that lies elsewhere."""
    integration = text_of(event("integration")).lower()
    if integration in ("http", "http-proxy", "http_proxy", "mock"):
        return
    method, path = _method_and_path(event)
    if path is not None:
        _set_route(service, event, method, "/" + path.strip("/"))
    request = "'Event'" if text_of(event("async")).lower() == "true" else None
    invoked: Literal = {
        "Type": "AWS_PROXY",
        "Uri": event.arn,  # it is the ARN in the URI that says which function is invoked
        "TimeoutInMillis": event("timeoutInMillis"),
        "RequestParameters": {"integration.request.header.X-Amz-Invocation-Type": request} if request else None,
    }
    _add_method(service, event, f"{event.prefix}{event.number}", invoked, event.condition)
    _add_rest_authorizer(service, event)


def add_service_method(service: Service, event: Written, unique: str, action: str, templates: Literal) -> None:
    """A method of the service's REST API that performs an action of AWS: `states:action/StartExecution`."""
    before: list[Literal] = ["arn:", {"Ref": "AWS::Partition"}, ":apigateway:", {"Ref": "AWS::Region"}]
    performed: Literal = {
        "Type": "AWS",
        "IntegrationHttpMethod": "POST",
        "Uri": {"Fn::Join": ["", [*before, f":{action}"]]},
        "RequestTemplates": templates,
    }
    _add_method(service, event, unique, performed)


def _add_method(
    service: Service, event: Written, unique: str, integration: Literal, condition: Node | None = None
) -> None:
    """A method with the resources of its path; `unique` stands for a path that cannot be told."""
    method, path = _method_and_path(event)
    api = _rest_api(service, event.key)
    parent = service.provider("apiGateway", "restApiRootResourceId") or Reference(REST_API, "RootResourceId", event.key)
    if path is not None:
        parent = _add_path(service, event.key, path.strip("/"), parent, api)
    id = f"ApiGatewayMethod{path_id(path.strip('/')) if path is not None and method else unique}"
    properties: dict[str, Literal] = {
        "RestApiId": api,
        "ResourceId": parent,
        "HttpMethod": (method or "").upper() or None,
        "Integration": integration,
    }
    service.add(f"{id}{(method or '').capitalize()}", event.key, "AWS::ApiGateway::Method", properties, condition)


def add_http_api_route(service: Service, event: Event) -> None:
    """`httpApi`: a route of the service's HTTP API, or of one that lies elsewhere."""
    method, path = _method_and_path(event)
    external = service.provider("httpApi", "id")
    api = external if external is not None else Reference(HTTP_API, "", event.key)
    if external is None and HTTP_API not in service.resources:
        name = service.provider("httpApi", "name") or service.text(event.key, service.stage, "-", service.name)
        service.add(HTTP_API, event.key, "AWS::ApiGatewayV2::Api", {"Name": name, "ProtocolType": "HTTP"})
    integration = f"HttpApiIntegration{event.prefix}"
    service.add(
        integration,
        event.key,
        "AWS::ApiGatewayV2::Integration",
        {"ApiId": api, "IntegrationType": "AWS_PROXY", "IntegrationUri": event.arn, "TimeoutInMillis": 30000},
        event.condition,
    )
    whole = path == "*" or (method == "*" and path is None)
    key = "*" if whole else None
    if key is None and method is not None and path is not None:
        key = f"{'ANY' if method == '*' else method.upper()} {path}"
    properties: dict[str, Literal] = {
        "ApiId": api,
        "RouteKey": "$default" if whole else key,
        "Target": Reference(integration, "", event.key),
    }
    id = route_id(key) if key is not None else f"HttpApiRoute{event.prefix}{event.number}"
    service.add(id, event.key, "AWS::ApiGatewayV2::Route", properties, event.condition)


def add_http_authorizers(service: Service) -> None:
    """The functions that guard the service's HTTP API (`provider.httpApi.authorizers`)."""
    api: Literal = service.provider("httpApi", "id") or {"Ref": HTTP_API}
    for name, (key, node) in mapping_of(service.provider("httpApi", "authorizers")).items():
        fields = mapping_of(node)
        named = text_of(fields["functionName"][1]) if "functionName" in fields else ""
        target: Literal = {"Fn::GetAtt": [function_id(named), "Arn"]} if named in service.functions else None
        if target is None and "functionArn" in fields:
            target = fields["functionArn"][1]
        if target is not None:
            properties: dict[str, Literal] = {"ApiId": api, "AuthorizerUri": invocation_uri(target)}
            service.add(f"HttpApiAuthorizer{normalized(name)}", key, "AWS::ApiGatewayV2::Authorizer", properties)


def add_websocket_route(service: Service, event: Event) -> None:
    """`websocket`: a route of the service's WebSocket API, or of one that lies elsewhere."""
    external = service.provider("apiGateway", "websocketApiId") or service.provider("websocketApiId")
    api = external if external is not None else Reference(WEBSOCKET_API, "", event.key)
    if external is None and WEBSOCKET_API not in service.resources:
        service.add(WEBSOCKET_API, event.key, "AWS::ApiGatewayV2::Api", {"ProtocolType": "WEBSOCKET"})
    connections: Literal = {"Fn::Sub": "arn:${AWS::Partition}:execute-api:*:*:*/@connections/*"}
    service.allow(event.function.name, ["execute-api:ManageConnections"], connections)
    route = event("route") if plain_fields(event.node) else event.node
    integration = f"{event.prefix}WebsocketsIntegration"
    service.add(
        integration,
        event.key,
        "AWS::ApiGatewayV2::Integration",
        {"ApiId": api, "IntegrationType": "AWS_PROXY", "IntegrationUri": event.arn},
        event.condition,
    )
    known = _string(route)
    id = websocket_route_id(known) if known is not None else f"{event.prefix}{event.number}WebsocketsRoute"
    properties: dict[str, Literal] = {
        "ApiId": api,
        "RouteKey": route,
        "Target": Reference(integration, "", event.key),
    }
    service.add(id, event.key, "AWS::ApiGatewayV2::Route", properties, event.condition)
    guard = event("authorizer")
    target, name = _guard(service, guard)
    if target is not None:
        properties = {"ApiId": api, "AuthorizerUri": invocation_uri(target)}
        service.add(f"{normalized(name)}WebsocketsAuthorizer", event.key, "AWS::ApiGatewayV2::Authorizer", properties)


def add_target_group(service: Service, event: Event) -> None:
    """`alb`: a target group, and the listener's rule that forwards to it."""
    listener = (_string(event("listenerArn")) or "").split("/")
    balancer = listener[-2] if len(listener) > 2 else str(event.number)
    group = f"{event.prefix}AlbTargetGroup{balancer}"
    service.add(
        group,
        event.key,
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        {"TargetType": "lambda", "Targets": [{"Id": event.arn}]},
        event.condition,
    )
    conditions: list[Literal] = []
    paths: list[Literal] = list(items_of(event("conditions", "path")))
    if paths:
        conditions.append({"Field": "path-pattern", "Values": paths})
    priority = _string(event("priority")) or str(event.number)
    service.add(
        f"{event.prefix}AlbListenerRule{priority}",
        event.key,
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        {"Actions": [{"Type": "forward", "TargetGroupArn": {"Ref": group}}], "Conditions": conditions},
        event.condition,
    )


def _string(node: Node | None) -> str | None:
    """A text that is decided."""
    text = text_in(node)
    return text if isinstance(text, str) else None


def _method_and_path(event: Written) -> tuple[str | None, str | None]:
    """The method and path of `GET /users` or of a mapping with both; None for what cannot be told."""
    if plain_fields(event.node):
        return _string(event("method")), _string(event("path"))
    method, space, path = (_string(event.node) or "").strip().partition(" ")
    return method or None, path.strip() if space else None


def _set_route(service: Service, event: Event, method: str | None, path: str) -> None:
    if method is not None:
        service.routes[span(event.key)] = Route(method.upper(), path)


def _rest_api(service: Service, at: Node) -> Node:
    """The service's REST API, made where it is not there yet, or the one that lies elsewhere."""
    external = service.provider("apiGateway", "restApiId")
    if external is not None:
        return external
    if REST_API not in service.resources:
        name = service.provider("apiName") or service.text(service.provider.key, service.stage, "-", service.name)
        service.add(REST_API, service.provider.key, "AWS::ApiGateway::RestApi", {"Name": name})
    return Reference(REST_API, "", at)


def _add_path(service: Service, at: Node, path: str, root: Node, api: Node) -> Node:
    """The resource of a path, made with those above it where they are not there yet."""
    parent, so_far = root, ""
    for part in path.split("/") if path else ():
        so_far = f"{so_far}/{part}".lstrip("/")
        id = f"ApiGatewayResource{path_id(so_far)}"
        if id not in service.resources:
            properties: dict[str, Literal] = {"ParentId": parent, "PathPart": part, "RestApiId": api}
            service.add(id, at, "AWS::ApiGateway::Resource", properties)
        parent = Reference(id, "", at)
    return parent


def invocation_uri(target: Literal) -> Literal:
    """How APIs name a function by its ARN."""
    region: Literal = {"Ref": "AWS::Region"}
    before: list[Literal] = ["arn:", {"Ref": "AWS::Partition"}, ":apigateway:", region]
    return {"Fn::Join": ["", [*before, ":lambda:path/2015-03-31/functions/", target, "/invocations"]]}


def _add_rest_authorizer(service: Service, event: Event) -> None:
    guard = event("authorizer")
    target, name = _guard(service, guard)
    if target is None:
        return
    properties: dict[str, Literal] = {
        "RestApiId": _rest_api(service, event.key),
        "Type": "TOKEN",
        "AuthorizerUri": invocation_uri(target),
    }
    service.add(f"{normalized(name)}ApiGatewayAuthorizer", event.key, "AWS::ApiGateway::Authorizer", properties)


def _guard(service: Service, guard: Node | None) -> tuple[Literal, str]:
    """The ARN of the function that an authorizer is, and its name; None when it is none of this service."""
    if guard is None:
        return None, ""
    if isinstance(guard, ScalarNode):
        name = text_of(guard)
        found = name if name in service.functions else ""
        return ({"Fn::GetAtt": [function_id(found), "Arn"]}, found) if found else (None, "")
    fields = mapping_of(guard)
    name = text_of(fields["name"][1]) if "name" in fields else ""
    kind = text_of(fields["type"][1]).upper() if "type" in fields else ""
    if kind in ("AWS_IAM", "COGNITO_USER_POOLS"):
        return None, ""
    if "arn" in fields:
        return fields["arn"][1], name or "Other"
    return ({"Fn::GetAtt": [function_id(name), "Arn"]}, name) if name in service.functions else (None, "")
