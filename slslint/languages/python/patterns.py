"""The patterns of match statements: what an arm asks of the subject, and which names it binds."""

from __future__ import annotations

from tree_sitter import Node

from slslint.facts import ANY, Attr, Compare, Expr, Item, Literal, Name, Other, Sequence
from slslint.languages.python.dispatch import inner, lower
from slslint.languages.python.grammar import EXTRAS, kinds
from slslint.languages.scope import MAX_EXPRESSION_DEPTH, Scope

_CASE = kinds("case_pattern")
_UNION = kinds("union_pattern")
_NAME = kinds("dotted_name")
_IDENTIFIER = kinds("identifier")
_AS = kinds("as_pattern")
_SEQUENCES = kinds("list_pattern tuple_pattern")
_MAPPING = kinds("dict_pattern")
_CLASS = kinds("class_pattern")
_KEYWORD = kinds("keyword_pattern")
_SPLAT = kinds("splat_pattern")
_NUMBERS = kinds("integer float")


def test_of(patterns: list[Node], subject: Expr, scope: Scope) -> Expr | None:
    """What an arm compares the subject with; None for an arm that matches whatever comes."""
    if len(patterns) != 1:
        return Compare(subject, "==", Sequence(tuple([_value(each, scope, 0) or ANY for each in patterns]), "tuple"))
    bare = _bare(patterns[0])
    while bare is not None and bare.kind_id in _AS:
        bare = _bare(inner(bare)[0])
    if bare is None or bare.kind_id not in _UNION:
        value = None if bare is None else _value(bare, scope, 0)
        return None if value is None else Compare(subject, "==", value)
    values = _values(bare, scope, 1)
    known = tuple([value for value in values if value is not None])
    return Compare(subject, "in", Sequence(known, "tuple")) if len(known) == len(values) else None


def _bare(node: Node) -> Node | None:
    """The pattern without wrappers; None for `_`."""
    while node.kind_id in _CASE:
        children = inner(node)
        if len(children) != 1:
            return node if children else None
        if children[0].kind_id in _NUMBERS:
            return node
        node = children[0]
    return node


def _value(node: Node, scope: Scope, depth: int) -> Expr | None:
    """What a pattern asks for; None when it matches whatever comes, and Other when it cannot be said as a value."""
    bare = _bare(node)
    if bare is None:
        return None
    if depth > MAX_EXPRESSION_DEPTH:
        return ANY
    kind = bare.kind_id
    children = inner(bare)
    if kind in _NAME:
        return _constant(children, scope) if len(children) > 1 else None
    if kind in _AS:
        return _value(children[0], scope, depth + 1)
    if kind in _SPLAT:
        return ANY
    if kind in _CASE:
        return _values(bare, scope, depth + 1)[0]
    if kind in _KEYWORD:
        return _values(bare, scope, depth + 1)[-1]
    if kind in _CLASS:
        rest = [value or ANY for value in _values(bare, scope, depth + 1)[1:]]
        return Other((_constant(inner(children[0]), scope), *rest))
    if kind in _SEQUENCES:
        values = tuple([value or ANY for value in _values(bare, scope, depth + 1)])
        # After a star no item has a known index.
        return Other(values) if any(_is_splat(child) for child in children) else Sequence(values, "tuple")
    if kind in _MAPPING or kind in _UNION:
        return Other(tuple([value or ANY for value in _values(bare, scope, depth + 1)]))
    return lower(bare, scope)


def _values(node: Node, scope: Scope, depth: int) -> list[Expr | None]:
    """What the patterns inside a pattern ask for; the minus of a number stands beside it, not around it."""
    values: list[Expr | None] = []
    negative = False
    for child in node.children:
        if not child.is_named:
            negative = child.type == "-"
        elif child.kind_id not in EXTRAS:
            value = _value(child, scope, depth)
            if negative and isinstance(value, Literal) and isinstance(value.value, int | float):
                value = Literal(-value.value)
            values.append(value)
    return values


def _is_splat(node: Node) -> bool:
    bare = _bare(node)
    return bare is not None and bare.kind_id in _SPLAT


def _constant(identifiers: list[Node], scope: Scope) -> Expr:
    value = lower(identifiers[0], scope)
    for each in identifiers[1:]:
        value = Attr(value, scope.unit.text(each))
    return value


def capture(node: Node, subject: Expr, scope: Scope, depth: int = 0) -> None:
    """Bind the names of a pattern to the parts of the subject that they stand for."""
    bare = _bare(node)
    if bare is None or depth > MAX_EXPRESSION_DEPTH:
        return
    kind = bare.kind_id
    children = inner(bare)
    if kind in _NAME:
        if len(children) == 1:
            _bind(children[0], subject, scope)
    elif kind in _AS:
        capture(children[0], subject, scope, depth + 1)
        _bind(children[-1], subject, scope)
    elif kind in _SEQUENCES:
        exact = True
        for index, child in enumerate(children):
            exact = exact and not _is_splat(child)
            capture(child, Item(subject, Literal(index) if exact else ANY), scope, depth + 1)
    elif kind in _MAPPING:
        key: Expr = ANY
        for child in children:
            if child.kind_id in _CASE:
                capture(child, Item(subject, key), scope, depth + 1)
            elif child.kind_id in _SPLAT:
                capture(child, Other((subject,)), scope, depth + 1)
            else:
                # A negative number is no likely key; its minus is a node of its own.
                key = ANY if child.kind_id in _NUMBERS else lower(child, scope)
    elif kind in _CLASS:
        for child in children[1:]:
            capture(child, Other((subject,)), scope, depth + 1)
    elif kind in _KEYWORD:
        if isinstance(subject, Other) and len(subject.parts) == 1:
            subject = Attr(subject.parts[0], scope.unit.text(children[0]))
        for child in children[1:]:
            capture(child, subject, scope, depth + 1)
    elif kind in _SPLAT or kind in _UNION:
        for child in children:
            capture(child, subject, scope, depth + 1)
    elif kind in _IDENTIFIER:
        _bind(bare, subject, scope)


def _bind(node: Node, value: Expr, scope: Scope) -> None:
    at = scope.unit.at(node)
    scope.assign(Name(scope.unit.text(node), at), value, at, "=")
