"""Loops, `try`, `with` and `match`, and the blocks that they open."""

from __future__ import annotations

from tree_sitter import Node

from slslint.facts import ANY, Call, Expr, Item, Literal, Logic, Other, Sequence
from slslint.languages.python.dispatch import STATEMENTS, inner, lower
from slslint.languages.python.grammar import Fields, by_kind, kinds
from slslint.languages.python.statements import block_of, dotted, header
from slslint.languages.python.targets import bind
from slslint.languages.scope import Scope

_IMPORT_FAILURES = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
_SWALLOWING = frozenset({"suppress", "raises", "assertRaises"})


def _for(node: Node, scope: Scope, depth: int) -> bool:
    unit = scope.unit
    outside = scope.block
    iterable = lower(node.child_by_field_id(Fields.RIGHT), scope)
    body = node.child_by_field_id(Fields.BODY)
    scope.open("loop", outside, iterable, header(node, scope), unit.reach(node, body or node))
    target = node.child_by_field_id(Fields.LEFT)
    if target is not None:
        bind(target, Item(iterable, ANY), scope, unit.at(target), "for")
    block_of(body, scope, depth)
    scope.block = outside
    _loop_else(node, scope, depth)
    return False


def _while(node: Node, scope: Scope, depth: int) -> bool:
    outside = scope.block
    body = node.child_by_field_id(Fields.BODY)
    at = header(node, scope)
    whole = scope.unit.reach(node, body or node)
    block = scope.open("loop", outside, None, at, whole)
    test = lower(node.child_by_field_id(Fields.CONDITION), scope)
    scope.retest(block, test)
    block_of(body, scope, depth)
    scope.block = outside
    _loop_else(node, scope, depth)
    return False


def _loop_else(node: Node, scope: Scope, depth: int) -> None:
    clause = node.child_by_field_id(Fields.ALTERNATIVE)
    if clause is not None:
        _clause("else", clause, None, scope, depth)


def _clause(kind: str, node: Node, test: Expr | None, scope: Scope, depth: int) -> bool:
    outside = scope.block
    scope.open(kind, outside, test, header(node, scope), scope.unit.at(node))
    left = block_of(next((child for child in node.children if child.kind_id in _BLOCK), None), scope, depth)
    scope.block = outside
    return left


def _try(node: Node, scope: Scope, depth: int) -> bool:
    outside = scope.block
    clauses = [child for child in node.named_children if child.kind_id in _TRY_CLAUSES]
    body = node.child_by_field_id(Fields.BODY)
    block = scope.open("try", outside, None, header(node, scope), scope.unit.reach(node, body or node))
    if any(_catches_import_failure(clause, scope) for clause in clauses if clause.kind_id in _EXCEPT):
        scope.optional.add(block)
    left = block_of(body, scope, depth)
    scope.block = outside
    handled = True
    for clause in clauses:
        if clause.kind_id in _EXCEPT:
            handled = _except(clause, scope, depth) and handled
        elif clause.kind_id in _ELSE:
            left = _clause("else", clause, None, scope, depth) or left
        elif _clause("finally", clause, None, scope, depth):
            return True
    return left and handled


def _catches_import_failure(clause: Node, scope: Scope) -> bool:
    caught = clause.child_by_field_id(Fields.VALUE)
    if caught is None:
        return True
    names = scope.unit.text(caught).partition(" as ")[0].strip("() \t\r\n").split(",")
    return any(name.strip().rpartition(".")[2] in _IMPORT_FAILURES for name in names)


