"""One instance of a module: its variables, locals, resources and calls, each worked out when somebody asks for it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from functools import cached_property

from yaml.nodes import Node

from slslint.record import record
from slslint.templates.cloudformation.nodes import Undecided
from slslint.templates.terraform import community
from slslint.templates.terraform.evaluate import Context, Names, evaluate
from slslint.templates.terraform.expressions import pairs_of
from slslint.templates.terraform.references import Referred
from slslint.templates.terraform.syntax import Block, Written
from slslint.templates.terraform.types import completed, is_collection
from slslint.templates.terraform.unit import Unit
from slslint.templates.terraform.values import (
    Choice,
    Missing,
    Nothing,
    choice,
    derived,
    hole,
    is_derived,
    is_list,
    is_object,
    keyed,
    listed,
    literal,
    mapped,
    moved,
    number,
    string,
)

MAX_INSTANCES = 200
"""Of one block; who deploys more has other worries."""

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
        if name not in self._arguments:
            # An argument may refer to the resource that it is of.
            self._arguments[name] = None
            try:
                self._arguments[name] = argument(self.block, name, self.module, self.names)
            except RecursionError:
                self._arguments[name] = Undecided("it is nested too deeply", self.at)
        return self._arguments[name]

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of all arguments."""
        inner = (block.labels[0] if block.type == "dynamic" else block.type for block in self.block.blocks)
        return tuple(name for name in dict.fromkeys((*self.block.attributes, *inner)) if name not in _META)

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


