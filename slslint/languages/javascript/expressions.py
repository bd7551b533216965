"""Names, members, calls and literals lowered to `slslint.facts.Expr`."""

from __future__ import annotations

from tree_sitter import Node

from slslint.facts import (
    ANY,
    Argument,
    Attr,
    Call,
    Expr,
    Item,
    Literal,
    Name,
    Other,
    Sequence,
    Table,
)
from slslint.languages.javascript import literals
from slslint.languages.javascript.dispatch import EFFECTS, LOWERINGS, Lowering, effect, inner, lower, named, other
from slslint.languages.javascript.exports import called, exported_by
from slslint.languages.javascript.grammar import EXTRAS, TRANSPARENT, Fields, by_kind, kinds
from slslint.languages.javascript.imports import imported_by
from slslint.languages.javascript.operators import operated
from slslint.languages.scope import Scope
from slslint.languages.texts import is_text, join, shown

MAX_CHAIN = 500
"""Links of one chain (`a.b().c()...`) that are kept; what lies further left is read, but is nobody's base."""


def _nothing(node: Node, scope: Scope, depth: int) -> Expr:
    return ANY


def _name(node: Node, scope: Scope, depth: int) -> Expr:
    name = scope.unit.text(node)
    return scope.read(name, scope.unit.at(node)) if name else ANY


def _this(node: Node, scope: Scope, depth: int) -> Expr:
    return scope.read(scope.this, scope.unit.at(node)) if scope.this else ANY


# --- members and calls -----------------------------------------------------------------------------------------------


def _chain(node: Node, scope: Scope, depth: int) -> Expr:
    return chain(node, scope, depth)


def chain(node: Node, scope: Scope, depth: int, awaited: bool = False, discarded: bool = False) -> Expr:
    """A chain of members, items and calls, from its innermost link on: promise chains can be hundreds long."""
    links: list[Node] = []
    misplaced: list[Node] = []
    here: Node | None = node
    while here is not None:
        kind = here.kind_id
        field = _BASES.get(kind)
        if field is not None:
            links.append(here)
            here = here.child_by_field_id(field) if field else here.named_child(0)
        elif kind in _OPERATORS and links:
            # Without parentheses no chain begins so: the grammar takes `await f<T>(x)` for `(await f)<T>(x)`.
            misplaced.append(here)
            here = _last(here)
        else:
            break
    if misplaced:
        awaited = awaited or any(each.kind_id in _AWAITS for each in misplaced)
    value = _super(here, scope) if here is not None and here.kind_id in _SUPER else lower(here, scope, depth)
    base = here
    for index in range(len(links) - 1, -1, -1):
        link = links[index]
        kind = link.kind_id
        if index and (len(links) - index) % MAX_CHAIN == 0:
            value = ANY
        if kind in _MEMBER:
            value = _member(link, value, scope)
        elif kind in _CALL:
            top = index == 0
            value = _call(link, base, value, scope, depth, awaited and top, discarded and top)
        elif kind in _SUBSCRIPT:
            value = Item(value, lower(link.child_by_field_id(Fields.INDEX), scope, depth))
        base = link
    for each in reversed(misplaced):
        if each.kind_id not in _AWAITS:
            value = operated(each, value, scope, depth)
    return value


def _member(node: Node, base: Expr, scope: Scope) -> Expr:
    name = node.child_by_field_id(Fields.PROPERTY)
    if name is None:
        return base
    text = scope.unit.text(name)
    if text == "exports" and isinstance(base, Name) and base.id == "module" and not scope.sees("module"):
        return scope.read("exports", base.at)
    return Attr(base, text)


def _super(node: Node, scope: Scope) -> Expr:
    at = scope.unit.at(node)
    call = Call(Name("super", at), (), at, at, scope.block)
    scope.calls.append(call)
    return call


