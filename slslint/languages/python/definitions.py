"""Functions and classes, with their parameters, and lambdas."""

from __future__ import annotations

from tree_sitter import Node

from slslint.facts import ANY, Attr, Closure, Expr, Name, Parameter
from slslint.languages.python.dispatch import LOWERINGS, STATEMENTS, inner, lower
from slslint.languages.python.grammar import Fields, by_kind, kinds
from slslint.languages.python.statements import block_of
from slslint.languages.scope import MAX_NESTING, ClassScope, Scope


def _decorated(node: Node, scope: Scope, depth: int) -> bool:
    decorators = [child for child in node.named_children if child.kind_id in _DECORATOR]
    values = tuple([lower(child.named_child(0), scope) for child in decorators])
    definition = node.child_by_field_id(Fields.DEFINITION)
    if definition is not None:
        _define(definition, node, values, scope, depth)
    return False


def _definition(node: Node, scope: Scope, depth: int) -> bool:
    _define(node, node, (), scope, depth)
    return False


def _define(node: Node, whole: Node, decorators: tuple[Expr, ...], scope: Scope, depth: int) -> None:
    name = node.child_by_field_id(Fields.NAME)
    body = node.child_by_field_id(Fields.BODY)
    if name is None or body is None or name.is_missing or scope.nesting >= MAX_NESTING:
        return
    scope.bind(scope.unit.text(name))
    if node.kind_id in _CLASS:
        _class(node, whole, name, body, decorators, scope, depth)
    else:
        _function(node, whole, name, body, decorators, scope)


def _function(node: Node, whole: Node, name: Node, body: Node, decorators: tuple[Expr, ...], scope: Scope) -> None:
    unit = scope.unit
    made = Scope(unit, scope.prefix + unit.text(name), unit.at(name), unit.at(whole), body, scope.function)
    made.decorators = decorators
    made.is_async = node.children[0].type == "async"
    made.parameters = parameters(node.child_by_field_id(Fields.PARAMETERS), scope, made)
    unit.annotate(node.child_by_field_id(Fields.RETURN_TYPE))
    if isinstance(scope, ClassScope):
        made.owner = scope
        scope.methods.add(unit.text(name))
        static = any(isinstance(each, Name) and each.id == "staticmethod" for each in decorators)
        first = made.parameters[0] if made.parameters else None
        if first is not None and first.kind == "plain" and not static:
            made.receiver = first.name
            made.parameters = made.parameters[1:]
    # A property's setter shares the name of its getter, and a name is read more often than it is set.
    follows = any(isinstance(each, Attr) and each.name in ("setter", "deleter") for each in decorators)
    unit.define(made, last=not follows)


def _class(
    node: Node, whole: Node, name: Node, body: Node, decorators: tuple[Expr, ...], scope: Scope, depth: int
) -> None:
    unit = scope.unit
    made = ClassScope(scope.prefix + unit.text(name), unit.at(name), unit.at(whole), body, scope)
    made.decorators = decorators
    superclasses = node.child_by_field_id(Fields.SUPERCLASSES)
    for child in () if superclasses is None else inner(superclasses):
        if child.kind_id in _KEYWORD:
            lower(child.child_by_field_id(Fields.VALUE), scope)
        else:
            made.bases = (*made.bases, lower(child, scope))
    unit.define_class(made)
    block_of(body, made, depth)
    made.leave()


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


_CLASS = kinds("class_definition")
_DECORATOR = kinds("decorator")
_KEYWORD = kinds("keyword_argument")
_NAME = kinds("identifier")
_DEFAULTED = kinds("default_parameter typed_default_parameter")
_TYPED = kinds("typed_parameter")
_KEYWORD_ONLY = kinds("keyword_separator")
_STARS = kinds("list_splat_pattern dictionary_splat_pattern")

STATEMENTS.update(
    by_kind(
        {
            "decorated_definition": _decorated,
            "function_definition class_definition": _definition,
        }
    )
)
LOWERINGS.update(by_kind({"lambda": _lambda}))
