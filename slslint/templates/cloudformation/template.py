"""A template with its sections and resources, and what its nodes come to: function calls evaluated, branch by branch.

template = Template(path, root, reader, parameters)
for resource in template.resources.values():
timeout = resource.properties.get("Timeout").integer()
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yaml.nodes import MappingNode, Node, ScalarNode

from slslint.model import Gap, Text
from slslint.record import record
from slslint.source import Problem, Reader, Span
from slslint.templates.cloudformation.branches import Branches, Settled, without_dynamic
from slslint.templates.cloudformation.conditions import Conditions
from slslint.templates.cloudformation.expand import expand, include, report_macros
from slslint.templates.cloudformation.intrinsics import FUNCTIONS
from slslint.templates.cloudformation.nodes import AsJson, Computed, Fields, field, intrinsic, is_null
from slslint.templates.cloudformation.view import View, wrong
from slslint.templates.document import span
from slslint.value import ALWAYS, Absent, Known, Origin, Plain, Unknown, When

ATTRIBUTES = frozenset(
    {
        "Condition", "Connectors", "CreationPolicy", "DeletionPolicy", "DependsOn", "Fn::Transform", "IgnoreGlobals",
        "Metadata", "Properties", "Type", "UpdatePolicy", "UpdateReplacePolicy",
    }
)  # fmt: skip
"""What may stand in a resource; SAM's own among it."""


@record()
class Resource:
    """A resource as written.

    Attributes:
        at: its logical id. when: what its `Condition` assumes.
        node: the whole resource.
        properties: its Properties; absent things in there are reported at `at`.

    """

    id: str
    type: str
    at: Span
    node: Node
    properties: View

    @property
    def attributes(self) -> View:
        """The whole resource as a place, for what stands beside Properties (Metadata, ...)."""
        return View(self.properties.template, ((ALWAYS, self.node),), self.when, self.at)

    @property
    def when(self) -> When:
        return self.properties.when


