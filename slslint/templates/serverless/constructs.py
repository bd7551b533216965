"""The constructs of the plugin serverless-lift: a queue with its worker, a webhook, a bucket, a table."""

from __future__ import annotations

from collections.abc import Callable

from yaml.nodes import MappingNode, Node, ScalarNode

from slslint.record import replace
from slslint.templates.building import Literal, build, text_of
from slslint.templates.cloudformation.nodes import Undecided, fields_of
from slslint.templates.serverless.functions import DEFAULT_TIMEOUT
from slslint.templates.serverless.naming import function_id
from slslint.templates.serverless.requests import invocation_uri
from slslint.templates.serverless.service import Service
from slslint.templates.serverless.texts import text_in
from slslint.templates.serverless.written import Function, Written, mapping_of

_BUCKET_ACTIONS = ["s3:PutObject", "s3:GetObject", "s3:DeleteObject", "s3:ListBucket"]
_TABLE_ACTIONS = [
    f"dynamodb:{action}"
    for action in (
        "GetItem", "BatchGetItem", "Query", "Scan", "BatchWriteItem", "PutItem", "DeleteItem", "UpdateItem",
        "ConditionCheckItem",
    )
]  # fmt: skip

_PARTS = {"api": "HttpApi", "bucket": "Bucket", "bus": "Bus", "dlq": "Dlq", "queue": "Queue", "table": "Table"}
"""The resources that can be extended: what their ids end with."""


def add_constructs(service: Service) -> None:
    """Deploy the constructs of a service, and add their functions to its own; comes before those are deployed."""
    for name, (key, node) in mapping_of(service.section("constructs").node).items():
        construct = Written(key, node)
        kind = text_of(construct("type"))
        add = _CONSTRUCTS.get(kind)
        if add is not None:
            add(service, name, construct)
            _extend(service, name, construct)
        elif not kind or isinstance(node, Undecided):
            service.gap(key, "which construct it is, is known only when deployed")
    if _is_automatic(service):
        for name, (_, node) in mapping_of(service.section("constructs").node).items():
            kind = text_of(Written(node, node)("type"))
            for actions, resource in _permissions(kind, name):
                service.allow("", actions, resource)


def _extend(service: Service, name: str, construct: Written) -> None:
    """Put what the author wrote under `extensions` into the resources of a construct."""
    for part, (_, node) in mapping_of(construct("extensions")).items():
        id = f"{name}{_PARTS.get(part, '')}"
        if id in service.resources:
            service.resources[id] = replace(service.resources[id], more=node)


def _is_automatic(service: Service) -> bool:
    """Whether the role of all functions may use every construct."""
    return text_of(service.section("lift")("automaticPermissions")).lower() != "false"


def _permissions(kind: str, name: str) -> list[tuple[list[str], Literal]]:
    match kind:
        case "queue":
            return [(["sqs:SendMessage"], {"Fn::GetAtt": [f"{name}Queue", "Arn"]})]
        case "storage":
            bucket: Literal = {"Fn::GetAtt": [f"{name}Bucket", "Arn"]}
            objects: Literal = {"Fn::Join": ["", [bucket, "/*"]]}
            return [(_BUCKET_ACTIONS, bucket), (_BUCKET_ACTIONS, objects)]
        case "database/dynamodb-single-table":
            table: Literal = {"Fn::GetAtt": [f"{name}Table", "Arn"]}
            return [(_TABLE_ACTIONS, table), (_TABLE_ACTIONS, {"Fn::Join": ["", [table, "/index/*"]]})]
        case _:
            return []


def _add_queue(service: Service, name: str, construct: Written) -> None:
    """A queue that a worker reads, and one for what it cannot handle; named as the plugin's variables name them."""
    arn: Literal = {"Fn::GetAtt": [f"{name}Queue", "Arn"]}
    dead: Literal = {"Fn::GetAtt": [f"{name}Dlq", "Arn"]}
    retries = construct("maxRetries")
    fifo = text_of(construct("fifo")).lower() == "true"
    window = construct("maxBatchingWindow")
    given = construct("worker")
    shared = service.functions.get(text_of(given)) if isinstance(given, ScalarNode) else None
    timeout = shared("timeout") if shared is not None else construct("worker", "timeout")
    end = ".fifo" if fifo else ""
    called, dead_called = (
        service.text(construct.key, service.prefix, f"-{name}{suffix}{end}") for suffix in ("", "-dlq")
    )
    service.add(f"{name}Dlq", construct.key, "AWS::SQS::Queue", {"QueueName": dead_called, "FifoQueue": fifo or None})
    service.add(
        f"{name}Queue",
        construct.key,
        "AWS::SQS::Queue",
        {
            "QueueName": called,
            "FifoQueue": fifo or None,
            "VisibilityTimeout": _visibility(timeout, window, construct.key),
            "RedrivePolicy": {"deadLetterTargetArn": dead, "maxReceiveCount": 3 if retries is None else retries},
        },
    )
    event: Literal = {
        "sqs": {
            "arn": arn,
            "batchSize": construct("batchSize") or 1,
            "maximumBatchingWindow": window,
            "maximumConcurrency": construct("maxConcurrency"),
            "functionResponseType": "ReportBatchItemFailures",
        }
    }
    if shared is not None:
        service.functions[shared.name] = _with_event(shared, event)
    elif given is not None and not isinstance(given, ScalarNode):
        _add_function(service, f"{name}Worker", construct, "worker", event)


