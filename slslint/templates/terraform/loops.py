"""`for` expressions, and what they, `for_each` and templates go over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tree_sitter import Node as Tree
from yaml.nodes import Node, SequenceNode

from slslint.grammar import text_of
from slslint.model import show
from slslint.templates.cloudformation.nodes import Undecided, fields_of
from slslint.templates.terraform.grammar import kinds
from slslint.templates.terraform.references import Referred
from slslint.templates.terraform.values import (
    Nothing,
    choice,
    each_branch,
    is_object,
    known_text,
    listed,
    literal,
    mapped,
    string,
)

if TYPE_CHECKING:
    from slslint.templates.terraform.evaluate import Context

_ELLIPSIS = kinds("ellipsis")
_EXPRESSION = kinds("expression")
_IDENTIFIER = kinds("identifier")
_INTRO = kinds("for_intro")
_COND = kinds("for_cond")


def comprehension(context: Context, tree: Tree) -> Node:
    """A `for` expression."""
    parts = context.parts(tree.children[0])
    intro = next(part for part in parts if part.kind_id in _INTRO)
    inner = context.parts(intro)
    names = [text_of(part) for part in inner if part.kind_id in _IDENTIFIER]
    collection = next((part for part in inner if part.kind_id in _EXPRESSION), None)
    bodies = [part for part in parts if part.kind_id in _EXPRESSION]
    test = next((part for part in parts if part.kind_id in _COND), None)
    at = context.place(tree)
    if collection is None or not bodies or not names:
        return Undecided("this syntax is not understood", at)

    def over(value: Node) -> Node:
        pairs = pairs_of(value, at)
        if pairs is None:
            return Undecided("what it goes over is known only when deployed", at)
        rounds: list[tuple[Context, bool | tuple[str, bool]]] = []
        for key, item in pairs:
            inside = context.within({names[0]: key, names[1]: item} if len(names) > 1 else {names[0]: item})
            wanted = None if test is None else inside.condition(test.children[-1])
            if test is not None and wanted is None:
                return Undecided("what it keeps is known only when deployed", at)
            if wanted is not False:
                rounds.append((inside, True if wanted is None else wanted))
        if len(bodies) == 1:
            return listed([_kept(inside.value(bodies[0]), wanted, at) for inside, wanted in rounds], at)
        grouped = any(part.kind_id in _ELLIPSIS for part in parts)
        return _object_of(rounds, bodies, grouped, at)

    return each_branch(context.value(collection), over)


def _kept(value: Node, wanted: bool | tuple[str, bool], at: Node) -> Node:
    return value if isinstance(wanted, bool) else choice(wanted[0], wanted[1], value, Nothing(at), at)


def _object_of(
    rounds: Sequence[tuple[Context, bool | tuple[str, bool]]], bodies: Sequence[Tree], grouped: bool, at: Node
) -> Node:
    found: dict[str, list[tuple[Node, Node]]] = {}
    for inside, wanted in rounds:
        key = inside.value(bodies[0])
        known = known_text(key)
        if known is None or wanted is not True:
            return Undecided("its keys are known only when deployed", at)
        name = literal(show(known), key)
        found.setdefault(show(known), []).append((name, inside.value(bodies[1])))
    if grouped:
        return mapped([(each[0][0], listed([value for _, value in each], at)) for each in found.values()], at)
    return mapped([each[-1] for each in found.values()], at)


def pairs_of(value: Node, at: Node) -> list[tuple[Node, Node]] | None:
    """What a `for` goes over, each with its key or index; None when that cannot be told."""
    if isinstance(value, Referred):
        return value.pairs(at)
    if isinstance(value, SequenceNode):
        return [(literal(place, at), item) for place, item in enumerate(value.value)]
    if is_object(value):
        return [(literal(string(key) or "", key), item) for key, item in fields_of(value).values()]
    return None
