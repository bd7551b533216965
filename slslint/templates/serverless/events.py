"""The events of a function, and the CloudFormation that the framework makes of each."""

from __future__ import annotations

from collections.abc import Callable

from yaml.nodes import Node, ScalarNode, SequenceNode

from slslint.templates.building import text_of
from slslint.templates.cloudformation.nodes import Undecided
from slslint.templates.serverless import pushed, requests, rules
from slslint.templates.serverless.event import Event
from slslint.templates.serverless.polled import add_polled
from slslint.templates.serverless.service import Service
from slslint.templates.serverless.written import Function, items_of, mapping_of

_EVENTS: dict[str, Callable[[Service, Event], None]] = {
    "activemq": add_polled,
    "alb": requests.add_target_group,
    "alexaSkill": pushed.add_permission,
    "alexaSmartHome": pushed.add_permission,
    "cloudFront": pushed.add_edge,
    "cloudwatchEvent": rules.add_service_event,
    "cloudwatchLog": pushed.add_log_subscription,
    "cognitoUserPool": pushed.add_user_pool,
    "eventBridge": rules.add_event_rule,
    # The plugin serverless-plugin-existing-s3.
    "existingS3": pushed.add_bucket,
    "http": requests.add_rest_method,
    "httpApi": requests.add_http_api_route,
    "iot": pushed.add_iot_rule,
    "iotFleetProvisioning": pushed.add_permission,
    "kafka": add_polled,
    "msk": add_polled,
    "rabbitmq": add_polled,
    "s3": pushed.add_bucket,
    "schedule": rules.add_schedule,
    "sns": pushed.add_topic,
    "sqs": add_polled,
    "stream": add_polled,
    "websocket": requests.add_websocket_route,
}


def add_events(service: Service, function: Function) -> None:
    """Deploy what the events of a function stand for."""
    written = function("events")
    if isinstance(written, Undecided):
        service.gap(function.place("events"), written.why)
    numbers: dict[str, int] = {}
    for position, item in enumerate(_flat(written), 1):
        if isinstance(item, ScalarNode):
            if text_of(item):
                _add(service, Event(item, None, function, text_of(item), 1, position))
            else:
                service.gap(item, item.why if isinstance(item, Undecided) else "this event is not in sight")
            continue
        for kind, (key, node) in mapping_of(item).items():
            numbers[kind] = numbers.get(kind, 0) + 1
            _add(service, Event(key, node, function, kind, numbers[kind], position))


def _flat(node: Node | None) -> list[Node]:
    """The events of a list; `- ${file(events.yml)}` brings a list into the list."""
    found: list[Node] = []
    for item in items_of(node):
        found.extend(items_of(item) if isinstance(item, SequenceNode) else [item])
    return found


def _add(service: Service, event: Event) -> None:
    add = _EVENTS.get(event.kind)
    if add is None:
        service.gap(event.key, f"`{event.kind}` is no event type that slslint knows; a plugin may")
    elif isinstance(event.node, Undecided):
        service.gap(event.key, event.node.why)
    else:
        add(service, event)
