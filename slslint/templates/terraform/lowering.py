"""A root module with its local modules rewritten into the CloudFormation it stands for, and then read as that.

The rewriting works on nodes that keep the author's places, so whatever is found is shown where it was written.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence

from yaml.nodes import MappingNode

from slslint.model import Deployment, Function, Kind, Queue, Resource, Role
from slslint.record import replace
from slslint.source import Reader, start_of
from slslint.templates import cloudformation
from slslint.templates.building import build, properties
from slslint.templates.cloudformation.template import Template
from slslint.templates.cloudformation.words import in_words
from slslint.templates.document import span
from slslint.templates.terraform import apis, compute, events, messaging, roles
from slslint.templates.terraform.archives import UPLOADS
from slslint.templates.terraform.instances import Instance
from slslint.templates.terraform.module import Module
from slslint.templates.terraform.rewriting import Rewrite, Rewriting, get
from slslint.templates.terraform.unit import Unit
from slslint.templates.terraform.values import place, string
from slslint.templates.terraform.words import TERRAFORM

_ROOMS = (compute, messaging, events, apis, roles)
_REWRITES: Mapping[str, Rewrite] = {type: rewrite for room in _ROOMS for type, rewrite in room.REWRITES.items()}
_EXTENSIONS: Mapping[str, Rewrite] = {type: rewrite for room in _ROOMS for type, rewrite in room.EXTENSIONS.items()}
"""They add to resources that others define, and so come last."""


def lower(path: str, reader: Reader, parameters: Mapping[str, str]) -> Deployment | None:
    """What the root module in the folder of the file at `path` deploys; None when it deploys nothing of AWS."""
    unit = Unit(posixpath.dirname(path) or ".", reader, parameters)
    return lower_instances(path, unit, instances_of(unit))


def instances_of(unit: Unit) -> list[Instance]:
    """Every instance of everything that the root module defines, and the local modules that it calls."""
    found: list[Instance] = []
    _gather(Module(unit, unit.folder, "."), found)
    return found


def lower_instances(path: str, unit: Unit, found: Sequence[Instance]) -> Deployment | None:
    """What instances of resources deploy; None when that is nothing of AWS."""
    rewriting = rewritten(unit, found)
    if not rewriting.resources and not unit.problems:
        return None
    template = template_of(path, rewriting)
    try:
        return _restored(cloudformation.lower(template), rewriting)
    finally:
        template.close()


def template_of(path: str, rewriting: Rewriting) -> Template:
    """The template of CloudFormation that a unit stands for."""
    at = place(start_of(path))
    conditions = MappingNode("", list(rewriting.unit.conditions.values()), at.start_mark, at.end_mark, True)
    root = build({"Conditions": conditions}, at)
    assert isinstance(root, MappingNode)
    template = Template(path, root, rewriting.unit.reader, {})
    for id, (key, given, condition) in rewriting.resources.items():
        template.add(id, rewriting.types[id][0], key, properties(given, key), condition)
    return template


def rewritten(unit: Unit, found: Sequence[Instance]) -> Rewriting:
    """What instances of resources stand for in CloudFormation."""
    rewriting = Rewriting(unit)
    for instance in found:
        _index(rewriting, instance)
    for instance in found:
        _rewrite(rewriting, instance)
    for instance in found:
        extend = _EXTENSIONS.get(instance.type)
        if extend is not None and instance.kind == "resource":
            extend(rewriting, instance)
    rewriting.open_up()
    return rewriting


def _gather(module: Module, found: list[Instance]) -> None:
    """Every instance of everything that a module defines, its local modules' too."""
    for block in module.blocks.values():
        if block.type not in ("resource", "data", "module") or not block.labels:
            continue
        if block.type != "module" and block.labels[0] not in _WANTED and not block.labels[0].startswith("aws_"):
            continue
        if block.type == "data" and block.labels[0] not in _WANTED:
            continue
        for instance in module.instances(block).items:
            found.append(instance)
            if block.type == "module" and instance.child is not None:
                _gather(instance.child, found)


_FILES = ("local_file", "local_sensitive_file")
_WANTED = frozenset({"archive_file", *_FILES})


def _index(rewriting: Rewriting, instance: Instance) -> None:
    """Note what others may name otherwise than by a reference."""
    rewriting.by_address[instance.address] = instance
    if instance.type == "archive_file":
        path = string(get(instance, "output_path"))
        if path is not None:
            rewriting.archives.setdefault(posixpath.normpath(path), instance)
    if instance.type in _FILES and instance.kind == "resource":
        rewriting.files.append(instance)
    if instance.type in UPLOADS:
        key = string(get(instance, "key"))
        if key is not None:
            rewriting.uploads.setdefault(key, instance)


def _rewrite(rewriting: Rewriting, instance: Instance) -> None:
    if instance.kind != "resource" or instance.type in _EXTENSIONS:
        return
    rewrite = _REWRITES.get(instance.type)
    if rewrite is not None:
        rewrite(rewriting, instance)
    elif instance.type.startswith("aws_"):
        rewriting.add(instance, instance.type, {})


def _restored(deployment: Deployment, rewriting: Rewriting) -> Deployment:
    """The deployment in the author's terms."""
    unit = rewriting.unit
    # What a public module makes stands at its call.
    called = {span(rewriting.resources[id][0]): rewriting.dialect(id) for id in rewriting.calls}
    return replace(
        deployment,
        dialect=TERRAFORM.name,
        functions=tuple(_function(function, rewriting) for function in deployment.functions),
        triggers=tuple(in_words(trigger, called, TERRAFORM) for trigger in deployment.triggers),
        deliveries=tuple(in_words(delivery, called, TERRAFORM) for delivery in deployment.deliveries),
        queues=tuple(_queue(queue, rewriting) for queue in deployment.queues),
        roles={id: _role(role, rewriting) for id, role in deployment.roles.items()},
        resources={id: _resource(resource, rewriting) for id, resource in deployment.resources.items()},
        gaps=tuple(dict.fromkeys((*unit.gaps, *deployment.gaps))),
        problems=tuple(dict.fromkeys((*unit.problems, *deployment.problems))),
        complete=deployment.complete and unit.complete,
    )


def _function(function: Function, rewriting: Rewriting) -> Function:
    package = replace(function.package, made_by=rewriting.makers.get(function.id, ""))
    return replace(function, dialect=rewriting.dialect(function.id), package=package)


def _queue(queue: Queue, rewriting: Rewriting) -> Queue:
    return replace(queue, dialect=rewriting.dialect(queue.id))


def _role(role: Role, rewriting: Rewriting) -> Role:
    return replace(role, dialect=rewriting.dialect(role.id))


def _resource(resource: Resource, rewriting: Rewriting) -> Resource:
    type = rewriting.types[resource.id][1]
    kind = Kind.OTHER if type == "aws_s3_bucket_notification" else resource.kind
    return replace(resource, type=type, kind=kind)
