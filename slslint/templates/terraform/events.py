"""EventBridge and Step Functions: rules with their targets, schedules, pipes, state machines."""

from __future__ import annotations

from slslint.templates.building import Literal, build
from slslint.templates.terraform.instances import Instance
from slslint.templates.terraform.messaging import json_of
from slslint.templates.terraform.rewriting import Rewrite, Rewriting, get
from slslint.templates.terraform.values import string


def add_rule(rewriting: Rewriting, rule: Instance) -> None:
    """An aws_cloudwatch_event_rule."""
    state = get(rule, "state")
    off = string(get(rule, "is_enabled")) == "false"
    properties: dict[str, Literal] = {
        "Name": get(rule, "name"),
        "ScheduleExpression": get(rule, "schedule_expression"),
        "EventPattern": json_of(get(rule, "event_pattern")),
        "EventBusName": get(rule, "event_bus_name"),
        "State": "DISABLED" if off else state,
        "Targets": [],
    }
    rewriting.add(rule, "AWS::Events::Rule", properties)


def add_target(rewriting: Rewriting, written: Instance) -> None:
    """An aws_cloudwatch_event_target: one more target of its rule."""
    arn = get(written, "arn")
    dead_letter = get(written, "dead_letter_config", "arn")
    target: dict[str, Literal] = {
        "Arn": arn,
        "DeadLetterConfig": {"Arn": dead_letter} if dead_letter is not None else None,
    }
    rule = get(written, "rule")
    node = build(target, written.at)
    # A rule that is not in sight is another's: what invokes, and when, cannot be told.
    rewriting.extend(rule, "AWS::Events::Rule", "Targets[]", node, written.condition)


def add_schedule(rewriting: Rewriting, schedule: Instance) -> None:
    """An aws_scheduler_schedule."""
    dead_letter = get(schedule, "target", "dead_letter_config", "arn")
    target: dict[str, Literal] = {
        "Arn": get(schedule, "target", "arn"),
        "DeadLetterConfig": {"Arn": dead_letter} if dead_letter is not None else None,
        "Input": json_of(get(schedule, "target", "input")),
    }
    properties: dict[str, Literal] = {
        "Name": get(schedule, "name"),
        "ScheduleExpression": get(schedule, "schedule_expression"),
        "State": get(schedule, "state"),
        "Target": target,
    }
    rewriting.add(schedule, "AWS::Scheduler::Schedule", properties)


def add_pipe(rewriting: Rewriting, pipe: Instance) -> None:
    """An aws_pipes_pipe."""
    kinds = ("kinesis_stream_parameters", "dynamodb_stream_parameters")
    sources: dict[str, Literal] = {}
    for name in kinds:
        arn = get(pipe, "source_parameters", name, "dead_letter_config", "arn")
        if arn is not None:
            sources[name] = {"DeadLetterConfig": {"Arn": arn}}
    mode = get(pipe, "target_parameters", "lambda_function_parameters", "invocation_type")
    properties: dict[str, Literal] = {
        "Name": get(pipe, "name"),
        "Source": get(pipe, "source"),
        "Target": get(pipe, "target"),
        "Enrichment": get(pipe, "enrichment"),
        "DesiredState": get(pipe, "desired_state"),
        "SourceParameters": sources or None,
        "TargetParameters": {"LambdaFunctionParameters": {"InvocationType": mode}} if mode is not None else None,
    }
    rewriting.add(pipe, "AWS::Pipes::Pipe", properties)


def add_workflow(rewriting: Rewriting, workflow: Instance) -> None:
    """An aws_sfn_state_machine."""
    properties: dict[str, Literal] = {
        "StateMachineName": get(workflow, "name"),
        "DefinitionString": get(workflow, "definition"),
        "RoleArn": get(workflow, "role_arn"),
    }
    rewriting.add(workflow, "AWS::StepFunctions::StateMachine", properties)


def add_bus(rewriting: Rewriting, bus: Instance) -> None:
    """An aws_cloudwatch_event_bus."""
    rewriting.add(bus, "AWS::Events::EventBus", {"Name": get(bus, "name")})


REWRITES: dict[str, Rewrite] = {
    "aws_cloudwatch_event_bus": add_bus,
    "aws_cloudwatch_event_rule": add_rule,
    "aws_pipes_pipe": add_pipe,
    "aws_scheduler_schedule": add_schedule,
    "aws_sfn_state_machine": add_workflow,
}

EXTENSIONS: dict[str, Rewrite] = {"aws_cloudwatch_event_target": add_target}
