"""Statements: blocks, declarations and exits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from tree_sitter import Node

from slslint.facts import ANY, Attr, Call, Compare, Exit, Expr, Item, Literal, Logic, Name, Other, Table
from slslint.facts import Sequence as Written
from slslint.languages.javascript.classes import declare_class
from slslint.languages.javascript.dispatch import LOWERINGS, effect, inner, lower, named
from slslint.languages.javascript.exports import add, export
from slslint.languages.javascript.functions import declare
from slslint.languages.javascript.grammar import Fields, by_kind, kinds
from slslint.languages.javascript.imports import (
    add_import,
    alias_of,
    declared,
    read_import,
    specifier,
    written_name,
)
from slslint.languages.javascript.patterns import bind
from slslint.languages.scope import MAX_NESTING, Scope
from slslint.source import Span

Statement: TypeAlias = Callable[[Node, Scope, int], bool]
"""Reads a statement and says whether control never passes on to the next. The number is how deeply it is nested."""

_MOST_LABELS = 200
"""Labels of one arm of a switch, those that fall through to it included, that its test tells."""

_NEVER_RETURN = frozenset({"process.exit", "process.abort"})


def read_body(scope: Scope) -> None:
    """Read the body of a function, or of the file."""
    for pattern, value in scope.patterns:
        bind(pattern, value, scope, scope.unit.at(pattern), declares=True)
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
    for index, node in enumerate(nodes):
        if node.kind_id in _IF:
            leaving, guards = _if(node, scope, depth + 1)
            left = left or leaving
            if guards and index + 1 < len(nodes):
                rest = scope.unit.reach(nodes[index + 1], nodes[-1])
                for test, at in guards:
                    scope.open("else", scope.block, test, at, rest)
        elif _STATEMENTS.get(node.kind_id, _expression)(node, scope, depth + 1):
            left = True
    scope.block = outside
    return left


def _body(node: Node | None, scope: Scope, depth: int) -> bool:
    """The body of a compound statement: a block, or a statement alone."""
    if node is None:
        return False
    return suite(node.named_children if node.kind_id in _BLOCK else [node], scope, depth)


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
            left = _STATEMENTS.get(child.kind_id, _expression)(child, scope, depth)
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
    _body(node.child_by_field_id(Fields.BODY), scope, 0)
    return ANY


def _labeled(node: Node, scope: Scope, depth: int) -> bool:
    # A `break` inside may come out right behind it.
    _body(node.child_by_field_id(Fields.BODY), scope, depth)
    return False


def _with(node: Node, scope: Scope, depth: int) -> bool:
    lower(node.child_by_field_id(Fields.OBJECT), scope)
    return _body(node.child_by_field_id(Fields.BODY), scope, depth)


# --- compound statements ---------------------------------------------------------------------------------------------


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
        leaving = _body(body, scope, depth) and leaving
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
        leaving = _body(alternative, scope, depth) and leaving
        scope.block = outside
        return leaving, [] if leaving else guards
    scope.block = outside
    return False, guards


def _for(node: Node, scope: Scope, depth: int) -> bool:
    outside = scope.block
    body = node.child_by_field_id(Fields.BODY)
    initializer = node.child_by_field_id(Fields.INITIALIZER)
    if initializer is not None:
        _STATEMENTS.get(initializer.kind_id, _expression)(initializer, scope, depth)
    block = scope.open("loop", outside, None, scope.unit.header(node, body), scope.unit.at(node))
    condition = node.child_by_field_id(Fields.CONDITION)
    if condition is not None and condition.kind_id not in _EMPTY:
        scope.retest(block, lower(condition, scope))
    _body(body, scope, depth)
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
    _body(body, scope, depth)
    scope.block = outside
    return False


def _while(node: Node, scope: Scope, depth: int) -> bool:
    outside = scope.block
    body = node.child_by_field_id(Fields.BODY)
    block = scope.open("loop", outside, None, scope.unit.header(node, body), scope.unit.at(node))
    scope.retest(block, lower(node.child_by_field_id(Fields.CONDITION), scope))
    _body(body, scope, depth)
    scope.block = outside
    return False


def _do(node: Node, scope: Scope, depth: int) -> bool:
    outside = scope.block
    condition = node.child_by_field_id(Fields.CONDITION)
    at = scope.unit.at(condition or node)
    block = scope.open("loop", outside, None, at, scope.unit.at(node))
    _body(node.child_by_field_id(Fields.BODY), scope, depth)
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
    left = _body(body, scope, depth)
    scope.block = outside
    if handler is not None:
        inside = handler.child_by_field_id(Fields.BODY)
        scope.open("except", outside, None, unit.header(handler, inside), unit.at(handler))
        caught = handler.child_by_field_id(Fields.PARAMETER)
        if caught is not None:
            bind(caught, ANY, scope, unit.at(caught), "=", 0, True)
        left = _body(inside, scope, depth) and left
        scope.block = outside
    if finalizer is not None:
        scope.open("finally", outside, None, unit.at(finalizer.children[0]), unit.at(finalizer))
        left = _body(finalizer.child_by_field_id(Fields.BODY), scope, depth) or left
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
    return Compare(subject, "in", Written(tuple(values), "tuple"))


def _breaks(body: Node) -> bool:
    """Whether a `break` comes out behind the switch, or any label may."""
    stack = [body]
    while stack:
        node = stack.pop()
        if node.kind_id in _BREAK:
            return True
        stack.extend(child for child in node.named_children if child.kind_id not in _OWN_BREAKS)
    return False


# --- definitions -----------------------------------------------------------------------------------------------------


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
    _STATEMENTS.get(node.kind_id, _expression)(node, scope, depth)
    names = [each.target.id for each in scope.assigns[assigns:] if isinstance(each.target, Name)]
    return [*names, *(each.binds for each in scope.imports[imports:] if not each.binds.startswith("require "))]


_BLOCK = kinds("statement_block")
_BLOCKS = kinds("statement_block program ERROR")
_IF = kinds("if_statement")
_NAME = kinds("identifier")
_STRING = kinds("string")
_EMPTY = kinds("empty_statement")
_DECLARATOR = kinds("variable_declarator")
_ARMS = kinds("switch_case switch_default")
_BREAK = kinds("break_statement")
_OWN_BREAKS = kinds(
    "for_statement for_in_statement while_statement do_statement switch_statement function_declaration arrow_function "
    "function_expression generator_function generator_function_declaration class_declaration class method_definition"
)
_ENUM_ASSIGNMENT = kinds("enum_assignment")
_EXPORT = kinds("export_statement")
_EXPORT_CLAUSE = kinds("export_clause")
_NAMESPACE_EXPORT = kinds("namespace_export")
_DECORATOR = kinds("decorator")
_CLASSES = kinds("class_declaration abstract_class_declaration")
_DEFINITIONS = _CLASSES | kinds("function_declaration generator_function_declaration")

_STATEMENTS: dict[int, Statement] = by_kind(
    {
        "expression_statement": _expression_statement,
        "lexical_declaration variable_declaration": _declaration,
        "return_statement": _return,
        "throw_statement": _throw,
        "break_statement continue_statement": _leave,
        "comment html_comment hash_bang_line empty_statement debugger_statement function_signature ambient_declaration "
        "statement_identifier": _skip,
        "interface_declaration type_alias_declaration": _types,
        "statement_block": _statement_block,
        "ERROR program": _recovered,
        "labeled_statement": _labeled,
        "with_statement": _with,
        "for_statement": _for,
        "for_in_statement": _for_in,
        "while_statement": _while,
        "do_statement": _do,
        "try_statement": _try,
        "switch_statement": _switch,
        "function_declaration generator_function_declaration": _function,
        "class_declaration abstract_class_declaration": _class,
        "enum_declaration": _enum,
        "internal_module module": _namespace,
        "import_statement": _import,
        "import_alias": _import_alias,
        "export_statement": _export,
    }
)

LOWERINGS.update(by_kind({"class_static_block": _static_block}))
