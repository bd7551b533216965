"""Request APIs: API Gateway v1 and v2, function URLs, load balancers, AppSync."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.model import Invocation, Ref, Route, Source, Text
from slslint.source import Span
from slslint.templates.cloudformation.draft import CALLER_WAITS, Draft, or_default
from slslint.templates.cloudformation.notifications import own
from slslint.templates.cloudformation.template import Resource
from slslint.templates.cloudformation.view import View
from slslint.value import Absent, Either, Known, Unknown, Value, known_values, transform

STREAM_WAITS = 900.0
"""A REST API that streams the response waits as long as a function can run."""

_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})


def lower_apis(draft: Draft) -> None:
    """Everything that carries requests to functions."""
    template = draft.template
    for resource in template.of_type("AWS::Lambda::Url"):
        target = resource.properties.get("TargetFunctionArn").text()
        draft.add_trigger(Source.FUNCTION_URL, target, resource.at, own(resource), when=resource.when)
    _lower_rest(draft)
    for resource in template.of_type("AWS::ApiGateway::Authorizer"):
        target = resource.properties.get("AuthorizerUri").text()
        api = resource.properties.get("RestApiId").text()
        draft.add_trigger(Source.AUTHORIZER, target, resource.at, api, when=resource.when)
    _lower_http(draft)
    _lower_load_balancers(draft)
    _lower_graphql(draft)


def lower_openapi(draft: Draft, body: View, kind: Source, api: Value[Text], at: Span) -> None:
    """The integrations and authorizers of an OpenAPI document."""
    for path in body.get("paths").entries():
        for operation in path.view.entries():
            method = operation.key.lower()
            integration = operation.view.get("x-amazon-apigateway-integration")
            if method == "x-amazon-apigateway-any-method":
                method = "any"
            elif method not in _METHODS:
                continue
            if integration.present:
                _add_integration(
                    draft,
                    kind,
                    integration.get("uri").text(),
                    operation.at,
                    api,
                    operation.view,
                    Known(Route(method.upper(), path.key), operation.at),
                    timeout=integration.get("timeoutInMillis"),
                    stream=integration.get("responseTransferMode"),
                    parameters=integration.get("requestParameters"),
                )
    for schemes in (body.get("securityDefinitions"), body.get("components", "securitySchemes")):
        for scheme in schemes.entries():
            target = scheme.view.get("x-amazon-apigateway-authorizer", "authorizerUri").text()
            draft.add_trigger(Source.AUTHORIZER, target, scheme.at, api, when=scheme.view.when)


def _add_integration(
    draft: Draft,
    kind: Source,
    target: Value[Text],
    at: Span,
    api: Value[Text],
    place: View,
    route: Value[Route],
    *,
    timeout: View,
    stream: View,
    parameters: View,
) -> None:
    invocation, certain = _invocation(parameters) if parameters.present else (Invocation.WAITS, True)
    waits: Value[float] | None = None
    if not certain:
        waits = Unknown("whether it waits is decided per request", at)
    elif invocation is Invocation.ASYNC:
        waits = Absent(at)
    elif stream.is_("STREAM"):
        waits = Known(STREAM_WAITS, stream.at)
    elif timeout.present:
        waits = or_default(_seconds(timeout), CALLER_WAITS[kind], at)
    draft.add_trigger(kind, target, at, api, when=place.when, invocation=invocation, waits=waits, route=route)
    for known in known_values(target):
        # arn:aws:apigateway:eu-west-1:sqs:path/123456789012/${Queue.QueueName}
        written = draft.written(known.value)
        if written is not None and written.type == "AWS::SQS::Queue":
            draft.add_delivery(api, own(written), at, when=place.when)
    for name in _RECEIVERS if parameters.present else ():
        draft.add_delivery(api, parameters.get(name).text(), at, when=place.when)


_RECEIVERS = ("EventBusName", "QueueUrl", "StateMachineArn", "StreamName")
"""The parameter by which an integration of an HTTP API with a service names what gets the request."""


def _invocation(parameters: View) -> tuple[Invocation, bool]:
    """Whether an integration waits for the function, and whether that is certain."""
    for entry in parameters.entries():
        if entry.key.lower() == "integration.request.header.x-amz-invocation-type":
            value = entry.view.string()
            # API Gateway marks static values by single quotes.
            if isinstance(value, Known) and value.value.startswith("'"):
                return (Invocation.ASYNC if value.value.strip("'") == "Event" else Invocation.WAITS), True
            return Invocation.WAITS, False
    return Invocation.WAITS, True


def _seconds(milliseconds: View) -> Value[float]:
    return transform(milliseconds.number(), lambda known: Known(known.value / 1000, known.at, known.origin))


def _lower_rest(draft: Draft) -> None:
    template = draft.template
    paths: dict[str, Value[str]] = {}
    for resource in template.of_type("AWS::ApiGateway::Method"):
        properties = resource.properties
        integration = properties.get("Integration")
        _add_integration(
            draft,
            Source.REST_API,
            integration.get("Uri").text(),
            resource.at,
            properties.get("RestApiId").text(),
            properties,
            _rest_route(draft, properties, paths),
            timeout=integration.get("TimeoutInMillis"),
            stream=integration.get("ResponseTransferMode"),
            parameters=integration.get("RequestParameters"),
        )
    for resource in template.of_type("AWS::ApiGateway::RestApi"):
        body = template.document(resource.properties.get("Body"), resource.properties.get("BodyS3Location"))
        lower_openapi(draft, body, Source.REST_API, own(resource), resource.at)


def _rest_route(draft: Draft, properties: View, paths: dict[str, Value[str]]) -> Value[Route]:
    method, place = properties.get("HttpMethod").string(), properties.get("ResourceId").text()
    path = _rest_path(draft, place, paths)
    if not isinstance(method, Known):
        return Unknown("its method cannot be decided", properties.at)
    return transform(path, lambda known: Known(Route(method.value.upper(), known.value or "/"), known.at))


def _rest_path(draft: Draft, place: Value[Text], paths: dict[str, Value[str]]) -> Value[str]:
    """The path of an AWS::ApiGateway::Resource, from the root down; `paths` keeps those that are known."""
    parts: dict[str, str] = {}
    path: Value[str] | None = None
    while path is None:
        if not isinstance(place, Known) or not isinstance(place.value, Ref):
            path = Unknown("its path hangs on a resource that is not in this template", _at(place))
            break
        name = place.value.id
        resource = draft.template.resources.get(name)
        if name in paths:
            path = paths[name]
        elif resource is not None and resource.type == "AWS::ApiGateway::RestApi":
            path = Known("", place.at)
        elif resource is None or resource.type != "AWS::ApiGateway::Resource" or name in parts:
            path = Unknown("its path cannot be followed to the root", place.at)
        else:
            part = resource.properties.get("PathPart").string()
            if not isinstance(part, Known):
                path = Unknown("a part of its path cannot be decided", place.at)
                break
            parts[name] = part.value
            place = resource.properties.get("ParentId").text()
    for name, piece in reversed(parts.items()):
        if isinstance(path, Known):
            path = Known(f"{path.value}/{piece}", path.at)
        paths[name] = path
    return path


def _at(value: Value[Text]) -> Span:
    return value.branches[0][1].at if isinstance(value, Either) else value.at


def _lower_http(draft: Draft) -> None:
    template = draft.template
    for resource in template.of_type("AWS::ApiGatewayV2::Route"):
        _lower_http_route(draft, resource)
    for resource in template.of_type("AWS::ApiGatewayV2::Authorizer"):
        target = resource.properties.get("AuthorizerUri").text()
        api = resource.properties.get("ApiId").text()
        draft.add_trigger(Source.AUTHORIZER, target, resource.at, api, when=resource.when)
    for resource in template.of_type("AWS::ApiGatewayV2::Api"):
        properties = resource.properties
        route = _http_route(or_default(properties.get("RouteKey").string(), "$default", resource.at))
        target = properties.get("Target").text()
        draft.add_trigger(Source.HTTP_API, target, resource.at, own(resource), when=resource.when, route=route)
        body = template.document(properties.get("Body"), properties.get("BodyS3Location"))
        lower_openapi(draft, body, Source.HTTP_API, own(resource), resource.at)


def _lower_http_route(draft: Draft, resource: Resource) -> None:
    properties = resource.properties
    api, key = properties.get("ApiId").text(), properties.get("RouteKey").string()
    for target in known_values(properties.get("Target").text()):
        integration = draft.written(target.value)
        if integration is None or integration.type != "AWS::ApiGatewayV2::Integration":
            continue
        _add_integration(
            draft,
            _http_kind(draft, api, key),
            integration.properties.get("IntegrationUri").text(),
            resource.at,
            api,
            properties,
            _http_route(key),
            timeout=integration.properties.get("TimeoutInMillis"),
            stream=draft.template.nothing(integration.at),
            parameters=integration.properties.get("RequestParameters"),
        )


def _http_kind(draft: Draft, api: Value[Text], key: Value[str]) -> Source:
    """HTTP or WebSocket: by the API when it is in sight, else by the form of the route's key."""
    for known in known_values(api):
        written = draft.written(known.value)
        if written is not None:
            websocket = written.properties.get("ProtocolType").is_("WEBSOCKET")
            return Source.WEBSOCKET_API if websocket else Source.HTTP_API
    named = isinstance(key, Known) and " " not in key.value and key.value != "$default"
    return Source.WEBSOCKET_API if named else Source.HTTP_API