class Template:
    """A template with its sections, ready to be asked.

    Attributes:
        decided: what the user decided, or a stack around this one, by parameter name (pseudo-parameters such as
            AWS::Region too).
        ids: what Ref and GetAtt may name; a dialect adds what it generates.
        called: other names for resources, each with the logical id it has here.
        resources: by logical id, in the order written; loops are expanded.
        complete: False when resources may be defined that are not in sight.

    """

    def __init__(self, path: str, root: MappingNode, reader: Reader, parameters: Mapping[str, Text]) -> None:
        self.path = path
        self.root = root
        self.reader = reader
        self.decided = parameters
        self.gaps: list[Gap] = []
        self.problems: list[Problem] = []
        self.complete = True
        self.included: dict[str, Settled] = {}
        self.expanded = 0
        self.resources: dict[str, Resource] = {}
        self._by_type: dict[str, list[Resource]] = {}
        self.ids: set[str] = set()
        self.called: Mapping[str, str] = {}
        self.parameters: dict[str, Node] = {}
        self.parameters = self._section("Parameters")
        self.mappings = self._section("Mappings")
        self.conditions = Conditions(self._section("Conditions"), self._operand)
        report_macros(self)
        self._read_resources()

    def close(self) -> None:
        """Forget everything: places know their template and it knows them, which would keep every node of a file
        until garbage is collected, and that takes longer than to compose it.
        """
        vars(self).clear()

    def of_type(self, kind: str) -> Sequence[Resource]:
        """The resources of one type, in the order written."""
        if not self._by_type:
            for resource in self.resources.values():
                self._by_type.setdefault(resource.type, []).append(resource)
        return self._by_type.get(kind, ())

    def is_type(self, name: str, *kinds: str) -> bool:
        """Whether a logical id names a resource of one of these types."""
        resource = self.resources.get(name)
        return resource is not None and resource.type in kinds

    def view(self, node: Node, when: When, lacks: Span) -> View:
        """A node seen as a place that exists under `when`."""
        return View(self, self.resolve(node, when), when, lacks)

    def nothing(self, lacks: Span, when: When = ALWAYS) -> View:
        """A place where nothing is."""
        return View(self, ((ALWAYS, Absent(lacks)),), when, lacks)

    def resolve(self, node: Node, given: When = ALWAYS) -> Branches:
        """The branches of a node that are possible under `given`."""
        if not node.tag and (not isinstance(node, MappingNode) or len(node.value) != 1):
            return ((ALWAYS, node),)  # surely no call, as nearly every node
        call = intrinsic(node)
        if call is None:
            return ((ALWAYS, node),)
        name, argument = call
        evaluate = FUNCTIONS.get(name)
        if evaluate is None:
            return ((ALWAYS, Unknown(f"`{name}` is known only when deployed", span(node))),)
        return evaluate(self, argument, node, given)

    def plain(self, settled: Settled, lacks: Span) -> Plain[Text]:
        """The text of a settled node."""
        if isinstance(settled, Computed):
            return settled.known
        if isinstance(settled, AsJson):
            return Unknown("it is the JSON text of something", span(settled))
        if isinstance(settled, ScalarNode):
            return Absent(lacks) if is_null(settled) else Known(without_dynamic(settled.value), span(settled))
        return wrong(settled, "text") if isinstance(settled, Node) else settled

    def fields(self, node: MappingNode) -> tuple[Fields, bool]:
        """A mapping's (key node, value node) by key, includes and loops in it expanded; and whether that is all."""
        kept: tuple[Fields, bool] | None = getattr(node, "expanded", None)
        if kept is None:
            kept = node.expanded = expand(self, node)  # type: ignore[attr-defined]
        return kept

    def document(self, body: View, location: View) -> View:
        """A document that is written in the template, or lies in a local file that the template names."""
        if body.present or not location.present:
            return body
        path = location.string()
        if not isinstance(path, Known):
            return View(self, ((ALWAYS, Unknown("it lies elsewhere", location.at)),), location.when, location.lacks)
        found = include(self, path.value, path.at)
        return View(self, ((ALWAYS, found),), location.when, location.lacks)

    def text(self, node: Node, given: When = ALWAYS) -> tuple[tuple[When, Plain[Text]], ...]:
        """The text of a node, branch by branch."""
        at = span(node)
        return tuple((when, self.plain(settled, at)) for when, settled in self.resolve(node, given))

    def _operand(self, node: Node) -> str | tuple[str] | None:
        """A side of an Equals: text that the user, and not a default, decided; or the parameter it is."""
        branches = self.text(node)
        if len(branches) != 1:
            return None
        plain = branches[0][1]
        if isinstance(plain, Known) and isinstance(plain.value, str) and plain.origin is Origin.WRITTEN:
            return plain.value
        call = intrinsic(node)
        if call is not None and call[0] == "Ref" and isinstance(call[1], ScalarNode):
            return (call[1].value,)
        return None

    def _section(self, name: str) -> dict[str, Node]:
        section = field(self.root, name)
        if not isinstance(section, MappingNode):
            return {}
        return {key: node for key, (_, node) in self.fields(section)[0].items()}

    def add(self, name: str, kind: str, key: Node, properties: MappingNode, condition: str = "") -> None:
        """Deploy one more resource, under a condition when one is named; nothing stands beside its properties."""
        self.ids.add(name)
        when = self.conditions.when(condition) if condition else ALWAYS
        if when is not None:
            at = span(key)
            inside = View(self, ((ALWAYS, properties),), when, at)
            self.resources[name] = Resource(name, kind, at, _NOTHING_BESIDE, inside)

    def _read_resources(self) -> None:
        section = field(self.root, "Resources")
        if not isinstance(section, MappingNode):
            return
        fields, whole = self.fields(section)
        self.ids.update(fields)
        self.complete &= whole
        for name, (key, node) in fields.items():
            self.read(name, key, node)

    def read(self, name: str, key: Node, node: Node) -> None:
        """Deploy a resource that is written as a whole."""
        self.ids.add(name)
        kind = field(node, "Type")
        if not isinstance(kind, ScalarNode) or not isinstance(node, MappingNode):
            return
        when: When | None = ALWAYS
        condition = field(node, "Condition")
        if isinstance(condition, ScalarNode):
            when = self.conditions.when(condition.value)
        if when is not None:
            at = span(key)
            whole = View(self, ((ALWAYS, node),), when, at)
            self.resources[name] = Resource(name, kind.value, at, node, whole.get("Properties"))


_NOTHING_BESIDE = MappingNode("", [])
