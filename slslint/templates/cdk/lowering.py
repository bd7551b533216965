"""A stack's template in a cloud assembly, read as the CloudFormation that it is and shown as its author wrote it.

The template keeps its meaning; names, places and the folders of assets become those of the application.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from yaml.nodes import MappingNode, Node

from slslint.model import Deployment, Function, Grant, Invocation, Kind, Package, Packaging, Ref, Role, Source
from slslint.record import record, replace
from slslint.source import Reader, SourceFile, Span
from slslint.templates.building import build, referred, text_of
from slslint.templates.cdk.assembly import Assembly, assembly_of
from slslint.templates.cdk.assets import Assets, Found
from slslint.templates.cdk.generated import is_generated, may_be_generated
from slslint.templates.cdk.inlined import shown_in_source
from slslint.templates.cdk.naming import names_of, own_roles, paths_of
from slslint.templates.cdk.notifications import RESOURCE, bucket_of, with_notifications
from slslint.templates.cdk.places import place_of, show_at
from slslint.templates.cdk.references import resolve, shared_in
from slslint.templates.cdk.words import PYTHON, TYPESCRIPT
from slslint.templates.cloudformation import lower_into
from slslint.templates.cloudformation.draft import Draft
from slslint.templates.cloudformation.nodes import Fields, field, fields_of
from slslint.templates.cloudformation.template import Template
from slslint.templates.document import span
from slslint.value import Absent, Items, Known, Origin, Unknown, Value, known_values, transform

_GRANTED = frozenset(
    {
        "kms:GenerateDataKey*", "kms:ReEncrypt*", "s3:Abort*", "s3:DeleteObject*", "s3:GetBucket*", "s3:GetObject*",
        "s3:List*", "s3:PutObject*",
    }
)  # fmt: skip
"""The wildcards that `grant...` methods write; nobody chose them."""

_INVOKED = {
    "framework.onEvent": "USER_ON_EVENT_FUNCTION_ARN",
    "framework.isComplete": "USER_IS_COMPLETE_FUNCTION_ARN",
}
"""The variable in which each handler of the provider framework gets the function that it invokes."""

_PARAMETER = re.compile(r"AssetParameters([0-9a-f]{64})S3Bucket")


@record(eq=False)
class Stack:
    """One stack of an assembly, while it is read.

    Attributes:
        path: the path of its construct. resources: as written, by logical id.
        paths: the construct path of each resource by its logical id. names: what it is called.
        places: where each construct is made in the application's source, by the name of the resource.

    """

    path: str
    assembly: Assembly
    resources: Fields
    paths: Mapping[str, str]
    names: Mapping[str, str]
    places: Mapping[str, Span]


def lower(path: str, root: MappingNode, reader: Reader, decided: Mapping[str, str]) -> Deployment:
    """What a stack deploys."""
    stack = _stack(path, root, reader)
    placed = _root(root, stack)
    resolve(placed, shared_in(stack.assembly.root, reader), path.rpartition("/")[2])
    template = Template(path, placed, reader, decided)
    template.called = {id: name for id, name in stack.names.items() if name != id}
    template.ids |= set(template.called)
    draft = Draft(template, PYTHON if stack.assembly.python else TYPESCRIPT)
    try:
        lower_into(draft)
        return _restored(draft, stack, reader)
    finally:
        template.close()


def _stack(path: str, root: MappingNode, reader: Reader) -> Stack:
    assembly = assembly_of(path, reader)
    section = field(root, "Resources")
    resources = dict(fields_of(section)) if isinstance(section, MappingNode) else {}
    name = assembly.stacks.get(path.rpartition("/")[2]) or _common(resources)
    paths = paths_of(resources, name, assembly, reader)
    names = names_of(resources, paths, name)
    found = ((names[id], place_of(each, name, assembly, reader)) for id, each in paths.items())
    places = {id: place for id, place in found if place is not None}
    return Stack(name, assembly, resources, paths, names, places)


def _common(resources: Fields) -> str:
    """The path of a stack that the manifest does not name: what the paths of its constructs share."""
    written = [text_of(field(node, "Metadata", "aws:cdk:path")) for _, node in resources.values()]
    tops = {path.partition("/")[0] for path in written if path}
    return tops.pop() if len(tops) == 1 else ""


# --- the template ----------------------------------------------------------------------------------------------------


def _root(root: MappingNode, stack: Stack) -> MappingNode:
    """The template with its resources named and placed as in the application."""
    resources = {id: node for id, (_, node) in stack.resources.items()}
    for id, node in tuple(resources.items()):
        place = stack.places.get(stack.names.get(id, id))
        if place is not None:
            _show(node, place)
    for node in tuple(resources.values()):
        bucket = bucket_of(node) if text_of(field(node, "Type")) == RESOURCE else ""
        if bucket in resources:
            resources[bucket] = with_notifications(resources[bucket], node)
    pairs: list[tuple[Node, Node]] = []
    for id, (key, _) in stack.resources.items():
        name = stack.names.get(id, id)
        if name in stack.places:
            show_at(key, stack.places[name])
        pairs.append((build(name, key), resources[id]))
    section = field(root, "Resources")
    assert isinstance(section, MappingNode)
    at = section.start_mark, section.end_mark
    others = [pair for pair in root.value if pair[0].value != "Resources"]
    named = (build("Resources", root), MappingNode("", pairs, *at, True))
    return MappingNode("", [*others, named], root.start_mark, root.end_mark, True)


def _show(resource: Node, place: Span) -> None:
    """Let a resource stand at a place; code that is written in the template stays, for its lines are there."""
    code = field(resource, "Properties", "Code", "ZipFile")
    marks = None if code is None else (code.start_mark, code.end_mark)
    show_at(resource, place)
    if code is not None and marks is not None:
        code.start_mark, code.end_mark = marks


# --- what it deploys -------------------------------------------------------------------------------------------------


def _restored(draft: Draft, stack: Stack, reader: Reader) -> Deployment:
    """The deployment in the application's terms, without what the CDK added for itself."""
    assets = Assets(stack.assembly, reader)
    written = {name: id for id, name in stack.names.items()}
    functions: dict[str, Function] = {}
    generated: set[str] = set()
    for function in draft.functions.values():
        id = written.get(function.id, function.id)
        path = stack.paths.get(id, id)
        found = None if is_generated(path) else _source(function, id, path, stack, assets)
        theirs = may_be_generated(path, stack.assembly) and (found is None or found.path is None)
        if theirs or is_generated(path):
            generated.add(function.id)
            continue
        if found is not None:
            function = _with_source(function, found, draft)
        functions[function.id] = _with_inline(function, stack, assets)
    _add_framework_triggers(draft, generated)
    roles = _roles(draft, functions, generated, own_roles(stack.names, stack.paths))
    deployment = draft.deployment()
    short = posixpath.basename(deployment.path).partition(".")[0]
    taken = {
        f"{short}.{id}": Known(Ref(name), draft.resources[name].at)
        for id, name in stack.names.items()
        if name in draft.resources
    }
    return replace(
        deployment,
        outputs={**deployment.outputs, **taken},
        functions=tuple(functions.values()),
        triggers=tuple(each for each in deployment.triggers if each.function in functions),
        roles=roles,
        resources={
            id: replace(each, kind=Kind.OTHER) if id in generated else each for id, each in deployment.resources.items()
        },
        layers=tuple(
            replace(layer, path=_layer_path(layer.path, written.get(layer.id, layer.id), stack, assets))
            for layer in deployment.layers
        ),
    )


