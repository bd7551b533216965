"""The types of variables: what `optional` adds to a value."""

from __future__ import annotations

from tree_sitter import Node as Tree
from yaml.nodes import MappingNode, Node, SequenceNode

from slslint.templates.cloudformation.nodes import fields_of
from slslint.templates.terraform.grammar import kinds
from slslint.templates.terraform.places import Source
from slslint.templates.terraform.syntax import Written
from slslint.templates.terraform.values import Choice, Nothing, each_branch, is_object, listed, literal, mapped, moved

_CALL = kinds("function_call")
_ARGUMENTS = kinds("function_arguments")
_EXPRESSION = kinds("expression")
_ELEMENT = kinds("object_elem")
_WRAPPERS = kinds("expression collection_value literal_value")
_OBJECT = kinds("object")
_PLAIN = kinds("numeric_lit bool_lit null_lit string_lit")


def is_collection(type: Written | None) -> bool:
    """Whether a variable of that type holds a list, map or object."""
    if type is None:
        return False
    if type.node is not None:
        written = getattr(type.node, "value", "")
        return isinstance(written, str) and written.startswith(("list", "map", "set", "object", "tuple"))
    return type.text.lstrip(b'"').startswith((b"list", b"map", b"set", b"object", b"tuple"))


def completed(value: Node, type: Written | None) -> Node:
    """The value with the optional attributes of its type that it lacks."""
    tree = type.tree if type is not None and b"optional" in type.text else None
    return value if type is None or tree is None else _completed(value, tree, type.source)


def _completed(value: Node, type: Tree, source: Source) -> Node:
    if isinstance(value, Choice):
        return each_branch(value, lambda branch: _completed(branch, type, source))
    type = _inner(type)
    if type.kind_id not in _CALL:
        return value
    name = (type.children[0].text or b"").decode()
    arguments = _arguments(type)
    if not arguments:
        return value
    if name in ("map", "list", "set"):
        if isinstance(value, SequenceNode):
            return listed([_completed(item, arguments[0], source) for item in value.value], value)
        if is_object(value):
            pairs = [(key, _completed(item, arguments[0], source)) for key, item in fields_of(value).values()]
            return mapped(pairs, value)
    if name == "object" and is_object(value):
        return _filled(value, _inner(arguments[0]), source)
    return value


def _filled(value: MappingNode, type: Tree, source: Source) -> Node:
    fields = dict(fields_of(value))
    for element in type.children:
        parts = (
            [part for part in element.children if part.kind_id in _EXPRESSION] if element.kind_id in _ELEMENT else []
        )
        if len(parts) != 2:
            continue
        name = (parts[0].text or b"").decode().strip('"')
        inner = _inner(parts[1])
        default: Tree | None = None
        wanted = parts[1]
        if inner.kind_id in _CALL and inner.children[0].text == b"optional":
            arguments = _arguments(inner)
            wanted = arguments[0] if arguments else parts[1]
            default = arguments[1] if len(arguments) > 1 else None
            given = fields.get(name)
            if given is None or (isinstance(given[1], Nothing) and default is not None):
                fields[name] = literal(name, value), _constant(default, source, value)
        if name in fields:
            key, item = fields[name]
            fields[name] = key, _completed(item, wanted, source)
    return mapped(fields.values(), value)


def _constant(tree: Tree | None, source: Source, at: Node) -> Node:
    """The default of an optional attribute; a constant, which needs no module to be worked out."""
    if tree is None:
        return Nothing(at)
    tree = _inner(tree)
    if tree.kind_id in _OBJECT:
        pairs = []
        for element in tree.children:
            parts = [part for part in element.children if part.kind_id in _EXPRESSION]
            if len(parts) == 2:
                key = literal((parts[0].text or b"").decode().strip('"'), at)
                pairs.append((key, _constant(parts[1], source, at)))
        return mapped(pairs, at)
    if tree.kind_id in kinds("tuple"):
        return listed([_constant(part, source, at) for part in tree.children if part.kind_id in _EXPRESSION], at)
    written = (tree.text or b"").decode()
    if written == "null":
        return Nothing(at)
    return moved(literal(written[1:-1] if written[:1] == '"' else written, at), at)


def _inner(tree: Tree) -> Tree:
    """A type without its wrappers."""
    while tree.kind_id in _WRAPPERS:
        named = [child for child in tree.children if child.is_named]
        if len(named) != 1:
            break
        tree = named[0]
    return tree


def _arguments(call: Tree) -> list[Tree]:
    return [
        part
        for child in call.children
        if child.kind_id in _ARGUMENTS
        for part in child.children
        if part.kind_id in _EXPRESSION
    ]
