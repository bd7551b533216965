"""Calls that work on something nobody can name, and why: for who wants to see what the graph lacks."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.app.application import App
from slslint.app.graph.calls import effects_of
from slslint.app.graph.operations import is_known
from slslint.app.symbols import Constant, EnvVar, EventPart, Symbol, options
from slslint.app.texts import texts
from slslint.finding import Confidence
from slslint.model import Function, Kind
from slslint.record import record
from slslint.source import Span
from slslint.value import Absent, Either, Unknown


@record()
class Unnamed:
    """A call without an edge. `function` is the id, `call` what is called; `why` is one clause for people."""

    function: str
    call: str
    at: Span
    why: str


def unnamed(app: App) -> Iterator[Unnamed]:
    """The calls that invoke, write or read something, of which the graph does not know what."""
    found: dict[str, set[object]] = {}
    for edge in app.graph.edges:
        if edge.site is not None and edge.confidence is not Confidence.LOW:
            found.setdefault(edge.source.id, set()).add(edge.site.call)
    for function, code in app.functions_with_code():
        for site in code.sites():
            if site.call in found.get(function.id, ()):
                continue
            named = [each for each in effects_of(site) if each.kind is not Kind.API]
            if named:
                yield Unnamed(
                    function.id, site.title, site.call.at, _why(app, function, named[0].kind, named[0].target)
                )
            elif site.sdk is not None and is_known(site.sdk):
                yield Unnamed(function.id, site.title, site.call.at, "its arguments are not in sight")


def _why(app: App, function: Function, kind: Kind, target: Symbol | None) -> str:
    for option in options(target) if target is not None else ():
        match option:
            case EnvVar(name):
                value = app.environment(function, name)
                plain = [each for _, each in value.branches] if isinstance(value, Either) else [value]
                for each in plain:
                    if isinstance(each, Absent):
                        return f"the environment variable `{name}` is not set"
                    if isinstance(each, Unknown):
                        return f"the environment variable `{name}` cannot be told: {each.why}"
                return f"what the environment variable `{name}` stands for is no {kind.value}"
            case EventPart(path):
                written = ".".join(part or "[]" for part in path)
                return f"the event names it: `{written}`" if written else "the event names it"
            case Constant(str() as text):
                return f"`{text}` is no {kind.value} that is in sight"
    if target is not None and all(each.text is None for each in texts(app, function, target)):
        return "it is worked out when the code runs"
    return f"it names no {kind.value}"
