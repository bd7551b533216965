"""A service of the Serverless Framework rewritten into the CloudFormation it compiles to, and then read as that.

The rewriting works on nodes that keep the author's places, so whatever is found is shown where it was written.
"""

from __future__ import annotations

from collections.abc import Mapping

from yaml.nodes import MappingNode, Node

from slslint.model import Deployment, Function, Gap, Grant, Role, Trigger
from slslint.record import replace
from slslint.source import Reader, start_of
from slslint.templates import cloudformation
from slslint.templates.building import build
from slslint.templates.cloudformation.nodes import Fields, Undecided, field, fields_of
from slslint.templates.cloudformation.template import Template
from slslint.templates.cloudformation.words import in_words
from slslint.templates.document import span
from slslint.templates.serverless.constructs import add_constructs
from slslint.templates.serverless.events import add_events
from slslint.templates.serverless.functions import add_function, add_layers
from slslint.templates.serverless.graphql import add_graphql
from slslint.templates.serverless.merging import merge
from slslint.templates.serverless.requests import add_http_authorizers
from slslint.templates.serverless.roles import SHARED, add_roles
from slslint.templates.serverless.service import FRAMEWORK, OPEN, Service, items_of, mapping_of, service_of, shown_ids
from slslint.templates.serverless.variables import Variables, known_text
from slslint.templates.serverless.words import CONSTRUCTED, OWN_ROLES, SERVERLESS
from slslint.templates.serverless.workflows import add_workflows
from slslint.value import Items, Known


def is_service(root: Node) -> bool:
    """Whether a document configures a service, of whatever provider."""
    if not isinstance(root, MappingNode):
        return False
    fields = fields_of(root)
    # Much of a script's object may be put into it from elsewhere.
    return ("provider" in fields and "service" in fields) or (OPEN in fields and "functions" in fields)


def lower(path: str, root: MappingNode, reader: Reader, decided: Mapping[str, str]) -> Deployment:
    """What a service deploys; nothing, and a gap that says so, when its provider is another than AWS."""
    service = service_of(Variables(path, root, reader, decided), root)
    elsewhere = _elsewhere(service)
    if elsewhere:
        return Deployment(path, FRAMEWORK, gaps=(Gap(start_of(path), f"its provider is `{elsewhere}`, not AWS"),))
    sections = _read_resources(service)
    add_constructs(service)
    add_graphql(service)
    for function in service.functions.values():
        add_function(service, function)
    for function in service.functions.values():
        add_events(service, function)
    add_http_authorizers(service)
    add_layers(service)
    add_workflows(service)
    add_roles(service)
    template = _Compiled(path, _root(service, sections), reader, decided, _names(service))
    try:
        return _restored(cloudformation.lower(template), service)
    finally:
        template.close()


def _elsewhere(service: Service) -> str:
    """The name of a provider that is not AWS."""
    name = service.provider("name") if isinstance(service.provider.node, MappingNode) else service.provider.node
    known = known_text(name)
    text = known.value if known is not None and isinstance(known.value, str) else "aws"
    return "" if text.lower() == "aws" else text


class _Compiled(Template):
    """The compiled template, in which functions are also known by the logical ids that the framework gives them."""

    def __init__(
        self, path: str, root: MappingNode, reader: Reader, decided: Mapping[str, str], called: Mapping[str, str]
    ) -> None:
        super().__init__(path, root, reader, decided)
        self.called = called
        self.ids |= set(called)


def _names(service: Service) -> dict[str, str]:
    return {id: name for id, name in shown_ids(service).items() if name != id}


_SECTIONS = ("Conditions", "Mappings", "Outputs", "Parameters", "Transform")


def _read_resources(service: Service) -> list[MappingNode]:
    """The parts of `resources`, each like a template; fills in what they bring."""
    parts: list[MappingNode] = []
    for part in items_of(service.section("resources").node):
        if not isinstance(part, MappingNode):
            service.complete = False
            service.gap(part, part.why if isinstance(part, Undecided) else "these resources are not in sight")
            continue
        parts.append(part)
        for name in ("Resources", "extensions"):
            section = field(part, name)
            if isinstance(section, Undecided):
                service.complete = False
                service.gap(section, section.why)
            for id, (key, node) in mapping_of(section).items():
                known = service.written.get(id)
                service.written[id] = (key, node) if known is None else (known[0], merge(known[1], node))
    return parts