def _call(
    node: Node, function: Node | None, callee: Expr, scope: Scope, depth: int, awaited: bool, discarded: bool
) -> Expr:
    unit = scope.unit
    if function is None:
        return other(node, scope, depth)
    imported = imported_by(node, function, scope)
    if imported is not None:
        return imported
    if function.kind_id in _SUPER:
        callee = Attr(callee, "constructor")
    arguments = node.child_by_field_id(Fields.ARGUMENTS)
    call = Call(
        callee,
        () if arguments is None else _arguments(arguments, scope, depth),
        unit.at(node),
        callee.at if isinstance(callee, Name) else unit.at(function),
        scope.block,
        awaited,
        discarded,
    )
    wrapped = _interop(call)
    if wrapped is not None:
        return wrapped
    scope.calls.append(call)
    if isinstance(callee, Attr):
        if callee.name == "concat" and is_text(callee.base) and not call.open:
            return join([callee.base, *[shown(each.value, True) for each in call.args]])
    if scope.outer is None:
        exported_by(call, scope)
    return call


def _interop(call: Call) -> Expr | None:
    """The module that a compiler's helper wraps: `__importDefault(require("m"))`."""
    if called(call) in _INTEROP and len(call.args) == 1:
        value = call.args[0].value
        if isinstance(value, Name) and value.id.startswith("require "):
            return value
    return None


def _arguments(node: Node, scope: Scope, depth: int) -> tuple[Argument, ...]:
    if node.kind_id in _TEMPLATE:
        return (Argument(_template(node, scope, depth)),)
    found = []
    for child in node.named_children:
        kind = child.kind_id
        if kind in _SPREAD:
            found.append(Argument(lower(child.named_child(0), scope, depth), None, True))
        elif kind not in EXTRAS:
            found.append(Argument(lower(child, scope, depth)))
    return tuple(found)


def _new(node: Node, scope: Scope, depth: int) -> Expr:
    return new(node, scope, depth)


def _new_effect(node: Node, scope: Scope, depth: int) -> Expr:
    return new(node, scope, depth, discarded=True)


def new(node: Node, scope: Scope, depth: int, awaited: bool = False, discarded: bool = False) -> Expr:
    """`new X()`, a call like any other."""
    function = node.child_by_field_id(Fields.CONSTRUCTOR)
    callee = lower(function, scope, depth)
    return _call(node, function, callee, scope, depth, awaited, discarded)


def _call_effect(node: Node, scope: Scope, depth: int) -> Expr:
    return chain(node, scope, depth, discarded=True)


def _await(node: Node, scope: Scope, depth: int) -> Expr:
    return _awaited(node, scope, depth, False)


def _await_effect(node: Node, scope: Scope, depth: int) -> Expr:
    return _awaited(node, scope, depth, True)


def _awaited(node: Node, scope: Scope, depth: int, discarded: bool) -> Expr:
    child = _last(node)
    while child is not None and child.kind_id in TRANSPARENT:
        child = child.named_child(0)
    if child is not None and child.kind_id in _CALL:
        return chain(child, scope, depth, True, discarded)
    if child is not None and child.kind_id in _NEW:
        return new(child, scope, depth, True, discarded)
    value = lower(child, scope, depth)
    scope.awaits.append((value, scope.block))
    return value


def _last(node: Node) -> Node | None:
    found = inner(node)
    return found[-1] if found else None


def _first(node: Node, scope: Scope, depth: int) -> Expr:
    """What is looked through: parentheses and types."""
    children = inner(node)
    for child in children[1:]:
        scope.unit.annotate(child)
    return lower(children[0], scope, depth) if children else ANY


def _first_effect(node: Node, scope: Scope, depth: int) -> Expr:
    children = inner(node)
    return effect(children[0], scope, depth) if children else ANY


# --- literals --------------------------------------------------------------------------------------------------------


def _constant(value: bool | None) -> Lowering:
    literal = Literal(value)
    return lambda node, scope, depth: literal


def _number(node: Node, scope: Scope, depth: int) -> Expr:
    value = literals.number(scope.unit.text(node))
    return ANY if value is None else Literal(value)


