"""Operators, conditionals and assignments inside expressions."""

from __future__ import annotations

from tree_sitter import Node

from slslint.facts import Arithmetic, Compare, Exit, Expr, Literal, Logic, OneOf, Other
from slslint.languages.python.dispatch import LOWERINGS, inner, lower, other
from slslint.languages.python.grammar import Fields, by_kind, kinds
from slslint.languages.python.targets import bind
from slslint.languages.scope import Scope
from slslint.languages.texts import folded, is_text


def _spine(node: Node, of: frozenset[int], operator: str | None = None) -> list[Node]:
    """The operator nodes down the left side, innermost first: `a + b + c + ...` may be thousands long."""
    found = [node]
    while True:
        left = found[-1].child_by_field_id(Fields.LEFT)
        if left is None or left.kind_id not in of:
            break
        if operator is not None and _operator(left) != operator:
            break
        found.append(left)
    found.reverse()
    return found


def _operator(node: Node) -> str:
    operator = node.child_by_field_id(Fields.OPERATOR)
    return "" if operator is None else operator.type


def _binary(node: Node, scope: Scope, depth: int) -> Expr:
    spine = _spine(node, _BINARY)
    first = lower(spine[0].child_by_field_id(Fields.LEFT), scope, depth)
    rest = ((each, _operator(each), lower(each.child_by_field_id(Fields.RIGHT), scope, depth)) for each in spine)
    return folded(first, rest, _combined)


def _combined(node: Node, left: Expr, operator: str, right: Expr) -> Expr:
    if operator == "%" and is_text(left):
        from slslint.languages.python import texts  # most texts are put together by f"" nowadays

        return texts.interpolated(left, right)
    return Arithmetic(left, operator, right)


def _boolean(node: Node, scope: Scope, depth: int) -> Expr:
    operator = _operator(node)
    spine = _spine(node, _BOOLEAN, operator)
    operands = [lower(spine[0].child_by_field_id(Fields.LEFT), scope, depth)]
    operands += [lower(each.child_by_field_id(Fields.RIGHT), scope, depth) for each in spine]
    return Logic(operator, tuple(operands))


def _not(node: Node, scope: Scope, depth: int) -> Expr:
    return Logic("not", (lower(node.child_by_field_id(Fields.ARGUMENT), scope, depth),))


def _unary(node: Node, scope: Scope, depth: int) -> Expr:
    value = lower(node.child_by_field_id(Fields.ARGUMENT), scope, depth)
    operator = _operator(node)
    if isinstance(value, Literal) and isinstance(value.value, int | float) and operator in ("-", "+"):
        return Literal(-value.value if operator == "-" else +value.value)
    return Other((value,))


def _comparison(node: Node, scope: Scope, depth: int) -> Expr:
    operators = node.children_by_field_id(Fields.OPERATORS)
    operands = [lower(child, scope, depth) for child in inner(node)]
    if any(operator.type == "<>" for operator in operators):
        scope.unit.foreign.append(node)
    if len(operators) == 1 and len(operands) == 2:
        return Compare(operands[0], operators[0].type, operands[1])
    return Other(tuple(operands))


def _conditional(node: Node, scope: Scope, depth: int) -> Expr:
    parts = [lower(child, scope, depth) for child in inner(node)]
    if len(parts) != 3:
        return Other(tuple(parts))
    return OneOf((parts[0], parts[2]), parts[1])


def _walrus(node: Node, scope: Scope, depth: int) -> Expr:
    value = lower(node.child_by_field_id(Fields.VALUE), scope, depth)
    target = node.child_by_field_id(Fields.NAME)
    if target is not None:
        bind(target, value, scope, scope.unit.at(node), "=", depth)
    return value


def _yield(node: Node, scope: Scope, depth: int) -> Expr:
    children = inner(node)
    value = lower(children[0], scope, depth) if len(children) == 1 else other(node, scope, depth)
    scope.exits.append(Exit("yield", value if children else None, scope.unit.at(node), scope.block))
    return Other((value,))


_BINARY = kinds("binary_operator")
_BOOLEAN = kinds("boolean_operator")

LOWERINGS.update(
    by_kind(
        {
            "binary_operator": _binary,
            "boolean_operator": _boolean,
            "not_operator": _not,
            "unary_operator": _unary,
            "comparison_operator": _comparison,
            "conditional_expression": _conditional,
            "named_expression": _walrus,
            "yield": _yield,
        }
    )
)
