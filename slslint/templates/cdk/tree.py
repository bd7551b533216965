"""The construct tree of an assembly (`tree.json`), asked where templates and metadata do not name their constructs."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Any

from slslint.source import Reader
from slslint.templates.cdk.layout import MANIFEST, kind_of, parsed

_LOGICAL_ID = "aws:cdk:cloudformation:logicalId"


def paths_in_tree(folder: str, reader: Reader) -> Mapping[str, tuple[str, ...]]:
    """The paths of the constructs that have each logical id, in whatever stack of the assembly or its stages."""
    known = reader.keep(_known)
    if folder not in known:
        known[folder] = _read(folder, reader)
    return known[folder]


def _known(reader: Reader) -> dict[str, Mapping[str, tuple[str, ...]]]:
    return {}


def _read(folder: str, reader: Reader) -> Mapping[str, tuple[str, ...]]:
    artifacts = parsed(posixpath.join(folder, MANIFEST), reader).get("artifacts")
    found: dict[str, tuple[str, ...]] = {}
    for artifact in artifacts.values() if isinstance(artifacts, dict) else ():
        kind, properties = kind_of(artifact)
        file = properties.get("file")
        if kind != "cdk:tree" or not isinstance(file, str):
            continue
        pending: list[Any] = [parsed(posixpath.join(folder, file), reader).get("tree")]
        while pending:
            construct = pending.pop()
            if not isinstance(construct, dict):
                continue
            attributes, children = construct.get("attributes"), construct.get("children")
            id = attributes.get(_LOGICAL_ID) if isinstance(attributes, dict) else None
            if isinstance(id, str):
                found[id] = (*found.get(id, ()), str(construct.get("path")))
            pending.extend(children.values() if isinstance(children, dict) else ())
    return found
