"""State machines: their states, the functions that these invoke, and what else they hand something on to."""

from __future__ import annotations

from collections.abc import Iterator

from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from slslint.model import (
    Cause,
    Delivery,
    Integration,
    Invocation,
    Notation,
    Ref,
    Source,
    State,
    Text,
    Workflow,
    integration,
    pieces_of,
)
from slslint.source import Span
from slslint.templates.cloudformation.draft import Draft
from slslint.templates.cloudformation.nodes import AsJson, fields_of
from slslint.templates.cloudformation.notifications import own
from slslint.templates.cloudformation.states import Definition, Step
from slslint.templates.cloudformation.template import Resource
from slslint.templates.cloudformation.view import View
from slslint.templates.terraform.files import is_hcl
from slslint.value import Absent, Items, Known, Origin, Value, When, known_values, surely, transform

_READING = ("batchGet", "describe", "get", "head", "list", "query", "receive", "scan", "select")
"""How the operations begin that hand nothing on."""

_RECEIVERS = frozenset({"dynamodb", "events", "firehose", "kinesis", "s3", "sfn", "sns", "sqs", "states"})
"""The services whose resources send on what they get."""


def lower_workflow(draft: Draft, resource: Resource) -> None:
    """An AWS::StepFunctions::StateMachine: a Workflow for each branch in which it is defined otherwise."""
    properties = resource.properties
    written = draft.template.document(properties.get("Definition"), properties.get("DefinitionS3Location"))
    body = written if written.present else properties.get("DefinitionString")
    for when, settled in body.settled():
        place = View(draft.template, ((when - body.when, settled),), when, body.lacks)
        machine = place.structured()
        definition = Definition(draft.template, properties.get("DefinitionSubstitutions"), [], [], machine.present)
        if machine.present:
            definition.read(machine)
        draft.workflows.append(_workflow(draft, resource, machine, definition, _notation(settled, machine)))
        _add_steps(draft, resource, definition)
    _add_mentioned(draft, resource, [written, body, body.structured()])


def _workflow(draft: Draft, resource: Resource, machine: View, definition: Definition, notation: Notation) -> Workflow:
    properties = resource.properties
    return Workflow(
        id=resource.id,
        at=resource.at,
        dialect=draft.dialect,
        name=properties.get("StateMachineName").text(),
        express=_is_express(properties.get("StateMachineType").string(), resource.at),
        states=Items(tuple(step.state for step in definition.steps), definition.complete),
        timeout=definition.filled(machine.get("TimeoutSeconds")).integer(),
        missing=tuple(definition.missing),
        notation=notation,
        file=machine.at.path,
        when=machine.when,
    )


def _is_express(kind: Value[str], at: Span) -> Value[bool]:
    if isinstance(kind, Absent):
        return Known(False, at, Origin.DEFAULT)
    return transform(kind, lambda known: Known(known.value.upper() == "EXPRESS", known.at, known.origin))


def _notation(written: object, machine: View) -> Notation:
    _, settled = machine.branches[0]
    if isinstance(written, AsJson) and is_hcl(machine.at.path):
        return Notation.HCL
    flow = isinstance(settled, MappingNode) and settled.flow_style
    return Notation.JSON if flow else Notation.YAML


def _add_steps(draft: Draft, resource: Resource, definition: Definition) -> None:
    """A trigger for each function and way of waiting for it, however many states invoke it; deliveries to the rest."""
    invoked: dict[tuple[str, Invocation, object], tuple[Step, When]] = {}
    for step in definition.steps:
        for known in known_values(step.state.resource):
            asked = integration(known.value)
            if asked is not None and asked.service in _RECEIVERS and not asked.operation.startswith(_READING):
                draft.deliveries.extend(_deliveries(resource, definition, step, asked))
        waits = _waits(step.state)
        limit = waits.value if isinstance(waits, Known) else type(waits)
        for more, function in draft.targets(step.state.target):
            key = (function, _how(step), limit)
            first, when = invoked.get(key, (step, step.when | more))
            # Named in two branches, it is invoked in either.
            invoked[key] = first, when & (step.when | more)
    for (function, how, _), (step, when) in invoked.items():
        at = step.state.at
        target: Known[Text] = Known(Ref(function, "Arn"), at)
        waits = _waits(step.state)
        draft.add_trigger(Source.WORKFLOW, target, at, own(resource), when=when, invocation=how, waits=waits)


def _how(step: Step) -> Invocation:
    return Invocation.ASYNC if step.arguments.get("InvocationType").is_("Event") else Invocation.WAITS


def _waits(state: State) -> Value[float]:
    """How long a state waits for its function: for a token it waits without regard to what invoked the function."""
    if surely(state.waits_for_token):
        return Absent(state.at)
    return transform(state.timeout, lambda known: Known(float(known.value), known.at, known.origin))


def _deliveries(resource: Resource, definition: Definition, step: Step, asked: Integration) -> Iterator[Delivery]:
    waits = asked.pattern.startswith("sync") or asked.operation == "startSyncExecution"
    targets: list[tuple[Value[Text], When]] = [(step.state.target, step.when)]
    if asked.service == "events":
        entries = step.arguments.get("Entries").items()
        targets = [(definition.filled(entry.get("EventBusName")).text(), entry.when) for entry in entries]
    elif isinstance(step.state.target, Absent):
        return
    for target, when in targets:
        yield Delivery(Cause.STEP, own(resource), target, step.state.at, waits=waits, when=resource.when | when)


def _add_mentioned(draft: Draft, resource: Resource, places: list[View]) -> None:
    """A trigger for each function that a definition names in any other way."""
    places.extend(entry.view for entry in resource.properties.get("DefinitionSubstitutions").entries())
    known = {trigger.function for trigger in draft.triggers if trigger.source == own(resource)}
    named: dict[str, When] = {}
    for place in places:
        for when, text in texts_within(place):
            for function in functions_in(draft, text):
                named[function] = when if function not in named else named[function] & when
    for function, when in named.items():
        if function in known:
            continue
        target: Known[Text] = Known(Ref(function, "Arn"), resource.at)
        draft.add_trigger(Source.WORKFLOW, target, resource.at, own(resource), when=resource.when | when)


def functions_in(draft: Draft, text: Text) -> Iterator[str]:
    """Every function that a text refers to, in any part of it."""
    for part in pieces_of(text):
        function = draft.function_id(part) if isinstance(part, Ref) else None
        if function is not None:
            yield function
    function = draft.function_id(text) if isinstance(text, str) else None
    if function is not None:
        yield function


def texts_within(view: View) -> Iterator[tuple[When, Text]]:
    """Every decided text inside a place, at any depth, with what it assumes beyond the place."""
    pending = [(when - view.when, settled) for when, settled in view.settled()]
    while pending:
        when, settled = pending.pop()
        match settled:
            case AsJson():
                children = [settled.content]
            case MappingNode():
                children = [node for _, node in fields_of(settled).values()]
            case SequenceNode():
                children = settled.value
            case ScalarNode():
                plain = view.template.plain(settled, view.lacks)
                if isinstance(plain, Known):
                    yield when, plain.value
                continue
            case _:
                continue
        for child in children:
            for more, inner in view.template.resolve(child, view.when | when):
                pending.append((when | more, inner))
