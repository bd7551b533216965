"""A source file without a template that looks like a handler."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator

from slslint.app import App, Code, Join, JoinState
from slslint.app.place import Sources
from slslint.facts import Attr, Facts, Name, Table, walk
from slslint.facts import Function as Source
from slslint.link.folders import Folders
from slslint.model import Deployment, Dialect, Environment, Function, Package, Packaging
from slslint.source import Reader, Span
from slslint.value import Items, Unknown

_WHY = "no template names this function"
_TESTING = frozenset({"pytest", "unittest", "moto"})
_ANCESTORS = 3


def solo(path: str, facts_of: Callable[[str], Facts], reader: Reader) -> App | None:
    """An application of the handlers that a file seems to hold; None when it does not look like one.

    A handler is a module-level function of two parameters named like an event and a context, which no function of the
    file calls, and which no table of the file names where that leaves another one.
    """
    facts = facts_of(path)
    handlers = list(_handlers(facts))
    if not handlers:
        return None
    sources = Sources(facts_of, Folders(reader).locator(tuple(_roots(path))))
    entry = sources.place(path)
    functions: list[Function] = []
    joins: dict[str, Join] = {}
    codes: dict[str, Code] = {}
    for handler in handlers:
        place = sources.place(path, handler.name)
        if place is None or entry is None:
            continue
        functions.append(_function(handler.name, handler.at, path))
        joins[handler.name] = Join(JoinState.JOINED, "", path, handler.name, (path,))
        codes[handler.name] = Code(sources, place, entry, "no template says that this is a handler")
    deployment = Deployment(path, "", tuple(functions), complete=False)
    return App(deployment, joins, codes, templated=False)


def _handlers(facts: Facts) -> Iterator[Source]:
    if any(statement.module.partition(".")[0] in _TESTING for _, statement in facts.imports()):
        return
    # A module that calls its handler tries it out, under `if __name__ == "__main__"`.
    called = {_last(call.callee) for function in facts.functions.values() if function.name for call in function.calls}
    found = list(_candidates(facts, called))
    listed = {
        value.id
        for function in facts.functions.values()
        for assign in function.assigns
        for table in walk(assign.value)
        if isinstance(table, Table)
        for _, value in table.entries
        if isinstance(value, Name)
    }
    unlisted = [function for function in found if function.name not in listed]
    yield from unlisted or found


def _candidates(facts: Facts, called: set[str]) -> Iterator[Source]:
    for key, function in facts.functions.items():
        if (
            key
            and "." not in key
            and "#" not in key
            and key not in called
            and function.owner is None
            and _takes_event(function)
        ):
            if not key.startswith(("test_", "_")):
                yield function


def _last(callee: object) -> str:
    match callee:
        case Name(name) | Attr(_, name):
            return name
        case _:
            return ""


def _takes_event(function: Source) -> bool:
    required = [each for each in function.parameters if each.kind == "plain" and each.default is None]
    if len(required) != 2 or any(each.kind != "plain" for each in function.parameters):
        return False
    event, context = (each.name.lower() for each in required)
    # Scripts of Systems Manager runbooks take `events`.
    if "event" in event and "events" not in event:
        return "context" in context or context in ("_", "__", "ctx", "_ctx")
    return event.startswith("_") and "context" in context


def _roots(path: str) -> Iterator[str]:
    """The file's folder and a few above: any of them may be the code root."""
    folder = posixpath.dirname(path)
    yield folder or "."
    for _ in range(_ANCESTORS):
        if not folder or folder.endswith(".."):
            return
        folder = posixpath.dirname(folder)
        yield folder or "."


def _function(name: str, at: Span, path: str) -> Function:
    nothing = Unknown(_WHY, at)
    return Function(
        id=name,
        at=at,
        dialect=Dialect("Python", {}),
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
