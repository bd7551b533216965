"""Loops, `try` and `switch`, and the blocks that they open."""

from __future__ import annotations

from tree_sitter import Node

from slslint.facts import ANY, Compare, Expr, Item, Literal, Logic, Other, Sequence
from slslint.languages.javascript.dispatch import STATEMENTS, effect, lower
from slslint.languages.javascript.grammar import Fields, by_kind, kinds
from slslint.languages.javascript.patterns import bind
from slslint.languages.javascript.statements import body_of, run, suite
from slslint.languages.scope import Scope

_MOST_LABELS = 200
"""Labels of one arm of a switch, those that fall through to it included, that its test tells."""


def _for(node: Node, scope: Scope, depth: int) -> bool:
    outside = scope.block
    body = node.child_by_field_id(Fields.BODY)
    initializer = node.child_by_field_id(Fields.INITIALIZER)
    if initializer is not None:
        run(initializer, scope, depth)
    block = scope.open("loop", outside, None, scope.unit.header(node, body), scope.unit.at(node))
    condition = node.child_by_field_id(Fields.CONDITION)
    if condition is not None and condition.kind_id not in _EMPTY:
        scope.retest(block, lower(condition, scope))
    body_of(body, scope, depth)
    effect(node.child_by_field_id(Fields.INCREMENT), scope)
    scope.block = outside
    return False


def _for_in(node: Node, scope: Scope, depth: int) -> bool:
    unit = scope.unit
    outside = scope.block
    body = node.child_by_field_id(Fields.BODY)
    target = node.child_by_field_id(Fields.LEFT)
    operator = node.child_by_field_id(Fields.OPERATOR)
    iterable = lower(node.child_by_field_id(Fields.RIGHT), scope)
    scope.open("loop", outside, iterable, scope.unit.header(node, body), unit.at(node))
    # `for (key in object)` gives names, of which nothing is known.
    keys = operator is not None and operator.type == "in"
    value = Other((iterable,)) if keys else Item(iterable, ANY)
    if target is not None:
        declares = node.child_by_field_id(Fields.KIND) is not None
        bind(target, value, scope, unit.at(target), "for", 0, declares)
    body_of(body, scope, depth)
    scope.block = outside
    return False


def _while(node: Node, scope: Scope, depth: int) -> bool:
    outside = scope.block
    body = node.child_by_field_id(Fields.BODY)
    block = scope.open("loop", outside, None, scope.unit.header(node, body), scope.unit.at(node))
    scope.retest(block, lower(node.child_by_field_id(Fields.CONDITION), scope))
    body_of(body, scope, depth)
    scope.block = outside
    return False


def _do(node: Node, scope: Scope, depth: int) -> bool:
    outside = scope.block
    condition = node.child_by_field_id(Fields.CONDITION)
    at = scope.unit.at(condition or node)
    block = scope.open("loop", outside, None, at, scope.unit.at(node))
    body_of(node.child_by_field_id(Fields.BODY), scope, depth)
    scope.retest(block, lower(condition, scope))
    scope.block = outside
    return False


def _try(node: Node, scope: Scope, depth: int) -> bool:
    unit = scope.unit
    outside = scope.block
    body = node.child_by_field_id(Fields.BODY)
    handler = node.child_by_field_id(Fields.HANDLER)
    finalizer = node.child_by_field_id(Fields.FINALIZER)
    block = scope.open("try", outside, None, unit.at(node.children[0]), unit.reach(node, body or node))
    if handler is not None:
        scope.optional.add(block)
    left = body_of(body, scope, depth)
    scope.block = outside
    if handler is not None:
        inside = handler.child_by_field_id(Fields.BODY)
        scope.open("except", outside, None, unit.header(handler, inside), unit.at(handler))
        caught = handler.child_by_field_id(Fields.PARAMETER)
        if caught is not None:
            bind(caught, ANY, scope, unit.at(caught), "=", 0, True)
        left = body_of(inside, scope, depth) and left
        scope.block = outside
    if finalizer is not None:
        scope.open("finally", outside, None, unit.at(finalizer.children[0]), unit.at(finalizer))
        left = body_of(finalizer.child_by_field_id(Fields.BODY), scope, depth) or left
        scope.block = outside
    return left


def _switch(node: Node, scope: Scope, depth: int) -> bool:
    unit = scope.unit
    outside = scope.block
    subject = lower(node.child_by_field_id(Fields.VALUE), scope)
    body = node.child_by_field_id(Fields.BODY)
    values: list[Expr] = []
    first: Node | None = None
    default = exhaustive = False
    left = False
    for arm in () if body is None else body.named_children:
        if arm.kind_id not in _ARMS:
            continue
        first = first or arm
        value = arm.child_by_field_id(Fields.VALUE)
        if value is None:
            default = exhaustive = True
        else:
            values.append(lower(value, scope))
        statements = arm.children_by_field_id(Fields.BODY)
        if not statements:
            continue
        at = unit.reach(arm, value) if value is not None else unit.at(arm.children[0])
        test = None if default else _arm_test(subject, values)
        scope.open("case", outside, test, at, unit.reach(first, arm))
        left = suite([s for each in statements for s in _unwrapped(each)], scope, depth)
        scope.block = outside
        first = None
        if left:
            # Without a `break` the next arm runs for these values too.
            values = []
            default = False
    return exhaustive and left and body is not None and not _breaks(body)


def _unwrapped(node: Node) -> list[Node]:
    """`case 1: { ... }` is `case 1: ...`."""
    return node.named_children if node.kind_id in _BLOCK else [node]


def _arm_test(subject: Expr, values: list[Expr]) -> Expr:
    if subject == Literal(True):
        return values[0] if len(values) == 1 else Logic("or", tuple(values))
    if len(values) == 1 or len(values) > _MOST_LABELS:
        return Compare(subject, "==", values[0] if len(values) == 1 else ANY)
    return Compare(subject, "in", Sequence(tuple(values), "tuple"))


def _breaks(body: Node) -> bool:
    """Whether a `break` comes out behind the switch, or any label may."""
    stack = [body]
    while stack:
        node = stack.pop()
        if node.kind_id in _BREAK:
            return True
        stack.extend(child for child in node.named_children if child.kind_id not in _OWN_BREAKS)
    return False


def _labeled(node: Node, scope: Scope, depth: int) -> bool:
    # A `break` inside may come out right behind it.
    body_of(node.child_by_field_id(Fields.BODY), scope, depth)
    return False


def _with(node: Node, scope: Scope, depth: int) -> bool:
    lower(node.child_by_field_id(Fields.OBJECT), scope)
    return body_of(node.child_by_field_id(Fields.BODY), scope, depth)


_BLOCK = kinds("statement_block")
_EMPTY = kinds("empty_statement")
_ARMS = kinds("switch_case switch_default")
_BREAK = kinds("break_statement")
_OWN_BREAKS = kinds(
    "for_statement for_in_statement while_statement do_statement switch_statement function_declaration arrow_function "
    "function_expression generator_function generator_function_declaration class_declaration class method_definition"
)

STATEMENTS.update(
    by_kind(
        {
            "for_statement": _for,
            "for_in_statement": _for_in,
            "while_statement": _while,
            "do_statement": _do,
            "try_statement": _try,
            "switch_statement": _switch,
            "labeled_statement": _labeled,
            "with_statement": _with,
        }
    )
)
