"""Python expressions lowered to `slslint.facts.Expr`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from tree_sitter import Node

from slslint.facts import (
    ANY,
    Argument,
    Arithmetic,
    Attr,
    Call,
    Closure,
    Compare,
    Exit,
    Expr,
    Item,
    Literal,
    Logic,
    Name,
    OneOf,
    Other,
    Parameter,
    Sequence,
    Table,
)
from slslint.languages.python import literals
from slslint.languages.python.grammar import EXTRAS, Fields, by_kind, kinds
from slslint.languages.scope import MAX_EXPRESSION_DEPTH, MAX_NESTING, Scope
from slslint.languages.texts import is_text, join, shown
from slslint.source import Span

Lowering: TypeAlias = Callable[[Node, Scope, int], Expr]


def lower(node: Node | None, scope: Scope, depth: int = 0) -> Expr:
    """What an expression says. `depth` is the number of expressions around it."""
    if node is None or depth > MAX_EXPRESSION_DEPTH:
        return ANY
    return _LOWERINGS.get(node.kind_id, _other)(node, scope, depth + 1)


def inner(node: Node) -> list[Node]:
    """The named children that mean something."""
    return [child for child in node.named_children if child.kind_id not in EXTRAS]


def _other(node: Node, scope: Scope, depth: int) -> Expr:
    return Other(tuple([lower(child, scope, depth) for child in inner(node)]))


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
        owner = _last(owner)
    base = lower(owner, scope, depth)
    return base if name is None else Attr(base, scope.unit.text(name))


def _subscript(node: Node, scope: Scope, depth: int) -> Expr:
    base = lower(node.child_by_field_id(Fields.VALUE), scope, depth)
    keys = node.children_by_field_id(Fields.SUBSCRIPT)
    if len(keys) == 1:
        return Item(base, lower(keys[0], scope, depth))
    return Item(base, Sequence(tuple([lower(key, scope, depth) for key in keys]), "tuple"))


def _slice(node: Node, scope: Scope, depth: int) -> Expr:
    _other(node, scope, depth)
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
        return _other(node, scope, depth)
    at = unit.at(node)
    if function.kind_id in _SPREADS:
        # In `{*a(b)}` the grammar lets the star belong to the callee, and in `{*a.b}` to the object.
        function = _last(function) or function
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
            found.append(Argument(lower(_last(child), scope, depth), None, True))
        elif kind not in EXTRAS:
            found.append(Argument(lower(child, scope, depth)))
    return tuple(found)


def _last(node: Node) -> Node | None:
    found = inner(node)
    return found[-1] if found else None


def _await(node: Node, scope: Scope, depth: int, discarded: bool = False) -> Expr:
    child = _last(node)
    while child is not None and child.kind_id in _PARENTHESES:
        child = _last(child)
    if child is not None and child.kind_id in _CALL:
        return _call(child, scope, depth, True, discarded)
    return lower(child, scope, depth)


def _parentheses(node: Node, scope: Scope, depth: int) -> Expr:
    children = inner(node)
    return lower(children[0], scope, depth) if len(children) == 1 else _other(node, scope, depth)


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
    return Other((lower(_last(node), scope, depth),))


def _dictionary(node: Node, scope: Scope, depth: int) -> Expr:
    entries: list[tuple[Expr | None, Expr]] = []
    for child in inner(node):
        if child.kind_id in _SPREADS:
            entries.append((None, lower(_last(child), scope, depth)))
            continue
        key = lower(child.child_by_field_id(Fields.KEY), scope, depth)
        entries.append((key, lower(child.child_by_field_id(Fields.VALUE), scope, depth)))
    return Table(tuple(entries))


# --- operators -------------------------------------------------------------------------------------------------------


def _spine(node: Node, mark: frozenset[int], operator: str | None, scope: Scope) -> list[Node]:
    """The operator nodes down the left side, innermost first: `a + b + c + ...` may be thousands long."""
    found = [node]
    while True:
        left = found[-1].child_by_field_id(Fields.LEFT)
        if left is None or left.kind_id not in mark:
            break
        if operator is not None and _operator(left, scope) != operator:
            break
        found.append(left)
    found.reverse()
    return found


def _operator(node: Node, scope: Scope) -> str:
    operator = node.child_by_field_id(Fields.OPERATOR)
    return "" if operator is None else operator.type


def _binary(node: Node, scope: Scope, depth: int) -> Expr:
    spine = _spine(node, _BINARY, None, scope)
    result = lower(spine[0].child_by_field_id(Fields.LEFT), scope, depth)
    parts: list[Expr] = []
    for each in spine:
        operator = _operator(each, scope)
        right = lower(each.child_by_field_id(Fields.RIGHT), scope, depth)
        if operator == "+" and (parts or is_text(result) or is_text(right)):
            parts = parts or [result]
            parts.append(right)
            continue
        if parts:
            result = join(parts)
            parts = []
        if operator == "%" and is_text(result):
            from slslint.languages.python import texts

            result = texts.interpolated(result, right)
        else:
            result = Arithmetic(result, operator, right)
    return join(parts) if parts else result


def _boolean(node: Node, scope: Scope, depth: int) -> Expr:
    operator = _operator(node, scope)
    spine = _spine(node, _BOOLEAN, operator, scope)
    operands = [lower(spine[0].child_by_field_id(Fields.LEFT), scope, depth)]
    operands += [lower(each.child_by_field_id(Fields.RIGHT), scope, depth) for each in spine]
    return Logic(operator, tuple(operands))


def _not(node: Node, scope: Scope, depth: int) -> Expr:
    return Logic("not", (lower(node.child_by_field_id(Fields.ARGUMENT), scope, depth),))


def _unary(node: Node, scope: Scope, depth: int) -> Expr:
    value = lower(node.child_by_field_id(Fields.ARGUMENT), scope, depth)
    operator = _operator(node, scope)
    if isinstance(value, Literal) and isinstance(value.value, int | float) and operator in ("-", "+"):
        return Literal(-value.value if operator == "-" else +value.value)
    return Other((value,))


def _comparison(node: Node, scope: Scope, depth: int) -> Expr:
    operators = node.children_by_field_id(Fields.OPERATORS)
    operands = [lower(child, scope, depth) for child in inner(node)]
    if any(operator.type == "<>" for operator in operators):
        scope.unit.foreign.append(node)
    if len(operators) == 1 and len(operands) == 2:
        return Compare(operands[0], operators[0].type, operands[1])
    return Other(tuple(operands))


def _conditional(node: Node, scope: Scope, depth: int) -> Expr:
    parts = [lower(child, scope, depth) for child in inner(node)]
    if len(parts) != 3:
        return Other(tuple(parts))
    return OneOf((parts[0], parts[2]), parts[1])


def _walrus(node: Node, scope: Scope, depth: int) -> Expr:
    value = lower(node.child_by_field_id(Fields.VALUE), scope, depth)
    target = node.child_by_field_id(Fields.NAME)
    if target is not None:
        bind(target, value, scope, scope.unit.at(node), "=", depth)
    return value


def _yield(node: Node, scope: Scope, depth: int) -> Expr:
    children = inner(node)
    value = lower(children[0], scope, depth) if len(children) == 1 else _other(node, scope, depth)
    scope.exits.append(Exit("yield", value if children else None, scope.unit.at(node), scope.block))
    return Other((value,))


# --- functions and loops inside expressions --------------------------------------------------------------------------


def _lambda(node: Node, scope: Scope, depth: int) -> Expr:
    unit = scope.unit
    at = unit.at(node)
    body = node.child_by_field_id(Fields.BODY)
    key = f"<lambda>@{at.line}:{at.column}"
    if body is None or scope.nesting >= MAX_NESTING:
        return ANY
    made = Scope(unit, key, at, at, body, scope.function)
    made.is_value = True
    made.parameters = parameters(node.child_by_field_id(Fields.PARAMETERS), scope, made, depth)
    unit.define(made)
    return Closure(key)


def parameters(node: Node | None, scope: Scope, made: Scope, depth: int = 0) -> tuple[Parameter, ...]:
    """The parameters of `made`, whose defaults are evaluated in `scope`."""
    found = []
    kind = "plain"
    for child in () if node is None else node.named_children:
        here = kind
        default = None
        name: Node | None = child
        if child.kind_id in _DEFAULTED:
            name = child.child_by_field_id(Fields.NAME)
            default = lower(child.child_by_field_id(Fields.VALUE), scope, depth)
            scope.unit.annotate(child.child_by_field_id(Fields.TYPE))
        elif child.kind_id in _TYPED:
            name = child.named_child(0)
            scope.unit.annotate(child.child_by_field_id(Fields.TYPE))
        elif child.kind_id in _KEYWORD_ONLY:
            kind = "keyword"
            continue
        if name is not None and name.kind_id in _STARS:
            here = "*" if name.children[0].type == "*" else "**"
            kind = "keyword"
            name = name.named_child(0)
        if name is None or name.kind_id not in _NAME:
            if name is not None and name.type == "tuple_pattern":
                scope.unit.foreign.append(name)
            continue
        identifier = scope.unit.text(name)
        made.bound.add(identifier)
        found.append(Parameter(identifier, default, scope.unit.at(child), here))
    return tuple(found)


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
            test = lower(_last(clause), scope, depth)
            scope.open("if", scope.block, test, unit.at(clause), whole)
    element = lower(body, scope, depth)
    scope.block = outside
    return Other((element, *iterables))


def _pair(node: Node, scope: Scope, depth: int) -> Expr:
    key = lower(node.child_by_field_id(Fields.KEY), scope, depth)
    return Other((key, lower(node.child_by_field_id(Fields.VALUE), scope, depth)))


# --- targets ---------------------------------------------------------------------------------------------------------


def bind(node: Node, value: Expr, scope: Scope, at: Span, op: str = "=", depth: int = 0) -> None:
    """Give a value to a target: a name, attribute or item, or several of them in a tuple or list."""
    kind = node.kind_id
    if kind in _NAME:
        name = scope.unit.text(node)
        if name:
            scope.assign(Name(name, scope.unit.at(node)), value, at, op)
    elif kind in _TUPLES:
        if depth <= MAX_EXPRESSION_DEPTH:
            _bind_each(inner(node), value, scope, at, op, depth + 1)
    elif kind in _WRAPPERS:
        child = _last(node)
        if child is not None and depth <= MAX_EXPRESSION_DEPTH:
            bind(child, value, scope, at, op, depth + 1)
    else:
        target = lower(node, scope, depth)
        if isinstance(target, Attr | Item):
            scope.assign(target, value, at, op)


def _bind_each(targets: list[Node], value: Expr, scope: Scope, at: Span, op: str, depth: int) -> None:
    stars = [index for index, target in enumerate(targets) if target.kind_id in _TARGET_STARS]
    written = isinstance(value, Sequence) and not stars and len(value.items) == len(targets)
    for index, target in enumerate(targets):
        if op == "del":
            part: Expr = ANY
        elif isinstance(value, Sequence) and written:
            part = value.items[index]
        elif stars and index == stars[0]:
            part = Item(value, ANY)
        else:
            part = Item(value, Literal(index if not stars or index < stars[0] else index - len(targets)))
        bind(target, part, scope, at, op, depth)


_NAME = kinds("identifier")
_CALL = kinds("call")
_AWAIT = kinds("await")
_KEYWORD = kinds("keyword_argument")
_SPREADS = kinds("list_splat dictionary_splat parenthesized_list_splat")
_PARENTHESES = kinds("parenthesized_expression")
_COMPREHENSIONS = kinds("generator_expression list_comprehension set_comprehension dictionary_comprehension")
_CONTENT = kinds("string_content")
_INTERPOLATION = kinds("interpolation")
_BINARY = kinds("binary_operator")
_BOOLEAN = kinds("boolean_operator")
_FOR_IN = kinds("for_in_clause")
_IF = kinds("if_clause")
_DEFAULTED = kinds("default_parameter typed_default_parameter")
_TYPED = kinds("typed_parameter")
_KEYWORD_ONLY = kinds("keyword_separator")
_STARS = kinds("list_splat_pattern dictionary_splat_pattern")
_TARGET_STARS = kinds("list_splat_pattern list_splat")
_TUPLES = kinds("pattern_list tuple_pattern list_pattern expression_list tuple list")
_WRAPPERS = kinds("list_splat_pattern list_splat parenthesized_expression as_pattern_target")

_LOWERINGS: dict[int, Lowering] = by_kind(
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
        "binary_operator": _binary,
        "boolean_operator": _boolean,
        "not_operator": _not,
        "unary_operator": _unary,
        "comparison_operator": _comparison,
        "conditional_expression": _conditional,
        "named_expression": _walrus,
        "yield": _yield,
        "lambda": _lambda,
        "generator_expression list_comprehension set_comprehension dictionary_comprehension": _comprehension,
        "type ellipsis comment line_continuation": _nothing,
    }
)
