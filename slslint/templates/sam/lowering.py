"""A SAM template rewritten into the CloudFormation it stands for, and then read as that.

The rewriting works on nodes that keep the author's places, so whatever is found is shown where it was written.
"""

from __future__ import annotations

from collections.abc import Mapping

from yaml.nodes import MappingNode, Node, SequenceNode

from slslint.model import Deployment, Function, Grant, Role, Trigger
from slslint.record import replace
from slslint.templates import cloudformation
from slslint.templates.building import Literal, build, text_of
from slslint.templates.cloudformation.nodes import field, fields_of
from slslint.templates.cloudformation.template import Template
from slslint.templates.cloudformation.words import in_words
from slslint.templates.document import span
from slslint.templates.sam.api import (
    add_implicit_apis,
    rewrite_http_api,
    rewrite_rest_api,
    rewrite_web_socket_api,
)
from slslint.templates.sam.connectors import add_connectors
from slslint.templates.sam.expansion import Expansion, Rewrite, Written, read_resources
from slslint.templates.sam.function import code_location, rewrite_function
from slslint.templates.sam.globals import as_part, is_part, merge
from slslint.templates.sam.words import SAM
from slslint.value import Items, Known


def _rewrite_table(expansion: Expansion, table: Written) -> None:
    expansion.become(table, "AWS::DynamoDB::Table", {"TableName": table["TableName"]})


def _rewrite_layer(expansion: Expansion, layer: Written) -> None:
    content = code_location(layer["ContentUri"])
    expansion.become(layer, "AWS::Lambda::LayerVersion", {"LayerName": layer["LayerName"], "Content": content})


def _rewrite_state_machine(expansion: Expansion, machine: Written) -> None:
    from slslint.templates.sam.workflow import rewrite_state_machine  # few templates have one

    rewrite_state_machine(expansion, machine)


def _rewrite_graphql_api(expansion: Expansion, api: Written) -> None:
    from slslint.templates.sam.workflow import rewrite_graphql_api

    rewrite_graphql_api(expansion, api)


_CALLERS: dict[str, Rewrite] = {
    "AWS::Serverless::Function": rewrite_function,
    "AWS::Serverless::StateMachine": _rewrite_state_machine,
}
"""Their events add to APIs and buckets, so they come first."""

_OTHERS: dict[str, Rewrite] = {
    "AWS::Serverless::Api": rewrite_rest_api,
    "AWS::Serverless::GraphQLApi": _rewrite_graphql_api,
    "AWS::Serverless::HttpApi": rewrite_http_api,
    "AWS::Serverless::LayerVersion": _rewrite_layer,
    "AWS::Serverless::SimpleTable": _rewrite_table,
    "AWS::Serverless::WebSocketApi": rewrite_web_socket_api,
}


_MADE = ("Alias", "Deployment", "DestinationQueue", "DestinationTopic", "DomainName", "Stage", "Version")
"""What SAM makes for a resource can be referred to by these names: `!Ref Orders.Alias`."""


def lower(template: Template) -> Deployment:
    """What a SAM template deploys."""
    expansion = Expansion(template)
    read_resources(expansion)
    _rewrite(expansion, _CALLERS)
    add_implicit_apis(expansion, field(template.root, "Globals"))
    _rewrite(expansion, _OTHERS)
    _add_notifications(expansion)
    add_connectors(expansion)
    root = _root(template.root, expansion)
    expanded = Template(template.path, root, template.reader, template.decided)
    expanded.ids |= {f"{id}.{made}" for id in expansion.types for made in _MADE}
    try:
        return _restored(cloudformation.lower(expanded), expansion)
    finally:
        expanded.close()


def _rewrite(expansion: Expansion, rewrites: Mapping[str, Rewrite]) -> None:
    for resource in list(expansion.written.values()):
        rewrite = rewrites.get(resource.type)
        if rewrite is not None:
            rewrite(expansion, resource)


