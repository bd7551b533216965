"""One instance of a module: its variables, locals, resources and calls, each worked out when somebody asks for it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from yaml.nodes import Node

from slslint.templates.cloudformation.nodes import Undecided
from slslint.templates.terraform import community
from slslint.templates.terraform.evaluate import Names, evaluate
from slslint.templates.terraform.instances import Instance, Instances
from slslint.templates.terraform.references import Referred
from slslint.templates.terraform.repetition import alone, expand, is_repeated, unknown
from slslint.templates.terraform.syntax import Block, Written
from slslint.templates.terraform.types import completed, is_collection
from slslint.templates.terraform.unit import Unit
from slslint.templates.terraform.values import (
    Missing,
    Nothing,
    derived,
    hole,
    is_list,
    is_object,
    moved,
)


class Module:
    """One instance of a module.

    Attributes:
        address: "" for the root, else "module.orders". folder: as reported. where: the folder, relative to the root.
        call: the call that makes it; None for the root.
        condition: the name of the condition under which all of it is there, or "".
        named: the texts and references that names in it were found to stand for.
        tests: what tests in it were found to come to (see `conditions`).

    """

    def __init__(
        self, unit: Unit, folder: str, where: str, call: Instance | None = None, blocks: Iterable[Block] | None = None
    ) -> None:
        self.unit = unit
        self.folder = folder
        self.where = where
        self.call = call
        self.address = call.address if call is not None else ""
        self.condition = call.condition if call is not None else ""
        self.blocks: dict[tuple[str, ...], Block] = {}
        self.locals: dict[str, Written] = {}
        for block in unit.blocks(folder) if blocks is None else blocks:
            if block.type == "locals":
                self.locals.update(block.attributes)
            else:
                self.blocks.setdefault((block.type, *block.labels), block)
        self.named: dict[str, Node] = {}
        self.tests: dict[bytes, bool | tuple[str, bool]] = {}
        self._values: dict[str, Node] = {}
        self._filled: dict[str, tuple[Node, Node]] = {}
        self._pending: set[str] = set()
        self._instances: dict[Block, Instances] = {}

    def instances(self, block: Block) -> Instances:
        """The instances of a resource, data source or module."""
        kept = self._instances.get(block)
        if kept is None:
            base = ".".join(block.labels if block.type == "resource" else (block.type, *block.labels))
            address = f"{self.address}.{base}" if self.address else base
            if is_repeated(block):
                # What it is repeated over may name it, which nothing can be made of.
                self._instances[block] = unknown(block, self, address)
                kept = expand(block, self, address)
            else:
                kept = alone(block, self, address)
            self._instances[block] = kept
        return kept

    def referred(self, kind: str, type: str, name: str, at: Node) -> Node:
        """A resource or data source as a value."""
        block = self.blocks.get((kind, type, name))
        if block is None:
            return self._undefined(f"`{type}.{name}`", at)
        return Referred(self.instances(block), at)

    def called(self, name: str, at: Node) -> Node:
        """A module as a value."""
        block = self.blocks.get(("module", name))
        if block is None:
            return self._undefined(f"`module.{name}`", at)
        return Referred(self.instances(block), at)

    def local(self, name: str, at: Node) -> Node:
        """A local value, as it stands where it is used."""
        written = self.locals.get(name)
        if written is None:
            return self._undefined(f"`local.{name}`", at)
        return moved(self._once(f"local.{name}", written, self, {}), at)

    def variable(self, name: str, at: Node) -> Node:
        """The value of a variable: what the call or the user gives, else its default."""
        block = self.blocks.get(("variable", name))
        given = self._given(name)
        if given is not None:
            if isinstance(given, Nothing) and block is not None and _is_false(block.get("nullable")):
                return self._default(block, name, at)
            return given if block is None else self._completed(name, given, block)
        if block is None:
            return self._undefined(f"`var.{name}`", at)
        return self._default(block, name, at)

    def output(self, name: str, at: Node) -> Node:
        """An output, as it stands where it is used."""
        block = self.blocks.get(("output", name))
        written = None if block is None else block.get("value")
        if written is None:
            return Missing(f"it has no output `{name}`", at)
        return moved(self._once(f"output.{name}", written, self, {}), at)

    def definition(self, root: str, name: str) -> tuple[Written, Module, Names] | None:
        """The expression that a local, or a variable that the call gives, stands for, and where it is worked out."""
        if root == "local" and name in self.locals:
            return self.locals[name], self, {}
        if root == "var" and self.call is not None:
            written = self.call.block.get(name)
            return None if written is None else (written, self.call.module, self.call.names)
        return None

    def child(self, call: Instance) -> Module | None:
        """The module that a call names; None when it is not in sight."""
        if not call.source.startswith(("./", "../")):
            known = community.name_of(call.source)
            if known is None:
                self.unit.complete = False
                self.unit.gap(call.at, f"`{call.address}` lies elsewhere, so what it deploys is not in sight")
                return None
            return Module(self.unit, "", self.where, call, community.blocks_of(known, call.at))
        folder = posixpath.normpath(posixpath.join(self.folder, call.source))
        around: Module | None = self
        while around is not None:
            if around.folder == folder:
                return None
            around = around.call.module if around.call is not None else None
        if not self.unit.blocks(folder):
            return None
        return Module(self.unit, folder, posixpath.normpath(posixpath.join(self.where, call.source)), call)

    def blank(self) -> Module:
        """A module in which nothing is defined: for templates in files of their own."""
        return Module(self.unit, "", self.where)

    def _undefined(self, what: str, at: Node) -> Node:
        """What a name stands for that nothing defines; where a file could not be read, that may."""
        why = f"{what} is not defined here"
        return Undecided(why, at) if self.unit.problems else Missing(why, at)

    def _given(self, name: str) -> Node | None:
        if self.call is not None:
            return self.call.argument(name)
        return self.unit.decided(name, self)

    def _default(self, block: Block, name: str, at: Node) -> Node:
        written, type = block.get("default"), block.get("type")
        if written is None:
            return Undecided(f"`var.{name}` has no default", at) if is_collection(type) else hole(f"var.{name}", at)
        value = self._completed(name, self._once(f"var.{name}", written, self, {}), block)
        if self.call is not None:
            return moved(value, at)
        if isinstance(value, Nothing) or ((is_list(value) or is_object(value)) and not value.value):
            # Whoever deploys may set it.
            return Undecided(f"`var.{name}` is set outside", at)
        return moved(derived(value), at)

    def _completed(self, name: str, value: Node, block: Block) -> Node:
        """The value of a variable with what its type adds, which is worked out once for a value."""
        kept = self._filled.get(name)
        if kept is None or kept[0] is not value:
            kept = self._filled[name] = value, completed(value, block.get("type"))
        return kept[1]

    def _once(self, key: str, written: Written, module: Module, names: Names) -> Node:
        """A value that is worked out once; one that needs itself cannot be told."""
        if key not in self._values:
            if key in self._pending:
                return Undecided(f"`{key}` is defined by itself", written.at)
            self._pending.add(key)
            try:
                self._values[key] = evaluate(written, module, names)
            finally:
                self._pending.discard(key)
        return self._values[key]


def _is_false(written: Written | None) -> bool:
    return written is not None and written.text == b"false"
