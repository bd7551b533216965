"""Conditions: which are decided, which are the opposite of another, and which cannot hold together."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from yaml.nodes import Node, ScalarNode, SequenceNode

from slslint.record import field, record
from slslint.templates.cloudformation.nodes import intrinsic
from slslint.value import When

MAX_CHAIN = 50
"""How many conditions may hang on each other; CloudFormation's users write two or three."""


@record(eq=False, frozen=False)
class Conditions:
    """The template's conditions by name.

    Attributes:
        nodes: their definitions. operand: what a side of an Equals is: a decided text (str), the name of the one
            parameter it refers to (as a tuple of that name), or None when it is neither.

    """

    nodes: Mapping[str, Node]
    operand: Callable[[Node], str | tuple[str] | None]
    _literals: dict[str, bool | tuple[str, bool]] = field(default_factory=dict)
    _tests: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    _first: dict[tuple[str, str] | None, str] | None = None
    _depth: int = 0

    def literal(self, name: str) -> bool | tuple[str, bool]:
        """Whether the condition holds, when that is decided; else the name of a condition and whether it must hold."""
        found = self._literals.get(name)
        if found is not None:
            return found
        # A condition that is defined by itself is refused by CloudFormation: let it stand for itself.
        self._literals[name] = (name, True)
        node = self.nodes.get(name)
        if node is not None and self._depth < MAX_CHAIN:
            self._depth += 1
            value = self._evaluate(node)
            self._depth -= 1
            self._literals[name] = (name, True) if value is None else value
        return self._literals[name]

    def when(self, name: str, holds: bool = True) -> When | None:
        """The assumption that a condition holds (or not): None when it is decided to be otherwise."""
        literal = self.literal(name)
        if isinstance(literal, bool):
            return frozenset() if literal is holds else None
        atom, polarity = literal
        return frozenset({(atom, polarity is holds)})

    def possible(self, when: When) -> bool:
        """Whether the assumptions can hold together: no parameter equals two texts."""
        if len(when) < 2:
            return True
        required: dict[str, str] = {}
        for name, holds in when:
            if (name, not holds) in when:
                return False
            test = self._test(name) if holds else None
            if test is not None and required.setdefault(test[0], test[1]) != test[1]:
                return False
        return True

    def _named(self, test: tuple[str, str] | None) -> tuple[str, bool] | None:
        """The first of the conditions that ask whether a parameter equals a text."""
        if self._first is None:
            self._first = {}
            for name in self.nodes:
                asked = self._test(name)
                if asked is not None:
                    self._first.setdefault(asked, name)
        return (self._first[test], True) if test in self._first else None

    def _test(self, name: str) -> tuple[str, str] | None:
        if name not in self._tests:
            # Until it is known it asks nothing: a definition may hold its own name.
            self._tests[name] = None
            node = self.nodes.get(name)
            self._tests[name] = None if node is None else self._test_of(node)
        return self._tests[name]

    def _test_of(self, node: Node) -> tuple[str, str] | None:
        call = intrinsic(node)
        if call is None or call[0] != "Fn::Equals" or not isinstance(call[1], SequenceNode) or len(call[1].value) != 2:
            return None
        left, right = (self.operand(side) for side in call[1].value)
        if isinstance(left, str):
            left, right = right, left
        return (left[0], right) if isinstance(left, tuple) and isinstance(right, str) else None

    def _evaluate(self, node: Node) -> bool | tuple[str, bool] | None:
        """The literal that a definition amounts to; None when it is a condition of its own."""
        call = intrinsic(node)
        if call is None:
            return None
        function, argument = call
        if function == "Condition":
            return self.literal(argument.value) if isinstance(argument, ScalarNode) else None
        operands = argument.value if isinstance(argument, SequenceNode) else []
        if function == "Fn::Equals" and len(operands) == 2:
            left, right = self.operand(operands[0]), self.operand(operands[1])
            if isinstance(left, str) and isinstance(right, str):
                return left == right
            return True if left is not None and left == right else self._named(self._test_of(node))
        if function == "Fn::Not" and len(operands) == 1:
            return _opposite(self._evaluate(operands[0]))
        if function in ("Fn::And", "Fn::Or") and operands:
            return self._combine(operands, absorbing=function == "Fn::Or")
        return None

    def _combine(self, operands: list[Node], absorbing: bool) -> bool | tuple[str, bool] | None:
        values = [self._evaluate(operand) for operand in operands]
        if absorbing in values:
            return absorbing
        left = [value for value in values if not isinstance(value, bool)]
        if not left:
            return not absorbing
        return left[0] if len(set(left)) == 1 else None


def _opposite(value: bool | tuple[str, bool] | None) -> bool | tuple[str, bool] | None:
    match value:
        case bool():
            return not value
        case (name, holds):
            return name, not holds
        case _:
            return None