def _root(service: Service, parts: list[MappingNode]) -> MappingNode:
    """The compiled template."""
    at = service.root.key
    resources: Fields = {}
    names = shown_ids(service)
    for id, (key, node) in service.resources.items():
        own = service.written.get(id)
        pair = (key, node) if own is None else (own[0] if id not in names else key, merge(node, own[1]))
        shown = names.get(id, id)
        resources[shown] = pair if shown == id else (build(shown, pair[0]), pair[1])
    for id, pair in service.written.items():
        if id not in service.resources:
            resources[id] = pair
    sections: dict[str, Fields] = {"Resources": resources}
    for part in parts:
        for name in _SECTIONS:
            sections.setdefault(name, {}).update(mapping_of(field(part, name)))
    pairs = [
        (build(name, at), MappingNode("", list(entries.values()), at.start_mark, at.end_mark, True))
        for name, entries in sections.items()
        if entries
    ]
    return MappingNode("", pairs, at.start_mark, at.end_mark, True)


def _restored(deployment: Deployment, service: Service) -> Deployment:
    """The deployment in the author's terms."""
    problems = service.variables.problems
    made = {span(key): SERVERLESS for key, _ in service.resources.values()}
    return replace(
        deployment,
        dialect=FRAMEWORK,
        functions=tuple(_function(function, service) for function in deployment.functions),
        triggers=tuple(in_words(_trigger(trigger, service), made) for trigger in deployment.triggers),
        deliveries=tuple(in_words(delivery, made) for delivery in deployment.deliveries),
        queues=tuple(
            replace(queue, dialect=CONSTRUCTED if queue.id in service.resources else SERVERLESS)
            for queue in deployment.queues
        ),
        roles={id: _role(role, service) for id, role in deployment.roles.items()},
        gaps=tuple(dict.fromkeys((*service.gaps, *deployment.gaps))),
        problems=tuple(dict.fromkeys((*problems, *deployment.problems))),
        complete=deployment.complete and service.complete,
        stack=_stack(service),
    )


def _stack(service: Service) -> str:
    """The name of the service's stack, where it is decided; a default of the stage counts."""
    named = known_text(service.provider("stackName"))
    if named is not None:
        return named.value if isinstance(named.value, str) else ""
    texts = [part for part in service.prefix if isinstance(part, str)]
    return "".join(texts) if len(texts) == len(service.prefix) else ""


def _function(function: Function, service: Service) -> Function:
    if function.id not in service.functions:
        return function
    maker = _maker(function, service)
    package = replace(function.package, made_by=maker) if maker else function.package
    return replace(function, dialect=SERVERLESS, package=package)


def _maker(function: Function, service: Service) -> str:
    """The plugin that may make the file of the handler."""
    # Its configuration names the files it makes and what it makes them from.
    if "serverless-webpack" in service.plugins:
        return "serverless-webpack"
    handler = function.handler.value if isinstance(function.handler, Known) else ""
    brought = "serverless-wsgi" in service.plugins and handler.startswith(("wsgi.", "wsgi_handler."))
    return "serverless-wsgi" if brought else ""


def _trigger(trigger: Trigger, service: Service) -> Trigger:
    kind = service.polled.get(trigger.at)
    if kind is not None and trigger.source_kind is not kind:
        return replace(trigger, source_kind=kind)
    route = service.routes.get(trigger.at)
    return trigger if route is None else replace(trigger, route=Known(route, trigger.at))


def _role(role: Role, service: Service) -> Role:
    if role.id not in service.resources:
        return role
    grants = tuple(_grant(grant) for grant in role.grants)
    dialect = SERVERLESS if role.id == SHARED else OWN_ROLES
    return replace(role, dialect=dialect, implicit=True, grants=Items(grants, role.grants.complete))


def _grant(grant: Grant) -> Grant:
    return replace(grant, via=FRAMEWORK, policy="") if grant.policy == FRAMEWORK else grant
