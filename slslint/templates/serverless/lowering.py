"""A service of the Serverless Framework rewritten into the CloudFormation it compiles to, and then read as that.

The rewriting works on nodes that keep the author's places, so whatever is found is shown where it was written.
"""

from __future__ import annotations

from collections.abc import Mapping

from yaml.nodes import MappingNode, Node, ScalarNode

from slslint.model import Deployment, Dialect, Function, Gap, Grant, Role, Trigger
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
from slslint.templates.serverless.service import FRAMEWORK, Service, read_functions, shown_ids
from slslint.templates.serverless.texts import text_in
from slslint.templates.serverless.variables import Variables
from slslint.templates.serverless.words import CONSTRUCTED, OWN_ROLES, SERVERLESS
from slslint.templates.serverless.workflows import add_workflows
from slslint.templates.serverless.written import OPEN, Written, items_of, mapping_of
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
    service = Service(Variables(path, root, reader, decided), Written(root, root))
    elsewhere = _elsewhere(service)
    if elsewhere:
        return Deployment(path, FRAMEWORK, gaps=(Gap(start_of(path), f"its provider is `{elsewhere}`, not AWS"),))
    read_functions(service)
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
    template = _Compiled(path, service, sections, reader, decided)
    try:
        return _restored(cloudformation.lower(template, _dialects(service, template)), service)
    finally:
        template.close()


def _dialects(service: Service, template: Template) -> dict[str, Dialect]:
    """What everything is written in that is not under `resources` as in a template; queues are anywhere."""
    made = service.resources
    roles = {
        id: SERVERLESS if id == SHARED else OWN_ROLES
        for id, planned in made.items()
        if planned.type == "AWS::IAM::Role"
    }
    queues = {each.id: CONSTRUCTED if each.id in made else SERVERLESS for each in template.of_type("AWS::SQS::Queue")}
    return {**dict.fromkeys(service.functions, SERVERLESS), **roles, **queues}


def _elsewhere(service: Service) -> str:
    """The name of a provider that is not AWS."""
    name = service.provider("name") if isinstance(service.provider.node, MappingNode) else service.provider.node
    text = text_in(name)
    return text if isinstance(text, str) and text.lower() != "aws" else ""


class _Compiled(Template):
    """The compiled template: what the framework makes, with what the author wrote for it put in, and then the rest.

    Its functions are also known by the logical ids that the framework gives them.
    """

    def __init__(
        self, path: str, service: Service, parts: list[MappingNode], reader: Reader, decided: Mapping[str, str]
    ) -> None:
        self.service = service
        super().__init__(path, _root(service, parts), reader, decided)

    def _read_resources(self) -> None:
        written = self.service.written
        names = shown_ids(self.service)
        self.called = {id: name for id, name in names.items() if name != id}
        self.ids.update(self.called)
        for id, planned in self.service.resources.items():
            shown = names.get(id, id)
            own = written.get(id)
            if own is None and planned.more is None:
                condition = planned.condition.value if isinstance(planned.condition, ScalarNode) else ""
                self.add(shown, planned.type, planned.key, planned.properties, condition)
            elif own is None:
                self.read(shown, planned.key, planned.whole())
            else:
                self.read(shown, planned.key if id in names else own[0], merge(planned.whole(), own[1]))
        super()._read_resources()


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
    """The compiled template, but for what the framework makes."""
    at = service.root.key
    rest = {id: pair for id, pair in service.written.items() if id not in service.resources}
    sections: dict[str, Fields] = {"Resources": rest}
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
    generated = service.resources.keys() - service.written.keys()
    made = {span(planned.key): SERVERLESS for planned in service.resources.values()}
    return replace(
        deployment,
        dialect=FRAMEWORK,
        functions=tuple(_function(function, service) for function in deployment.functions),
        triggers=tuple(in_words(_trigger(trigger, service), made) for trigger in deployment.triggers),
        deliveries=tuple(in_words(delivery, made) for delivery in deployment.deliveries),
        resources={
            id: replace(resource, generated=True) if id in generated else resource
            for id, resource in deployment.resources.items()
        },
        roles={id: _role(role, service) for id, role in deployment.roles.items()},
        gaps=tuple(dict.fromkeys((*service.gaps, *deployment.gaps))),
        problems=tuple(dict.fromkeys((*problems, *deployment.problems))),
        complete=deployment.complete and service.complete,
        stack=_stack(service),
    )


def _stack(service: Service) -> str:
    """The name of the service's stack, where it is decided; a default of the stage counts."""
    named = text_in(service.provider("stackName"))
    name = service.prefix if named is None else named
    return name if isinstance(name, str) else ""


def _function(function: Function, service: Service) -> Function:
    maker = _maker(function, service) if function.id in service.functions else ""
    return replace(function, package=replace(function.package, made_by=maker)) if maker else function


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
    return replace(role, implicit=True, grants=Items(grants, role.grants.complete))


def _grant(grant: Grant) -> Grant:
    return replace(grant, via=FRAMEWORK, policy="") if grant.policy == FRAMEWORK else grant
