"""Where an application of the CDK leaves its assembly, and which templates lie in one."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slslint.source import Reader

OUTPUT = "cdk.out"
"""The folder that an application synthesises into unless its `cdk.json` says otherwise."""
MANIFEST = "manifest.json"
CONFIGURATION = "cdk.json"

MAX_BYTES = 32 * 1024 * 1024
"""Metadata of a large application has several megabytes."""

_LONGEST = 200
"""Bytes that the name of a stack has with what stands before it; AWS allows 128."""
_DEEPEST = 8
"""Stages in stages that are followed."""


def is_assembly(folder: str, reader: Reader) -> bool:
    """Whether a folder is a cloud assembly: beside its manifest lies a file that is named `cdk.out` too."""
    entries = reader.entries(folder)
    return entries.get(MANIFEST) is False and entries.get(OUTPUT) is False


def is_app(folder: str, reader: Reader) -> bool:
    """Whether an application lies in a folder: its `cdk.json` says how to run it."""
    return "app" in parsed(posixpath.join(folder, CONFIGURATION), reader)


def output_of(project: str, reader: Reader) -> str:
    """The folder that the application in `project` synthesises into, whether or not it is there."""
    settings = parsed(posixpath.join(project, CONFIGURATION), reader)
    output = settings.get("output")
    return posixpath.normpath(posixpath.join(project, output if isinstance(output, str) and output else OUTPUT))


def templates_in(folder: str, reader: Reader, depth: int = 0) -> Iterator[str]:
    """The templates of an assembly: of its stacks, of the stacks in them and of its stages.

    A manifest that cannot be read stands for itself: who reads it says why.
    """
    manifest = posixpath.join(folder, MANIFEST)
    artifacts = parsed(manifest, reader).get("artifacts")
    if not isinstance(artifacts, dict):
        yield manifest
        return
    for name, artifact in sorted(artifacts.items()):
        kind, properties = kind_of(artifact)
        if kind == "aws:cloudformation:stack":
            yield from _existing(folder, properties.get("templateFile"), reader)
        elif kind == "cdk:asset-manifest":
            for source in asset_sources(folder, properties.get("file", f"{name}.json"), reader).values():
                if source.endswith(".nested.template.json"):
                    yield from _existing(folder, source, reader)
        elif kind == "cdk:cloud-assembly" and depth < _DEEPEST:
            inner = properties.get("directoryName")
            if isinstance(inner, str) and is_assembly(posixpath.join(folder, inner), reader):
                yield from templates_in(posixpath.normpath(posixpath.join(folder, inner)), reader, depth + 1)


def stack_in(template: bytes) -> str:
    """The construct of the stack that the metadata of a template's resources name first; "" where they name none."""
    after = template.partition(b"aws:cdk:path")[2]
    return after[:_LONGEST].lstrip(b"\"': ").partition(b"/")[0].decode(errors="replace")


def kind_of(artifact: Any) -> tuple[str, Mapping[str, Any]]:
    """The type of an artifact and its properties."""
    if not isinstance(artifact, dict):
        return "", {}
    properties = artifact.get("properties")
    return str(artifact.get("type", "")), properties if isinstance(properties, dict) else {}


def asset_sources(folder: str, file: Any, reader: Reader) -> Mapping[str, str]:
    """The path of each file asset by its hash, as the asset manifest `file` writes it."""
    listed = parsed(posixpath.join(folder, file), reader).get("files") if isinstance(file, str) else None
    found: dict[str, str] = {}
    for key, asset in listed.items() if isinstance(listed, dict) else ():
        source = asset.get("source") if isinstance(asset, dict) else None
        path = source.get("path") if isinstance(source, dict) else None
        if isinstance(path, str):
            found[key] = path
    return found


def parsed(path: str, reader: Reader) -> Mapping[str, Any]:
    """The object in a JSON file; empty when there is none that can be read."""
    if not reader.is_file(path):
        return {}
    import json

    try:
        found = json.loads(reader.peek(path, MAX_BYTES))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _existing(folder: str, file: Any, reader: Reader) -> Iterator[str]:
    path = posixpath.normpath(posixpath.join(folder, file)) if isinstance(file, str) else ""
    if path and reader.is_file(path):
        yield path


def to_synthesise(apps: Sequence[str]) -> Iterator[str]:
    """What to do about applications, by their folders, that have left no assembly to check."""
    if len(apps) == 1:
        where = "here" if apps[0] == "." else f"in `{apps[0]}`"
        yield f"what the CDK application {where} deploys was not checked, for it has no `cdk.out`: run `npx cdk synth`"
    elif apps:
        what = f"what {len(apps)} CDK applications deploy was not checked, for they have no `cdk.out`"
        yield f"{what}: run `npx cdk synth` in `{apps[0]}`, ..."
