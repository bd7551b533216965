"""Functions, their code and their settings, wherever they are written."""

from __future__ import annotations

import os
import posixpath
from typing import Any

from yaml.nodes import MappingNode, ScalarNode

from slslint.model import (
    Cause,
    Environment,
    Function,
    Invocation,
    Package,
    Packaging,
    Ref,
    Source,
    Text,
    pieces_of,
)
from slslint.record import replace
from slslint.source import Span
from slslint.templates.cloudformation.branches import only_when
from slslint.templates.cloudformation.draft import Draft, or_default
from slslint.templates.cloudformation.nodes import field, fields_of
from slslint.templates.cloudformation.template import ATTRIBUTES, Resource, Template
from slslint.templates.cloudformation.view import View
from slslint.templates.document import span
from slslint.value import Absent, Either, Items, Known, Plain, Unknown, Value, When, transform

DEFAULT_TIMEOUT = 3
DEFAULT_MEMORY = 128


def lower_function(draft: Draft, resource: Resource) -> Function:
    """An AWS::Lambda::Function."""
    properties = resource.properties
    role = role_id(draft, properties.get("Role"))
    dead_letter = draft.add_dead_letter(properties.get("DeadLetterConfig", "TargetArn"))
    return function_of(draft, resource, properties, package(draft.template, resource), role, dead_letter)


def function_of(
    draft: Draft,
    resource: Resource,
    properties: View,
    code: Package,
    role: Value[str],
    dead_letter: Value[Text],
    on_failure: Value[Text] | None = None,
) -> Function:
    """A function with the settings that CloudFormation and SAM write alike, read from `properties`."""
    at = resource.at
    return Function(
        id=resource.id,
        at=at,
        dialect=draft.dialect_of(resource.id),
        name=properties.get("FunctionName").text(),
        runtime=properties.get("Runtime").string(),
        handler=properties.get("Handler").string(),
        package=code,
        timeout=or_default(properties.get("Timeout").integer(), DEFAULT_TIMEOUT, at),
        memory=or_default(properties.get("MemorySize").integer(), DEFAULT_MEMORY, at),
        environment=environment(properties.get("Environment", "Variables")),
        role=role,
        dead_letter=dead_letter,
        on_failure=Absent(at) if on_failure is None else on_failure,
        provisioned_concurrency=Absent(at),
        misplaced=_misplaced(resource),
        when=resource.when,
        **_rare(properties, at),
    )


_RARE = frozenset(
    {
        "CapacityProviderConfig", "Layers", "LoggingConfig", "RecursiveLoop", "ReservedConcurrentExecutions",
        "SnapStart", "TenancyConfig",
    }
)  # fmt: skip


def _rare(properties: View, at: Span) -> dict[str, Any]:
    """The settings of a function that few have."""
    if properties.lacks_all(_RARE):
        absent = Absent(at)
        return {
            "layers": Items(()),
            "reserved_concurrency": absent,
            "snap_start": absent,
            "recursion_allowed": absent,
            "tenant_isolation": absent,
            "concurrent": absent,
            "log_group": absent,
        }
    return {
        "layers": texts(properties.get("Layers")),
        "reserved_concurrency": properties.get("ReservedConcurrentExecutions").integer(),
        "snap_start": _equals(properties.get("SnapStart", "ApplyOn"), "PublishedVersions"),
        "recursion_allowed": _equals(properties.get("RecursiveLoop"), "Allow"),
        "tenant_isolation": _equals(properties.get("TenancyConfig", "TenantIsolationMode"), "PER_TENANT"),
        "concurrent": _present(properties.get("CapacityProviderConfig")),
        "log_group": properties.get("LoggingConfig", "LogGroup").text(),
    }


def _misplaced(resource: Resource) -> dict[str, Span]:
    assert isinstance(resource.node, MappingNode)
    return {name: span(key) for name, (key, _) in fields_of(resource.node).items() if name not in ATTRIBUTES}


