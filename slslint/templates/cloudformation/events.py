"""EventBridge: rules, schedules and pipes."""

from __future__ import annotations

from slslint.model import EVERYTHING, Cause, Delivery, Filter, Invocation, Pattern, Source, Text
from slslint.templates.cloudformation.draft import Draft
from slslint.templates.cloudformation.filters import criteria_filter, pattern_filter
from slslint.templates.cloudformation.notifications import own
from slslint.templates.cloudformation.template import Resource
from slslint.templates.cloudformation.view import View
from slslint.value import Absent, Known, Plain, Value, transform


def lower_rule(draft: Draft, resource: Resource) -> None:
    """An AWS::Events::Rule: on a schedule, on a pattern of events, or both."""
    properties = resource.properties
    targets = [
        (target, draft.add_dead_letter(target.get("DeadLetterConfig", "Arn")))
        for target in properties.get("Targets").items()
    ]
    if properties.get("State").is_("DISABLED"):
        return
    schedule, pattern = properties.get("ScheduleExpression"), properties.get("EventPattern")
    kinds: list[tuple[Source, str, Filter]] = []
    if schedule.present:
        kinds.append((Source.SCHEDULE, schedule.shown(), EVERYTHING))
    if pattern.present or not schedule.present:
        through = pattern_filter(pattern)
        kinds.append((Source.RULE, "", through))
        bus = _bus(properties.get("EventBusName"))
        draft.deliveries.append(
            Delivery(Cause.EVENT, bus, own(resource), resource.at, filter=through, when=resource.when)
        )
    for target, dead_letter in targets:
        arn = target.get("Arn").text()
        for kind, event, through in kinds:
            draft.add_trigger(
                kind,
                arn,
                target.at,
                own(resource),
                when=target.when,
                event=event,
                through=through,
                dead_letter=dead_letter,
            )
        draft.add_delivery(own(resource), arn, target.at, when=target.when, dead_letter=dead_letter)
        draft.add_failure(own(resource), dead_letter, target.at, when=target.when)


def lower_schedule(draft: Draft, resource: Resource) -> None:
    """An AWS::Scheduler::Schedule."""
    properties = resource.properties
    target = properties.get("Target")
    dead_letter = draft.add_dead_letter(target.get("DeadLetterConfig", "Arn"))
    if properties.get("State").is_("DISABLED"):
        return
    arn = target.get("Arn").text()
    # The universal target names the function in its input: arn:aws:scheduler:::aws-sdk:lambda:invoke.
    for named in (arn, target.get("Input").structured().get("FunctionName").text()):
        if draft.add_trigger(
            Source.SCHEDULE,
            named,
            resource.at,
            own(resource),
            when=resource.when,
            event=properties.get("ScheduleExpression").shown(),
            dead_letter=dead_letter,
        ):
            break
    else:
        draft.add_delivery(own(resource), arn, resource.at, when=resource.when, dead_letter=dead_letter)
    draft.add_failure(own(resource), dead_letter, resource.at, when=resource.when)


def lower_pipe(draft: Draft, resource: Resource) -> None:
    """An AWS::Pipes::Pipe: it waits for its enrichment, and for its target unless told otherwise."""
    properties = resource.properties
    parameters = properties.get("SourceParameters")
    dead_letters = [draft.add_dead_letter(entry.view.get("DeadLetterConfig", "Arn")) for entry in parameters.entries()]
    if properties.get("DesiredState").is_("STOPPED"):
        return
    source, target = properties.get("Source").text(), properties.get("Target").text()
    through = criteria_filter(parameters.get("FilterCriteria", "Filters"))
    kind = properties.get("TargetParameters", "LambdaFunctionParameters", "InvocationType")
    invocation = Invocation.ASYNC if kind.is_("FIRE_AND_FORGET") else Invocation.WAITS
    for end, event, how in (
        (target, "target", invocation),
        (properties.get("Enrichment").text(), "enrichment", Invocation.WAITS),
    ):
        draft.add_trigger(
            Source.PIPE, end, resource.at, source, when=resource.when, invocation=how, event=event, through=through
        )
        draft.add_delivery(source, end, resource.at, when=resource.when, through=through)
    for dead_letter in dead_letters:
        draft.add_failure(own(resource), dead_letter, resource.at, when=resource.when)


def _bus(name: View) -> Value[Text]:
    """The bus of that name or ARN; Absent for the account's default bus."""

    def named(known: Known[Text]) -> Plain[Text]:
        last = known.value.parts[-1] if isinstance(known.value, Pattern) else known.value
        default = isinstance(last, str) and (last == "default" or last.endswith("event-bus/default"))
        return Absent(known.at) if default else known

    return transform(name.text(), named)
