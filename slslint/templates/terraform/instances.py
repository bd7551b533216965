"""The instances of a resource, data source or module, and what each is given."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from yaml.nodes import Node

from slslint.record import record
from slslint.templates.cloudformation.nodes import Undecided, field
from slslint.templates.terraform.arguments import argument
from slslint.templates.terraform.evaluate import Context, Names
from slslint.templates.terraform.syntax import Block, Written, words_of
from slslint.templates.terraform.values import string

if TYPE_CHECKING:
    from slslint.templates.terraform.module import Module

_META = frozenset(
    {"connection", "count", "depends_on", "for_each", "lifecycle", "provider", "providers", "provisioner"}
)


class Instance:
    """One instance of a resource, data source or module.

    Attributes:
        kind: "resource", "data" or "module". address: as Terraform shows it.
        key: the instance's index or key, when it has one.
        condition: the name of the condition under which it is there, or "".
        names: what `each` and `count` stand for.

    """

    def __init__(
        self, block: Block, module: Module, address: str, key: str | None, condition: str, names: Names
    ) -> None:
        self.block = block
        self.module = module
        self.kind = block.type
        self.type = block.labels[0] if block.labels else ""
        self.address = address
        self.key = key
        self.condition = condition
        self.names = names
        self._arguments: dict[str, Node | None] = {}

    @property
    def at(self) -> Node:
        """Where its name stands."""
        return self.block.key

    @property
    def context(self) -> Context:
        return Context(self.block.source, self.module, self.names)

    def argument(self, name: str) -> Node | None:
        """What is given under a name: an attribute's value, or blocks as a list of objects; None when nothing is."""
        known = self._arguments
        if name in known:
            return known[name]
        if name not in self.block.attributes and name not in self.block.blocks:
            return None
        # An argument may refer to the resource that it is of.
        known[name] = None
        try:
            found = argument(self.block, name, self.module, self.names)
        except RecursionError:
            found = Undecided("it is nested too deeply", self.at)
        known[name] = found
        return found

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of all arguments."""
        block = self.block
        return tuple(name for name in dict.fromkeys((*block.attributes, *block.blocks)) if name not in _META)

    @property
    def ignored(self) -> frozenset[str]:
        """The arguments of which Terraform leaves changes alone: others make them; "all" for all of them."""
        found = [block.get("ignore_changes") for block in self.block.blocks.get("lifecycle", ())]
        in_json = self.block.get("lifecycle")
        node = None if in_json is None else field(in_json.node, "ignore_changes")
        if in_json is not None and node is not None:
            found.append(Written(in_json.source, node=node))
        return frozenset(word for written in found if written is not None for word in words_of(written))

    @cached_property
    def source(self) -> str:
        """Of a module: where it lies."""
        return string(self.argument("source")) or ""

    @cached_property
    def child(self) -> Module | None:
        """Of a local module, or a public one that is understood by name: the instance of it that this call makes."""
        return self.module.child(self)

    def output(self, name: str, at: Node) -> Node:
        """Of a module: one of its outputs."""
        if self.child is not None:
            return self.child.output(name, at)
        return Undecided(f"the module `{self.address}` is not in sight", at)


@record(eq=False)
class Instances:
    """The instances of a block.

    `complete` is False when how many there are cannot be told: then there is one that stands for all. `counted` when
    their keys are numbers; `alone` when there is one without a key.
    """

    items: tuple[Instance, ...]
    complete: bool = True
    counted: bool = False
    alone: bool = False

    @property
    def only(self) -> Instance | None:
        """The one that is meant when no key is given."""
        if self.alone or not self.complete or (self.counted and len(self.items) == 1):
            return self.items[0]
        return None
