"""What a template's nodes come to: function calls evaluated, branches of conditions kept apart.

    template = Template(path, root, reader, parameters)
    for resource in template.resources.values():
        timeout = resource.properties.get("Timeout").integer()        # Value[int]
        queue = resource.properties.get("DeadLetterConfig", "TargetArn").text()  # Value[Text]

`View` is a place in the template seen through every Fn::If, AWS::NoValue, Ref, Fn::FindInMap, ... on the way to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint.model import Gap, Text, show
from slslint.source import Problem, Reader, Span, record
from slslint.templates.cloudformation import scalars
from slslint.templates.cloudformation.branches import MAX_BRANCHES, Branches, Settled, merged, without_dynamic
from slslint.templates.cloudformation.conditions import Conditions
from slslint.templates.cloudformation.expand import expand, include, report_macros
from slslint.templates.cloudformation.intrinsics import FUNCTIONS
from slslint.templates.cloudformation.nodes import AsJson, Computed, Fields, intrinsic, is_null
from slslint.templates.cloudformation.nodes import field as field_of
from slslint.templates.document import span
from slslint.value import ALWAYS, Absent, Items, Known, Origin, Plain, Unknown, Value, When, known_values

T = TypeVar("T")

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
        node: the whole resource. attributes: the same as a View, for what stands beside Properties (Metadata, ...).
        properties: its Properties; absent things in there are reported at `at`.

    """

    id: str
    type: str
    at: Span
    node: Node
    properties: View
    attributes: View

    @property
    def when(self) -> When:
        return self.properties.when


@record()
class Entry:
    """One entry of a mapping: `view.when` says when it is there."""

    key: str
    at: Span
    view: View


@record()
class Entries:
    """The entries of a mapping, and whether that is all: open when a part cannot be decided.

    A key stands twice when it has an entry in two branches.
    """

    entries: tuple[Entry, ...] = ()
    complete: bool = True

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)


