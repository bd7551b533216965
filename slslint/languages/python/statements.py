"""Statements one after the other, `if`, and those that hold no others."""

from __future__ import annotations

from collections.abc import Sequence

from tree_sitter import Node

from slslint.facts import ANY, Attr, Call, Exit, Expr, Name
from slslint.languages.python.dispatch import STATEMENTS, inner, lower
from slslint.languages.python.expressions import effect
from slslint.languages.python.grammar import EXTRAS, Fields, by_kind, kinds
from slslint.languages.python.targets import bind
from slslint.languages.scope import MAX_NESTING, Scope
from slslint.source import Span

_NEVER_RETURN = frozenset({"sys.exit", "os._exit", "os.abort", "exit", "quit"})


def read_body(scope: Scope) -> None:
    """Read the body of a function, or of the file."""
    body = scope.body
    if body.kind_id in _BLOCKS:
        suite(body.named_children, scope, 0)
        return
    value = lower(body, scope)
    scope.exits.append(Exit("return", value, scope.unit.at(body), 0))


def suite(nodes: Sequence[Node], scope: Scope, depth: int) -> bool:
    """Read statements that follow each other; whether control leaves before their end."""
    outside = scope.block
    left = False
    if depth > MAX_NESTING:
        return left
    row = column = -1
    for index, node in enumerate(nodes):
        kind = node.kind_id
        if kind not in EXTRAS:
            start = node.start_point
            if start.row > row:
                scope.unit.crooked |= column not in (-1, start.column)
                column = start.column
            row = node.end_point.row
        if kind in _IF:
            leaving, guards = _if(node, scope, depth + 1)
            left = left or leaving
            if guards and index + 1 < len(nodes):
                rest = scope.unit.reach(nodes[index + 1], nodes[-1])
                for test, at in guards:
                    scope.open("else", scope.block, test, at, rest)
        else:
            reading = STATEMENTS.get(kind, _expression)
            if reading(node, scope, depth + 1):
                left = True
    scope.unit.crooked |= column < 0
    scope.block = outside
    return left


def block_of(node: Node | None, scope: Scope, depth: int) -> bool:
    """Read the statements of a block; whether control leaves before their end."""
    return node is not None and suite(node.named_children, scope, depth)


def header(node: Node, scope: Scope) -> Span:
    """A compound statement from its start to its colon."""
    last = node
    for child in node.children:
        last = child
        if child.type == ":":
            break
    return scope.unit.reach(node, last)


def _if(node: Node, scope: Scope, depth: int) -> tuple[bool, list[tuple[Expr, Span]]]:
    """Read an if with its elifs and else, each in the else of the one before.

    Gives whether all branches leave; and if they do not, the tests, with their headers, that cannot have held when
    control reaches the next statement.
    """
    unit = scope.unit
    outside = scope.block
    guards: list[tuple[Expr, Span]] = []
    leaving = True
    exhaustive = False
    test: Expr = ANY
    for clause in (node, *node.children_by_field_id(Fields.ALTERNATIVE)):
        at = header(clause, scope)
        if clause is not node:
            scope.open("else", scope.block, test, at, unit.reach(clause, node))
        if clause.kind_id in _ELSE:
            exhaustive = True
            leaving = block_of(clause.child_by_field_id(Fields.BODY), scope, depth) and leaving
            break
        around = scope.block
        test = lower(clause.child_by_field_id(Fields.CONDITION), scope)
        body = clause.child_by_field_id(Fields.CONSEQUENCE)
        scope.open("if", around, test, at, unit.reach(clause, body or clause))
        leaving = block_of(body, scope, depth) and leaving
        if leaving:
            guards.append((test, at))
        scope.block = around
    scope.block = outside
    return leaving and exhaustive, guards if not (leaving and exhaustive) else []


# --- simple statements -----------------------------------------------------------------------------------------------


def _expression(node: Node, scope: Scope, depth: int) -> bool:
    value = effect(node, scope)
    return isinstance(value, Call) and dotted(value.callee) in _NEVER_RETURN


def dotted(expr: Expr) -> str:
    """A name with at most one part behind a dot, as written; "" for everything else."""
    if isinstance(expr, Attr) and isinstance(expr.base, Name):
        return f"{expr.base.id}.{expr.name}"
    return expr.id if isinstance(expr, Name) else ""


def _expression_statement(node: Node, scope: Scope, depth: int) -> bool:
    children = inner(node)
    for child in children:
        if child.kind_id in _ASSIGNMENTS:
            STATEMENTS[child.kind_id](child, scope, depth)
        elif child.kind_id not in _STRING and _expression(child, scope, depth):
            return len(children) == 1
    return False


