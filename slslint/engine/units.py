"""Which templates and sources are checked together."""

from __future__ import annotations

import os
from collections.abc import Iterable

from slslint import discover
from slslint.discover.signs import may_hold_handler
from slslint.engine.work import Run, Unit
from slslint.model import Deployment
from slslint.project import lies_in
from slslint.source import Reader


def templates(found: discover.Found, paths: Iterable[str], run: Run) -> list[Unit]:
    """The templates that were asked for, those together that name each other; and those above that may deploy the
    source that was asked for.
    """
    asked = frozenset(os.path.normpath(path).replace(os.sep, "/") for path in paths)
    others = {group[0]: tuple(group[1:]) for group in _groups(found, run)}
    inside = {path for group in others.values() for path in group}
    return [
        Unit(path, True, path in found.named, others=others.get(path, ()))
        for path in found.templates
        if path not in inside
    ] + [Unit(path, True, within=asked) for path in found.above if found.sources]


def _groups(found: discover.Found, run: Run) -> list[list[str]]:
    """The templates that name each other. What cannot be lowered is told when its turn comes."""

    def lowered(path: str) -> Deployment | None:
        try:
            return run.deployments.ahead(path)
        except Exception:
            return None

    if not (found.relating or found.naming):
        return []
    from slslint import related  # most runs have no use for it

    return related.groups(found.templates, found.relating, run.reader, lowered, found.naming)


def lone_files(found: discover.Found, claimed: set[str], reader: Reader) -> list[Unit]:
    """The definitions of state machines that no template names, and the source files that may hold a handler and
    belong to no function of a template.
    """
    return [Unit(path, True, path in found.named) for path in found.definitions if path not in claimed] + [
        Unit(path, False, path in found.named)
        for path in found.sources
        if not lies_in(path, claimed) and (path in found.named or may_hold_handler(path, reader.peek(path)))
    ]