def _string(node: Node, scope: Scope, depth: int) -> Expr:
    text = literals.decoded(scope.unit.text(node)[1:-1])
    return ANY if text is None else Literal(text)


def _regex(node: Node, scope: Scope, depth: int) -> Expr:
    pattern = node.child_by_field_id(Fields.PATTERN)
    return Literal("" if pattern is None else scope.unit.text(pattern))


def _template(node: Node, scope: Scope, depth: int) -> Expr:
    parts: list[Expr] = []
    for child in node.named_children:
        if child.kind_id in _SUBSTITUTION:
            parts.append(shown(lower(_last(child), scope, depth), True))
        elif child.kind_id not in EXTRAS:
            text = literals.decoded(scope.unit.text(child).replace("\r\n", "\n"))
            parts.append(ANY if text is None else Literal(text))
    return join(parts)


def _array(node: Node, scope: Scope, depth: int) -> Expr:
    children = inner(node)
    items = tuple([lower(child, scope, depth) for child in children])
    # After a spread no item has a known index, nor has one after a hole.
    holes = node.child_count > 1 and _has_hole(node)
    return Other(items) if holes or any(child.kind_id in _SPREAD for child in children) else Sequence(items, "list")


def _has_hole(node: Node) -> bool:
    after = True
    for child in node.children[1:-1]:
        comma = not child.is_named
        if comma and after:
            return True
        after = comma or (after and child.kind_id in EXTRAS)
    return False


def _spread(node: Node, scope: Scope, depth: int) -> Expr:
    return Other((lower(node.named_child(0), scope, depth),))


def _pair(node: Node, scope: Scope, depth: int) -> Expr:
    return Table(((ANY, named(node.child_by_field_id(Fields.VALUE), "", scope, depth)),))


_BASES = {
    **dict.fromkeys(kinds("member_expression subscript_expression"), Fields.OBJECT),
    **dict.fromkeys(kinds("call_expression"), Fields.FUNCTION),
    **dict.fromkeys(kinds("non_null_expression instantiation_expression"), 0),
}
"""What a link of a chain hangs on: the field, or 0 for the first child."""

_AWAIT = kinds("await_expression")
_BEFORE_TYPED = _AWAIT | kinds("unary_expression")
_MEMBER = kinds("member_expression")
_SUBSCRIPT = kinds("subscript_expression")
_CALL = kinds("call_expression")
_NEW = kinds("new_expression")
_SUPER = kinds("super")
_AWAITS = kinds("await_expression")
_OPERATORS = kinds("await_expression unary_expression binary_expression")
_SPREAD = kinds("spread_element")
_TEMPLATE = kinds("template_string")
_SUBSTITUTION = kinds("template_substitution")
_INTEROP = frozenset(
    {"__importDefault", "__importStar", "_interopRequireDefault", "_interopRequireWildcard", "__toESM", "__rest"}
)

LOWERINGS.update(
    by_kind(
        {
            "identifier shorthand_property_identifier": _name,
            "this": _this,
            "member_expression subscript_expression call_expression": _chain,
            "non_null_expression instantiation_expression": _chain,
            "new_expression": _new,
            "await_expression": _await,
            "parenthesized_expression as_expression satisfies_expression": _first,
            "true": _constant(True),
            "false": _constant(False),
            "null undefined": _constant(None),
            "number": _number,
            "string": _string,
            "regex": _regex,
            "template_string": _template,
            "array array_pattern": _array,
            "spread_element": _spread,
            "pair": _pair,
            "comment html_comment type_annotation type_arguments type_parameters property_identifier jsx_text "
            "jsx_closing_element html_character_reference meta_property import super statement_identifier": _nothing,
        }
    )
)
EFFECTS.update(
    by_kind(
        {
            "call_expression": _call_effect,
            "new_expression": _new_effect,
            "await_expression": _await_effect,
            "parenthesized_expression": _first_effect,
        }
    )
)
