"""EventBridge and Step Functions: rules with their targets, schedules, pipes, state machines."""

from __future__ import annotations

from slslint.templates.building import Literal, build
from slslint.templates.terraform.documents import json_of
from slslint.templates.terraform.instances import Instance
from slslint.templates.terraform.rewriting import Rewrite, Rewriting, get, renamed, translated
from slslint.templates.terraform.values import string


def add_rule(rewriting: Rewriting, rule: Instance) -> None:
    """An aws_cloudwatch_event_rule."""
    state = get(rule, "state")
    off = string(get(rule, "is_enabled")) == "false"
    properties: dict[str, Literal] = {
        "Name": get(rule, "name"),
        "ScheduleExpression": get(rule, "schedule_expression"),
        "EventPattern": json_of(get(rule, "event_pattern"), rewriting.unit),
        "EventBusName": get(rule, "event_bus_name"),
        "State": "DISABLED" if off else state,
        "Targets": [],
    }
    rewriting.add(rule, "AWS::Events::Rule", properties)


def add_target(rewriting: Rewriting, written: Instance) -> None:
    """An aws_cloudwatch_event_target: one more target of its rule."""
    target: dict[str, Literal] = {
        "Id": get(written, "target_id"),
        "Arn": get(written, "arn"),
        "RoleArn": get(written, "role_arn"),
        "Input": get(written, "input"),
        "InputPath": get(written, "input_path"),
        "InputTransformer": translated(get(written, "input_transformer")),
        "DeadLetterConfig": translated(get(written, "dead_letter_config")),
        "RetryPolicy": translated(get(written, "retry_policy")),
        "SqsParameters": translated(get(written, "sqs_target")),
    }
    node = build(target, written.at)
    # A rule that is not in sight is another's: what invokes, and when, cannot be told.
    rewriting.extend(get(written, "rule"), "AWS::Events::Rule", "Targets[]", node, written.condition)


def add_schedule(rewriting: Rewriting, schedule: Instance) -> None:
    """An aws_scheduler_schedule."""
    properties: dict[str, Literal] = {
        "Name": get(schedule, "name"),
        "GroupName": get(schedule, "group_name"),
        "ScheduleExpression": get(schedule, "schedule_expression"),
        "State": get(schedule, "state"),
        "Target": translated(get(schedule, "target")),
    }
    rewriting.add(schedule, "AWS::Scheduler::Schedule", properties)


def add_pipe(rewriting: Rewriting, pipe: Instance) -> None:
    """An aws_pipes_pipe."""
    properties: dict[str, Literal] = {
        "Name": get(pipe, "name"),
        "Source": get(pipe, "source"),
        "Target": get(pipe, "target"),
        "Enrichment": get(pipe, "enrichment"),
        "DesiredState": get(pipe, "desired_state"),
        "RoleArn": get(pipe, "role_arn"),
        "SourceParameters": translated(get(pipe, "source_parameters")),
        "EnrichmentParameters": translated(get(pipe, "enrichment_parameters")),
        "TargetParameters": translated(get(pipe, "target_parameters")),
    }
    rewriting.add(pipe, "AWS::Pipes::Pipe", properties)


REWRITES: dict[str, Rewrite] = {
    "aws_cloudwatch_event_bus": renamed("AWS::Events::EventBus", {"Name": "name"}),
    "aws_cloudwatch_event_rule": add_rule,
    "aws_pipes_pipe": add_pipe,
    "aws_scheduler_schedule": add_schedule,
    "aws_sfn_state_machine": renamed(
        "AWS::StepFunctions::StateMachine",
        {
            "DefinitionString": "definition",
            "RoleArn": "role_arn",
            "StateMachineName": "name",
            "StateMachineType": "type",
        },
    ),
}

EXTENSIONS: dict[str, Rewrite] = {"aws_cloudwatch_event_target": add_target}
