"""One event of a function, as written."""

from __future__ import annotations

from yaml.nodes import Node

from slslint.templates.building import text_of
from slslint.templates.cloudformation.nodes import Reference
from slslint.templates.serverless.naming import function_id, normalized
from slslint.templates.serverless.written import Function, Written


class Event(Written):
    """An event: `key` is its type as written, `node` what follows.

    `number` counts the events of its type, `position` those of the function, both from one.
    """

    def __init__(self, key: Node, node: Node | None, function: Function, kind: str, number: int, position: int) -> None:
        super().__init__(key, node)
        self.function = function
        self.kind = kind
        self.number = number
        self.position = position

    @property
    def arn(self) -> Node:
        """The ARN of the function."""
        return Reference(function_id(self.function.name), "Arn", self.key)

    @property
    def condition(self) -> Node | None:
        return self.function("condition")

    @property
    def prefix(self) -> str:
        """What the logical ids of its resources start with."""
        return normalized(self.function.name)

    @property
    def disabled(self) -> bool:
        return text_of(self("enabled")).lower() == "false"