def _assignment(node: Node, scope: Scope, depth: int) -> bool:
    targets: list[Node] = []
    value: Node | None = node
    while value is not None and value.kind_id in _ASSIGNMENT:
        target = value.child_by_field_id(Fields.LEFT)
        if target is not None:
            targets.append(target)
        scope.unit.annotate(value.child_by_field_id(Fields.TYPE))
        value = value.child_by_field_id(Fields.RIGHT)
    if value is None:
        for target in targets:
            if target.kind_id in _IDENTIFIER:
                scope.bind(scope.unit.text(target))
        return False
    at = scope.unit.at(node)
    given = lower(value, scope)
    for target in targets:
        bind(target, given, scope, at)
    return False


def _augmented(node: Node, scope: Scope, depth: int) -> bool:
    target = node.child_by_field_id(Fields.LEFT)
    operator = node.child_by_field_id(Fields.OPERATOR)
    value = lower(node.child_by_field_id(Fields.RIGHT), scope)
    if target is not None and operator is not None:
        bind(target, value, scope, scope.unit.at(node), operator.type)
    return False


def _delete(node: Node, scope: Scope, depth: int) -> bool:
    for child in inner(node):
        bind(child, ANY, scope, scope.unit.at(child), "del")
    return False


def _return(node: Node, scope: Scope, depth: int) -> bool:
    return _exit("return", node, scope)


def _raise(node: Node, scope: Scope, depth: int) -> bool:
    return _exit("raise", node, scope)


def _exit(kind: str, node: Node, scope: Scope) -> bool:
    children = inner(node)
    values = [lower(child, scope) for child in children]
    if kind == "raise" and children and children[0].kind_id in _LIST:
        scope.unit.foreign.append(node)
    scope.exits.append(Exit(kind, values[0] if values else None, scope.unit.at(node), scope.block))
    return True


def _leave(node: Node, scope: Scope, depth: int) -> bool:
    return True


def _skip(node: Node, scope: Scope, depth: int) -> bool:
    return False


def _type_alias(node: Node, scope: Scope, depth: int) -> bool:
    left = node.child_by_field_id(Fields.LEFT)
    right = node.child_by_field_id(Fields.RIGHT)
    target = None if left is None else left.named_child(0)
    if target is None or right is None:
        return False
    if target.kind_id in _IDENTIFIER:
        scope.bind(scope.unit.text(target))
        scope.unit.annotate(right)
    elif target.kind_id in _ATTRIBUTE:
        # The grammar takes `type(self).clients = connect()` for an alias; what is assigned to is lost.
        lower(target, scope)
        lower(right.named_child(0), scope)
    return False


def _outer_names(node: Node, scope: Scope, depth: int) -> bool:
    if scope.outer is None:
        return False
    names = {scope.unit.text(child) for child in inner(node)}
    scope.outer_names |= names
    scope.bound -= names
    return False


def _parts(node: Node, scope: Scope, depth: int) -> bool:
    for child in inner(node):
        lower(child, scope)
    return False


def _old(node: Node, scope: Scope, depth: int) -> bool:
    scope.unit.foreign.append(node)
    return _parts(node, scope, depth)


def _recovered(node: Node, scope: Scope, depth: int) -> bool:
    """What stands in a stretch that does not parse: statements, or at least expressions."""
    suite([child for child in node.named_children if not child.is_missing], scope, depth)
    return False


_ASSIGNMENT = kinds("assignment")
_ASSIGNMENTS = kinds("assignment augmented_assignment")
_IDENTIFIER = kinds("identifier")
_ATTRIBUTE = kinds("attribute")
_BLOCKS = kinds("block module ERROR")
_IF = kinds("if_statement")
_ELSE = kinds("else_clause")
_LIST = kinds("expression_list")
_STRING = kinds("string")

STATEMENTS.update(
    by_kind(
        {
            "expression_statement": _expression_statement,
            "assignment": _assignment,
            "augmented_assignment": _augmented,
            "delete_statement": _delete,
            "return_statement": _return,
            "raise_statement": _raise,
            "break_statement continue_statement": _leave,
            "pass_statement future_import_statement comment line_continuation": _skip,
            "type_alias_statement": _type_alias,
            "global_statement nonlocal_statement": _outer_names,
            "assert_statement": _parts,
            "print_statement exec_statement": _old,
            "ERROR block module": _recovered,
        }
    )
)
