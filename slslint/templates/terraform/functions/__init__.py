"""Terraform's functions, as far as templates need them; the others give what cannot be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from tree_sitter import Node as Tree
from yaml.nodes import Node, SequenceNode

from slslint.templates.cloudformation.nodes import Undecided
from slslint.templates.terraform.functions import arithmetic, encoding, files, lists, texts
from slslint.templates.terraform.functions.calling import Call, Function, unchanged
from slslint.templates.terraform.values import (
    Missing,
    derived,
    each_branch,
    entries_of,
    hole,
    is_derived,
    is_object,
    lifted,
    literal,
)

if TYPE_CHECKING:
    from slslint.templates.terraform.evaluate import Context


def call(context: Context, name: str, arguments: Sequence[Tree], spread: bool, at: Node) -> Node:
    """What a function gives."""
    if name in _LAZY:
        return _LAZY[name](context, arguments, at)
    function = _FUNCTIONS.get(name)
    if function is None:
        why = f"what `{name}` gives is not worked out"
        return hole(f"{name}(...)", at) if name in _OPAQUE else Undecided(why, at)
    values = [context.value(argument) for argument in arguments]
    if spread and values:
        last = values.pop()
        if not isinstance(last, SequenceNode):
            return Undecided("its arguments are known only when deployed", at)
        values += last.value

    if not values and name not in ("concat", "list", "map", "merge"):
        return Undecided("it is given nothing", at)

    def applied(nodes: list[Node]) -> Node:
        result = function(Call(context, name, nodes, at))
        return derived(result) if any(map(is_derived, nodes)) else result

    return applied(values) if name in _WHOLE else lifted(values, applied, at)


def _try(context: Context, arguments: Sequence[Tree], at: Node) -> Node:
    """The first argument that is no error; one that cannot be told may be an error or not."""
    values = [context.value(argument) for argument in arguments]

    def first(values: list[Node]) -> Node:
        return next((value for value in values if not _fails(value)), Missing("all of it fails", at))

    return lifted(values, first, at)


def _fails(value: Node) -> bool:
    """Whether a value is an error, or something in it is."""
    if isinstance(value, SequenceNode):
        return any(map(_fails, value.value))
    return any(map(_fails, entries_of(value).values())) if is_object(value) else isinstance(value, Missing)


def _can(context: Context, arguments: Sequence[Tree], at: Node) -> Node:
    def tried(value: Node) -> Node:
        if _fails(value):
            return literal(False, at)
        return Undecided(value.why, at) if isinstance(value, Undecided) else literal(True, at)

    return each_branch(context.value(arguments[0]), tried) if arguments else Undecided("it is empty", at)


_LAZY: Mapping[str, Callable[[Context, Sequence[Tree], Node], Node]] = {"can": _can, "try": _try}
"""They look at errors in their arguments, which others hand on."""

_WHOLE = frozenset(
    {"concat", "jsonencode", "list", "nonsensitive", "sensitive", "tolist", "toset", "tomap", "yamlencode"}
)
"""They take values that depend on conditions as they are."""

_OPAQUE = frozenset(
    {
        "base64gzip", "base64sha256", "base64sha512", "bcrypt", "filebase64", "filebase64sha256", "filebase64sha512",
        "filemd5", "filesha1", "filesha256", "filesha512", "md5", "sha1", "sha256", "sha512", "timestamp", "uuid",
        "uuidv5", "formatdate", "timeadd", "base64encode", "urlencode",
    }
)  # fmt: skip
"""They give a text of which nobody wants to know more."""

_FUNCTIONS: Mapping[str, Function] = {
    **arithmetic.FUNCTIONS,
    **encoding.FUNCTIONS,
    **files.FUNCTIONS,
    **lists.FUNCTIONS,
    **texts.FUNCTIONS,
    "nonsensitive": unchanged,
    "sensitive": unchanged,
    "tobool": unchanged,
    "tonumber": unchanged,
    "tostring": unchanged,
}
"""By name."""
