"""Operators, conditionals and assignments inside expressions."""

from __future__ import annotations

from tree_sitter import Node

from slslint.facts import ANY, Arithmetic, Compare, Exit, Expr, Literal, Logic, OneOf, Other
from slslint.languages.javascript.dispatch import EFFECTS, LOWERINGS, Lowering, effect, inner, lower, named
from slslint.languages.javascript.grammar import TRANSPARENT, Fields, by_kind, kinds
from slslint.languages.javascript.patterns import bind, name_for, this_for
from slslint.languages.scope import Scope
from slslint.languages.texts import folded, is_text, join
from slslint.source import Span

_LOGIC = {"&&": "and", "||": "or", "??": "or"}
_COMPARISONS = {
    "==": "==", "===": "==", "!=": "!=", "!==": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "in": "in",
}  # fmt: skip
_NONE = Literal(None)
_DECIDING = 16


def _operator(node: Node) -> str:
    operator = node.child_by_field_id(Fields.OPERATOR)
    return "" if operator is None else operator.type


def _binary(node: Node, scope: Scope, depth: int) -> Expr:
    operator = _operator(node)
    if operator in _LOGIC:
        return _logic(node, operator, scope, depth, lower)
    # `a + b + c + ...` may be thousands long.
    spine = [node]
    while True:
        left = spine[-1].child_by_field_id(Fields.LEFT)
        if left is None or left.kind_id not in _BINARY or _operator(left) in _LOGIC:
            break
        spine.append(left)
    rest = (
        (each, _operator(each), lower(each.child_by_field_id(Fields.RIGHT), scope, depth)) for each in reversed(spine)
    )
    return folded(lower(left, scope, depth), rest, _combined)


def _combined(node: Node, left: Expr, operator: str, right: Expr) -> Expr:
    if operator in _COMPARISONS:
        return _comparison(node, left, _COMPARISONS[operator], right)
    return Other((left, right)) if operator == "instanceof" else Arithmetic(left, operator, right)


def operated(node: Node, value: Expr, scope: Scope, depth: int) -> Expr:
    """An operator's result, when its last operand is this value."""
    operator = _operator(node)
    if node.kind_id in _UNARY:
        return _applied(operator, value)
    left = lower(node.child_by_field_id(Fields.LEFT), scope, depth)
    if operator in _LOGIC:
        return Logic(_LOGIC[operator], (left, value))
    if operator == "+" and (is_text(left) or is_text(value)):
        return join([left, value])
    return _combined(node, left, operator, value)


def _comparison(node: Node, left: Expr, op: str, right: Expr) -> Expr:
    if op in ("==", "!="):
        absent = "is" if op == "==" else "is not"
        for one, other, field in ((left, right, Fields.LEFT), (right, left, Fields.RIGHT)):
            if other == _NONE:
                return Compare(one, absent, _NONE)
            # `typeof x === "undefined"`
            if other == Literal("undefined") and isinstance(one, Other) and len(one.parts) == 1:
                side = node.child_by_field_id(field)
                if side is not None and side.kind_id in _UNARY and _operator(side) == "typeof":
                    return Compare(one.parts[0], absent, _NONE)
    return Compare(left, op, right)


def _binary_effect(node: Node, scope: Scope, depth: int) -> Expr:
    operator = _operator(node)
    return _logic(node, operator, scope, depth, effect) if operator in _LOGIC else _binary(node, scope, depth)


def _logic(node: Node, operator: str, scope: Scope, depth: int, last: Lowering) -> Expr:
    spine = [node]
    while True:
        left = spine[-1].child_by_field_id(Fields.LEFT)
        if left is None or left.kind_id not in _BINARY or _operator(left) != operator:
            break
        spine.append(left)
    operands = [lower(left, scope, depth)]
    at = scope.unit.at(left or node)
    for each in reversed(spine):
        right = each.child_by_field_id(Fields.RIGHT)
        kind = "else" if operator == "||" else "if"
        # Of the operands that decide whether this one is evaluated, the first tell enough.
        before = operands[0] if len(operands) == 1 else Logic(_LOGIC[operator], tuple(operands[:_DECIDING]))
        test = Compare(before, "is", _NONE) if operator == "??" else before
        operands.append(_guarded(right, kind, test, at, scope, depth, last if each is node else lower))
    return Logic(_LOGIC[operator], tuple(operands))


def _guarded(
    node: Node | None, kind: str, test: Expr, at: Span, scope: Scope, depth: int, lowering: Lowering = lower
) -> Expr:
    """What is not always evaluated: in a block of its own, if anything happens there."""
    if node is None or node.kind_id in _QUIET:
        return lower(node, scope, depth)
    trial = scope.try_block(kind, test, at, scope.unit.at(node))
    value = lowering(node, scope, depth)
    scope.close(trial)
    return value


def _ternary(node: Node, scope: Scope, depth: int) -> Expr:
    return _conditional(node, scope, depth, lower)


def _ternary_effect(node: Node, scope: Scope, depth: int) -> Expr:
    return _conditional(node, scope, depth, effect)


def _conditional(node: Node, scope: Scope, depth: int, arm: Lowering) -> Expr:
    condition = node.child_by_field_id(Fields.CONDITION)
    test = lower(condition, scope, depth)
    at = scope.unit.at(condition or node)
    yes = _guarded(node.child_by_field_id(Fields.CONSEQUENCE), "if", test, at, scope, depth, arm)
    no = _guarded(node.child_by_field_id(Fields.ALTERNATIVE), "else", test, at, scope, depth, arm)
    return OneOf((yes, no), test)


