"""Classes: their fields, methods, accessors and static blocks."""

from __future__ import annotations

from tree_sitter import Node

from slslint.facts import ANY, Assign, Attr, Closure, Expr, Name
from slslint.languages.javascript.dispatch import NAMED, inner, lower, named
from slslint.languages.javascript.functions import accessor, fill, key_for
from slslint.languages.javascript.grammar import TRANSPARENT, Fields, by_kind, kinds
from slslint.languages.scope import MAX_NESTING, ClassScope, Scope


def declare_class(node: Node, scope: Scope, decorators: tuple[Expr, ...] = ()) -> None:
    """A class declaration."""
    name = node.child_by_field_id(Fields.NAME)
    if name is None or name.is_missing or scope.nesting >= MAX_NESTING:
        return
    text = scope.unit.text(name)
    scope.bind(text)
    at = scope.unit.at(name)
    made = ClassScope(scope.prefix + text, at, scope.unit.at(node), node, scope)
    _read(node, made, scope, text, decorators)


def _class_value(node: Node, name: str, scope: Scope, depth: int, this: str) -> Expr:
    """A class that is written as a value."""
    own = node.child_by_field_id(Fields.NAME)
    body = node.child_by_field_id(Fields.BODY)
    if body is None or scope.nesting >= MAX_NESTING:
        return ANY
    unit = scope.unit
    at = unit.header(node, body) if own is None else unit.at(own)
    text = "" if own is None else unit.text(own)
    key = key_for(text or name, at, scope)
    made = ClassScope(key, at, unit.at(node), node, scope)
    if text:
        # Its own name is known inside it alone; that others might see it does no harm.
        scope.bind(text)
    else:
        made.is_value = True
    _read(node, made, scope, text or this, ())
    return Closure(key)


def _read(node: Node, made: ClassScope, scope: Scope, name: str, decorators: tuple[Expr, ...]) -> None:
    unit = scope.unit
    made.decorators = (*decorators, *_decorators(node, scope))
    for clause in node.named_children:
        if clause.kind_id in _HERITAGE:
            made.bases = tuple(_bases(clause, scope))
    unit.define_class(made)
    body = node.child_by_field_id(Fields.BODY)
    pending: list[Expr] = []
    for child in () if body is None else body.named_children:
        kind = child.kind_id
        if kind in _DECORATOR:
            pending.append(lower(child.named_child(0), scope))
            continue
        if kind in _METHOD:
            _method(child, made, scope, tuple(pending))
        elif kind in _FIELD:
            _field(child, made, name)
        elif kind in _STATIC_BLOCK:
            _static_block(child, made, name)
        pending.clear()
    made.leave()


def _decorators(node: Node, scope: Scope) -> list[Expr]:
    return [lower(child.named_child(0), scope) for child in node.named_children if child.kind_id in _DECORATOR]


def _bases(node: Node, scope: Scope) -> list[Expr]:
    for clause in node.named_children:
        if clause.kind_id in _EXTENDS:
            return [lower(value, scope) for value in clause.children_by_field_id(Fields.VALUE)]
    return []


def _method(node: Node, made: ClassScope, scope: Scope, decorators: tuple[Expr, ...]) -> None:
    name = node.child_by_field_id(Fields.NAME)
    body = node.child_by_field_id(Fields.BODY)
    if name is None or body is None or made.nesting >= MAX_NESTING:
        return
    unit = scope.unit
    at = unit.at(name)
    text = _name(name, made)
    key = made.prefix + text if text else key_for("", at, made)
    method = Scope(unit, key, at, unit.at(node), body, made.function)
    own = accessor(node)
    _receive(method, made, text, _is_static(node), own, decorators)
    fill(method, node, made)
    unit.define(method, last=own != "set")


def _receive(method: Scope, made: ClassScope, name: str, static: bool, own: str, decorators: tuple[Expr, ...]) -> None:
    """Make a function a method. Static ones are marked as Python marks class methods, getters as properties."""
    method.owner = made
    method.receiver = method.this = "this"
    method.bound.add("this")
    if name:
        made.methods.add(name)
    marks = ["classmethod"] * static + ["property"] * (own == "get")
    method.decorators = (*decorators, *[Name(mark, method.name_at) for mark in marks])


def _field(node: Node, made: ClassScope, class_name: str) -> None:
    """A field: an assignment in the class body if it is static; a method when its value is a function.

    What is neither is given its value whenever an object is made, in a function of its own.
    """
    unit = made.unit
    name = node.child_by_field_id(Fields.NAME)
    value = node.child_by_field_id(Fields.VALUE)
    unit.annotate(node.child_by_field_id(Fields.TYPE))
    assert made.outer is not None
    decorators = tuple(_decorators(node, made.outer))
    if name is None:
        return
    static = _is_static(node)
    text = _name(name, made)
    while value is not None and value.kind_id in TRANSPARENT:
        value = next(iter(inner(value)), None)
    if value is None:
        return
    body = value.child_by_field_id(Fields.BODY) if value.kind_id in _FUNCTIONS else None
    if not text or made.nesting >= MAX_NESTING or (static and body is None):
        made.this = class_name if static else "this"
        expr = named(value, text, made, 0)
        if text:
            at = unit.at(name)
            made.assigns.append(Assign(Name(text, at), expr, unit.at(node), made.block))
        return
    key = f"{made.prefix}{text}" if body is not None else f"{made.prefix}{text}{_SETS}"
    method = Scope(unit, key, unit.at(name), unit.at(node), body or value, made.function)
    if body is not None:
        _receive(method, made, text, static, "", decorators)
        fill(method, value, made)
    else:
        _receive(method, made, "", False, "", ())
        method.sets = text
        made.fields.append(method)
    unit.define(method)


def _static_block(node: Node, made: ClassScope, class_name: str) -> None:
    """Statements that run when the class is made; what they give `this` are fields like any other."""
    made.this = class_name
    before = len(made.assigns)
    lower(node, made)
    for index, each in enumerate(made.assigns[before:], before):
        match each.target:
            case Attr(Name(base, at), name) if base == class_name:
                made.assigns[index] = Assign(Name(name, at), each.value, each.at, each.block, each.op)


def _is_static(node: Node) -> bool:
    for child in node.children:
        if child.type == "static":
            return True
        if child.kind_id in _KEYS:
            break
    return False


def _name(node: Node, scope: Scope) -> str:
    """The name of a member; "" when it is computed."""
    if node.kind_id in _COMPUTED:
        lower(node.named_child(0), scope)
        return ""
    text = scope.unit.text(node)
    return text.strip("\"'")


_SETS = "="
"""Ends the key of the function that gives a field its value: "Orders.table="."""

_HERITAGE = kinds("class_heritage")
_EXTENDS = kinds("extends_clause")
_DECORATOR = kinds("decorator")
_METHOD = kinds("method_definition")
_FIELD = kinds("public_field_definition")
_STATIC_BLOCK = kinds("class_static_block")
_FUNCTIONS = kinds("arrow_function function_expression generator_function")
_COMPUTED = kinds("computed_property_name")
_KEYS = kinds("property_identifier private_property_identifier string number computed_property_name")

NAMED.update(by_kind({"class": _class_value}))