def environment(variables: View) -> Environment:
    """Environment variables; one that is there in some branches only is Absent in the others."""
    entries = variables.entries()
    if len(variables.branches) == 1:
        return Environment({entry.key: entry.view.text() for entry in entries}, entries.complete)
    names = dict.fromkeys(entry.key for entry in entries)
    return Environment({name: variables.get(name).text() for name in names}, entries.complete)


def texts(view: View) -> Items[Text]:
    """The decided texts of a list; open when there may be others."""
    found: list[Text] = []
    items = view.items()
    complete = items.complete
    for item in items:
        text = item.text()
        if isinstance(text, Known):
            found.append(text.value)
        else:
            complete = False
    return Items(tuple(found), complete)


def package(template: Template, resource: Resource) -> Package:
    """Where the code of an AWS::Lambda::Function is."""
    code = resource.properties.get("Code")
    at = code.at
    nowhere: Value[str] = Absent(resource.at)
    if field(resource.node, "Metadata") is not None:
        metadata = resource.attributes.get("Metadata")
        asset, bundled = metadata.get("aws:asset:path").string(), metadata.get("aws:asset:property").string()
        if isinstance(asset, Known) and isinstance(bundled, Known) and bundled.value.startswith("Code"):
            if bundled.value != "Code.ImageUri":
                return Package(Packaging.FILES, asset.at, local_path(template, asset))
            return Package(Packaging.IMAGE, asset.at, nowhere)
    if resource.properties.get("PackageType").is_("Image"):
        return Package(Packaging.IMAGE, at, nowhere)
    local: list[tuple[When, Package]] = []
    for when, settled in code.settled():
        if isinstance(settled, Unknown):
            local.append((when, Package(Packaging.REMOTE, settled.at, settled)))
        if isinstance(settled, ScalarNode):
            local.append((when, _local_package(template, template.plain(settled, resource.at))))
        if isinstance(settled, MappingNode):
            if "ImageUri" in fields_of(settled):
                return Package(Packaging.IMAGE, at, nowhere)
            from slslint.templates.cloudformation.inline import inline_source  # few functions stand in their template

            source = inline_source(template, settled, when)
            if source is not None:
                return Package(Packaging.INLINE, at, nowhere, source)
    if local:
        return _one_of(local)
    if code.get("ZipFile").present:
        return Package(Packaging.INLINE, at, nowhere)
    return Package(Packaging.REMOTE, at, nowhere)


def _local_package(template: Template, path: Plain[Text]) -> Package:
    match path:
        case Known(str() as text, at, origin) if not is_remote(text):
            return Package(Packaging.FILES, at, local_path(template, Known(text, at, origin)))
        case Known(str(), at, _):
            return Package(Packaging.REMOTE, at, Absent(at))
        case Known(_, at, _) | Absent(at):
            return Package(Packaging.REMOTE, at, Unknown("it is known only when deployed", at))
        case _:
            return Package(Packaging.REMOTE, path.at, path)


def _one_of(branches: list[tuple[When, Package]]) -> Package:
    """A package whose location depends on a condition; the branches that name a local path decide what it is."""
    _, first = branches[0]
    files = next((package for _, package in branches if package.packaging is Packaging.FILES), first)
    if len(branches) == 1 or any(isinstance(package.path, Either) for _, package in branches):
        return files
    paths = tuple((when, package.path) for when, package in branches if not isinstance(package.path, Either))
    return replace(files, path=Either(paths))


def is_remote(location: str) -> bool:
    """Whether a code location names something in a store and not a local path."""
    return location.startswith(("s3://", "https://", "http://"))


def local_path(template: Template, path: Value[str]) -> Value[str]:
    """A path that the template writes relative to itself, as reports show paths."""

    def place(known: Known[str]) -> Plain[str]:
        written = known.value.replace("\\", "/")
        if written == ".":
            return Known(posixpath.dirname(template.path) or ".", known.at, known.origin)
        if posixpath.isabs(written):
            written = os.path.relpath(written, template.reader.base).replace(os.sep, "/")
        else:
            written = posixpath.join(posixpath.dirname(template.path), written)
        return Known(posixpath.normpath(written), known.at, known.origin)

    return transform(path, place)