def _unary(node: Node, scope: Scope, depth: int) -> Expr:
    operator = _operator(node)
    argument = node.child_by_field_id(Fields.ARGUMENT)
    if operator == "void":
        effect(argument, scope, depth)
        return _NONE
    if operator == "delete":
        return _delete(node, argument, scope, depth)
    return _applied(operator, lower(argument, scope, depth))


def _applied(operator: str, value: Expr) -> Expr:
    if operator == "void":
        return _NONE
    if operator == "!":
        return Logic("not", (value,))
    if isinstance(value, Literal) and isinstance(value.value, int | float) and operator in ("-", "+"):
        return Literal(-value.value if operator == "-" else +value.value)
    return Other((value,))


def _unary_effect(node: Node, scope: Scope, depth: int) -> Expr:
    if _operator(node) == "delete":
        return _unary(node, scope, depth)
    return Other((effect(node.child_by_field_id(Fields.ARGUMENT), scope, depth),))


def _delete(node: Node, argument: Node | None, scope: Scope, depth: int) -> Expr:
    while argument is not None and argument.kind_id in TRANSPARENT:
        argument = argument.named_child(0)
    if argument is not None:
        bind(argument, ANY, scope, scope.unit.at(node), "del", depth)
    return Literal(True)


def _sequence(node: Node, scope: Scope, depth: int) -> Expr:
    return _all_but_last(node, scope, depth, lower)


def _sequence_effect(node: Node, scope: Scope, depth: int) -> Expr:
    return _all_but_last(node, scope, depth, effect)


def _all_but_last(node: Node, scope: Scope, depth: int, last: Lowering) -> Expr:
    *before, final = inner(node) or [node]
    if final == node:
        return ANY
    for each in before:
        effect(each, scope, depth)
    return last(final, scope, depth)


# --- assignments -----------------------------------------------------------------------------------------------------


def _assignment(node: Node, scope: Scope, depth: int) -> Expr:
    unit = scope.unit
    targets: list[Node] = []
    value: Node | None = node
    while value is not None and value.kind_id in _ASSIGNMENT:
        target = value.child_by_field_id(Fields.LEFT)
        if target is not None:
            targets.append(target)
        value = value.child_by_field_id(Fields.RIGHT)
    texts = [name_for(target, scope) for target in targets]
    name = next((text for text in texts if text not in ("", "exports", "module.exports")), texts[0] if texts else "")
    this = next((this for this in (this_for(target, scope) for target in targets) if this), "")
    given = named(value, name, scope, depth, this)
    at = unit.at(node)
    for target, text in zip(targets, texts, strict=True):
        # In `exports = module.exports = ...` the two are one.
        if text != "exports" or "module.exports" not in texts:
            bind(target, given, scope, at, "=", depth)
    return given


def _augmented(node: Node, scope: Scope, depth: int) -> Expr:
    target = node.child_by_field_id(Fields.LEFT)
    right = node.child_by_field_id(Fields.RIGHT)
    operator = _operator(node)
    at = scope.unit.at(node)
    if target is None:
        return lower(right, scope, depth)
    if operator[:-1] not in _LOGIC:
        value = lower(right, scope, depth)
        bind(target, value, scope, at, operator, depth)
        return Other((value,))
    before = lower(target, scope, depth)
    test: Expr = before
    if operator == "??=":
        test = Compare(before, "is", _NONE)
    elif operator == "||=":
        test = Logic("not", (before,))
    trial = scope.try_block("if", test, scope.unit.at(target), at)
    value = named(right, name_for(target, scope), scope, depth)
    bind(target, value, scope, at, "=", depth)
    scope.close(trial)
    return Logic(_LOGIC[operator[:-1]], (before, value))


def _update(node: Node, scope: Scope, depth: int) -> Expr:
    argument = node.child_by_field_id(Fields.ARGUMENT)
    if argument is None:
        return ANY
    value = lower(argument, scope, depth)
    bind(argument, Literal(1), scope, scope.unit.at(node), f"{_operator(node)[:1]}=", depth)
    return Other((value,))


def _yield(node: Node, scope: Scope, depth: int) -> Expr:
    children = inner(node)
    value = lower(children[0], scope, depth) if children else _NONE
    scope.exits.append(Exit("yield", value if children else None, scope.unit.at(node), scope.block))
    return Other((value,))


_BINARY = kinds("binary_expression")
_UNARY = kinds("unary_expression")
_ASSIGNMENT = kinds("assignment_expression")
_QUIET = kinds("identifier string number true false null undefined this regex arrow_function function_expression")

LOWERINGS.update(
    by_kind(
        {
            "binary_expression": _binary,
            "ternary_expression": _ternary,
            "unary_expression": _unary,
            "sequence_expression": _sequence,
            "assignment_expression": _assignment,
            "augmented_assignment_expression": _augmented,
            "update_expression": _update,
            "yield_expression": _yield,
        }
    )
)
EFFECTS.update(
    by_kind(
        {
            "binary_expression": _binary_effect,
            "ternary_expression": _ternary_effect,
            "unary_expression": _unary_effect,
            "sequence_expression": _sequence_effect,
        }
    )
)
