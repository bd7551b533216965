"""What the plugin serverless-step-functions deploys: state machines, what starts them, and what they report to."""

from __future__ import annotations

from yaml.nodes import Node

from slslint.templates.building import Literal, build, plain_fields, text_of
from slslint.templates.serverless.naming import normalized
from slslint.templates.serverless.requests import add_service_method
from slslint.templates.serverless.rules import rule, schedule
from slslint.templates.serverless.service import Service
from slslint.templates.serverless.texts import text_in
from slslint.templates.serverless.written import Written, items_of, mapping_of


def add_workflows(service: Service) -> None:
    """Deploy the state machines and activities under `stepFunctions`."""
    section = service.section("stepFunctions")
    for part in items_of(section("stateMachines")):
        for name, (key, node) in mapping_of(part).items():
            _add_state_machine(service, name, Written(key, node))
    for activity in items_of(section("activities")):
        id = f"{normalized(text_of(activity))}StepFunctionsActivity"
        service.add(id, activity, "AWS::StepFunctions::Activity", {"Name": activity})


def _add_state_machine(service: Service, name: str, machine: Written) -> None:
    definition = machine("definition")
    id = _id(name, machine)
    properties: dict[str, Literal] = {
        "StateMachineName": machine("name"),
        "StateMachineType": machine("type"),
        "RoleArn": machine("role"),
        "Definition" if plain_fields(definition) else "DefinitionString": definition,
    }
    service.add(id, machine.key, "AWS::StepFunctions::StateMachine", properties)
    service.workflows[id] = name
    numbers: dict[str, int] = {}
    for item in items_of(machine("events")):
        for kind, (key, node) in mapping_of(item).items():
            kind = "cloudwatchEvent" if kind == "eventBridge" else kind
            numbers[kind] = numbers.get(kind, 0) + 1
            _add_event(service, normalized(name), id, kind, Written(key, node), numbers[kind])
    for status, (key, node) in mapping_of(machine("notifications")).items():
        _add_notification(service, id, status, key, node)


def _id(name: str, machine: Written) -> str:
    """The logical id: as its author gives it, or of its name, which may be a variable that nothing decides."""
    for given in (machine("id"), machine("name")):
        if given is not None:
            text = text_in(given)
            return normalized(text) if isinstance(text, str) else f"{normalized(name)}StepFunctionsStateMachine"
    return f"{normalized(name)}StepFunctionsStateMachine"


def _add_event(service: Service, prefix: str, id: str, kind: str, event: Written, number: int) -> None:
    target: Literal = {"Ref": id}
    match kind:
        case "schedule":
            scheduler = text_of(event("method")) == "scheduler"
            rate = event("rate") if plain_fields(event.node) else event.node
            service.add(
                f"{prefix}StepFunctions{'SchedulerSchedule' if scheduler else 'EventsRuleSchedule'}{number}",
                event.key,
                "AWS::Scheduler::Schedule" if scheduler else "AWS::Events::Rule",
                schedule(event, rate, target, scheduler),
            )
        case "cloudwatchEvent":
            service.add(
                f"{prefix}EventsRuleCloudWatchEvent{number}", event.key, "AWS::Events::Rule", rule(event, target)
            )
        case "http":
            action = f"states:action/{text_of(event('action')) or 'StartExecution'}"
            template: Literal = {"Fn::ToJsonString": {"stateMachineArn": target}}
            add_service_method(service, event, f"{prefix}{number}", action, {"application/json": template})
        case _:
            service.gap(event.key, f"`{kind}` is no event type of a state machine that slslint knows")


def _add_notification(service: Service, id: str, status: str, key: Node, targets: Node) -> None:
    """A rule for the executions that end with a status."""
    pattern: Literal = {
        "source": ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        "detail": {"status": [status], "stateMachineArn": [{"Ref": id}]},
    }
    arns: list[Literal] = []
    for target in items_of(targets):
        for _, named in mapping_of(target).values():
            arns.append(mapping_of(named)["arn"][1] if "arn" in mapping_of(named) else named)
    told: list[Literal] = [build({"Arn": arn, "Id": "target"}, key) for arn in arns]
    properties: dict[str, Literal] = {"EventPattern": pattern, "State": "ENABLED", "Targets": told}
    service.add(f"{id}Notifications{status}EventRule", key, "AWS::Events::Rule", properties)
