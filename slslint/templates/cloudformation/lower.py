"""A CloudFormation template lowered to a Deployment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from yaml.nodes import MappingNode

from slslint.model import Deployment, Dialect, Kind, Layer, Nested
from slslint.model import Resource as Deployed
from slslint.record import replace
from slslint.templates.cloudformation.apis import lower_apis
from slslint.templates.cloudformation.draft import Draft, or_default
from slslint.templates.cloudformation.events import lower_pipe, lower_rule, lower_schedule
from slslint.templates.cloudformation.functions import (
    is_remote,
    local_path,
    lower_aliases,
    lower_dead_letters,
    lower_function,
    lower_invoke_config,
    lower_provisioned_concurrency,
)
from slslint.templates.cloudformation.kinds import KINDS
from slslint.templates.cloudformation.mappings import lower_mapping
from slslint.templates.cloudformation.metadata import lower_ignores
from slslint.templates.cloudformation.nodes import field, fields_of
from slslint.templates.cloudformation.notifications import NOTIFIERS, lower_custom_resource
from slslint.templates.cloudformation.permissions import lower_permissions
from slslint.templates.cloudformation.queues import lower_queue
from slslint.templates.cloudformation.roles import lower_roles
from slslint.templates.cloudformation.template import ATTRIBUTES, Resource, Template
from slslint.templates.cloudformation.view import View
from slslint.templates.cloudformation.words import CLOUDFORMATION
from slslint.templates.document import span
from slslint.value import ALWAYS, Absent, Known, Plain, Unknown, transform


def _lower_workflow(draft: Draft, resource: Resource) -> None:
    from slslint.templates.cloudformation.workflows import lower_workflow  # few templates have a state machine

    lower_workflow(draft, resource)


_LOWERED: Mapping[str, Callable[[Draft, Resource], None]] = {
    **NOTIFIERS,
    "AWS::Events::Rule": lower_rule,
    "AWS::Lambda::Alias": lower_provisioned_concurrency,
    "AWS::Lambda::EventInvokeConfig": lower_invoke_config,
    "AWS::Lambda::EventSourceMapping": lower_mapping,
    "AWS::Lambda::Version": lower_provisioned_concurrency,
    "AWS::Pipes::Pipe": lower_pipe,
    "AWS::SQS::Queue": lower_queue,
    "AWS::Scheduler::Schedule": lower_schedule,
    "AWS::StepFunctions::StateMachine": _lower_workflow,
}

_NO_OTHER: Mapping[str, Dialect] = {}

_STACKS = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}
"""Types of resources that are stacks, and the property that names their template."""


def lower(template: Template, dialects: Mapping[str, Dialect] = _NO_OTHER) -> Deployment:
    """What a template of plain CloudFormation deploys; some of it may be written in other `dialects`, by id."""
    draft = Draft(template, CLOUDFORMATION, dialects)
    lower_into(draft)
    return draft.deployment()


def lower_into(draft: Draft) -> None:
    """Lower all plain resources of the draft's template, beside what a dialect has put there already.

    Roles come first, for functions name them; then functions, for triggers name them; permissions last, for they
    only speak where no other resource does.
    """
    template = draft.template
    for resource in template.resources.values():
        _add_resource(draft, resource)
    lower_roles(draft)
    for resource in template.of_type("AWS::Lambda::Function"):
        draft.add_function(lower_function(draft, resource))
    for resource in template.of_type("AWS::Lambda::LayerVersion"):
        _add_layer(draft, resource)
    lower_aliases(draft)
    for resource in template.resources.values():
        lowered = _LOWERED.get(resource.type)
        if lowered is not None:
            lowered(draft, resource)
        elif resource.type in _STACKS:
            _add_nested(draft, resource, _STACKS[resource.type])
        elif resource.type.startswith("Custom::"):
            lower_custom_resource(draft, resource)
    lower_dead_letters(draft)
    lower_apis(draft)
    lower_permissions(draft)
    lower_ignores(draft)
    _add_outputs(draft)


def _add_resource(draft: Draft, resource: Resource) -> None:
    kind, name = KINDS.get(resource.type, (Kind.OTHER, ""))
    physical = resource.properties.get(name).text() if name else Absent(resource.at)
    about = _ABOUT.get(kind)
    draft.resources[resource.id] = Deployed(
        resource.id, kind, resource.type, resource.at, physical, resource.when, **about(resource) if about else {}
    )
    if not isinstance(resource.node, MappingNode):
        return
    for key, (key_node, _) in fields_of(resource.node).items():
        if key not in ATTRIBUTES and not key.startswith("Fn::ForEach"):
            why = f"`{key}` stands beside `Properties` of `{resource.id}`, where it does nothing; move it into them"
            draft.gap(span(key_node), why)


def _fifo(ordered: View, resource: Resource) -> dict[str, Any]:
    return {"fifo": or_default(ordered.boolean(), False, resource.at)}


_ABOUT: Mapping[Kind, Callable[[Resource], dict[str, Any]]] = {
    Kind.PARAMETER: lambda resource: {"value": resource.properties.get("Value").text()},
    Kind.QUEUE: lambda resource: _fifo(resource.properties.get("FifoQueue"), resource),
    Kind.TABLE: lambda resource: {"stream": resource.properties.get("StreamSpecification", "StreamViewType").string()},
    Kind.TOPIC: lambda resource: _fifo(resource.properties.get("FifoTopic"), resource),
}
"""What the model says of resources of some kinds beside their names."""


def _add_outputs(draft: Draft) -> None:
    """The outputs, and which of them other stacks can import."""
    outputs = field(draft.template.root, "Outputs")
    for entry in draft.template.view(outputs, ALWAYS, span(outputs)).entries() if outputs is not None else ():
        value = draft.outputs[entry.key] = entry.view.get("Value").text()
        name = entry.view.get("Export", "Name").shown()
        if name:
            draft.exports[name] = value


def _add_nested(draft: Draft, resource: Resource, named_by: str) -> None:
    """A stack in this one, whose template may lie beside this one."""

    def local(known: Known[str]) -> Plain[str]:
        return Unknown("its template is in a store", known.at) if is_remote(known.value) else known

    def source(known: Known[str]) -> Plain[str]:
        folder, built, _ = known.value.partition(".aws-sam/")
        # What `sam build` or `sam package` leaves is made of the template beside it.
        sources = (f"{folder}template.{ending}" for ending in ("yaml", "yml", "json") if built)
        there = next((path for path in sources if draft.template.reader.is_file(path)), known.value)
        return replace(known, value=there)

    parameters = resource.properties.get("Parameters").entries()
    draft.nested.append(
        Nested(
            resource.id,
            resource.at,
            transform(local_path(draft.template, transform(resource.properties.get(named_by).string(), local)), source),
            {entry.key: entry.view.text() for entry in parameters},
        )
    )


def _add_layer(draft: Draft, resource: Resource) -> None:
    def local(known: Known[str]) -> Plain[str]:
        return Absent(known.at) if is_remote(known.value) else known

    written = resource.properties.get("Content")
    asset = resource.attributes.get("Metadata", "aws:asset:path")
    path = transform((asset if asset.present else written).string(), local)
    draft.layers.append(Layer(resource.id, resource.at, local_path(draft.template, path), resource.when))
