"""Functions: declared, written as values, and as methods of objects."""

from __future__ import annotations

from tree_sitter import Node

from slslint.facts import ANY, Attr, Call, Closure, Expr, Literal, Name, Other, Parameter, Table
from slslint.languages.javascript.dispatch import LOWERINGS, NAMED, lower, named
from slslint.languages.javascript.grammar import EXTRAS, Fields, by_kind, kinds
from slslint.languages.scope import MAX_NESTING, ClassScope, Scope
from slslint.source import Span


def _unnamed(node: Node, scope: Scope, depth: int) -> Expr:
    return NAMED[node.kind_id](node, "", scope, depth, "")


def _value(node: Node, name: str, scope: Scope, depth: int, this: str) -> Expr:
    own = node.child_by_field_id(Fields.NAME)
    body = node.child_by_field_id(Fields.BODY)
    if body is None or scope.nesting >= MAX_NESTING:
        return ANY
    unit = scope.unit
    at = unit.header(node, body) if own is None else unit.at(own)
    if own is not None and name in _UNTELLING:
        name = unit.text(own)
    key = key_for(name, at, scope)
    made = Scope(unit, key, at, unit.at(node), body, scope.function)
    made.is_value = True
    if node.kind_id in _ARROW:
        made.this = scope.this
        if isinstance(scope, ClassScope) and scope.this == "this":
            made.owner = scope
            made.receiver = "this"
            made.bound.add("this")
    fill(made, node, scope)
    value = Closure(key)
    if own is not None:
        # A function expression sees itself by its own name.
        made.assign(Name(unit.text(own), at), value, at, "=", True)
    unit.define(made)
    return value


def key_for(name: str, at: Span, scope: Scope) -> str:
    """The key of a function or class that is written as a value."""
    return scope.unit.free(scope.prefix + name if name else f"<lambda>@{at.line}:{at.column}")


def fill(made: Scope, node: Node, scope: Scope) -> None:
    """Read what stands in a function's header."""
    for child in node.children:
        if child.is_named and child.kind_id not in _MODIFIERS:
            break
        if child.type == "async":
            made.is_async = True
    single = node.child_by_field_id(Fields.PARAMETER)
    if single is not None:
        name = scope.unit.text(single)
        made.bound.add(name)
        made.parameters = (Parameter(name, None, scope.unit.at(single)),)
    else:
        made.parameters = _parameters(node.child_by_field_id(Fields.PARAMETERS), scope, made)
    scope.unit.annotate(node.child_by_field_id(Fields.RETURN_TYPE))


def _parameters(node: Node | None, scope: Scope, made: Scope) -> tuple[Parameter, ...]:
    """The parameters of `made`, whose defaults are evaluated in `scope`."""
    unit = scope.unit
    found: list[Parameter] = []
    for child in () if node is None else node.named_children:
        if child.kind_id not in _PARAMETER:
            continue
        pattern = child.child_by_field_id(Fields.PATTERN)
        default = child.child_by_field_id(Fields.VALUE)
        unit.annotate(child.child_by_field_id(Fields.TYPE))
        if pattern is None or pattern.kind_id in _THIS:
            continue
        kind = "plain"
        if pattern.kind_id in _REST:
            kind = "*"
            pattern = pattern.named_child(0)
            if pattern is None:
                continue
        at = unit.at(child)
        if pattern.kind_id in _NAME:
            name = unit.text(pattern)
        else:
            name = f"{{{len(found)}}}"
            made.patterns.append((pattern, Name(name, unit.at(pattern))))
        made.bound.add(name)
        for extra in child.children:
            if extra.kind_id in _DECORATOR:
                lower(extra.named_child(0), scope)
            elif extra.kind_id in _PROPERTY or extra.type == "readonly":
                made.assign(Attr(Name("this", at), name), Name(name, at), at, "=")
                break
            elif extra.id == pattern.id:
                break
        found.append(Parameter(name, None if default is None else named(default, "", scope, 0), at, kind))
    return tuple(found)


# --- object literals -------------------------------------------------------------------------------------------------