def _http_route(key: Value[str]) -> Value[Route]:
    def split(known: Known[str]) -> Known[Route]:
        method, space, path = known.value.partition(" ")
        return Known(Route(method.upper(), path.strip()) if space else Route("ANY", method), known.at, known.origin)

    return transform(key, split)


def _lower_load_balancers(draft: Draft) -> None:
    """Target groups with a function, with the paths of the listener rules that forward to them."""
    template = draft.template
    rules: dict[str, list[Resource]] = {}
    for rule in template.of_type("AWS::ElasticLoadBalancingV2::ListenerRule"):
        for action in rule.properties.get("Actions").items():
            for known in known_values(action.get("TargetGroupArn").text()):
                if isinstance(known.value, Ref):
                    rules.setdefault(known.value.id, []).append(rule)
    for group in template.of_type("AWS::ElasticLoadBalancingV2::TargetGroup"):
        routes: list[Value[Route] | None] = [*_rule_routes(rules.get(group.id, []))]
        for item in group.properties.get("Targets").items():
            target = item.get("Id").text()
            for route in routes or [None]:
                draft.add_trigger(Source.LOAD_BALANCER, target, group.at, own(group), when=item.when, route=route)


def _rule_routes(rules: list[Resource]) -> Iterator[Value[Route]]:
    for rule in rules:
        for condition in rule.properties.get("Conditions").items():
            if not condition.get("Field").is_("path-pattern"):
                continue
            for values in (condition.get("Values"), condition.get("PathPatternConfig", "Values")):
                for item in values.items():
                    yield transform(item.string(), lambda known: Known(Route("ANY", known.value), known.at))


