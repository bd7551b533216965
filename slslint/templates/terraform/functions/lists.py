"""Functions of lists and maps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yaml.nodes import Node, SequenceNode

from slslint.templates.cloudformation.nodes import Undecided, fields_of
from slslint.templates.terraform.functions.calling import Call, Function, unchanged
from slslint.templates.terraform.values import (
    Choice,
    Missing,
    Nothing,
    entries_of,
    is_object,
    keyed,
    known_text,
    lifted,
    listed,
    literal,
    mapped,
    number,
    same,
    string,
)


def _concat(call: Call) -> Node:
    items: list[Node] = []
    for argument in call.arguments:
        if isinstance(argument, Choice):
            # A list that depends on a condition stays one item, whose own items count.
            items.append(argument)
        elif isinstance(argument, SequenceNode):
            items += argument.value
        else:
            return call.unknown()
    if any(isinstance(argument, Choice) for argument in call.arguments):
        return lifted(list(call.arguments), lambda nodes: _concat(_with(call, nodes)), call.at)
    return listed(items, call.at)


def _with(call: Call, nodes: Sequence[Node]) -> Call:
    return Call(call.context, call.name, nodes, call.at)


def _merge(call: Call) -> Node:
    pairs: dict[str, tuple[Node, Node]] = {}
    for argument in call.arguments:
        if isinstance(argument, Nothing):
            continue
        if not is_object(argument):
            return call.unknown()
        pairs.update(fields_of(argument))
    return mapped(pairs.values(), call.at)


def _lookup(call: Call) -> Node:
    values, key = call.arguments[0], call.text(1)
    if not is_object(values) or key is None:
        return call.unknown()
    found = entries_of(values).get(key)
    if found is not None:
        return found
    return call.arguments[2] if len(call.arguments) > 2 else Missing(f"it has no `{key}`", call.at)


def _coalesce(call: Call) -> Node:
    for argument in call.arguments:
        if isinstance(argument, Nothing) or string(argument) == "":
            continue
        return argument if known_text(argument) is not None else call.unknown()
    return Missing("all of it is null", call.at)


def _coalesce_list(call: Call) -> Node:
    for argument in call.arguments:
        if isinstance(argument, SequenceNode) and argument.value:
            return argument
        if not isinstance(argument, SequenceNode | Nothing):
            return call.unknown()
    return Missing("all of it is empty", call.at)


def _sure(items: Sequence[Node] | None) -> list[Node] | None:
    """The items, when it is sure that each is there."""
    if items is None or any(isinstance(item, Choice) for item in items):
        return None
    return list(items)


def _compact(call: Call) -> Node:
    items = _sure(call.items())
    return call.unknown() if items is None else listed([item for item in items if string(item) != ""], call.at)


def _distinct(call: Call) -> Node:
    found: list[Node] = []
    items = call.items()
    if items is None:
        return call.unknown()
    for item in items:
        if not any(same(item, other) for other in found):
            found.append(item)
    return listed(found, call.at)


def _flatten(call: Call) -> Node:
    found: list[Node] = []
    pending = list(call.arguments[:1])
    if not pending or not isinstance(pending[0], SequenceNode):
        return call.unknown()
    while pending:
        node = pending.pop()
        if isinstance(node, SequenceNode):
            pending.extend(reversed(node.value))
        elif isinstance(node, Undecided | Choice):
            return call.unknown("an item of it may be a list")
        elif not isinstance(node, Nothing):
            found.append(node)
    return listed(found, call.at)


def _length(call: Call) -> Node:
    given = call.arguments[0]
    if is_object(given):
        return literal(len(entries_of(given)), call.at)
    items = _sure(call.items())
    if items is not None:
        return literal(len(items), call.at)
    written = string(given)
    return call.unknown() if written is None else literal(len(written), call.at)


def _element(call: Call) -> Node:
    items, place = _sure(call.items()), number(call.arguments[1]) if len(call.arguments) > 1 else None
    if items is None or place is None:
        return call.unknown()
    return items[int(place) % len(items)] if items else Missing("it has no items", call.at)


def _keys(call: Call) -> Node:
    given = call.arguments[0]
    if not is_object(given):
        return call.unknown()
    return listed([literal(key, call.at) for key in sorted(entries_of(given))], call.at)


def _values(call: Call) -> Node:
    given = call.arguments[0]
    if not is_object(given):
        return call.unknown()
    return listed([value for _, value in sorted(entries_of(given).items())], call.at)


def _contains(call: Call) -> Node:
    items, wanted = _sure(call.items()), call.text(1)
    texts = [string(item) for item in items or ()]
    if items is None or wanted is None:
        return call.unknown()
    if wanted in texts:
        return literal(True, call.at)
    return call.unknown() if None in texts else literal(False, call.at)


def _one(call: Call) -> Node:
    items = call.items()
    if items is None or len(items) > 1:
        return call.unknown()
    return items[0] if items else Nothing(call.at)


def _sorted(call: Call) -> Node:
    items = call.items()
    texts = [string(item) for item in items or ()]
    if items is None or None in texts:
        return call.unknown()
    return listed([item for _, item in sorted(zip(texts, items, strict=True), key=lambda pair: str(pair[0]))], call.at)


def _reversed(call: Call) -> Node:
    items = call.items()
    return call.unknown() if items is None else listed(items[::-1], call.at)


def _slice(call: Call) -> Node:
    items = _sure(call.items())
    start, end = (number(argument) for argument in [*call.arguments[1:3], call.at][:2])
    if items is None or start is None or end is None or not 0 <= start <= end <= len(items):
        return call.unknown()
    return listed(items[int(start) : int(end)], call.at)


def _zipmap(call: Call) -> Node:
    keys, values = _sure(call.items(0)), _sure(call.items(1))
    if keys is None or values is None or len(keys) != len(values) or any(string(key) is None for key in keys):
        return call.unknown()
    return keyed({str(string(key)): value for key, value in zip(keys, values, strict=True)}, call.at)


def _listed(call: Call) -> Node:
    return listed(call.arguments, call.at)


def _mapped(call: Call) -> Node:
    """`map("key", value, ...)`, which Terraform 0.11 knew."""
    keys = [string(key) for key in call.arguments[::2]]
    if None in keys or len(call.arguments) % 2:
        return call.unknown()
    return keyed(dict(zip(map(str, keys), call.arguments[1::2], strict=True)), call.at)


FUNCTIONS: Mapping[str, Function] = {
    "coalesce": _coalesce,
    "coalescelist": _coalesce_list,
    "compact": _compact,
    "concat": _concat,
    "contains": _contains,
    "distinct": _distinct,
    "element": _element,
    "flatten": _flatten,
    "keys": _keys,
    "length": _length,
    "list": _listed,
    "lookup": _lookup,
    "map": _mapped,
    "merge": _merge,
    "one": _one,
    "reverse": _reversed,
    "slice": _slice,
    "sort": _sorted,
    "tolist": unchanged,
    "tomap": unchanged,
    "toset": unchanged,
    "values": _values,
    "zipmap": _zipmap,
}
"""By name."""