class Module:
    """One instance of a module.

    Attributes:
        address: "" for the root, else "module.orders". folder: as reported. where: the folder, relative to the root.
        call: the call that makes it; None for the root.
        condition: the name of the condition under which all of it is there, or "".

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
        self._values: dict[str, Node] = {}
        self._pending: set[str] = set()
        self._instances: dict[tuple[str, ...], Instances] = {}

    def instances(self, block: Block) -> Instances:
        """The instances of a resource, data source or module."""
        key = (block.type, *block.labels)
        if key not in self._instances:
            base = ".".join(block.labels if block.type == "resource" else key)
            address = f"{self.address}.{base}" if self.address else base
            # What it is repeated over may name it, which nothing can be made of.
            self._instances[key] = _unknown(block, self, address)
            self._instances[key] = _expand(block, self, address)
        return self._instances[key]

    def referred(self, kind: str, type: str, name: str, at: Node) -> Node:
        """A resource or data source as a value."""
        block = self.blocks.get((kind, type, name))
        if block is None:
            return Missing(f"`{type}.{name}` is not defined here", at)
        return Referred(self.instances(block), at)

    def called(self, name: str, at: Node) -> Node:
        """A module as a value."""
        block = self.blocks.get(("module", name))
        if block is None:
            return Missing(f"`module.{name}` is not defined here", at)
        return Referred(self.instances(block), at)

    def local(self, name: str, at: Node) -> Node:
        """A local value, as it stands where it is used."""
        written = self.locals.get(name)
        if written is None:
            return Missing(f"`local.{name}` is not defined here", at)
        return moved(self._once(f"local.{name}", written, self, {}), at)

    def variable(self, name: str, at: Node) -> Node:
        """The value of a variable: what the call or the user gives, else its default."""
        block = self.blocks.get(("variable", name))
        given = self._given(name)
        if given is not None:
            if isinstance(given, Nothing) and block is not None and _is_false(block.get("nullable")):
                return self._default(block, name, at)
            return completed(given, None if block is None else block.get("type"))
        if block is None:
            return Missing(f"`var.{name}` is not defined here", at)
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

    def _given(self, name: str) -> Node | None:
        if self.call is not None:
            return self.call.argument(name)
        return self.unit.decided(name, self)

    def _default(self, block: Block, name: str, at: Node) -> Node:
        written, type = block.get("default"), block.get("type")
        if written is None:
            return Undecided(f"`var.{name}` has no default", at) if is_collection(type) else hole(f"var.{name}", at)
        value = completed(self._once(f"var.{name}", written, self, {}), type)
        if self.call is not None:
            return moved(value, at)
        if isinstance(value, Nothing) or ((is_list(value) or is_object(value)) and not value.value):
            # Whoever deploys may set it.
            return Undecided(f"`var.{name}` is set outside", at)
        return moved(derived(value), at)

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


def argument(block: Block, name: str, module: Module, names: Names) -> Node | None:
    """What a block holds under a name."""
    written = block.get(name)
    if written is not None:
        return evaluate(written, module, names)
    items: list[Node] = []
    for inner in block.blocks:
        if inner.type == name:
            items.append(_content(inner, module, names))
        elif inner.type == "dynamic" and inner.labels[:1] == (name,):
            items.append(_dynamic(inner, module, names))
    if not items:
        return None
    flat = [each for item in items for each in (item.value if is_list(item) else [item])]
    return listed(flat, items[0])


def _content(block: Block, module: Module, names: Names) -> Node:
    """A nested block as an object."""
    pairs = [
        (literal(name, written.key), evaluate(written, module, names)) for name, written in block.attributes.items()
    ]
    inner = {each.labels[0] if each.type == "dynamic" and each.labels else each.type: each.key for each in block.blocks}
    for name, key in inner.items():
        if name not in block.attributes:
            pairs.append((literal(name, key), argument(block, name, module, names) or Nothing(key)))
    return mapped(pairs, block.key)


def _dynamic(block: Block, module: Module, names: Names) -> Node:
    """A `dynamic` block as a list of objects, or a choice of such lists."""
    at = block.key
    over, iterator = block.get("for_each"), block.get("iterator")
    content = next((inner for inner in block.blocks if inner.type == "content"), None)
    nested = block.get("content")
    name = block.labels[0]
    if iterator is not None and iterator.tree is not None and iterator.tree.text is not None:
        name = iterator.tree.text.decode()
    if over is None or (content is None and nested is None):
        return Undecided("it is no block that can be read", at)

    def repeated(value: Node) -> Node:
        if isinstance(value, Choice):
            return choice(value.condition, True, repeated(value.then), repeated(value.otherwise), at)
        if isinstance(value, Nothing):
            return listed([], at)
        pairs = pairs_of(value, at)
        if pairs is None or len(pairs) > MAX_INSTANCES:
            return Undecided("how often it is repeated is known only when deployed", at)
        return listed([made(key, item) for key, item in pairs], at)

    def made(key: Node, item: Node) -> Node:
        if isinstance(item, Choice) and isinstance(item.otherwise, Nothing):
            return choice(item.condition, True, made(key, item.then), item.otherwise, at)
        if isinstance(item, Choice) and isinstance(item.then, Nothing):
            return choice(item.condition, False, made(key, item.otherwise), item.then, at)
        # The items of a set are their own keys; so are those of a list here, where nobody asks for an index.
        inside = {**names, name: keyed({"key": key, "value": item}, at)}
        if content is not None:
            return _content(content, module, inside)
        assert nested is not None
        return evaluate(nested, module, inside)

    return repeated(evaluate(over, module, names))


def _unknown(block: Block, module: Module, address: str) -> Instances:
    """The instances of a block of which nothing can be told: one that stands for all."""
    names = {name: hole(name, block.key) for name in ("each.key", "each.value", "count.index")}
    return Instances((Instance(block, module, address, None, module.condition, names),), complete=False)


def _expand(block: Block, module: Module, address: str) -> Instances:
    count, each = block.get("count"), block.get("for_each")
    repeated = count or each
    if repeated is None:
        return Instances((Instance(block, module, address, None, module.condition, {}),), alone=True)
    value = evaluate(repeated, module, {})
    found = _counted(value, module.unit) if count is not None else _keys(value, module.unit)
    unit = module.unit
    if found is None or len(found) > MAX_INSTANCES or not unit.may_make(len(found)):
        return _unknown(block, module, address)
    items = []
    for key, (condition, item) in found.items():
        names = {"count.index": item} if count is not None else {"each.key": literal(key, item), "each.value": item}
        shown = f"{address}[{key}]" if count is not None else f'{address}["{key}"]'
        both = unit.all_of([(name, True) for name in (module.condition, condition) if name])
        items.append(Instance(block, module, shown, key, both, names))
    return Instances(tuple(items), counted=count is not None)


_Found = dict[str, tuple[str, Node]]


def _counted(value: Node, unit: Unit) -> _Found | None:
    """The instances of a `count`, each with its condition and index; None when that cannot be told."""
    if isinstance(value, Choice):
        return _either(value, _counted(value.then, unit), _counted(value.otherwise, unit), unit)
    found = number(value)
    if isinstance(value, Nothing):
        found = 1
    if found is None or not 0 <= found <= MAX_INSTANCES or (not found and is_derived(value)):
        return None
    return {str(index): ("", literal(index, value)) for index in range(int(found))}


def _keys(value: Node, unit: Unit) -> _Found | None:
    """The instances of a `for_each`, each with its condition and value; None when that cannot be told."""
    if isinstance(value, Choice):
        return _either(value, _keys(value.then, unit), _keys(value.otherwise, unit), unit)
    pairs = pairs_of(value, value)
    if pairs is None or (not pairs and is_derived(value)):
        return None
    found: _Found = {}
    for key, item in pairs:
        condition = ""
        if isinstance(item, Choice) and Nothing in (type(item.then), type(item.otherwise)):
            holds = isinstance(item.otherwise, Nothing)
            condition, item = unit.all_of([(item.condition, holds)]), item.then if holds else item.otherwise
        name = string(item if is_list(value) else key)
        if name is None:
            return None
        found[name] = condition, item
    return found


def _either(value: Choice, then: _Found | None, otherwise: _Found | None, unit: Unit) -> _Found | None:
    """The instances of both branches of a condition."""
    if then is None or otherwise is None:
        return None
    found: _Found = {}
    for key in {**then, **otherwise}:
        one, other = then.get(key), otherwise.get(key)
        if one is not None and other is not None:
            if one[0] or other[0]:
                return None
            found[key] = "", choice(value.condition, True, one[1], other[1], value)
        else:
            condition, item = one or other or ("", value)
            parts = [(value.condition, one is not None)] + ([(condition, True)] if condition else [])
            found[key] = unit.all_of(parts), item
    return found


def _is_false(written: Written | None) -> bool:
    return written is not None and written.tree is not None and written.tree.text == b"false"