def _except(node: Node, scope: Scope, depth: int) -> bool:
    outside = scope.block
    values = node.children_by_field_id(Fields.VALUE)
    types: list[Expr] = []
    target: Node | None = None
    for value in values:
        shown, target = _aliased(value)
        types.append(lower(shown, scope))
    # `except A, b` gives a name in Python 2, and catches two types since Python 3.14.
    if len(values) == 2 and values[1].kind_id in _IDENTIFIER and scope.unit.text(values[1])[:1].islower():
        scope.unit.foreign.append(node)
    test = None if not types else types[0] if len(types) == 1 else Sequence(tuple(types), "tuple")
    scope.open("except", outside, test, header(node, scope), scope.unit.at(node))
    if target is not None:
        bind(target, Other(() if test is None else (test,)), scope, scope.unit.at(target))
    left = block_of(next((child for child in node.children if child.kind_id in _BLOCK), None), scope, depth)
    scope.block = outside
    return left


def _aliased(node: Node) -> tuple[Node, Node | None]:
    """The two sides of `value as target`."""
    if node.kind_id not in _AS:
        return node, None
    return inner(node)[0], node.child_by_field_id(Fields.ALIAS)


def _with(node: Node, scope: Scope, depth: int) -> bool:
    unit = scope.unit
    outside = scope.block
    at = header(node, scope)
    whole = unit.at(node)
    swallows = False
    for clause in inner(node):
        for item in inner(clause) if clause.kind_id in _WITH_CLAUSE else ():
            value = item.child_by_field_id(Fields.VALUE)
            if value is None:
                continue
            manager, target = _aliased(value)
            context = lower(manager, scope)
            block = scope.open("with", scope.block, context, at, whole)
            if isinstance(context, Call) and dotted(context.callee).rpartition(".")[2] in _SWALLOWING:
                swallows = True
                if _catches_import_failure_call(context):
                    scope.optional.add(block)
            if target is not None:
                bind(target, context, scope, unit.at(value))
    left = block_of(node.child_by_field_id(Fields.BODY), scope, depth)
    scope.block = outside
    return left and not swallows


def _catches_import_failure_call(call: Call) -> bool:
    return any(dotted(argument.value).rpartition(".")[2] in _IMPORT_FAILURES for argument in call.args)


def _match(node: Node, scope: Scope, depth: int) -> bool:
    from slslint.languages.python.patterns import capture, test_of  # few files hold a match statement

    outside = scope.block
    subjects = [lower(child, scope) for child in node.children_by_field_id(Fields.SUBJECT)]
    subject = subjects[0] if len(subjects) == 1 else Sequence(tuple(subjects), "tuple")
    body = node.child_by_field_id(Fields.BODY)
    leaving = True
    exhaustive = False
    for clause in () if body is None else body.named_children:
        if clause.kind_id not in _CASE:
            continue
        patterns = [child for child in inner(clause) if child.kind_id in _PATTERN]
        guard = clause.child_by_field_id(Fields.GUARD)
        test = test_of(patterns, subject, scope)
        exhaustive = exhaustive or (test is None and guard is None)
        block = scope.open("case", outside, test, header(clause, scope), scope.unit.at(clause))
        for index, pattern in enumerate(patterns):
            capture(pattern, subject if len(patterns) == 1 else Item(subject, Literal(index)), scope)
        if guard is not None:
            condition = lower(guard.named_child(0), scope)
            scope.retest(block, condition if test is None else Logic("and", (test, condition)))
        leaving = block_of(clause.child_by_field_id(Fields.CONSEQUENCE), scope, depth) and leaving
        scope.block = outside
    return leaving and exhaustive


_IDENTIFIER = kinds("identifier")
_BLOCK = kinds("block")
_ELSE = kinds("else_clause")
_EXCEPT = kinds("except_clause")
_TRY_CLAUSES = kinds("except_clause else_clause finally_clause")
_WITH_CLAUSE = kinds("with_clause")
_AS = kinds("as_pattern")
_CASE = kinds("case_clause")
_PATTERN = kinds("case_pattern")

STATEMENTS.update(
    by_kind(
        {
            "for_statement": _for,
            "while_statement": _while,
            "try_statement": _try,
            "with_statement": _with,
            "match_statement": _match,
        }
    )
)
