"""A call of a function, as the functions see it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from yaml.nodes import Node, SequenceNode

from slslint.record import record
from slslint.templates.cloudformation.nodes import Undecided
from slslint.templates.terraform.values import Missing, Nothing, string

if TYPE_CHECKING:
    from slslint.templates.terraform.evaluate import Context


@record()
class Call:
    """A function call whose arguments are worked out: no Choice among them."""

    context: Context
    name: str
    arguments: Sequence[Node]
    at: Node

    def text(self, index: int) -> str | None:
        """The text that an argument surely is."""
        return string(self.arguments[index]) if index < len(self.arguments) else None

    def items(self, index: int = 0) -> list[Node] | None:
        """The items of a list, without those that are null."""
        node = self.arguments[index] if index < len(self.arguments) else None
        if not isinstance(node, SequenceNode):
            return None
        return [item for item in node.value if not isinstance(item, Nothing)]

    def unknown(self, why: str = "") -> Node:
        """What cannot be told, for the reason of the first argument that cannot; an error where that is one."""
        if self.arguments and isinstance(self.arguments[0], Nothing):
            return Missing("it is given null", self.at)
        for argument in self.arguments:
            if isinstance(argument, Missing):
                return Missing(argument.why, self.at)
            if isinstance(argument, Undecided) and not why:
                return Undecided(argument.why, self.at)
        return Undecided(why or f"what `{self.name}` gives is known only when deployed", self.at)


def unchanged(call: Call) -> Node:
    """The first argument as it is."""
    return call.arguments[0] if call.arguments else call.unknown()


Function: TypeAlias = Callable[[Call], Node]
"""What gives the value of a call."""
