"""What a file imports: ECMAScript's statements, `require`, and `import()`."""

from __future__ import annotations

from tree_sitter import Node

from slslint.facts import ANY, Attr, Expr, Import, Name
from slslint.languages.javascript import literals
from slslint.languages.javascript.dispatch import inner
from slslint.languages.javascript.grammar import TRANSPARENT, Fields, kinds
from slslint.languages.scope import Scope
from slslint.source import Span


def add_import(
    scope: Scope, binds: str, module: str, member: str | None, at: Span, aliased: bool, typing_only: bool = False
) -> None:
    """Enter an import; inside a try whose catch goes on without it, it is optional."""
    if not module:
        return
    if binds and binds != "*":
        scope.bind(binds)
    optional = False
    block = scope.block
    while block and not optional:
        optional = block in scope.optional
        block = scope.blocks[block].parent
    scope.imports.append(Import(binds, module, member, at, scope.block, aliased, typing_only, optional))


def specifier(node: Node | None, scope: Scope) -> str:
    """The module that a string names."""
    return "" if node is None else (literals.decoded(scope.unit.text(node)[1:-1]) or "").removeprefix("node:")


def required(node: Node | None, scope: Scope) -> str:
    """The module, if the expression is `require("m")` or `import("m")`, awaited or not; else ""."""
    while node is not None and node.kind_id in _LOOKED_THROUGH:
        node = next(iter(inner(node)), None)
    if node is None or node.kind_id not in _CALL:
        return ""
    function = node.child_by_field_id(Fields.FUNCTION)
    return "" if function is None else _module(node, function, scope)


def _module(node: Node, function: Node, scope: Scope) -> str:
    kind = function.kind_id
    if kind not in _IMPORT:
        if kind not in _NAME or function.end_byte - function.start_byte != len("require"):
            return ""
        if scope.unit.text(function) != "require" or scope.sees("require"):
            return ""
    arguments = node.child_by_field_id(Fields.ARGUMENTS)
    given = [] if arguments is None else inner(arguments)
    if not given or given[0].kind_id not in _STRINGS or given[0].named_child_count > 1:
        return ""
    if given[0].named_child_count and given[0].named_children[0].kind_id in _SUBSTITUTION:
        return ""
    return specifier(given[0], scope)


def imported_by(node: Node, function: Node, scope: Scope) -> Expr | None:
    """What `require("m")` or `import("m")` is inside a larger expression: a name that nobody can write."""
    module = _module(node, function, scope)
    if not module:
        return None
    at = scope.unit.at(node)
    name = f"require {module}"
    add_import(scope, name, module, None, at, True)
    return Name(name, at)


def declared(target: Node, value: Node | None, scope: Scope, at: Span) -> bool:
    """Enter `const a = require("m")`, `const { b } = require("m")` or `... = require("m").c`; whether it was one."""
    while value is not None and value.kind_id in TRANSPARENT:
        value = value.named_child(0)
    if value is not None and value.kind_id in _MEMBER and target.kind_id in _NAME:
        module = required(value.child_by_field_id(Fields.OBJECT), scope)
        member = value.child_by_field_id(Fields.PROPERTY)
        if module and member is not None:
            add_import(scope, scope.unit.text(target), module, scope.unit.text(member), at, True)
            return True
    module = required(value, scope)
    if not module:
        return False
    if target.kind_id in _NAME:
        add_import(scope, scope.unit.text(target), module, None, at, True)
        return True
    if target.kind_id not in _PATTERN:
        return False
    parts = [(child, _names(child, scope)) for child in inner(target)]
    if not all(names for _, names in parts):
        return False
    for child, names in parts:
        for part, name in names:
            add_import(scope, name, module, part, scope.unit.at(child), part != name)
    return True


def _names(node: Node, scope: Scope) -> list[tuple[str, str]]:
    """The member and the name of one part of a pattern, if it is as plain as that."""
    if node.kind_id in _SHORTHAND:
        name = scope.unit.text(node)
        return [(name, name)]
    if node.kind_id in _PAIR:
        key = node.child_by_field_id(Fields.KEY)
        value = node.child_by_field_id(Fields.VALUE)
        if key is not None and value is not None and key.kind_id in _PROPERTY and value.kind_id in _NAME:
            return [(scope.unit.text(key), scope.unit.text(value))]
    return []


def read_import(node: Node, scope: Scope) -> None:
    """An import statement."""
    unit = scope.unit
    typing_only = any(child.type in ("type", "typeof") for child in node.children[1:2])
    source = node.child_by_field_id(Fields.SOURCE)
    module = specifier(source, scope)
    clause = next((child for child in node.named_children if child.kind_id in _CLAUSES), None)
    at = unit.at(node)
    if clause is None:
        add_import(scope, "", module, None, at, False)
        return
    if clause.kind_id in _REQUIRED:
        name = clause.named_child(0)
        module = specifier(clause.child_by_field_id(Fields.SOURCE), scope)
        if name is not None:
            add_import(scope, unit.text(name), module, None, at, True, typing_only)
        return
    for child in inner(clause):
        if child.kind_id in _NAME:
            add_import(scope, unit.text(child), module, "default", at, True, typing_only)
        elif child.kind_id in _NAMESPACE:
            name = child.named_child(0)
            if name is not None:
                add_import(scope, unit.text(name), module, None, at, True, typing_only)
        else:
            for each in inner(child):
                _read_specifier(each, module, scope, typing_only)


def _read_specifier(node: Node, module: str, scope: Scope, typing_only: bool) -> None:
    name = node.child_by_field_id(Fields.NAME)
    if name is None:
        return
    alias = node.child_by_field_id(Fields.ALIAS)
    member = written_name(name, scope)
    typing_only = typing_only or node.children[0].type in ("type", "typeof")
    binds = member if alias is None else scope.unit.text(alias)
    add_import(scope, binds, module, member, scope.unit.at(node), alias is not None, typing_only)


def written_name(node: Node, scope: Scope) -> str:
    """A name of an import or export, which may stand in quotes."""
    text = scope.unit.text(node)
    return text[1:-1] if node.kind_id in _STRINGS else text


def alias_of(node: Node, scope: Scope) -> None:
    """`import a = b.c`: another name for a part of a namespace."""
    children = inner(node)
    if len(children) == 2:
        at = scope.unit.at(node)
        value: Expr = ANY
        for index, name in enumerate(scope.unit.text(children[1]).split(".")):
            value = Attr(value, name.strip()) if index else scope.read(name.strip(), scope.unit.at(children[1]))
        scope.assign(Name(scope.unit.text(children[0]), scope.unit.at(children[0])), value, at, "=")


_CALL = kinds("call_expression")
_IMPORT = kinds("import")
_NAME = kinds("identifier")
_MEMBER = kinds("member_expression")
_PATTERN = kinds("object_pattern")
_SHORTHAND = kinds("shorthand_property_identifier_pattern")
_PAIR = kinds("pair_pattern")
_PROPERTY = kinds("property_identifier")
_STRINGS = kinds("string template_string")
_SUBSTITUTION = kinds("template_substitution")
_LOOKED_THROUGH = TRANSPARENT | kinds("await_expression")
_CLAUSES = kinds("import_clause import_require_clause")
_REQUIRED = kinds("import_require_clause")
_NAMESPACE = kinds("namespace_import")
