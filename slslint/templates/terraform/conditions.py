"""What a test in an expression comes to: decided, or the name of a condition that whoever deploys decides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from tree_sitter import Node as Tree
from yaml.nodes import MappingNode, Node, SequenceNode

from slslint.model import Ref, pieces_of
from slslint.templates.cloudformation.nodes import Undecided
from slslint.templates.terraform.grammar import kinds
from slslint.templates.terraform.names import chain
from slslint.templates.terraform.values import (
    Choice,
    Nothing,
    is_derived,
    known_text,
    lifted,
    literal,
    number,
    string,
    truth,
)

if TYPE_CHECKING:
    from slslint.templates.terraform.evaluate import Context

Condition: TypeAlias = "bool | tuple[str, bool] | None"
"""Whether it holds; or the name of a condition, and whether that must hold; None when neither can be told."""

MAX_NAME = 120

_WORD = re.compile(r"(?:each|count)\.\w+|\w+")

_WRAPPERS = kinds("expression operation")
_BINARY = kinds("binary_operation")
_UNARY = kinds("unary_operation")
_NAMES = kinds("variable_expr")
_GET = kinds("get_attr")


def decide(context: Context, tree: Tree) -> Condition:
    """Whether an expression holds."""
    tree = _unwrapped(context, tree)
    if tree.kind_id in _UNARY:
        parts = context.parts(tree)
        if parts[0].type == "!":
            return opposite(_of_parts(context, parts[1:], tree))
    if tree.kind_id in _BINARY:
        return _binary(context, tree)
    return _of_value(context.value(tree), name_of(context, [tree]))


def opposite(condition: Condition) -> Condition:
    """The condition that holds where this one does not."""
    if isinstance(condition, bool):
        return not condition
    return None if condition is None else (condition[0], not condition[1])


def _unwrapped(context: Context, tree: Tree) -> Tree:
    """The expression inside parentheses and other wrappers."""
    while tree.kind_id in _WRAPPERS:
        parts = context.parts(tree)
        inner = parts
        if len(parts) == 3 and parts[0].type == "(":
            inner = parts[1:2]
        if len(inner) != 1:
            break
        tree = inner[0]
    return tree


def _of_parts(context: Context, parts: Sequence[Tree], tree: Tree) -> Condition:
    """Whether the operand of an operator holds."""
    if len(parts) == 1:
        return decide(context, parts[0])
    return _of_value(chain(context, parts, tree), name_of(context, parts))


def _of_value(value: Node, name: str | None) -> Condition:
    """Whether a value is true; a default decides nothing."""
    if isinstance(value, Choice):
        then, otherwise = _of_value(value.then, None), _of_value(value.otherwise, None)
        if isinstance(then, bool) and isinstance(otherwise, bool):
            return then if then is otherwise else (value.condition, then)
    known = truth(value)
    if known is not None and not is_derived(value):
        return known
    return None if name is None else (name, True)


def _binary(context: Context, tree: Tree) -> Condition:
    from slslint.templates.terraform.expressions import operands

    sign, left, right = operands(context, tree)
    if sign in ("&&", "||"):
        return _both(context, sign, _of_parts(context, left, tree), _of_parts(context, right, tree), tree)
    if not sign:
        return None
    values = [chain(context, left, tree), chain(context, right, tree)]
    names = name_of(context, left), name_of(context, right)
    at = context.place(tree)

    def compared(nodes: list[Node]) -> Node:
        result = _compare(sign, nodes[0], nodes[1])
        return Undecided("it is known only when deployed", at) if result is None else literal(result, at)

    name = None
    if None not in names:
        one, other = str(names[0]), str(names[1])
        if sign in ("!=", "=="):
            name = one if other == "true" else other if one == "true" else f"{one} == {other}"
            if other == "false":
                name, sign = one, {"==": "!=", "!=": "=="}[sign]
        elif one.startswith("length(") and other == "0" and sign == ">":
            name = f"{one} > 0"
        else:
            name = f"{one} {sign} {other}"
    positive = _named(name, sign != "!=")
    if name is not None and name.startswith("length(") and name.endswith(") == 0"):
        positive = _named(f"{name[:-5]} > 0", sign == "!=")
    found = _of_value(lifted(values, compared, at), None)
    return found if found is not None else positive


def _named(name: str | None, holds: bool) -> Condition:
    return None if name is None else (name, holds)


def _compare(sign: str, left: Node, right: Node) -> bool | None:
    """What a comparison of decided values gives; None when one of them is not, or is only a default."""
    if isinstance(left, Nothing) or isinstance(right, Nothing):
        other = right if isinstance(left, Nothing) else left
        if sign not in ("==", "!="):
            return None
        if isinstance(other, Nothing):
            return sign == "=="
        return sign == "!=" if _there(other) else None
    if is_derived(left) or is_derived(right):
        return None
    one, other_text = string(left), string(right)
    if one is None or other_text is None:
        # What names a resource is no empty text: `var.dead_letter_arn == ""`.
        named = right if one == "" else left if other_text == "" else None
        return sign == "!=" if named is not None and sign in ("==", "!=") and _there(named) else None
    if sign in ("==", "!="):
        return (one == other_text) is (sign == "==")
    first, second = number(left), number(right)
    if first is None or second is None:
        return None
    return {"<": first < second, ">": first > second, "<=": first <= second, ">=": first >= second}[sign]


def _there(node: Node) -> bool:
    """Whether a value surely is not null, whatever is deployed."""
    if isinstance(node, SequenceNode | MappingNode):
        return not isinstance(node, Choice) and not is_derived(node)
    known = known_text(node)
    if known is None or is_derived(node):
        return False
    parts = pieces_of(known)
    return any(isinstance(part, str | Ref) for part in parts)


def _both(context: Context, sign: str, left: Condition, right: Condition, tree: Tree) -> Condition:
    absorbing = sign == "||"
    for one, other in ((left, right), (right, left)):
        if isinstance(one, bool):
            return absorbing if one is absorbing else other
    if left is None or right is None or isinstance(left, bool) or isinstance(right, bool):
        return None
    if left == right:
        return left
    if left[0] == right[0]:
        return absorbing
    name = f" {sign} ".join(each if holds else f"!({each})" for each, holds in sorted((left, right)))
    return (name, True) if len(name) <= 2 * MAX_NAME else None


def name_of(context: Context, parts: Sequence[Tree]) -> str | None:
    """What an expression is called as a condition: its words, where its variables come from elsewhere theirs.

    None when what it speaks of differs from one use to the next.
    """
    first, last = parts[0], parts[-1]
    if len(parts) == 1:
        first = last = _unwrapped(context, parts[0])
        parts = context.parts(first) if first.kind_id in _WRAPPERS else [first]
    if parts[0].kind_id in _NAMES and len(parts) > 1 and parts[1].kind_id in _GET:
        followed = _followed(context, parts)
        if followed is not None:
            return followed
    data = context.source.data[first.start_byte : last.end_byte]
    written = " ".join(data.decode(errors="replace").split())
    if context.names and not context.names.keys().isdisjoint(_WORD.findall(written)):
        return None
    if len(written) > MAX_NAME:
        return None
    local = written[:1].isalpha() and written not in ("true", "false", "null")
    return f"{context.module.address}.{written}" if context.module.address and local else written


def _followed(context: Context, parts: Sequence[Tree]) -> str | None:
    """The name of what a variable of a module, or a local, is set to."""
    root, name = (part.text or b"" for part in (parts[0], parts[1].children[-1]))
    if any(part.kind_id not in _GET for part in parts[2:]):
        return None
    way = "".join((part.text or b"").decode() for part in parts[2:])
    found = context.module.definition(root.decode(), name.decode())
    if found is None:
        return None
    written, module, names = found
    if written.tree is None:
        return None
    unit = module.unit
    if unit.depth > 100:
        return None
    unit.depth += 1
    try:
        inner = type(context)(written.source, module, names)
        followed = name_of(inner, [written.tree])
    finally:
        unit.depth -= 1
    return None if followed is None else f"{followed}{way}"