def _table(node: Node, name: str, scope: Scope, depth: int, this: str) -> Expr:
    """An object literal, and the names of the functions in it: `routes.create` in `routes = { create() {} }`."""
    unit = scope.unit
    entries: list[tuple[Expr | None, Expr]] = []
    for child in node.named_children:
        kind = child.kind_id
        if kind in EXTRAS:
            continue
        if kind in _SHORTHAND:
            text = unit.text(child)
            entries.append((Literal(text), scope.read(text, unit.at(child))))
        elif kind in _SPREAD:
            entries.append((None, lower(child.named_child(0), scope, depth)))
        elif kind in _PAIR:
            key, part = _key(child.child_by_field_id(Fields.KEY), scope, depth)
            value = child.child_by_field_id(Fields.VALUE)
            entries.append((key, named(value, _joined(name, part), scope, depth + 1)))
            if value is not None and value.kind_id in _FUNCTION:
                _give_this(scope, entries[-1][1], this)
        elif kind in _METHOD:
            key, part = _key(child.child_by_field_id(Fields.NAME), scope, depth)
            entries.append((key, _method(child, _joined(name, part), scope, this)))
        else:
            entries.append((ANY, lower(child, scope, depth)))
    return Table(tuple(entries))


def _joined(name: str, part: str) -> str:
    """The name of a member; what `module.exports` holds is known by its own name."""
    if not part:
        return ""
    return f"{name}.{part}" if name and name not in ("module.exports", "exports") else part


def _key(node: Node | None, scope: Scope, depth: int) -> tuple[Expr, str]:
    """A key of an object literal, and the name that it gives to a function; "" when it is none."""
    if node is None:
        return ANY, ""
    if node.kind_id in _COMPUTED:
        return lower(node.named_child(0), scope, depth), ""
    if node.kind_id in _PLAIN_KEY:
        text = scope.unit.text(node)
        return Literal(text), text
    key = lower(node, scope, depth)
    if isinstance(key, Literal) and isinstance(key.value, int | float):
        return Literal(str(key.value)), ""
    text = key.value if isinstance(key, Literal) and isinstance(key.value, str) else ""
    return key, text if text.isidentifier() else ""


def _give_this(scope: Scope, value: Expr, this: str) -> None:
    made = scope.unit.scopes.get(value.function) if isinstance(value, Closure) else None
    if made is not None:
        made.this = this


def _method(node: Node, name: str, scope: Scope, this: str) -> Expr:
    body = node.child_by_field_id(Fields.BODY)
    label = node.child_by_field_id(Fields.NAME)
    if body is None or label is None or scope.nesting >= MAX_NESTING:
        return ANY
    at = scope.unit.at(label)
    key = key_for(name, at, scope)
    made = Scope(scope.unit, key, at, scope.unit.at(node), body, scope.function)
    made.is_value = True
    made.this = this
    fill(made, node, scope)
    scope.unit.define(made)
    value = Closure(key)
    own = accessor(node)
    # What is read from an accessor is what it returns.
    return Call(value, (), made.whole, at, scope.block) if own == "get" else Other((value,)) if own else value


def accessor(node: Node) -> str:
    """`get` or `set`, when a method is one of the two."""
    for child in node.children:
        if child.type in ("get", "set"):
            return child.type
        if child.is_named and child.kind_id not in _MODIFIERS:
            break
    return ""


def declare(node: Node, scope: Scope) -> None:
    """A function declaration."""
    name = node.child_by_field_id(Fields.NAME)
    body = node.child_by_field_id(Fields.BODY)
    if name is None or body is None or name.is_missing or scope.nesting >= MAX_NESTING:
        return
    unit = scope.unit
    text = unit.text(name)
    scope.bind(text)
    made = Scope(unit, scope.prefix + text, unit.at(name), unit.at(node), body, scope.function)
    fill(made, node, scope)
    unit.define(made)


_ARROW = kinds("arrow_function")
_UNTELLING = frozenset({"", "default", "module.exports"})
"""What is no name, next to the one that a function gives itself."""

_FUNCTION = kinds("function_expression generator_function")
_MODIFIERS = kinds("accessibility_modifier override_modifier decorator comment")
_PARAMETER = kinds("required_parameter optional_parameter")
_THIS = kinds("this")
_REST = kinds("rest_pattern")
_NAME = kinds("identifier")
_DECORATOR = kinds("decorator")
_PROPERTY = kinds("accessibility_modifier override_modifier")
_SHORTHAND = kinds("shorthand_property_identifier")
_SPREAD = kinds("spread_element")
_PAIR = kinds("pair")
_METHOD = kinds("method_definition")
_COMPUTED = kinds("computed_property_name")
_PLAIN_KEY = kinds("property_identifier private_property_identifier")

NAMED.update(by_kind({"arrow_function function_expression generator_function": _value, "object": _table}))
LOWERINGS.update(by_kind({"arrow_function function_expression generator_function object class": _unnamed}))
