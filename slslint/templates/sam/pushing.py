"""Events that services push: the rule, subscription, notification, ... that SAM makes of each."""

from __future__ import annotations

from collections.abc import Callable

from yaml.nodes import Node, SequenceNode

from slslint.templates.building import Literal, build, each_branch, referred, text_of
from slslint.templates.cloudformation.nodes import field, intrinsic
from slslint.templates.sam.api import add_http_event, add_rest_event
from slslint.templates.sam.events import Event
from slslint.templates.sam.expansion import Expansion
from slslint.templates.sam.polling import POLLED, add_polled


def add_event(expansion: Expansion, event: Event) -> None:
    """Deploy what an event of a function stands for."""
    add = _EVENTS.get(event.type)
    if add is not None:
        add(expansion, event)
        return
    known = f"`{event.type}` is no event type that slslint knows" if event.type else "this event has no Type"
    expansion.gap(event.at, known)


def add_start(expansion: Expansion, event: Event) -> None:
    """Deploy the rule or schedule that an event of a state machine stands for; an API starts it without a function."""
    if event.type == "ScheduleV2":
        _add_schedule(expansion, event)
    elif event.type != "Api":
        _add_rule(expansion, event)


def _add_bucket(expansion: Expansion, event: Event) -> None:
    bucket = referred(event("Bucket"))
    if bucket not in expansion.written:
        expansion.gap(event.at, "SAM takes S3 events only from a bucket of the same template")
        return
    kinds = event("Events")
    for kind in kinds.value if isinstance(kinds, SequenceNode) and intrinsic(kinds) is None else [kinds]:
        configuration: Literal = {"Event": kind, "Filter": event("Filter"), "Function": event.arn}
        if event.owner.condition is not None:
            configuration = {"Fn::If": [event.owner.condition, configuration, {"Ref": "AWS::NoValue"}]}
        expansion.notifications.setdefault(bucket, []).append(build(configuration, event.at))


def _add_user_pool(expansion: Expansion, event: Event) -> None:
    pool = referred(event("UserPool"))
    if pool not in expansion.written:
        expansion.gap(event.at, "SAM takes Cognito events only from a user pool of the same template")
        return
    triggers = event("Trigger")
    for trigger in triggers.value if isinstance(triggers, SequenceNode) else [triggers]:
        if text_of(trigger):
            pair = build(text_of(trigger), event.at), build(event.arn, event.at)
            expansion.triggers.setdefault(pool, []).append(pair)


def _add_topic(expansion: Expansion, event: Event) -> None:
    through = event("SqsSubscription")
    subscription: dict[str, Literal] = {
        "TopicArn": event("Topic"),
        "Region": event("Region"),
        "FilterPolicy": event("FilterPolicy"),
        "FilterPolicyScope": event("FilterPolicyScope"),
        "RedrivePolicy": event("RedrivePolicy"),
    }
    condition = event.owner.condition
    if through is None or text_of(through).lower() == "false":
        subscription |= {"Protocol": "lambda", "Endpoint": event.arn}
        expansion.add(event.id, event.at, "AWS::SNS::Subscription", subscription, condition)
        return
    queue: Literal = field(through, "QueueArn")
    if queue is None:
        expansion.add(f"{event.id}Queue", event.at, "AWS::SQS::Queue", {}, condition)
        queue = {"Fn::GetAtt": [f"{event.id}Queue", "Arn"]}
    subscription |= {"Protocol": "sqs", "Endpoint": queue}
    expansion.add(event.id, event.at, "AWS::SNS::Subscription", subscription, condition)
    mapping: dict[str, Literal] = {
        "FunctionName": {"Ref": event.owner.id},
        "EventSourceArn": queue,
        "BatchSize": field(through, "BatchSize") or 10,
    }
    expansion.add(f"{event.id}EventSourceMapping", event.at, "AWS::Lambda::EventSourceMapping", mapping, condition)
    event.policies.attach("service-role/AWSLambdaSQSQueueExecutionRole", event.owner.key)


