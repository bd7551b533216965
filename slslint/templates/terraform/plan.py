"""Plans: what `terraform show -json` says of a plan file, where every value that can be known before deploying is.

A value that is not known yet is null; which resource it comes from, the plan's `configuration` says.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from yaml.nodes import Node

from slslint.errors import UnreadableFileError
from slslint.model import Deployment
from slslint.source import Problem, Reader, SourceFile, Span, start_of
from slslint.templates.cloudformation.nodes import Undecided
from slslint.templates.terraform.evaluate import Context
from slslint.templates.terraform.instances import Instance
from slslint.templates.terraform.lowering import lower_instances
from slslint.templates.terraform.module import Module
from slslint.templates.terraform.places import Source
from slslint.templates.terraform.references import attribute_of
from slslint.templates.terraform.syntax import Block
from slslint.templates.terraform.unit import Unit
from slslint.templates.terraform.values import Nothing, keyed, listed, literal, place

Json: TypeAlias = Any
"""What a JSON document holds."""

_ADDRESS = re.compile(rb'"address"\s*:\s*"((?:[^"\\]|\\.)*)"')
_REFERENCE = re.compile(r"(data\.)?([\w-]+)\.([\w-]+)(?:\[[^\]]*\])?\.([\w-]+)$")


def lower(path: str, reader: Reader) -> Deployment | None:
    """What the plan at `path` deploys; None when that is nothing of AWS."""
    import json

    try:
        file = reader.read(path)
        plan = json.loads(file.data)
        planned = plan["planned_values"].get("root_module", {})
    except UnreadableFileError as error:
        return _broken(path, Problem("unreadable", start_of(path), error.why))
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return _broken(path, Problem("syntax", start_of(path), "this is no plan that can be read; make it again"))
    unit = Unit(posixpath.dirname(path) or ".", reader, {})
    reading = _Reading(unit, file, plan)
    found = list(reading.instances(planned, plan.get("configuration", {}).get("root_module", {})))
    return lower_instances(path, unit, found)


def _broken(path: str, problem: Problem) -> Deployment:
    return Deployment(path, "Terraform", problems=(problem,), complete=False)


class _Reading:
    """One plan.

    Attributes:
        found: the instances by address. places: where the plan first names each address, in bytes.

    """

    def __init__(self, unit: Unit, file: SourceFile, plan: Json) -> None:
        self.unit = unit
        self.file = file
        self.module = Module(unit, "", ".")
        self.found: dict[str, Planned] = {}
        self.plan = plan
        self.places: dict[bytes, int] = {}

    def instances(self, planned: Json, configuration: Json) -> Iterator[Planned]:
        """The resources of a module and of those that it calls, and the data sources that are known already."""
        prior = self.plan.get("prior_state", {}).get("values", {}).get("root_module", {})
        for values in (planned, prior):
            self._read(values, (("", configuration),))
        yield from self.found.values()

    def _read(self, values: Json, scopes: Scopes) -> None:
        _, configuration = scopes[-1]
        written = {each.get("address", ""): each for each in configuration.get("resources", ())}
        for resource in values.get("resources", ()):
            address = resource.get("address", "")
            if address in self.found or not address:
                continue
            kind = "data" if resource.get("mode") == "data" else "resource"
            name = f"{resource.get('type')}.{resource.get('name')}"
            expressions = written.get(f"data.{name}" if kind == "data" else name, {}).get("expressions", {})
            self.found[address] = Planned(self, resource, kind, expressions, scopes)
        for child in values.get("child_modules", ()):
            called = child.get("address", "").rpartition("module.")[2].partition("[")[0]
            call = configuration.get("module_calls", {}).get(called, {})
            inner = (child.get("address", ""), {**call.get("module", {}), "given": call.get("expressions", {})})
            self._read(child, (*scopes, inner))

    def at(self, address: str) -> Node:
        """Where the plan names a resource."""
        if not self.places:
            for match in _ADDRESS.finditer(self.file.data):
                self.places.setdefault(match[1], match.start())
        offset = self.places.get(address.replace('"', '\\"').encode(), 0)
        row = self.file.data.count(b"\n", 0, offset)
        start = self.file.data.rfind(b"\n", 0, offset) + 1
        at = self.file.span((row, offset - start), (row, offset - start + 1))
        return place(Span(at.path, at.line, at.column, at.line, at.column + 1))

    def referred(self, names: Json, scopes: Scopes, key: str | None, at: Node) -> Node | None:
        """What the first of the references of an expression stands for; None when it stands for nothing in sight."""
        address, configuration = scopes[-1]
        for name in names if isinstance(names, list) else ():
            if name.startswith("var."):
                given = configuration.get("given", {}).get(name[4:].partition(".")[0], {})
                return self.referred(given.get("references"), scopes[:-1], None, at) if len(scopes) > 1 else None
            if name.startswith("module."):
                return self._output(name, scopes, at)
            match = _REFERENCE.match(name)
            if match is not None and match[2] not in ("each", "local", "count", "path"):
                base = f"{address}.{match[1] or ''}{match[2]}.{match[3]}".lstrip(".")
                target = self._instance(base, key)
                return None if target is None else attribute_of(target, match[4], at)
        return None

    def _output(self, name: str, scopes: Scopes, at: Node) -> Node | None:
        address, configuration = scopes[-1]
        parts = re.sub(r"\[[^\]]*\]", "", name).split(".")
        call = configuration.get("module_calls", {}).get(parts[1] if len(parts) > 2 else "", {})
        inner = call.get("module", {})
        expression = inner.get("outputs", {}).get(parts[2] if len(parts) > 2 else "", {}).get("expression", {})
        scope = f"{address}.module.{parts[1]}".lstrip("."), {**inner, "given": call.get("expressions", {})}
        return self.referred(expression.get("references"), (*scopes, scope), None, at)

    def _instance(self, base: str, key: str | None) -> Planned | None:
        """The resource of an address without its key: the only one, or the one with the same key."""
        if base in self.found:
            return self.found[base]
        alike = [each for address, each in self.found.items() if address.partition("[")[0] == base]
        same = [each for each in alike if key is not None and each.key == key]
        return same[0] if same else alike[0] if len(alike) == 1 else None


Scopes: TypeAlias = tuple[tuple[str, Mapping[str, Json]], ...]
"""The modules from the root inwards: the address of each and its configuration."""


class Planned(Instance):
    """A resource of a plan, with the values that are known."""

    def __init__(self, reading: _Reading, resource: Json, kind: str, expressions: Json, scopes: Scopes) -> None:
        at = reading.at(resource["address"])
        labels = str(resource.get("type", "")), str(resource.get("name", ""))
        block = Block(Source(reading.file, at), kind, labels, at)
        index = resource.get("index")
        super().__init__(block, reading.module, resource["address"], None if index is None else str(index), "", {})
        self.reading = reading
        self.values = resource.get("values") or {}
        self.expressions = expressions
        self.scopes = scopes

    @property
    def context(self) -> Context:
        return Context(self.block.source, self.module, {})

    @property
    def arguments(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.values, *self.expressions)))

    def argument(self, name: str) -> Node | None:
        """What is given under a name; None when nothing is."""
        if name not in self._arguments:
            self._arguments[name] = None
            self._arguments[name] = self._value(self.values.get(name), self.expressions.get(name))
        return self._arguments[name]

    def _value(self, value: Json, expression: Json) -> Node | None:
        at = self.at
        if isinstance(value, dict):
            inner = expression if isinstance(expression, dict) else {}
            names = dict.fromkeys((*value, *(name for name in inner if name not in ("references", "constant_value"))))
            entries = {name: self._value(value.get(name), inner.get(name)) for name in names}
            return keyed({name: node for name, node in entries.items() if node is not None}, at)
        if isinstance(value, list):
            inner_list = expression if isinstance(expression, list) else []
            padded = [*inner_list, *[None] * len(value)]
            nodes = [self._value(each, inner) for each, inner in zip(value, padded, strict=False)]
            return listed([node or Nothing(at) for node in nodes], at)
        if value is not None:
            return literal(value, at)
        if not isinstance(expression, dict) or "references" not in expression:
            return None
        found = self.reading.referred(expression["references"], self.scopes, self.key, at)
        return found or Undecided("it is known only when deployed", at)
