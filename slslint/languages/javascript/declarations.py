"""Declarations that make names for others: functions, classes, enums, namespaces, imports and exports."""

from __future__ import annotations

from tree_sitter import Node

from slslint.facts import ANY, Expr, Literal, Name, Table
from slslint.languages.javascript.classes import declare_class
from slslint.languages.javascript.dispatch import STATEMENTS, inner, lower, named
from slslint.languages.javascript.exports import add, export
from slslint.languages.javascript.functions import declare
from slslint.languages.javascript.grammar import Fields, by_kind, kinds
from slslint.languages.javascript.imports import add_import, alias_of, read_import, specifier, written_name
from slslint.languages.javascript.statements import run, suite
from slslint.languages.scope import Scope
from slslint.source import Span


def _function(node: Node, scope: Scope, depth: int) -> bool:
    declare(node, scope)
    return False


def _class(node: Node, scope: Scope, depth: int) -> bool:
    declare_class(node, scope)
    return False


def _enum(node: Node, scope: Scope, depth: int) -> bool:
    unit = scope.unit
    name = node.child_by_field_id(Fields.NAME)
    body = node.child_by_field_id(Fields.BODY)
    if name is None:
        return False
    entries: list[tuple[Expr | None, Expr]] = []
    following: Expr = Literal(0)
    for child in () if body is None else inner(body):
        label = child.child_by_field_id(Fields.NAME) if child.kind_id in _ENUM_ASSIGNMENT else child
        given = child.child_by_field_id(Fields.VALUE) if child.kind_id in _ENUM_ASSIGNMENT else None
        value = following if given is None else lower(given, scope)
        counts = isinstance(value, Literal) and isinstance(value.value, int)
        following = Literal(value.value + 1) if counts and isinstance(value, Literal) else ANY  # type: ignore[operator]
        if label is not None:
            entries.append((Literal(unit.text(label).strip("\"'")), value))
    scope.assign(Name(unit.text(name), unit.at(name)), Table(tuple(entries)), unit.at(node), "=", True)
    return False


def _namespace(node: Node, scope: Scope, depth: int) -> bool:
    """A namespace runs as part of the module; what it exports is also found by its name."""
    unit = scope.unit
    name = node.child_by_field_id(Fields.NAME)
    body = node.child_by_field_id(Fields.BODY)
    if body is None:
        return False
    names: list[str] = []
    for child in body.named_children:
        declaration = child.child_by_field_id(Fields.DECLARATION) if child.kind_id in _EXPORT else None
        names += _declares(declaration or child, scope, depth) if declaration is not None else []
        if declaration is None:
            suite([child], scope, depth)
    if name is not None and name.kind_id in _NAME:
        at = unit.at(name)
        table = Table(tuple([(Literal(each), Name(each, at)) for each in names]))
        scope.assign(Name(unit.text(name), at), table, at, "=", True)
    return False


# --- imports and exports ---------------------------------------------------------------------------------------------


def _import(node: Node, scope: Scope, depth: int) -> bool:
    read_import(node, scope)
    return False


def _import_alias(node: Node, scope: Scope, depth: int) -> bool:
    alias_of(node, scope)
    return False


def _export(node: Node, scope: Scope, depth: int) -> bool:
    words = {child.type for child in node.children if not child.is_named}
    source = node.child_by_field_id(Fields.SOURCE)
    declaration = node.child_by_field_id(Fields.DECLARATION)
    value = node.child_by_field_id(Fields.VALUE)
    if declaration is not None:
        decorators = tuple([lower(c.named_child(0), scope) for c in node.named_children if c.kind_id in _DECORATOR])
        for name in _declares(declaration, scope, depth, decorators):
            at = scope.unit.at(declaration)
            add(scope.unit, "default" if "default" in words else name, Name(name, at))
    elif value is not None:
        add(scope.unit, "default", named(value, "default", scope, 0))
    elif source is not None:
        if "type" not in words:
            _pass_on(node, specifier(source, scope), scope)
    elif "=" in words:
        export(Name("exports", scope.unit.at(node)), named(_last(node), "module.exports", scope, 0, "exports"), scope)
    elif "type" not in words:
        for member, name, at in _specifiers(node, scope):
            add(scope.unit, name, scope.read(member, at))
    return False


def _last(node: Node) -> Node | None:
    found = inner(node)
    return found[-1] if found else None


def _pass_on(node: Node, module: str, scope: Scope) -> None:
    """`export ... from "m"`"""
    at = scope.unit.at(node)
    namespace = next((child for child in node.named_children if child.kind_id in _NAMESPACE_EXPORT), None)
    if namespace is not None:
        label = _last(namespace)
        name = "" if label is None else written_name(label, scope)
        add_import(scope, f"export {name}", module, None, at, True)
        add(scope.unit, name, Name(f"export {name}", at))
        return
    found = _specifiers(node, scope)
    if not any(child.kind_id in _EXPORT_CLAUSE for child in node.named_children):
        add_import(scope, "*", module, "*", at, False)
    for member, name, place in found:
        add_import(scope, f"export {name}", module, member, place, True)
        add(scope.unit, name, Name(f"export {name}", place))


def _specifiers(node: Node, scope: Scope) -> list[tuple[str, str, Span]]:
    """What is exported, under which name, and where it says so."""
    found: list[tuple[str, str, Span]] = []
    for clause in node.named_children:
        for each in inner(clause) if clause.kind_id in _EXPORT_CLAUSE else ():
            name = each.child_by_field_id(Fields.NAME)
            alias = each.child_by_field_id(Fields.ALIAS)
            if name is not None and each.children[0].type != "type":
                member = written_name(name, scope)
                found.append((member, member if alias is None else written_name(alias, scope), scope.unit.at(each)))
    return found


def _declares(node: Node, scope: Scope, depth: int, decorators: tuple[Expr, ...] = ()) -> list[str]:
    """Read a declaration; the names that it makes."""
    if node.kind_id in _DEFINITIONS:
        name = node.child_by_field_id(Fields.NAME)
        if node.kind_id in _CLASSES:
            declare_class(node, scope, decorators)
        else:
            declare(node, scope)
        return [] if name is None else [scope.unit.text(name)]
    assigns, imports = len(scope.assigns), len(scope.imports)
    run(node, scope, depth)
    names = [each.target.id for each in scope.assigns[assigns:] if isinstance(each.target, Name)]
    return [*names, *(each.binds for each in scope.imports[imports:] if not each.binds.startswith("require "))]


_NAME = kinds("identifier")
_ENUM_ASSIGNMENT = kinds("enum_assignment")
_EXPORT = kinds("export_statement")
_EXPORT_CLAUSE = kinds("export_clause")
_NAMESPACE_EXPORT = kinds("namespace_export")
_DECORATOR = kinds("decorator")
_CLASSES = kinds("class_declaration abstract_class_declaration")
_DEFINITIONS = _CLASSES | kinds("function_declaration generator_function_declaration")

STATEMENTS.update(
    by_kind(
        {
            "function_declaration generator_function_declaration": _function,
            "class_declaration abstract_class_declaration": _class,
            "enum_declaration": _enum,
            "internal_module module": _namespace,
            "import_statement": _import,
            "import_alias": _import_alias,
            "export_statement": _export,
        }
    )
)
