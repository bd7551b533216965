"""Comments of JavaScript and TypeScript, and the parts of their files: functions, statements, properties."""

from __future__ import annotations

from tree_sitter import Node

from slslint.languages.javascript.grammar import GRAMMAR, joined
from slslint.layout.in_trees import NOWHERE, Told, first_line, last_of, layout, only
from slslint.layout.parts import Layout
from slslint.source import SourceFile

_FUNCTIONS = (
    "arrow_function",
    "class",
    "class_declaration",
    "abstract_class_declaration",
    "function_declaration",
    "function_expression",
    "generator_function",
    "generator_function_declaration",
    "method_definition",
)
_BODIES = ("statement_block", "class_body", "switch_body")
_DECLARATIONS = ("export_statement", "lexical_declaration", "variable_declaration")
_PROPERTIES = ("pair", "public_field_definition")
_SUITES = ("program", "statement_block", "switch_case", "switch_default")


def lay_out(file: SourceFile) -> Layout:
    """The layout of a file, which may be broken."""
    return layout(file, GRAMMAR.parser.parse(joined(file.data)).root_node, _part)


def _part(node: Node, parent: Node | None) -> Told | None:
    if node.type in _FUNCTIONS:
        body = node.child_by_field_name("body")
        if body is None or body.type not in _BODIES:
            return None
        return node, node, only(first_line(node)), range(first_line(node), first_line(body) + 1)
    if node.type in _PROPERTIES:
        several = last_of(node)
        return node, node, only(first_line(node)), only(first_line(node)) if several else NOWHERE
    if not node.is_named or parent is None or parent.type not in _SUITES:
        return None
    body = _first_body(node)
    if body is None:
        return node, node, only(first_line(node)), last_of(node)
    if _declares(node):
        return node, node, only(first_line(node)), NOWHERE
    # Of what has a body, a comment speaks of the head: up to the sign that opens the body.
    return node, body.children[0] if body.children else body, only(first_line(node)), NOWHERE


def _declares(node: Node) -> bool:
    expression = node.named_children[0] if node.type == "expression_statement" and node.named_children else None
    return node.type in _DECLARATIONS or (expression is not None and expression.type == "assignment_expression")


def _first_body(node: Node) -> Node | None:
    """The first of the bodies in a node, in textual order."""
    pending = [node]
    while pending:
        each = pending.pop()
        if each.type in _BODIES:
            return each
        pending.extend(reversed(each.children))
    return None
