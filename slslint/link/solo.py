"""A source file without a template that looks like a handler."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator

from slslint.app import App, Code, Join, JoinState
from slslint.app.place import Place, Sources
from slslint.facts import Facts
from slslint.link.folders import Folders
from slslint.link.handlers import Found, find_handler
from slslint.model import Deployment, Dialect, Environment, Function, Kind, Package, Packaging, Resource
from slslint.source import Reader, Span
from slslint.value import Items, Unknown

_WHY = "no template names this function"
_TITLES = {"python": "Python", "javascript": "JavaScript", "typescript": "TypeScript"}
_ANCESTORS = 3


def solo(path: str, facts_of: Callable[[str], Facts], reader: Reader) -> App | None:
    """An application of the handlers that a file seems to hold; None when it does not look like one."""
    facts = facts_of(path)
    roots = tuple(_roots(path)) if facts.exports is None else (posixpath.dirname(path) or ".",)
    sources = Sources(facts_of, Folders(reader).locator(roots))
    entry = sources.place(path)
    found = dict((_defined if facts.exports is None else _exported)(sources, path, facts))
    if not found or entry is None:
        return None
    dialect = Dialect(_TITLES.get(facts.language, facts.language), {})
    functions = tuple(_function(name, place.function.at, path, dialect) for name, place in found.items())
    joins = {name: Join(JoinState.JOINED, "", path, place.name, (path,)) for name, place in found.items()}
    note = "no template says that this is a handler"
    codes = {name: Code(sources, place, entry, note) for name, place in found.items()}
    resources = {each.id: Resource(each.id, Kind.FUNCTION, "", each.at, each.name) for each in functions}
    deployment = Deployment(path, "", functions, resources=resources, complete=False)
    return App(deployment, joins, codes, templated=False)


def _exported(sources: Sources, path: str, facts: Facts) -> Iterator[tuple[str, Place]]:
    """The handlers among what a JavaScript file exports, with their names."""
    from slslint.link.looks import is_javascript_handler, may_hold_javascript

    if not may_hold_javascript(facts):
        return
    seen = set()
    # What is exported bare, for tests, and wrapped is one function.
    for export in sorted(facts.exports or (), key=lambda name: name != "handler"):
        found = find_handler(sources, path, export)
        if not isinstance(found, Found) or found.place in seen or found.place.path != path or not found.place.name:
            continue
        if is_javascript_handler(facts, export, found.place.function):
            seen.add(found.place)
            yield export, found.place


def _defined(sources: Sources, path: str, facts: Facts) -> Iterator[tuple[str, Place]]:
    """The handlers among the functions of a Python file, with their names."""
    from slslint.link.looks import python_handlers

    for function in python_handlers(facts):
        place = sources.place(path, function.name)
        if place is not None:
            yield function.name, place


def _roots(path: str) -> Iterator[str]:
    """The file's folder and a few above: any of them may be the code root."""
    folder = posixpath.dirname(path)
    yield folder or "."
    for _ in range(_ANCESTORS):
        if not folder or folder.endswith(".."):
            return
        folder = posixpath.dirname(folder)
        yield folder or "."


def _function(name: str, at: Span, path: str, dialect: Dialect) -> Function:
    nothing = Unknown(_WHY, at)
    return Function(
        id=name,
        at=at,
        dialect=dialect,
        name=nothing,
        runtime=nothing,
        handler=nothing,
        package=Package(Packaging.FILES, at, nothing),
        timeout=nothing,
        memory=nothing,
        environment=Environment({}, complete=False),
        role=nothing,
        dead_letter=nothing,
        on_failure=nothing,
        layers=Items((), complete=False),
        reserved_concurrency=nothing,
        provisioned_concurrency=nothing,
        snap_start=nothing,
        recursion_allowed=nothing,
        tenant_isolation=nothing,
        concurrent=nothing,
    )