def _roles(
    draft: Draft, functions: Mapping[str, Function], generated: set[str], own: frozenset[str]
) -> dict[str, Role]:
    """The roles that not only the CDK's own functions take."""
    taken = {role.value for function in functions.values() for role in known_values(function.role)}
    theirs = {role.value for id in generated for role in known_values(draft.functions[id].role)}
    return {
        id: replace(role, implicit=id in own, grants=_grants(role.grants))
        for id, role in draft.roles.items()
        if id in taken or id not in theirs
    }


def _grants(grants: Items[Grant]) -> Items[Grant]:
    return Items(tuple(_grant(grant) for grant in grants), grants.complete)


def _grant(grant: Grant) -> Grant:
    wild = {action.value for action in grant.actions if "*" in action.value}
    return replace(grant, via="a `grant` method") if wild and wild <= _GRANTED else grant


def _add_framework_triggers(draft: Draft, generated: set[str]) -> None:
    """The functions behind the CDK's provider framework: it waits for them while a stack is deployed."""
    for id in sorted(generated):
        function = draft.functions[id]
        for handler in known_values(function.handler):
            target = function.environment.variables.get(_INVOKED.get(handler.value, ""))
            if target is not None:
                source, when = Known(Ref(id), function.at), function.when
                draft.add_trigger(
                    Source.CUSTOM_RESOURCE, target, function.at, source, when=when, invocation=Invocation.WAITS
                )


