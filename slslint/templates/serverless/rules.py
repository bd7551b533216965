"""Events of EventBridge: schedules, and rules for what happens on a bus."""

from __future__ import annotations

from slslint.templates.building import Literal, plain_fields, text_of
from slslint.templates.serverless.event import Event
from slslint.templates.serverless.naming import alphanumeric, normalized
from slslint.templates.serverless.service import Service
from slslint.templates.serverless.texts import text_in
from slslint.templates.serverless.written import Written, items_of

_SCHEDULES = ("EventsRuleSchedule", "SchedulerSchedule")
"""How the ids of rules and of schedules end before their number; they are counted together."""


def add_schedule(service: Service, event: Event) -> None:
    """`schedule`: a rule for each of its rates, or a schedule of EventBridge Scheduler."""
    rates = items_of(event("rate")) if plain_fields(event.node) else [event.node or event.key]
    scheduler = text_of(event("method")) == "scheduler"
    if scheduler:
        for suffix in ("", ":*"):
            name, arn = event.function.name, service.functions_arn(event.function, suffix)
            service.allow(name, ["lambda:InvokeFunction"], arn)
    number = event.number
    for rate in rates:
        while any(f"{event.prefix}{kind}{number}" in service.resources for kind in _SCHEDULES):
            number += 1
        service.add(
            f"{event.prefix}{_SCHEDULES[scheduler]}{number}",
            event.key,
            "AWS::Scheduler::Schedule" if scheduler else "AWS::Events::Rule",
            schedule(event, rate, event.arn, scheduler),
            event.condition,
        )


def schedule(event: Written, rate: Literal, target: Literal, scheduler: bool) -> dict[str, Literal]:
    """The properties of a rule for a rate, or of a schedule of EventBridge Scheduler."""
    told: dict[str, Literal] = {"Name": event("name"), "ScheduleExpression": rate, "State": state_of(event)}
    if not scheduler:
        return {**told, "Targets": [target_of(event, target)]}
    return {
        **told,
        "ScheduleExpressionTimezone": event("timezone"),
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": target_of(event, target),
    }


def add_event_rule(service: Service, event: Event) -> None:
    """`eventBridge`: a rule of a bus, which the framework makes where only its name is given."""
    bus = event("eventBus")
    called = text_in(bus)
    if isinstance(called, str) and called != "default" and ":" not in called:
        id = f"{normalized(called)}EventBridgeEventBus"
        if id not in service.resources:
            service.add(id, event.place("eventBus"), "AWS::Events::EventBus", {"Name": bus})
    properties: dict[str, Literal] = {
        "Name": event("name"),
        "EventBusName": bus,
        "EventPattern": event("pattern"),
        "ScheduleExpression": event("schedule"),
        "State": state_of(event),
        "Targets": [target_of(event, event.arn)],
    }
    named = text_in(service.name_of(event.function))
    name = named if isinstance(named, str) else event.prefix
    id = f"{alphanumeric(f'{name}-rule-{event.position}')}EventBridgeRule"
    service.add(id, event.key, "AWS::Events::Rule", properties, event.condition)


def add_service_event(service: Service, event: Event) -> None:
    """`cloudwatchEvent`: a rule of the default bus."""
    id = f"{event.prefix}EventsRuleCloudWatchEvent{event.number}"
    service.add(id, event.key, "AWS::Events::Rule", rule(event, event.arn), event.condition)


def rule(event: Written, target: Literal) -> dict[str, Literal]:
    """The properties of a rule for the events that `event` describes."""
    return {
        "Name": event("name"),
        "EventBusName": event("eventBusName"),
        "EventPattern": event("event"),
        "State": state_of(event),
        "Targets": [target_of(event, target)],
    }


def state_of(event: Written) -> str:
    """Whether a rule or schedule does anything."""
    return "DISABLED" if text_of(event("enabled")).lower() == "false" else "ENABLED"


def target_of(event: Written, arn: Literal) -> Literal:
    """A target, what it gets of the event, and what is done when it cannot be reached."""
    given, transformer, retries = event("input"), event("inputTransformer"), event("retryPolicy")
    letters = event("deadLetterQueueArn") or event("deadLetterConfig")
    policy = Written(event.key, retries)
    return {
        "Arn": arn,
        "Id": "target",
        "Input": {"Fn::ToJsonString": given} if given is not None and plain_fields(given) else given,
        "InputPath": event("inputPath"),
        "InputTransformer": None
        if transformer is None
        else {
            "InputPathsMap": event("inputTransformer", "inputPathsMap"),
            "InputTemplate": event("inputTransformer", "inputTemplate"),
        },
        "RetryPolicy": None
        if retries is None
        else {
            "MaximumEventAgeInSeconds": policy("maximumEventAge") or policy("maximumEventAgeInSeconds"),
            "MaximumRetryAttempts": policy("maximumRetryAttempts"),
        },
        "DeadLetterConfig": None if letters is None else {"Arn": letters},
    }
