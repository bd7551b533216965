"""What was understood of an application, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from slslint.app import App
from slslint.app.graph.unnamed import unnamed
from slslint.diagram.sketch import plain, sketch
from slslint.model import EVERYTHING, Dialect, Filter, Hole, Pattern, Ref, show
from slslint.source import SourceFile, Span
from slslint.value import Absent, Either, Items, Known, Origin, Unknown


def of(app: App) -> dict[str, Any]:
    """One unit as JSON can hold it: the deployment, how each function was joined and what invokes it, and the graph.

    A value that is written stands for itself; null is absent; {"value", "origin"} is a default or derived;
    {"unknown": why} cannot be decided; {"either": [{"when", "value"}]} depends on conditions. Places are
    "path:line:column". `graph` has the nodes and edges as `slslint graph --format json` does, and the calls without an
    edge, each with the reason. `related` are the templates of further units, where units name each other. A filter has
    only the parts that keep something out.
    """
    unit: dict[str, Any] = _plain(app.deployment)
    del unit["outputs"], unit["abroad"], unit["stack"]
    unit["related"] = [each.path for each in app.units[1:]]
    triggers: dict[str, list[Any]] = {}
    for trigger in unit.pop("triggers"):
        triggers.setdefault(trigger.pop("function"), []).append(trigger)
    for function in unit["functions"]:
        join = app.joins.get(function["id"])
        function["join"] = None if join is None else _plain(join)
        function["triggers"] = triggers.get(function["id"], [])
    sketched = plain(sketch(app))
    graph = {"nodes": sketched["nodes"], "edges": sketched["edges"], "unnamed": _plain(tuple(unnamed(app)))}
    return {**unit, "templated": app.templated, "problems": _plain(app.problems), "graph": graph}


def _plain(value: Any) -> Any:
    match value:
        case Known(inner, _, origin):
            known = _plain(inner)
            return known if origin is Origin.WRITTEN else {"value": known, "origin": origin.value}
        case Absent():
            return None
        case Unknown(why):
            return {"unknown": why}
        case Either(branches):
            return {"either": [{"when": dict(sorted(when)), "value": _plain(each)} for when, each in branches]}
        case Items(items, complete):
            return _plain(items) if complete else {"items": _plain(items), "complete": False}
        case Span(path, line, column):
            return f"{path}:{line}:{column}"
        case Ref() | Pattern() | Hole():
            return show(value if not isinstance(value, Hole) else Pattern((value,)))
        case SourceFile(path):
            return path
        case Dialect(name):
            return name
        case Filter():
            names = (each.name for each in fields(value))
            parts = ((name, getattr(value, name)) for name in names)
            return {name: _plain(part) for name, part in parts if part != getattr(EVERYTHING, name)}
        case Enum():
            return value.value
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
        case frozenset():
            return dict(sorted(value))
        case tuple() | list():
            return [_plain(each) for each in value]
        case _ if is_dataclass(value):
            return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
        case _:
            return value
