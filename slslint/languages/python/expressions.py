"""Names, calls, literals and comprehensions."""

from __future__ import annotations

from tree_sitter import Node

from slslint.facts import ANY, Argument, Attr, Call, Expr, Item, Literal, Name, Other, Sequence, Table
from slslint.languages.python import literals
from slslint.languages.python.dispatch import LOWERINGS, Lowering, inner, last, lower, other
from slslint.languages.python.grammar import EXTRAS, Fields, by_kind, kinds
from slslint.languages.python.targets import bind
from slslint.languages.scope import MAX_EXPRESSION_DEPTH, Scope
from slslint.languages.texts import is_text, join, shown


def _nothing(node: Node, scope: Scope, depth: int) -> Expr:
    return ANY


def _name(node: Node, scope: Scope, depth: int) -> Expr:
    unit = scope.unit
    name = unit.text(node)
    if not name:
        return ANY
    at = unit.at(node)
    if name not in scope.bound:
        scope.names.setdefault((name, scope.block), at)
    return Name(name, at)


def _attribute(node: Node, scope: Scope, depth: int) -> Expr:
    name = node.child_by_field_id(Fields.ATTRIBUTE)
    owner = node.child_by_field_id(Fields.OBJECT)
    if owner is not None and owner.kind_id in _SPREADS:
        owner = last(owner)
    base = lower(owner, scope, depth)
    return base if name is None else Attr(base, scope.unit.text(name))


def _subscript(node: Node, scope: Scope, depth: int) -> Expr:
    base = lower(node.child_by_field_id(Fields.VALUE), scope, depth)
    keys = node.children_by_field_id(Fields.SUBSCRIPT)
    if len(keys) == 1:
        return Item(base, lower(keys[0], scope, depth))
    return Item(base, Sequence(tuple([lower(key, scope, depth) for key in keys]), "tuple"))


def _slice(node: Node, scope: Scope, depth: int) -> Expr:
    other(node, scope, depth)
    return ANY


def effect(node: Node, scope: Scope) -> Expr:
    """What an expression says that only runs for what it does."""
    kind = node.kind_id
    if kind in _CALL:
        return _call(node, scope, 1, discarded=True)
    return _await(node, scope, 1, discarded=True) if kind in _AWAIT else lower(node, scope)


def _call(node: Node, scope: Scope, depth: int, awaited: bool = False, discarded: bool = False) -> Expr:
    unit = scope.unit
    function = node.child_by_field_id(Fields.FUNCTION)
    if function is None:
        return other(node, scope, depth)
    at = unit.at(node)
    if function.kind_id in _SPREADS:
        # In `{*a(b)}` the grammar lets the star belong to the callee, and in `{*a.b}` to the object.
        function = last(function) or function
        at = unit.at(function).upto(at)
    callee = lower(function, scope, depth)
    arguments = node.child_by_field_id(Fields.ARGUMENTS)
    call = Call(
        callee,
        () if arguments is None else _arguments(arguments, scope, depth),
        at,
        callee.at if isinstance(callee, Name) else unit.at(function),
        scope.block,
        awaited,
        discarded,
    )
    scope.calls.append(call)
    if isinstance(callee, Attr) and callee.name == "format" and is_text(callee.base):
        from slslint.languages.python import texts  # most texts are put together by f"" nowadays

        return texts.formatted(callee.base, call.args)
    return call


def _arguments(node: Node, scope: Scope, depth: int) -> tuple[Argument, ...]:
    if node.kind_id in _COMPREHENSIONS:
        return (Argument(lower(node, scope, depth)),)
    found = []
    for child in node.named_children:
        kind = child.kind_id
        if kind in _KEYWORD:
            name = child.child_by_field_id(Fields.NAME)
            value = lower(child.child_by_field_id(Fields.VALUE), scope, depth)
            found.append(Argument(value, None if name is None else scope.unit.text(name)))
        elif kind in _SPREADS:
            found.append(Argument(lower(last(child), scope, depth), None, True))
        elif kind not in EXTRAS:
            found.append(Argument(lower(child, scope, depth)))
    return tuple(found)


def _await(node: Node, scope: Scope, depth: int, discarded: bool = False) -> Expr:
    child = last(node)
    while child is not None and child.kind_id in _PARENTHESES:
        child = last(child)
    if child is not None and child.kind_id in _CALL:
        return _call(child, scope, depth, True, discarded)
    return lower(child, scope, depth)


def _parentheses(node: Node, scope: Scope, depth: int) -> Expr:
    children = inner(node)
    return lower(children[0], scope, depth) if len(children) == 1 else other(node, scope, depth)


# --- literals --------------------------------------------------------------------------------------------------------


def _constant(value: bool | None) -> Lowering:
    literal = Literal(value)
    return lambda node, scope, depth: literal


def _number(node: Node, scope: Scope, depth: int) -> Expr:
    text = scope.unit.text(node)
    value = literals.number(text)
    if value is None:
        if text[-1:] in "lL" or (text[:1] == "0" and text.isdigit()):
            scope.unit.foreign.append(node)
        return ANY
    return Literal(value)