def role_id(draft: Draft, role: View) -> Value[str]:
    """The role of this unit that a function takes; Unknown when it is defined elsewhere."""

    def named(known: Known[Text]) -> Plain[str]:
        parts = pieces_of(known.value)
        for part in parts:
            if isinstance(part, Ref) and draft.template.is_type(part.id, "AWS::IAM::Role"):
                return Known(part.id, known.at, known.origin)
        name = parts[-1].rpartition("/")[2] if isinstance(parts[-1], str) else ""
        named_so = draft.role_names.get(name if len(parts) == 1 or "/" in str(parts[-1]) else known.value)
        if named_so is not None:
            return Known(named_so, known.at, known.origin)
        return Unknown("its role is defined elsewhere", known.at)

    return transform(role.text(), named)


def lower_aliases(draft: Draft) -> None:
    """Find what each version and alias stands for; needs the functions."""
    pending = [*draft.template.of_type("AWS::Lambda::Version"), *draft.template.of_type("AWS::Lambda::Alias")]
    for resource in pending:
        for _, function in draft.targets(resource.properties.get("FunctionName").text()):
            draft.aliases.setdefault(resource.id, function)
        if resource.id not in draft.aliases:
            for _, function in draft.targets(resource.properties.get("FunctionVersion").text()):
                draft.aliases.setdefault(resource.id, function)


def lower_provisioned_concurrency(draft: Draft, resource: Resource) -> None:
    """A version's or alias's ProvisionedConcurrencyConfig, set on its function."""
    view = resource.properties.get("ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions")
    function = draft.functions.get(draft.aliases.get(resource.id, ""))
    if function is not None and view.present:
        kept = only_when(resource.when - function.when, view.integer(), resource.at)
        draft.functions[function.id] = replace(function, provisioned_concurrency=kept)


def lower_invoke_config(draft: Draft, resource: Resource) -> None:
    """An AWS::Lambda::EventInvokeConfig: its failure destination, set on the function whichever version it is for."""
    properties = resource.properties
    destination = draft.add_dead_letter(properties.get("DestinationConfig", "OnFailure", "Destination"))
    for outcome in ("OnFailure", "OnSuccess"):
        _add_destination(draft, resource, outcome)
    if isinstance(destination, Absent):
        return
    for when, name in draft.targets(properties.get("FunctionName").text()):
        function = draft.functions[name]
        if isinstance(function.on_failure, Absent):
            kept = only_when((resource.when | when) - function.when, destination, resource.at)
            draft.functions[name] = replace(function, on_failure=kept)


def _add_destination(draft: Draft, resource: Resource, outcome: str) -> None:
    """A function may be the destination of another one's results."""
    source = resource.properties.get("FunctionName").text()
    target = resource.properties.get("DestinationConfig", outcome, "Destination").text()
    draft.add_trigger(
        Source.OTHER, target, resource.at, source, when=resource.when, invocation=Invocation.ASYNC, event=outcome
    )
    cause = Cause.FAILURE if outcome == "OnFailure" else Cause.SUCCESS
    draft.add_outcome(cause, source, target, resource.at, when=resource.when)


def lower_dead_letters(draft: Draft) -> None:
    """Where each function's failed asynchronous invocations go by its own settings."""
    for function in draft.functions.values():
        own: Known[Text] = Known(Ref(function.id, "Arn"), function.at)
        draft.add_failure(own, function.dead_letter, function.at, when=function.when)


def _equals(view: View, wanted: str) -> Value[bool]:
    return transform(view.string(), lambda known: Known(known.value == wanted, known.at, known.origin))


def _present(view: View) -> Value[bool]:
    return Known(True, view.at) if view.present else Absent(view.at)
