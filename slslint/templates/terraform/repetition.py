"""`count` and `for_each`: which instances a block has, each under its condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yaml.nodes import Node

from slslint.templates.terraform.evaluate import evaluate
from slslint.templates.terraform.instances import Instance, Instances
from slslint.templates.terraform.loops import pairs_of
from slslint.templates.terraform.syntax import Block
from slslint.templates.terraform.unit import Unit
from slslint.templates.terraform.values import (
    Choice,
    Nothing,
    choice,
    hole,
    is_derived,
    is_list,
    literal,
    number,
    string,
)

if TYPE_CHECKING:
    from slslint.templates.terraform.module import Module

MAX_INSTANCES = 200
"""Of one block; who deploys more has other worries."""


def unknown(block: Block, module: Module, address: str) -> Instances:
    """The instances of a block of which nothing can be told: one that stands for all."""
    names = {name: hole(name, block.key) for name in ("each.key", "each.value", "count.index")}
    return Instances((Instance(block, module, address, None, module.condition, names),), complete=False)


def is_repeated(block: Block) -> bool:
    """Whether a block has a `count` or `for_each`."""
    return "count" in block.attributes or "for_each" in block.attributes


def alone(block: Block, module: Module, address: str) -> Instances:
    """The one instance of a block that is not repeated."""
    return Instances((Instance(block, module, address, None, module.condition, {}),), alone=True)


def expand(block: Block, module: Module, address: str) -> Instances:
    """The instances of a block that is repeated."""
    count = block.get("count")
    repeated = count or block.get("for_each")
    assert repeated is not None
    value = evaluate(repeated, module, {})
    found = _counted(value, module.unit) if count is not None else _keys(value, module.unit)
    unit = module.unit
    if found is None or len(found) > MAX_INSTANCES or not unit.may_make(len(found)):
        return unknown(block, module, address)
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
