"""State machines: the functions that their definitions name."""

from __future__ import annotations

from collections.abc import Iterator

from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from slslint.model import Pattern, Ref, Source, Text
from slslint.templates.cloudformation.draft import Draft
from slslint.templates.cloudformation.evaluate import Resource, View
from slslint.templates.cloudformation.nodes import AsJson, fields_of
from slslint.templates.cloudformation.notifications import own
from slslint.value import Known, When


def lower_workflow(draft: Draft, resource: Resource) -> None:
    """An AWS::StepFunctions::StateMachine: one trigger for each function, however many states invoke it."""
    properties = resource.properties
    definition = draft.template.document(properties.get("Definition"), properties.get("DefinitionS3Location"))
    written = properties.get("DefinitionString")
    # As JSON too: functions may be named by their physical names, one value each.
    places = [definition, written, written.structured()]
    places.extend(entry.view for entry in properties.get("DefinitionSubstitutions").entries())
    named: dict[str, When] = {}
    for place in places:
        for when, text in texts_within(place):
            for function in functions_in(draft, text):
                # Named in two branches, it is invoked in either.
                named[function] = when if function not in named else named[function] & when
    for function, when in named.items():
        target: Known[Text] = Known(Ref(function, "Arn"), resource.at)
        draft.add_trigger(Source.WORKFLOW, target, resource.at, own(resource), when=resource.when | when)


def functions_in(draft: Draft, text: Text) -> Iterator[str]:
    """Every function that a text refers to, in any part of it."""
    for part in text.parts if isinstance(text, Pattern) else (text,):
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