def _dead_letters(expansion: Expansion, event: Event) -> Literal:
    """The DeadLetterConfig of a target; SAM makes the queue when only its type is given."""
    config = event("DeadLetterConfig")
    if config is None:
        return None

    def target(config: Node) -> Literal:
        arn = field(config, "Arn")
        if arn is not None:
            return {"Arn": arn}
        queue = text_of(field(config, "QueueLogicalId")) or f"{event.id}Queue"
        expansion.add(queue, event.at, "AWS::SQS::Queue", {}, event.owner.condition)
        return {"Arn": {"Fn::GetAtt": [queue, "Arn"]}}

    return each_branch(config, target)


def _state(event: Event) -> Literal:
    enabled = event("Enabled")
    if enabled is None:
        return event("State")
    return "DISABLED" if text_of(enabled).lower() == "false" else "ENABLED"


def _add_rule(expansion: Expansion, event: Event) -> None:
    target: Literal = {
        "Arn": event.arn,
        "Id": event.id,
        "DeadLetterConfig": _dead_letters(expansion, event),
        "RetryPolicy": event("RetryPolicy"),
        "Input": event("Input"),
    }
    rule: dict[str, Literal] = {
        "ScheduleExpression": event("Schedule"),
        "EventPattern": event("Pattern"),
        "EventBusName": event("EventBusName"),
        "Name": event("Name") or event("RuleName"),
        "State": _state(event),
        "Targets": [target],
    }
    expansion.add(event.id, event.at, "AWS::Events::Rule", rule, event.owner.condition)


def _add_schedule(expansion: Expansion, event: Event) -> None:
    target: Literal = {
        "Arn": event.arn,
        "RoleArn": event("RoleArn"),
        "DeadLetterConfig": _dead_letters(expansion, event),
        "RetryPolicy": event("RetryPolicy"),
        "Input": event("Input"),
    }
    schedule: dict[str, Literal] = {
        "ScheduleExpression": event("ScheduleExpression"),
        "Name": event("Name"),
        "State": event("State"),
        "Target": target,
    }
    expansion.add(event.id, event.at, "AWS::Scheduler::Schedule", schedule, event.owner.condition)


def _add_logs(expansion: Expansion, event: Event) -> None:
    subscription: dict[str, Literal] = {
        "LogGroupName": event("LogGroupName"),
        "FilterPattern": event("FilterPattern"),
        "DestinationArn": event.arn,
    }
    expansion.add(event.id, event.at, "AWS::Logs::SubscriptionFilter", subscription, event.owner.condition)


def _add_iot(expansion: Expansion, event: Event) -> None:
    payload: Literal = {"Sql": event("Sql"), "Actions": [{"Lambda": {"FunctionArn": event.arn}}]}
    expansion.add(event.id, event.at, "AWS::IoT::TopicRule", {"TopicRulePayload": payload}, event.owner.condition)


def _add_skill(expansion: Expansion, event: Event) -> None:
    permission: dict[str, Literal] = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": {"Ref": event.owner.id},
        "Principal": "alexa-appkit.amazon.com",
        "EventSourceToken": event("SkillId"),
    }
    expansion.add(f"{event.id}Permission", event.at, "AWS::Lambda::Permission", permission, event.owner.condition)


_EVENTS: dict[str, Callable[[Expansion, Event], None]] = {
    **dict.fromkeys(POLLED, add_polled),
    "AlexaSkill": _add_skill,
    "Api": add_rest_event,
    "CloudWatchEvent": _add_rule,
    "CloudWatchLogs": _add_logs,
    "Cognito": _add_user_pool,
    "EventBridgeRule": _add_rule,
    "HttpApi": add_http_event,
    "IoTRule": _add_iot,
    "S3": _add_bucket,
    "SNS": _add_topic,
    "Schedule": _add_rule,
    "ScheduleV2": _add_schedule,
}
