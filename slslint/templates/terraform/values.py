"""Values of Terraform as nodes of a template: what evaluating an expression gives.

A text or number is a scalar, a list a sequence, an object a mapping. `Nothing` is null, `Choice` a value per branch of
a condition, `Undecided` what cannot be told, `Computed` text with references and holes in it, `AsJson` encoded text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeGuard

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint.model import Hole, Pattern, Ref, Text, pattern, show
from slslint.record import cached_property
from slslint.source import Span
from slslint.templates.cloudformation.nodes import FUNCTIONS, AsJson, Computed, Fields, Undecided, fields_of
from slslint.templates.document import Place, span
from slslint.templates.terraform.places import Word
from slslint.value import Known, Origin

MAX_WEIGHT = 200_000
"""Nodes that a value may be made of, those that it holds twice counted twice."""

MAX_LENGTH = 1_000_000
"""Characters that a text may grow to."""

MAX_PARTS = 2_000
"""Pieces that a text may be put together from."""

MAX_LIFTED = 6
"""How many conditions the arguments of one operation may depend on."""


class Nothing(MappingNode):
    """Null: as if it had not been written."""

    def __init__(self, at: Node) -> None:
        pair = _scalar("Ref", at), _scalar("AWS::NoValue", at)
        super().__init__("", [pair], at.start_mark, at.end_mark, True)


class Choice(MappingNode):
    """One of two values, by whether a condition holds."""

    def __init__(self, condition: str, then: Node, otherwise: Node, at: Node) -> None:
        parts = SequenceNode("", [_scalar(condition, at), then, otherwise], at.start_mark, at.end_mark, True)
        super().__init__("", [(_scalar("Fn::If", at), parts)], at.start_mark, at.end_mark, True)
        self.condition = condition
        self.then = then
        self.otherwise = otherwise
        self.weight = weight(then) + weight(otherwise)


class Composed(Computed):
    """A text that is put together, or comes from elsewhere; where it stands is worked out when somebody asks."""

    def __init__(self, text: Text, origin: Origin, at: Node) -> None:
        self.start_mark = at.start_mark
        self.end_mark = at.end_mark
        self.text = text
        self.origin = origin

    @cached_property
    def known(self) -> Known[Text]:  # type: ignore[override]
        return Known(self.text, span(self), self.origin)

    @cached_property
    def value(self) -> str:
        return show(self.text)


class Missing(Undecided):
    """What Terraform would report as an error, and `try` passes over."""


def place(at: Span) -> Node:
    """A node that is nothing but a place."""
    return Place(at)


def _scalar(text: str, at: Node, style: str | None = '"') -> ScalarNode:
    return ScalarNode("", text, at.start_mark, at.end_mark, style)


def literal(value: str | float | bool, at: Node, origin: Origin = Origin.WRITTEN) -> Node:
    """A text, number or truth value."""
    style = '"' if isinstance(value, str) else None
    if not isinstance(value, str):
        value = str(value).lower() if isinstance(value, bool) else str(int(value) if value == int(value) else value)
    if len(value) > MAX_LENGTH:
        return Undecided("it is too long a text", at)
    if origin is not Origin.WRITTEN:
        return Composed(value, origin, at)
    return _scalar(value, at, style)


def text(parts: Sequence[str | Ref | Hole], at: Node, origin: Origin = Origin.WRITTEN) -> Node:
    """Text put together from parts."""
    if len(parts) > MAX_PARTS:
        return Undecided("it is put together from too many parts", at)
    whole = pattern(parts)
    if isinstance(whole, str):
        return literal(whole, at, origin)
    return Composed(whole, origin, at)


def reference(id: str, attribute: str, at: Node) -> Node:
    """A reference to a resource of the unit."""
    return Composed(Ref(id, attribute), Origin.WRITTEN, at)


def hole(name: str, at: Node) -> Node:
    """A text that is known only when deployed."""
    return Composed(Pattern((Hole(name),)), Origin.WRITTEN, at)


def weight(node: Node) -> int:
    """How many nodes a value is made of."""
    found: int = getattr(node, "weight", 1)
    return found


def listed(items: Iterable[Node], at: Node) -> Node:
    """A list."""
    node = SequenceNode("", list(items), at.start_mark, at.end_mark, True)
    total = 1
    for item in node.value:
        total += getattr(item, "weight", 1)
    return _weighed(node, total)


def mapped(pairs: Iterable[tuple[Node, Node]], at: Node) -> Node:
    """An object, of its (key, value) nodes."""
    node = MappingNode("", list(pairs), at.start_mark, at.end_mark, True)
    fields: Fields = {}
    total = 1
    for pair in node.value:
        fields[pair[0].value] = pair
        total += getattr(pair[1], "weight", 1)
    node.fields = fields  # type: ignore[attr-defined]  # what `fields_of` would find
    if len(fields) == 1 and node.value[0][0].value in FUNCTIONS:
        # It would look like a function call of CloudFormation.
        return Undecided(f"an object with nothing but `{node.value[0][0].value}` is not understood", at)
    return _weighed(node, total)


def keyed(entries: Mapping[str, Node], at: Node) -> Node:
    """An object, whose keys stand where it stands."""
    return mapped(((_scalar(key, at), value) for key, value in entries.items()), at)


def _weighed(node: Node, total: int) -> Node:
    if total > MAX_WEIGHT:
        return Undecided("it is too large a value", node)
    node.weight = total  # type: ignore[attr-defined]
    return node


def choice(condition: str, holds: bool, then: Node, otherwise: Node, at: Node) -> Node:
    """`then` where the condition `holds` (or, when that is False, does not), else `otherwise`."""
    if not holds:
        then, otherwise = otherwise, then
    if then is otherwise or same(then, otherwise):
        return then
    made = Choice(condition, then, otherwise, at)
    return made if made.weight <= MAX_WEIGHT else Undecided("it is too large a value", at)


def same(one: Node, other: Node) -> bool:
    """Whether two values surely are the same."""
    if isinstance(one, Nothing):
        return isinstance(other, Nothing)
    known = known_text(one)
    return known is not None and known == known_text(other) and is_derived(one) is is_derived(other)


def known_text(node: Node | None) -> Text | None:
    """The text of a scalar that is decided, references and holes in it."""
    if type(node) is Word:
        return node.value
    if isinstance(node, Composed):
        return node.text
    if isinstance(node, Computed):
        return node.known.value
    if isinstance(node, ScalarNode) and not isinstance(node, Undecided | AsJson):
        value: str = node.value
        return value
    return None


def string(node: Node | None) -> str | None:
    """The text of a scalar that is wholly decided."""
    known = known_text(node)
    return known if isinstance(known, str) else None


def number(node: Node | None) -> float | None:
    """The number that a scalar is."""
    written = string(node)
    if written is None:
        return None
    try:
        found = float(written)
    except ValueError:
        return None
    return found if abs(found) < 1e15 else None


def truth(node: Node | None) -> bool | None:
    """Whether a scalar is true."""
    return _TRUTHS.get(string(node) or "")


_TRUTHS = {"true": True, "false": False}


def origin_of(*nodes: Node) -> Origin:
    """DERIVED when any of the values comes from a variable's default."""
    return Origin.DERIVED if any(map(is_derived, nodes)) else Origin.WRITTEN


