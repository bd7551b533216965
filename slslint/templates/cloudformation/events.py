"""EventBridge: rules, schedules and pipes."""

from __future__ import annotations

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint.model import Invocation, Source
from slslint.templates.cloudformation.draft import Draft
from slslint.templates.cloudformation.evaluate import Resource, View
from slslint.templates.cloudformation.nodes import fields_of
from slslint.templates.cloudformation.notifications import own
from slslint.value import Items


def lower_rule(draft: Draft, resource: Resource) -> None:
    """An AWS::Events::Rule: on a schedule, on a pattern of events, or both."""
    properties = resource.properties
    targets = properties.get("Targets").items()
    for target in targets:
        draft.add_dead_letter(target.get("DeadLetterConfig", "Arn"))
    if properties.get("State").is_("DISABLED"):
        return
    schedule, pattern = properties.get("ScheduleExpression"), properties.get("EventPattern")
    for target in targets:
        arn = target.get("Arn").text()
        if schedule.present:
            event = schedule.shown()
            draft.add_trigger(Source.SCHEDULE, arn, target.at, own(resource), when=target.when, event=event)
        if pattern.present or not schedule.present:
            filters = pattern_filters(pattern)
            draft.add_trigger(Source.RULE, arn, target.at, own(resource), when=target.when, filters=filters)


def lower_schedule(draft: Draft, resource: Resource) -> None:
    """An AWS::Scheduler::Schedule."""
    properties = resource.properties
    target = properties.get("Target")
    draft.add_dead_letter(target.get("DeadLetterConfig", "Arn"))
    if properties.get("State").is_("DISABLED"):
        return
    event = properties.get("ScheduleExpression").shown()
    arn = target.get("Arn").text()
    if not draft.add_trigger(Source.SCHEDULE, arn, resource.at, own(resource), when=resource.when, event=event):
        # The universal target names the function in its input: arn:aws:scheduler:::aws-sdk:lambda:invoke.
        named = target.get("Input").structured().get("FunctionName").text()
        draft.add_trigger(Source.SCHEDULE, named, resource.at, own(resource), when=resource.when, event=event)


def lower_pipe(draft: Draft, resource: Resource) -> None:
    """An AWS::Pipes::Pipe: it waits for its enrichment, and for its target unless told otherwise."""
    properties = resource.properties
    for entry in properties.get("SourceParameters").entries():
        draft.add_dead_letter(entry.view.get("DeadLetterConfig", "Arn"))
    if properties.get("DesiredState").is_("STOPPED"):
        return
    source = properties.get("Source").text()
    kind = properties.get("TargetParameters", "LambdaFunctionParameters", "InvocationType")
    invocation = Invocation.ASYNC if kind.is_("FIRE_AND_FORGET") else Invocation.WAITS
    draft.add_trigger(
        Source.PIPE,
        properties.get("Target").text(),
        resource.at,
        source,
        when=resource.when,
        invocation=invocation,
        event="target",
    )
    enrichment = properties.get("Enrichment").text()
    draft.add_trigger(Source.PIPE, enrichment, resource.at, source, when=resource.when, event="enrichment")


def pattern_filters(view: View) -> Items[str]:
    """An event pattern as JSON, for people; its undecided parts as `${...}`."""
    import json  # costs 3 ms, and most templates have no pattern

    view = view.structured()
    found = []
    complete = True
    for _, settled in view.settled():
        if isinstance(settled, MappingNode):
            pattern = {key: _data(view, node) for key, (_, node) in fields_of(settled).items()}
            found.append(json.dumps(pattern, separators=(",", ":")))
        else:
            complete = False
    return Items(tuple(found), complete)


def _data(view: View, node: Node) -> object:
    for _, settled in view.template.resolve(node, view.when):
        if isinstance(settled, MappingNode):
            return {key: _data(view, child) for key, (_, child) in fields_of(settled).items()}
        if isinstance(settled, SequenceNode):
            return [_data(view, child) for child in settled.value]
        if isinstance(settled, ScalarNode):
            return settled.value
    return "${...}"