def _add_notifications(expansion: Expansion) -> None:
    """Add to buckets and user pools what the events of functions ask of them."""
    for id, configurations in expansion.notifications.items():
        at = expansion.written[id].key
        listed: Literal = list(configurations)
        _extend(expansion, id, build({"NotificationConfiguration": {"LambdaConfigurations": listed}}, at))
    for id, pairs in expansion.triggers.items():
        at = expansion.written[id].key
        triggers = MappingNode("", list(pairs), at.start_mark, at.end_mark, True)
        _extend(expansion, id, build({"LambdaConfig": triggers}, at))


def _extend(expansion: Expansion, id: str, properties: Node) -> None:
    key, resource = expansion.resources[id]
    expansion.resources[id] = key, merge(build({"Properties": properties}, key), resource)


def _root(root: MappingNode, expansion: Expansion) -> MappingNode:
    """The template with its resources and conditions as they are deployed."""
    sections = {name: pair for name, pair in fields_of(root).items() if name not in ("Globals", "Resources")}
    pairs = [pair for name, pair in sections.items() if name != "Conditions"]
    conditions = sections.get("Conditions")
    written = fields_of(conditions[1]) if conditions and isinstance(conditions[1], MappingNode) else {}
    for name, entries in (
        ("Resources", expansion.resources),
        ("Conditions", {**expansion.conditions, **written}),
    ):
        section = MappingNode("", list(entries.values()), root.start_mark, root.end_mark, True)
        pairs.append((build(name, root), section))
    return MappingNode("", pairs, root.start_mark, root.end_mark, True)


def _restored(deployment: Deployment, expansion: Expansion) -> Deployment:
    """The deployment in the author's terms: types as written, SAM's words, and what SAM itself brought."""
    before = expansion.template
    types = expansion.types
    made = {span(key): SAM for id, (key, _) in expansion.resources.items() if id not in expansion.written}
    resources = {
        id: replace(resource, type=types[id]) if id in types else resource
        for id, resource in deployment.resources.items()
    }
    return replace(
        deployment,
        dialect=SAM.name,
        triggers=tuple(in_words(_trigger(trigger, expansion), made) for trigger in deployment.triggers),
        deliveries=tuple(in_words(delivery, made) for delivery in deployment.deliveries),
        functions=tuple(_function(function, expansion) for function in deployment.functions),
        roles={id: _role(role, expansion) for id, role in deployment.roles.items()},
        resources=resources,
        gaps=tuple(dict.fromkeys((*before.gaps, *expansion.gaps, *deployment.gaps))),
        problems=tuple(dict.fromkeys((*before.problems, *deployment.problems))),
        complete=before.complete and deployment.complete,
    )


def _function(function: Function, expansion: Expansion) -> Function:
    written = expansion.written.get(function.id)
    if written is None or written.type != "AWS::Serverless::Function":
        return function
    entries = field(written.node, "Metadata", "BuildProperties", "EntryPoints")
    points = tuple(text_of(item) for item in entries.value) if isinstance(entries, SequenceNode) else ()
    package = replace(function.package, entry_points=points) if points else function.package
    function = replace(function, dialect=SAM, package=package)
    return as_part(function) if is_part(expansion.template.root) else function


def _trigger(trigger: Trigger, expansion: Expansion) -> Trigger:
    kind = expansion.polled.get(trigger.at)
    if kind is not None and trigger.source_kind is not kind:
        return replace(trigger, source_kind=kind)
    route = expansion.routes.get(trigger.at)
    return trigger if route is None else replace(trigger, route=Known(route, trigger.at))


def _role(role: Role, expansion: Expansion) -> Role:
    owner = expansion.written.get(role.id.removesuffix("Role"))
    implicit = role.id not in expansion.written and owner is not None
    grants = tuple(_grant(grant, role, expansion) for grant in role.grants)
    role = replace(role, grants=Items(grants, role.grants.complete))
    return replace(role, dialect=SAM, implicit=True) if implicit else role


def _grant(grant: Grant, role: Role, expansion: Expansion) -> Grant:
    via = expansion.brought.get((role.id, grant.policy)) or expansion.brought.get((grant.policy, ""))
    return replace(grant, via=via, policy="") if via else grant
