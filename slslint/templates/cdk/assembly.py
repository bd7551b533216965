"""What an assembly says of its stacks beside their templates: constructs, who created them where, and assets."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from slslint.record import field, record
from slslint.source import Reader
from slslint.templates.cdk.layout import (
    CONFIGURATION,
    MANIFEST,
    asset_sources,
    is_assembly,
    kind_of,
    output_of,
    parsed,
)

_LOGICAL_ID = "aws:cdk:logicalId"
_TRACE = "aws:cdk:creationStack"
_TEMPLATE = "aws:cdk:templateFile"
_OWN = "aws:cdk:is-custom-resource-handler-"


@record()
class Assembly:
    """A cloud assembly, or the folder of a template that lies in none: what `cdk synth` printed.

    Attributes:
        folder: where it lies. root: the assembly that it is a stage of, else itself; assets lie there.
        project: the folder of the application that it was made from.
        python: whether that is written in Python.
        stacks: the path of each stack by its template's name: `ShopStack`, `Prod/Shop`.
        paths: the paths of the constructs that have each logical id, in whatever stack, where the metadata tells.
        traces: the stack trace of the creation of each construct by its path.
        own: the paths of constructs that the CDK marks as its own.
        assets: the path of each file asset by its hash, relative to `folder` or absolute.

    """

    folder: str
    root: str
    project: str
    python: bool
    stacks: Mapping[str, str] = field(default_factory=dict)
    paths: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    traces: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    assets: Mapping[str, str] = field(default_factory=dict)


def assembly_of(template: str, reader: Reader) -> Assembly:
    """The assembly that a template lies in, read once."""
    folder = posixpath.dirname(template) or "."
    known = reader.keep(_known)
    if folder not in known:
        known[folder] = _read(folder, reader)
    return known[folder]


def _known(reader: Reader) -> dict[str, Assembly]:
    return {}


def _read(folder: str, reader: Reader) -> Assembly:
    root = _outermost(folder, reader)
    project = _project(root, reader) if is_assembly(root, reader) else _application(folder, reader)
    artifacts = parsed(posixpath.join(folder, MANIFEST), reader).get("artifacts")
    stacks: dict[str, str] = {}
    paths: dict[str, tuple[str, ...]] = {}
    traces: dict[str, tuple[str, ...]] = {}
    own: set[str] = set()
    assets: dict[str, str] = {}
    for id, artifact in artifacts.items() if isinstance(artifacts, dict) else ():
        kind, properties = kind_of(artifact)
        if kind == "cdk:asset-manifest":
            assets.update(asset_sources(folder, properties.get("file"), reader))
        if kind != "aws:cloudformation:stack":
            continue
        shown = artifact.get("displayName")
        stacks[str(properties.get("templateFile"))] = _stack_path(shown if isinstance(shown, str) else id)
        for path, kind, entry in _metadata(folder, artifact, reader):
            data = entry.get("data")
            if kind == _LOGICAL_ID and isinstance(data, str):
                paths[data] = (*paths.get(data, ()), path)
            elif kind == _TEMPLATE and isinstance(data, str):
                stacks.setdefault(data, path)
            elif kind.startswith(_OWN):
                own.add(path)
            trace = data if kind == _TRACE else entry.get("trace") if kind == _LOGICAL_ID else None
            if isinstance(trace, list):
                traces.setdefault(path, tuple(map(str, trace)))
    return Assembly(folder, root, project, _is_python(project, reader), stacks, paths, traces, frozenset(own), assets)


def _metadata(folder: str, artifact: Mapping[str, Any], reader: Reader) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """The path of a construct with the kind and the whole of each entry about it."""
    tables = [artifact.get("metadata")]
    file = artifact.get("additionalMetadataFile")
    if isinstance(file, str):
        tables.append(parsed(posixpath.join(folder, file), reader))
    for table in tables:
        for path, entries in table.items() if isinstance(table, dict) else ():
            for entry in entries if isinstance(entries, list) else ():
                if isinstance(entry, dict):
                    yield path.strip("/"), str(entry.get("type")), entry


def _stack_path(shown: str) -> str:
    """The construct path in a display name: `Prod/Shop`, or `Prod/Shop (other-name)` where the names differ."""
    return shown.partition(" (")[0]


def _outermost(folder: str, reader: Reader) -> str:
    while is_assembly(above := posixpath.normpath(posixpath.join(folder, "..")), reader):
        folder = above
    return folder


def _project(root: str, reader: Reader) -> str:
    """The folder of the application: where a `cdk.json` names the assembly, else the one above it."""
    nearest = posixpath.normpath(posixpath.join(root, ".."))
    project = _application(nearest, reader)
    return project if output_of(project, reader) == root else nearest


def _application(folder: str, reader: Reader) -> str:
    """The nearest folder, at or above this one, with a `cdk.json`; this one when there is none."""
    project = folder
    while reader.is_dir(project):
        if reader.entries(project).get(CONFIGURATION) is False:
            return project
        project, below = posixpath.normpath(posixpath.join(project, "..")), project
        if reader.real(project) in (None, reader.real(below)):
            break
    return folder


def _is_python(project: str, reader: Reader) -> bool:
    command = parsed(posixpath.join(project, CONFIGURATION), reader).get("app")
    if isinstance(command, str):
        return "python" in command or ".py" in command
    return "app.py" in reader.entries(project)
