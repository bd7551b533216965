"""A place in a template, seen through every Fn::If, AWS::NoValue, Ref, Fn::FindInMap, ... on the way to it.

timeout = resource.properties.get("Timeout").integer()  # Value[int]
queue = resource.properties.get("DeadLetterConfig", "TargetArn").text()  # Value[Text]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint.model import Text, show
from slslint.record import record
from slslint.source import Span
from slslint.templates.cloudformation import scalars
from slslint.templates.cloudformation.branches import MAX_BRANCHES, Branches, Settled, merged
from slslint.templates.cloudformation.nodes import AsJson, Fields, intrinsic, is_null
from slslint.templates.document import span
from slslint.value import ALWAYS, Absent, Items, Known, Plain, Unknown, Value, When, known_values

if TYPE_CHECKING:
    from slslint.templates.cloudformation.template import Template

T = TypeVar("T")

_NO_FIELDS: Fields = {}


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


@record(eq=False, frozen=False)
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
    # Whatever a resource might have is asked for, and most of it is not there.
    _fields: Fields | None = None
    _nothing: View | None = None

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

    def get(self, key: str, *inner: str) -> View:
        """What stands under these keys."""
        fields = self._fields
        pair = (self._look() if fields is None else fields).get(key)
        if pair is not None:
            node = pair[1]
            may_call = node.tag or (isinstance(node, MappingNode) and len(node.value) == 1)
            found = self.template.resolve(node, self.when) if may_call else ((ALWAYS, node),)
            place = View(self.template, found, self.when, self.lacks)
        elif self._nothing is not None:
            return self._nothing
        else:
            place = self._beneath(key)
        return place.get(*inner) if inner else place

    def _look(self) -> Fields:
        """The fields of a place that is one mapping in every case, as nearly every place is; none for others."""
        when, settled = self.branches[0]
        fields = _NO_FIELDS
        if isinstance(settled, MappingNode) and not when and len(self.branches) == 1:
            fields = (getattr(settled, "expanded", None) or self.template.fields(settled))[0]
        self._fields = fields
        return fields

    def _beneath(self, key: str) -> View:
        """What stands under a key that is not among the fields of a place."""
        settled = self.branches[0][1]
        if self._fields is not _NO_FIELDS:
            assert isinstance(settled, MappingNode)
            missing = self._missing(self.template.fields(settled)[1])
            self._nothing = View(self.template, missing, self.when, self.lacks, _NO_FIELDS)
            return self._nothing
        if len(self.branches) == 1 and not isinstance(settled, Node):
            return self
        return View(self.template, self._under(self.branches, key), self.when, self.lacks)

    def lacks_all(self, keys: frozenset[str]) -> bool:
        """Whether surely none of these keys stands in a place that is there as one mapping."""
        settled = self.branches[0][1]
        if len(self.branches) > 1 or not isinstance(settled, MappingNode):
            return False
        fields, whole = self.template.fields(settled)
        return whole and fields.keys().isdisjoint(keys)

    def has(self, key: str) -> bool:
        """Whether something stands under a key, or may, in any branch."""
        return self.get(key).present

    def text(self) -> Value[Text]:
        """Text with the references and holes in it."""
        if len(self.branches) == 1:
            settled = self.branches[0][1]
            return settled if isinstance(settled, Absent) else self.template.plain(settled, self.lacks)
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
                branches.append((when, Absent(self.lacks) if is_null(settled) else wrong(settled, "a mapping")))
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


def wrong(node: Node, wanted: str) -> Unknown:
    """What is not of the kind that is wanted."""
    given = "text"
    if isinstance(node, MappingNode | SequenceNode):
        given = "a mapping" if isinstance(node, MappingNode) else "a list"
    return Unknown(f"it is {given} where {wanted} is expected", span(node))