def is_derived(node: Node) -> bool:
    """Whether a value comes from a variable's default."""
    if isinstance(node, Composed):
        return node.origin is Origin.DERIVED
    return getattr(node, "derived", False)


def is_list(node: Node | None) -> TypeGuard[SequenceNode]:
    """Whether a value is a list whose items are in sight."""
    return isinstance(node, SequenceNode)


def is_object(node: Node | None) -> TypeGuard[MappingNode]:
    """Whether a value is an object whose keys are in sight."""
    return isinstance(node, MappingNode) and not isinstance(node, Nothing | Choice)


def entries_of(node: Node) -> dict[str, Node]:
    """The values of an object by key."""
    return {key: value for key, (_, value) in fields_of(node).items()} if isinstance(node, MappingNode) else {}


def moved(node: Node, at: Node, origin: Origin | None = None) -> Node:
    """A scalar as it stands where it is used; other values stay where they are written."""
    if isinstance(node, Composed):
        return Composed(node.text, origin or node.origin, at)
    if isinstance(node, Choice):
        return Choice(node.condition, moved(node.then, at, origin), moved(node.otherwise, at, origin), at)
    if isinstance(node, Nothing):
        return Nothing(at)
    if isinstance(node, Computed):
        return Composed(node.known.value, origin or node.known.origin, at)
    if (type(node) is Word or type(node) is ScalarNode) and (node.style != "|" or origin is not None):
        return literal(node.value, at, origin or Origin.WRITTEN)
    return node


def derived(node: Node) -> Node:
    """A value of a variable's default: whoever deploys may give another.

    A default of nothing is mostly there to be set, so nothing is made of it.
    """
    if is_derived(node):
        return node
    if isinstance(node, Nothing) or (isinstance(node, SequenceNode | MappingNode) and not node.value):
        return Undecided("it is set outside", node)
    if isinstance(node, SequenceNode):
        node = listed([derived(item) for item in node.value], node)
    elif is_object(node):
        node = mapped([(key, derived(value)) for key, value in node.value], node)
    else:
        return moved(node, node, Origin.DERIVED)
    node.derived = True  # type: ignore[attr-defined]
    return node


def each_branch(node: Node, change: Callable[[Node], Node]) -> Node:
    """The value with `change` applied to what stands in every branch."""
    if not isinstance(node, Choice):
        return change(node)
    then, otherwise = each_branch(node.then, change), each_branch(node.otherwise, change)
    return choice(node.condition, True, then, otherwise, node)


def lifted(nodes: Sequence[Node], apply: Callable[[list[Node]], Node], at: Node) -> Node:
    """`apply` to the values, once for each combination of their branches."""
    for node in nodes:
        if isinstance(node, Choice):
            return _lift(list(nodes), apply, at, {})
    return apply(list(nodes))


def _lift(nodes: list[Node], apply: Callable[[list[Node]], Node], at: Node, assumed: dict[str, bool]) -> Node:
    for index, node in enumerate(nodes):
        while isinstance(node, Choice) and node.condition in assumed:
            node = node.then if assumed[node.condition] else node.otherwise
            nodes[index] = node
        if isinstance(node, Choice):
            if len(assumed) >= MAX_LIFTED:
                return Undecided("it depends on too many conditions", at)
            branches = []
            for holds, branch in ((True, node.then), (False, node.otherwise)):
                chosen = [*nodes[:index], branch, *nodes[index + 1 :]]
                branches.append(_lift(chosen, apply, at, {**assumed, node.condition: holds}))
            return choice(node.condition, True, branches[0], branches[1], at)
    return apply(nodes)