def _string(node: Node, scope: Scope, depth: int) -> Expr:
    unit = scope.unit
    children = node.children
    start = unit.text(children[0]) if children else ""
    prefix = start.rstrip("\"'").lower()
    if prefix == "`" or prefix == "ur":
        unit.foreign.append(node)
    raw = "r" in prefix
    parts: list[Expr] = []
    for child in children[1:]:
        kind = child.kind_id
        if kind in _CONTENT:
            content = unit.text(child)
            if "\r\n" in content:
                content = content.replace("\r\n", "\n")
            if "b" in prefix:
                data = content.encode("latin-1", "replace") if raw else literals.encoded(content)
                parts.append(ANY if data is None else Literal(data))
                continue
            if ("f" in prefix or "t" in prefix) and ("{{" in content or "}}" in content):
                content = content.replace("{{", "{").replace("}}", "}")
            text = content if raw else literals.decoded(content)
            parts.append(ANY if text is None else Literal(text))
        elif kind in _INTERPOLATION:
            _interpolation(child, parts, scope, depth)
    if "b" in prefix:
        return parts[0] if len(parts) == 1 else Literal(b"") if not parts else ANY
    if "t" in prefix:
        return Other(tuple(parts))
    return join(parts)


def _interpolation(node: Node, parts: list[Expr], scope: Scope, depth: int) -> None:
    value = lower(node.child_by_field_id(Fields.EXPRESSION), scope, depth)
    specifier = node.child_by_field_id(Fields.FORMAT_SPECIFIER)
    plain = specifier is None and node.child_by_field_id(Fields.TYPE_CONVERSION) is None
    parts.append(shown(value, plain))
    if specifier is not None and depth <= MAX_EXPRESSION_DEPTH:
        for child in specifier.named_children:
            _interpolation(child, [], scope, depth + 1)


def _concatenated(node: Node, scope: Scope, depth: int) -> Expr:
    parts = [lower(child, scope, depth) for child in inner(node)]
    data = [part.value for part in parts if isinstance(part, Literal) and isinstance(part.value, bytes)]
    if data:
        return Literal(b"".join(data)) if len(data) == len(parts) else ANY
    return join(parts)


def _sequence(kind: str) -> Lowering:
    def lowering(node: Node, scope: Scope, depth: int) -> Expr:
        children = inner(node)
        items = tuple([lower(child, scope, depth) for child in children])
        # After a spread no item has a known index.
        if any(scope.unit.starred(child) for child in children):
            return Other(items)
        return Sequence(items, kind)

    return lowering


def _spread(node: Node, scope: Scope, depth: int) -> Expr:
    return Other((lower(last(node), scope, depth),))


def _dictionary(node: Node, scope: Scope, depth: int) -> Expr:
    entries: list[tuple[Expr | None, Expr]] = []
    for child in inner(node):
        if child.kind_id in _SPREADS:
            entries.append((None, lower(last(child), scope, depth)))
            continue
        key = lower(child.child_by_field_id(Fields.KEY), scope, depth)
        entries.append((key, lower(child.child_by_field_id(Fields.VALUE), scope, depth)))
    return Table(tuple(entries))


def _pair(node: Node, scope: Scope, depth: int) -> Expr:
    key = lower(node.child_by_field_id(Fields.KEY), scope, depth)
    return Other((key, lower(node.child_by_field_id(Fields.VALUE), scope, depth)))


# --- comprehensions --------------------------------------------------------------------------------------------------


def _comprehension(node: Node, scope: Scope, depth: int) -> Expr:
    unit = scope.unit
    outside = scope.block
    whole = unit.at(node)
    iterables = []
    body = node.child_by_field_id(Fields.BODY)
    for clause in inner(node):
        if clause.kind_id in _FOR_IN:
            right = clause.child_by_field_id(Fields.RIGHT)
            left = clause.child_by_field_id(Fields.LEFT)
            iterable = lower(right, scope, depth)
            iterables.append(iterable)
            scope.open("loop", scope.block, iterable, unit.at(clause), whole)
            if left is not None:
                bind(left, Item(iterable, ANY), scope, unit.at(left), "for", depth)
        elif clause.kind_id in _IF:
            test = lower(last(clause), scope, depth)
            scope.open("if", scope.block, test, unit.at(clause), whole)
    element = lower(body, scope, depth)
    scope.block = outside
    return Other((element, *iterables))


_CALL = kinds("call")
_AWAIT = kinds("await")
_KEYWORD = kinds("keyword_argument")
_SPREADS = kinds("list_splat dictionary_splat parenthesized_list_splat")
_PARENTHESES = kinds("parenthesized_expression")
_COMPREHENSIONS = kinds("generator_expression list_comprehension set_comprehension dictionary_comprehension")
_CONTENT = kinds("string_content")
_INTERPOLATION = kinds("interpolation")
_FOR_IN = kinds("for_in_clause")
_IF = kinds("if_clause")

LOWERINGS.update(
    by_kind(
        {
            "identifier": _name,
            "attribute": _attribute,
            "subscript": _subscript,
            "slice": _slice,
            "call": _call,
            "await": _await,
            "parenthesized_expression": _parentheses,
            "true": _constant(True),
            "false": _constant(False),
            "none": _constant(None),
            "integer float": _number,
            "string": _string,
            "concatenated_string": _concatenated,
            "list list_pattern": _sequence("list"),
            "tuple expression_list tuple_pattern pattern_list": _sequence("tuple"),
            "set": _sequence("set"),
            "list_splat dictionary_splat parenthesized_list_splat": _spread,
            "dictionary": _dictionary,
            "pair": _pair,
            "generator_expression list_comprehension set_comprehension dictionary_comprehension": _comprehension,
            "type ellipsis comment line_continuation": _nothing,
        }
    )
)
