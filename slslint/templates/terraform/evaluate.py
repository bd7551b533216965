"""What expressions come to, in one instance of a module.

context = Context(source, module, names)
context.value(tree)      # the value of a piece of syntax, as a node
context.condition(tree)  # whether it holds: decided, or the name of a condition
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from tree_sitter import Node as Tree
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint.templates.cloudformation.nodes import Undecided, fields_of, is_null
from slslint.templates.terraform import conditions, expressions, strings
from slslint.templates.terraform.grammar import by_kind, kinds
from slslint.templates.terraform.places import Piece, Source
from slslint.templates.terraform.plain import TOLD, plain
from slslint.templates.terraform.syntax import Written
from slslint.templates.terraform.values import Nothing, listed, literal, mapped

if TYPE_CHECKING:
    from slslint.templates.terraform.module import Module

MAX_DEPTH = 200
"""Expressions inside expressions, those of locals and modules that they name among them."""

Names: TypeAlias = Mapping[str, Node]
"""The values that hold in a part of a file only: `each.key`, `count.index`, the variables of a `for`."""

Handler: TypeAlias = "Callable[[Context, Tree], Node]"

_COMMENT = kinds("comment")
_EXPRESSION = kinds("expression")
_WRAPPERS = kinds("expression collection_value literal_value operation template_expr")


class Context:
    """Where an expression is worked out: its file, its module, and the names that hold there."""

    __slots__ = ("module", "names", "source")

    def __init__(self, source: Source, module: Module, names: Names) -> None:
        self.source = source
        self.module = module
        self.names = names

    def value(self, tree: Tree) -> Node:
        """What a piece of syntax comes to."""
        if tree.kind_id in _EXPRESSION:
            found = plain(self, tree.start_byte, tree.end_byte)
            if found is not None:
                return found
        return self.worked_out(tree)

    def worked_out(self, tree: Tree) -> Node:
        """What a piece of syntax comes to that has structure."""
        kind = tree.kind_id
        while kind in _WRAPPERS and tree.child_count == 1:
            tree = tree.child(0) or tree
            kind = tree.kind_id
        handler = _HANDLERS.get(kind)
        unit = self.module.unit
        if handler is None or unit.depth > MAX_DEPTH:
            why = "it is nested too deeply" if handler is not None else "this syntax is not understood"
            return Undecided(why, self.place(tree))
        unit.depth += 1
        try:
            return handler(self, tree)
        finally:
            unit.depth -= 1

    def condition(self, tree: Tree) -> conditions.Condition:
        """Whether a piece of syntax holds, which is the same wherever in a module the same is written."""
        if self.names:
            return conditions.decide(self, tree)
        written, kept = tree.text or b"", self.module.tests
        if written not in kept:
            found = conditions.decide(self, tree)
            if found is None:
                # It may be told later: now it may be asked on the way to what it names.
                return None
            kept[written] = found
        return kept[written]

    def place(self, tree: Tree) -> Node:
        """Where a piece of syntax stands."""
        source = self.source
        return source.fixed or Piece(source, tree.start_byte, tree.end_byte)

    def parts(self, tree: Tree) -> list[Tree]:
        """The children of a piece of syntax without comments."""
        children = tree.children
        for child in children:
            if child.kind_id in _COMMENT:
                return [child for child in children if child.kind_id not in _COMMENT]
        return children

    def within(self, names: Names) -> Context:
        """The same place, where further names hold."""
        return Context(self.source, self.module, {**self.names, **names})

    def alone(self, names: Names) -> Context:
        """Where nothing holds but these names: a template in a file of its own."""
        return Context(self.source, self.module.blank(), names)

    def json(self, node: Node) -> Node:
        """What a value in a JSON document comes to: its strings are templates."""
        if isinstance(node, MappingNode):
            return mapped(((key, self.json(value)) for key, value in fields_of(node).values()), node)
        if isinstance(node, SequenceNode):
            return listed(map(self.json, node.value), node)
        if is_null(node):
            return Nothing(node)
        assert isinstance(node, ScalarNode)
        if node.style and ("${" in node.value or "%{" in node.value):
            return strings.template(self, node.value, node)
        return literal(node.value, node)


def evaluate(written: Written, module: Module, names: Names) -> Node:
    """The value of an expression."""
    context = Context(written.source, module, names)
    if written.kind:
        return TOLD[written.kind](context, written.start, written.end)
    if written.node is not None:
        return context.json(written.node)
    tree = written.tree
    assert tree is not None
    return context.worked_out(tree)


_HANDLERS: Mapping[int, Handler] = by_kind({**expressions.HANDLERS, **strings.HANDLERS})
