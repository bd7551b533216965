"""Statements that follow each other: declarations, exits, and what an `if` leaves to those behind it."""

from __future__ import annotations

from collections.abc import Sequence

from tree_sitter import Node

from slslint.facts import ANY, Attr, Call, Exit, Expr, Literal, Name
from slslint.languages.javascript.dispatch import LOWERINGS, STATEMENTS, effect, inner, lower, named
from slslint.languages.javascript.exports import also_called
from slslint.languages.javascript.grammar import Fields, by_kind, kinds
from slslint.languages.javascript.imports import declared
from slslint.languages.javascript.patterns import bind
from slslint.languages.scope import MAX_NESTING, Scope
from slslint.source import Span

_NEVER_RETURN = frozenset({"process.exit", "process.abort"})


def read_body(scope: Scope) -> None:
    """Read the body of a function, or of the file."""
    for pattern, value in scope.patterns:
        bind(pattern, value, scope, scope.unit.at(pattern), declares=True)
    body = scope.body
    if body.kind_id in _BLOCKS:
        suite(body.named_children, scope, 0)
        return
    if scope.sets:
        target = Attr(Name("this", scope.name_at), scope.sets)
        scope.assign(target, named(body, "", scope, 0), scope.whole, "=")
        return
    value = lower(body, scope)
    scope.exits.append(Exit("return", value, scope.unit.at(body), 0))


def suite(nodes: Sequence[Node], scope: Scope, depth: int) -> bool:
    """Read statements that follow each other; whether control leaves before their end."""
    outside = scope.block
    left = False
    if depth > MAX_NESTING:
        return left
    for index, node in enumerate(nodes):
        if node.kind_id in _IF:
            leaving, guards = _if(node, scope, depth + 1)
            left = left or leaving
            if guards and index + 1 < len(nodes):
                rest = scope.unit.reach(nodes[index + 1], nodes[-1])
                for test, at in guards:
                    scope.open("else", scope.block, test, at, rest)
        elif run(node, scope, depth + 1):
            left = True
    scope.block = outside
    return left


def body_of(node: Node | None, scope: Scope, depth: int) -> bool:
    """The body of a compound statement: a block, or a statement alone."""
    if node is None:
        return False
    return suite(node.named_children if node.kind_id in _BLOCK else [node], scope, depth)


def run(node: Node, scope: Scope, depth: int) -> bool:
    """Read one statement, or an expression that stands for one; whether control never passes on to the next."""
    return STATEMENTS.get(node.kind_id, _expression)(node, scope, depth)


def _if(node: Node, scope: Scope, depth: int) -> tuple[bool, list[tuple[Expr, Span]]]:
    """Read an if with its else ifs and else, each in the else of the one before.

    Gives whether all branches leave; and if they do not, the tests, with their headers, that cannot have held when
    control reaches the next statement.
    """
    unit = scope.unit
    outside = scope.block
    guards: list[tuple[Expr, Span]] = []
    leaving = True
    start = here = node
    while True:
        condition = here.child_by_field_id(Fields.CONDITION)
        body = here.child_by_field_id(Fields.CONSEQUENCE)
        around = scope.block
        at = unit.reach(start, condition or here)
        test = lower(condition, scope)
        scope.open("if", around, test, at, unit.reach(start, body or here))
        leaving = body_of(body, scope, depth) and leaving
        if leaving:
            guards.append((test, at))
        scope.block = around
        clause = here.child_by_field_id(Fields.ALTERNATIVE)
        alternative = None if clause is None else next(iter(inner(clause)), None)
        if clause is None or alternative is None:
            break
        start = clause
        if alternative.kind_id in _IF:
            here = alternative
            header = unit.reach(clause, here.child_by_field_id(Fields.CONDITION) or clause)
            scope.open("else", around, test, header, unit.at(clause))
            continue
        scope.open("else", around, test, unit.at(clause.children[0]), unit.at(clause))
        leaving = body_of(alternative, scope, depth) and leaving
        scope.block = outside
        return leaving, [] if leaving else guards
    scope.block = outside
    return False, guards


