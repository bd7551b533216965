"""Imports, and the names that they bind."""

from __future__ import annotations

from tree_sitter import Node

from slslint.facts import Import
from slslint.languages.python.dispatch import STATEMENTS, inner
from slslint.languages.python.grammar import Fields, by_kind, kinds
from slslint.languages.python.statements import dotted
from slslint.languages.scope import Scope


def _import(node: Node, scope: Scope, depth: int) -> bool:
    for child in node.children_by_field_id(Fields.NAME):
        name, alias = _names(child, scope)
        _add_import(scope, alias or name.partition(".")[0], name, None, child, alias is not None)
    return False


def _import_from(node: Node, scope: Scope, depth: int) -> bool:
    module = node.child_by_field_id(Fields.MODULE_NAME)
    if module is None:
        return False
    source = "".join(scope.unit.text(module).split())
    for child in node.children_by_field_id(Fields.NAME):
        name, alias = _names(child, scope)
        _add_import(scope, alias or name, source, name, child, alias is not None)
    for child in inner(node):
        if child.kind_id in _WILDCARD:
            _add_import(scope, "*", source, "*", node, False)
    return False


def _names(node: Node, scope: Scope) -> tuple[str, str | None]:
    """The dotted name of an imported thing, and the name it is given."""
    alias = node.child_by_field_id(Fields.ALIAS)
    name = node.child_by_field_id(Fields.NAME) if alias is not None else node
    text = "" if name is None else "".join(scope.unit.text(name).split())
    return text, None if alias is None else scope.unit.text(alias)


def _add_import(scope: Scope, binds: str, module: str, member: str | None, node: Node, aliased: bool) -> None:
    if not module or not binds:
        return
    if binds != "*":
        scope.bind(binds)
    typing_only = optional = False
    block = scope.block
    while block:
        here = scope.blocks[block]
        if here.kind == "if" and here.test is not None:
            typing_only = typing_only or dotted(here.test).rpartition(".")[2] == "TYPE_CHECKING"
        optional = optional or block in scope.optional
        block = here.parent
    at = scope.unit.at(node)
    scope.imports.append(Import(binds, module, member, at, scope.block, aliased, typing_only, optional))


_WILDCARD = kinds("wildcard_import")

STATEMENTS.update(by_kind({"import_statement": _import, "import_from_statement": _import_from}))