# --- assets ----------------------------------------------------------------------------------------------------------


def _source(function: Function, id: str, path: str, stack: Stack, assets: Assets) -> Found | None:
    """The source of a function's asset; None when its code is no file asset."""
    if function.package.packaging not in (Packaging.FILES, Packaging.REMOTE):
        return None
    asset = _asset(stack.resources[id][1], "Code") if id in stack.resources else ""
    if not asset:
        return None
    handler = next((_own_handler(known.value) for known in known_values(function.handler)), "")
    construct = path.removesuffix("/Resource").rpartition("/")[2]
    return assets.source(asset, handler, construct, stack.places.get(function.id))


def _own_handler(handler: str) -> str:
    """The handler that the application wrote: a CustomResourceProvider calls it by a module of its own."""
    module, _, name = handler.rpartition(".")
    return f"index.{name}" if module == "__entrypoint__" else handler


def _asset(resource: Node, name: str) -> str:
    """The asset in a property: as the metadata names it, else by its hash, which is its key in the store."""
    named = text_of(field(resource, "Metadata", "aws:asset:path"))
    if named:
        return named
    key = text_of(field(resource, "Properties", name, "S3Key"))
    # Before version 2 the store and the key were parameters, whose names hold the hash.
    parameter = _PARAMETER.match(referred(field(resource, "Properties", name, "S3Bucket")))
    return key.partition(".")[0].rpartition("/")[2] or (parameter[1] if parameter is not None else "")


def _with_source(function: Function, found: Found, draft: Draft) -> Function:
    at = function.package.at
    if found.path is None:
        package = Package(Packaging.REMOTE, at, Unknown(found.why, at))
    else:
        entry = (f"{found.entry}={found.path.rpartition('/')[2]}",) if found.entry else ()
        package = Package(Packaging.FILES, at, Known(found.path, at, Origin.DERIVED), entry_points=entry)
        handler = transform(function.handler, lambda known: replace(known, value=_own_handler(known.value)))
        function = replace(function, handler=handler)
    if found.stale:
        draft.gap(at, f"the assembly is older than `{found.path}`; run `cdk synth` to make it anew")
    return replace(function, package=package)


def _with_inline(function: Function, stack: Stack, assets: Assets) -> Function:
    """The function with its inline code shown where it is written: in a file that was read in, or at its construct."""
    package, place = function.package, stack.places.get(function.id)
    if package.inline is None:
        return function
    file = assets.holding(package.inline.data)
    if file is not None:
        inline = SourceFile(file, assets.reader.peek(file).removeprefix(b"\xef\xbb\xbf"))
        return replace(function, package=replace(package, inline=inline, path=Known(file, package.at, Origin.DERIVED)))
    if place is None:
        return function
    return replace(function, package=replace(package, inline=shown_in_source(package.inline, place, assets.reader)))


def _layer_path(path: Value[str], id: str, stack: Stack, assets: Assets) -> Value[str]:
    asset = _asset(stack.resources[id][1], "Content") if id in stack.resources else ""
    if not asset:
        return path
    at = path.at if isinstance(path, Known | Absent | Unknown) else span(stack.resources[id][0])
    found = assets.source(asset, "", "", None)
    return Unknown(found.why, at) if found.path is None else Known(found.path, at, Origin.DERIVED)