def _visibility(timeout: Node | None, window: Node | None, at: Node) -> Literal:
    """Six times the worker's own timeout, whatever it inherits, and the batching window."""
    seconds = [DEFAULT_TIMEOUT if timeout is None else _whole(timeout), 0 if window is None else _whole(window)]
    if seconds[0] is None or seconds[1] is None:
        return Undecided("it hangs on a timeout that is known only when deployed", at)
    return 6 * seconds[0] + seconds[1]


def _whole(node: Node) -> int | None:
    text = text_in(node)
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() else None


def _add_webhook(service: Service, name: str, construct: Written) -> None:
    """An HTTP API that puts what it gets on a bus of its own, and the function that guards it."""
    api: Literal = {"Ref": f"{name}HttpApi"}
    service.add(f"{name}Bus", construct.key, "AWS::Events::EventBus", {})
    service.add(f"{name}HttpApi", construct.key, "AWS::ApiGatewayV2::Api", {"ProtocolType": "HTTP"})
    put: dict[str, Literal] = {
        "EventBusName": {"Ref": f"{name}Bus"},
        "Source": name,
        "DetailType": construct("eventType") or "Webhook",
        "Detail": "$request.body",
    }
    service.add(
        f"{name}Integration",
        construct.key,
        "AWS::ApiGatewayV2::Integration",
        {
            "ApiId": api,
            "IntegrationType": "AWS_PROXY",
            "IntegrationSubtype": "EventBridge-PutEvents",
            "RequestParameters": put,
        },
    )
    method, path = text_of(construct("method")) or "POST", text_of(construct("path"))
    route: dict[str, Literal] = {
        "ApiId": api,
        "RouteKey": f"{method} {path}" if path else construct("path"),
        "Target": {"Fn::Join": ["/", ["integrations", {"Ref": f"{name}Integration"}]]},
    }
    service.add(f"{name}Route", construct.key, "AWS::ApiGatewayV2::Route", route)
    if isinstance(construct("authorizer"), MappingNode):
        _add_function(service, f"{name}Authorizer", construct, "authorizer", None)
        guard: Literal = {"Fn::GetAtt": [function_id(f"{name}Authorizer"), "Arn"]}
        service.add(
            f"{name}RouteAuthorizer",
            construct.place("authorizer"),
            "AWS::ApiGatewayV2::Authorizer",
            {"ApiId": api, "AuthorizerUri": invocation_uri(guard)},
        )


def _add_bucket(service: Service, name: str, construct: Written) -> None:
    service.add(f"{name}Bucket", construct.key, "AWS::S3::Bucket", {})


def _add_table(service: Service, name: str, construct: Written) -> None:
    service.add(f"{name}Table", construct.key, "AWS::DynamoDB::Table", {})


def _add_function(service: Service, name: str, construct: Written, role: str, event: Literal) -> None:
    function = Function(construct.place(role), construct(role), name)
    service.functions[name] = function if event is None else _with_event(function, event)


def _with_event(function: Function, event: Literal) -> Function:
    """The function with one more event, which stands at its name."""
    if not isinstance(function.node, MappingNode):
        return function
    own = function("events")
    events: Literal = [*([] if own is None else [own]), event]
    pairs = {**fields_of(function.node), "events": (build("events", function.key), build(events, function.key))}
    node = function.node
    whole = MappingNode("", list(pairs.values()), node.start_mark, node.end_mark, node.flow_style)
    return Function(function.key, whole, function.name)


_CONSTRUCTS: dict[str, Callable[[Service, str, Written], None]] = {
    "database/dynamodb-single-table": _add_table,
    "queue": _add_queue,
    "storage": _add_bucket,
    "webhook": _add_webhook,
}
"""Those that hold what functions use; web sites hold none."""