@record()
class View:
    """A place in a template, branch by branch.

    Attributes:
        when: under which conditions the place itself exists; branches assume more.
        lacks: where to report that it is absent.

    """

    template: Template
    branches: Branches
    when: When
    lacks: Span

    @property
    def at(self) -> Span:
        """Where it is written; for something absent, what lacks it."""
        first = self.branches[0][1]
        return first.at if isinstance(first, Absent | Unknown) else span(first)

    @property
    def present(self) -> bool:
        """Whether it is there, or may be, in any branch."""
        if len(self.branches) == 1:
            return not isinstance(self.branches[0][1], Absent)
        return any(not isinstance(settled, Absent) for _, settled in self.branches)

    def get(self, *keys: str) -> View:
        """What stands under these keys."""
        template, branches, given, lacks = self.template, self.branches, self.when, self.lacks
        for key in keys:
            when, settled = branches[0]
            if when or len(branches) != 1 or not isinstance(settled, MappingNode):
                if len(branches) == 1 and not isinstance(settled, Node):
                    break
                branches = self._under(branches, key)
                continue
            # Nearly every place: `_under` does the same, in three times the time.
            fields, whole = getattr(settled, "expanded", None) or template.fields(settled)
            if key not in fields:
                branches = ((ALWAYS, Absent(lacks)),) if whole else self._missing(whole)
                continue
            node = fields[key][1]
            may_call = node.tag or (isinstance(node, MappingNode) and len(node.value) == 1)
            branches = template.resolve(node, given) if may_call else ((ALWAYS, node),)
        return View(template, branches, given, lacks)

    def has(self, key: str) -> bool:
        """Whether something stands under a key, or may, in any branch."""
        if len(self.branches) == 1 and isinstance(self.branches[0][1], MappingNode):
            fields, whole = self.template.fields(self.branches[0][1])
            if whole and key not in fields:
                return False
        return self.get(key).present

    def text(self) -> Value[Text]:
        """Text with the references and holes in it."""
        if len(self.branches) == 1:
            return self.template.plain(self.branches[0][1], self.lacks)
        return self._read(lambda known: known)

    def string(self) -> Value[str]:
        """Text that is decided wholly."""
        return self._read(scalars.string)

    def shown(self) -> str:
        """The first text it has in any branch, for people; "" when none can be told."""
        return next((show(known.value) for known in known_values(self.text())), "")

    def is_(self, wanted: str) -> bool:
        """Whether it is surely this text, in every branch."""
        value = self.string()
        return isinstance(value, Known) and value.value == wanted

    def integer(self) -> Value[int]:
        """A whole number, also one that is written as text."""
        return self._read(scalars.integer)

    def number(self) -> Value[float]:
        return self._read(scalars.number)

    def boolean(self) -> Value[bool]:
        """True or false, also written as text."""
        return self._read(scalars.boolean)

    def entries(self) -> Entries:
        """The entries of a mapping."""
        found: list[Entry] = []
        complete = True
        for when, settled in self.branches:
            if isinstance(settled, Absent):
                continue
            if not isinstance(settled, MappingNode):
                complete = False
                continue
            given = self.when | when
            fields, whole = self.template.fields(settled)
            complete &= whole
            for key, (key_node, value) in fields.items():
                found.append(Entry(key, span(key_node), self.template.view(value, given, self.lacks)))
        return Entries(tuple(found), complete)

    def items(self) -> Items[View]:
        """The items of a list, each with its own `when`; one thing that is not a list counts as a list of it.

        Open when the list, or whether an item is there, cannot be decided.
        """
        found: list[View] = []
        complete = True
        for when, settled in self.branches:
            if isinstance(settled, Absent):
                continue
            given = self.when | when
            if isinstance(settled, Unknown):
                complete = False
            elif isinstance(settled, SequenceNode):
                for item in settled.value:
                    if isinstance(item, ScalarNode) and not item.tag:
                        found.append(View(self.template, ((ALWAYS, item),), given, span(item)))
                    else:
                        complete &= self._add_item(item, given, found)
            elif not is_null(settled):
                found.append(View(self.template, ((ALWAYS, settled),), given, span(settled)))
        return Items(tuple(found), complete)

    def settled(self) -> Iterator[tuple[When, Settled]]:
        """Each branch with all that it assumes."""
        for when, settled in self.branches:
            yield self.when | when, settled

    def structured(self) -> View:
        """The same place where a mapping or list may also be written as JSON text: that text is parsed."""
        branches = tuple(each for when, settled in self.branches for each in self._structure(when, settled))
        return View(self.template, branches, self.when, self.lacks)

    def _under(self, places: Branches, key: str) -> Branches:
        """What stands under a key of each branch of a place in here."""
        branches: list[tuple[When, Settled]] = []
        for when, settled in places:
            if isinstance(settled, MappingNode):
                branches.extend((when | more, child) for more, child in self._child(settled, key, self.when | when))
            elif isinstance(settled, Node):
                branches.append((when, Absent(self.lacks) if is_null(settled) else _wrong(settled, "a mapping")))
            else:
                branches.append((when, settled))
        if len(branches) > MAX_BRANCHES:
            return ((ALWAYS, Unknown("it depends on too many conditions", self.lacks)),)
        return tuple(branches)

    def _child(self, node: MappingNode, key: str, given: When) -> Branches:
        fields, whole = self.template.fields(node)
        found = fields.get(key)
        return self._missing(whole) if found is None else self.template.resolve(found[1], given)

    def _missing(self, whole: bool) -> Branches:
        """What stands under a key that is not among the fields of a mapping; `whole` when those are all."""
        return ((ALWAYS, Absent(self.lacks) if whole else Unknown("it may come from a transform", self.lacks)),)

    def _add_item(self, item: Node, given: When, found: list[View]) -> bool:
        """Add an item of a list where it is there; say whether that is certain."""
        certain = True
        for more, child in self.template.resolve(item, given):
            if isinstance(child, Absent):
                continue
            if isinstance(child, SequenceNode) and intrinsic(item) is not None:
                # CloudFormation does not flatten, but Fn::If with a list in a list is often meant so.
                for nested in child.value:
                    certain &= self._add_item(nested, given | more, found)
                continue
            at = child.at if isinstance(child, Unknown) else span(child)
            found.append(View(self.template, ((ALWAYS, child),), given | more, at))
        return certain

    def _read(self, change: Callable[[Known[Text]], Plain[T]]) -> Value[T]:
        if len(self.branches) == 1:
            settled = self.branches[0][1]
            if isinstance(settled, Absent):
                return settled
            only = self.template.plain(settled, self.lacks)
            return change(only) if isinstance(only, Known) else only
        plains: list[tuple[When, Plain[T]]] = []
        for when, settled in self.branches:
            plain = self.template.plain(settled, self.lacks)
            plains.append((when, change(plain) if isinstance(plain, Known) else plain))
        return merged(plains)

    def _structure(self, when: When, settled: Settled) -> Branches:
        if isinstance(settled, AsJson):
            inner = self.template.resolve(settled.content, self.when | when)
            return tuple((when | more, each) for more, each in inner)
        if not isinstance(settled, ScalarNode):
            return ((when, settled),)
        plain = self.template.plain(settled, self.lacks)
        if not isinstance(plain, Known):
            return ((when, plain),)
        lines = self.template.reader.read(settled.start_mark.name).lines
        from slslint.templates.cloudformation.json_text import from_json  # few templates write JSON in a text

        parsed = from_json(plain.value, settled, lines)
        return ((when, parsed or Unknown("it is no JSON that can be read", plain.at)),)


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
        return _wrong(settled, "text") if isinstance(settled, Node) else settled

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
        section = field_of(self.root, name)
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
            beside = View(self, ((ALWAYS, _NOTHING_BESIDE),), when, at)
            self.resources[name] = Resource(name, kind, at, _NOTHING_BESIDE, inside, beside)

    def _read_resources(self) -> None:
        section = field_of(self.root, "Resources")
        if not isinstance(section, MappingNode):
            return
        fields, whole = self.fields(section)
        self.ids = set(fields)
        self.complete &= whole
        for name, (key, node) in fields.items():
            resource = self._resource(name, key, node)
            if resource is not None:
                self.resources[name] = resource

    def _resource(self, name: str, key: Node, node: Node) -> Resource | None:
        kind = field_of(node, "Type")
        if not isinstance(kind, ScalarNode) or not isinstance(node, MappingNode):
            return None
        when: When | None = ALWAYS
        condition = field_of(node, "Condition")
        if isinstance(condition, ScalarNode):
            when = self.conditions.when(condition.value)
        if when is None:
            return None
        at = span(key)
        whole = View(self, ((ALWAYS, node),), when, at)
        return Resource(name, kind.value, at, node, whole.get("Properties"), whole)


_NOTHING_BESIDE = MappingNode("", [])


def _wrong(node: Node, wanted: str) -> Unknown:
    given = "text"
    if isinstance(node, MappingNode | SequenceNode):
        given = "a mapping" if isinstance(node, MappingNode) else "a list"
    return Unknown(f"it is {given} where {wanted} is expected", span(node))