def _lower_graphql(draft: Draft) -> None:
    """AppSync data sources that are functions, with the fields whose resolvers use them."""
    template = draft.template
    sources = {
        source.id: source
        for source in template.of_type("AWS::AppSync::DataSource")
        if source.properties.get("LambdaConfig").present
    }
    names = {
        known.value: source.id
        for source in sources.values()
        for known in known_values(source.properties.get("Name").text())
    }
    steps = {step.id: step for step in template.of_type("AWS::AppSync::FunctionConfiguration")}
    used: set[str] = set()
    for resolver in template.of_type("AWS::AppSync::Resolver"):
        places = [resolver.properties.get("DataSourceName")]
        for item in resolver.properties.get("PipelineConfig", "Functions").items():
            places.extend(
                steps[known.value.id].properties.get("DataSourceName")
                for known in known_values(item.text())
                if isinstance(known.value, Ref) and known.value.id in steps
            )
        for place in places:
            for known in known_values(place.text()):
                named = known.value.id if isinstance(known.value, Ref) else names.get(known.value, "")
                if named in sources:
                    used.add(named)
                    _add_field(draft, sources[named], resolver)
    for name, source in sources.items():
        if name not in used:
            _add_field(draft, source, None)
    for api in template.of_type("AWS::AppSync::GraphQLApi"):
        for provider in (api.properties, *api.properties.get("AdditionalAuthenticationProviders").items()):
            guard = provider.get("LambdaAuthorizerConfig", "AuthorizerUri")
            draft.add_trigger(Source.AUTHORIZER, guard.text(), guard.at, own(api), when=provider.when)


def _add_field(draft: Draft, source: Resource, resolver: Resource | None) -> None:
    place = resolver or source
    route: Value[Route] = Absent(place.at)
    if resolver is not None:
        parent, name = resolver.properties.get("TypeName").string(), resolver.properties.get("FieldName").string()
        if isinstance(parent, Known) and isinstance(name, Known):
            route = Known(Route(parent.value, name.value), resolver.at)
        else:
            route = Unknown("its field cannot be decided", resolver.at)
    draft.add_trigger(
        Source.GRAPHQL_API,
        source.properties.get("LambdaConfig", "LambdaFunctionArn").text(),
        place.at,
        source.properties.get("ApiId").text(),
        when=place.when | source.when,
        route=route,
    )