# --- simple statements -----------------------------------------------------------------------------------------------


def _expression(node: Node, scope: Scope, depth: int) -> bool:
    value = effect(node, scope)
    if not isinstance(value, Call) or not isinstance(value.callee, Attr) or not isinstance(value.callee.base, Name):
        return False
    return f"{value.callee.base.id}.{value.callee.name}" in _NEVER_RETURN


def _expression_statement(node: Node, scope: Scope, depth: int) -> bool:
    left = False
    for child in inner(node):
        if child.kind_id not in _STRING:
            left = run(child, scope, depth)
    return left


def _declaration(node: Node, scope: Scope, depth: int) -> bool:
    for child in node.named_children:
        if child.kind_id in _DECLARATOR:
            _declarator(child, scope)
    return False


def _declarator(node: Node, scope: Scope) -> None:
    unit = scope.unit
    target = node.child_by_field_id(Fields.NAME)
    value = node.child_by_field_id(Fields.VALUE)
    unit.annotate(node.child_by_field_id(Fields.TYPE))
    if target is None:
        return
    at = unit.at(node)
    plain = target.kind_id in _NAME
    name = unit.text(target) if plain else ""
    if value is None:
        # Until somebody gives it a value it is undefined; a second `var` changes nothing.
        if plain and name not in scope.bound:
            scope.assign(Name(name, unit.at(target)), Literal(None), at, "=", True)
        return
    if declared(target, value, scope, at):
        return
    if plain:
        given = named(value, name, scope, 0, name)
        if name == "require" and isinstance(given, Call):
            # `const require = createRequire(import.meta.url)`
            return
        scope.assign(Name(name, unit.at(target)), given, at, "=", True)
        also_called(name, given, scope)
    else:
        bind(target, lower(value, scope), scope, at, "=", 0, True)


def _return(node: Node, scope: Scope, depth: int) -> bool:
    return _exit("return", node, scope)


def _throw(node: Node, scope: Scope, depth: int) -> bool:
    return _exit("raise", node, scope)


def _exit(kind: str, node: Node, scope: Scope) -> bool:
    children = inner(node)
    values = [lower(child, scope) for child in children]
    scope.exits.append(Exit(kind, values[0] if values else None, scope.unit.at(node), scope.block))
    return True


def _leave(node: Node, scope: Scope, depth: int) -> bool:
    return True


def _skip(node: Node, scope: Scope, depth: int) -> bool:
    return False


def _types(node: Node, scope: Scope, depth: int) -> bool:
    scope.unit.annotate(node)
    return False


def _recovered(node: Node, scope: Scope, depth: int) -> bool:
    """What stands in a stretch that does not parse: statements, or at least expressions."""
    suite([child for child in node.named_children if not child.is_missing], scope, depth)
    return False


def _statement_block(node: Node, scope: Scope, depth: int) -> bool:
    return suite(node.named_children, scope, depth)


def _static_block(node: Node, scope: Scope, depth: int) -> Expr:
    body_of(node.child_by_field_id(Fields.BODY), scope, 0)
    return ANY


_BLOCK = kinds("statement_block")
_BLOCKS = kinds("statement_block program ERROR")
_IF = kinds("if_statement")
_NAME = kinds("identifier")
_STRING = kinds("string")
_DECLARATOR = kinds("variable_declarator")

STATEMENTS.update(
    by_kind(
        {
            "expression_statement": _expression_statement,
            "lexical_declaration variable_declaration": _declaration,
            "return_statement": _return,
            "throw_statement": _throw,
            "break_statement continue_statement": _leave,
            "comment html_comment hash_bang_line empty_statement debugger_statement statement_identifier": _skip,
            "function_signature ambient_declaration": _skip,
            "interface_declaration type_alias_declaration": _types,
            "statement_block": _statement_block,
            "ERROR program": _recovered,
        }
    )
)
LOWERINGS.update(by_kind({"class_static_block": _static_block}))
