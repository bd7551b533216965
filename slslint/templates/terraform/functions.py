"""Terraform's functions, as far as templates need them; the others give what cannot be told."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from tree_sitter import Node as Tree
from yaml.nodes import MappingNode, Node, SequenceNode

from slslint.errors import UnreadableFileError
from slslint.model import Hole, Pattern, Ref
from slslint.record import record
from slslint.source import Problem, SourceFile
from slslint.templates.cloudformation.json_text import from_json
from slslint.templates.cloudformation.nodes import AsJson, Undecided, fields_of
from slslint.templates.document import MAX_BYTES, compose
from slslint.templates.terraform.values import (
    MAX_LENGTH,
    Choice,
    Missing,
    Nothing,
    derived,
    each_branch,
    entries_of,
    hole,
    is_derived,
    is_object,
    keyed,
    known_text,
    lifted,
    listed,
    literal,
    mapped,
    number,
    same,
    string,
    text,
)

if TYPE_CHECKING:
    from slslint.templates.terraform.evaluate import Context

MAX_RANGE = 1_024
"""Terraform's own limit."""


class Contents(AsJson):
    """The text of a local file; `path` is where it lies, as reported. Without content, what is in it is not told."""

    def __init__(self, path: str, content: Node | None, at: Node) -> None:
        super().__init__(content if content is not None else Undecided("it lies in a file", at), at)
        self.path = path


@record()
class Call:
    """A function call whose arguments are worked out: no Choice among them."""

    context: Context
    name: str
    arguments: Sequence[Node]
    at: Node

    def text(self, index: int) -> str | None:
        """The text that an argument surely is."""
        return string(self.arguments[index]) if index < len(self.arguments) else None

    def items(self, index: int = 0) -> list[Node] | None:
        """The items of a list, without those that are null."""
        node = self.arguments[index] if index < len(self.arguments) else None
        if not isinstance(node, SequenceNode):
            return None
        return [item for item in node.value if not isinstance(item, Nothing)]

    def unknown(self, why: str = "") -> Node:
        """What cannot be told, for the reason of the first argument that cannot."""
        for argument in self.arguments:
            if isinstance(argument, Undecided) and not why:
                return Undecided(argument.why, self.at)
        return Undecided(why or f"what `{self.name}` gives is known only when deployed", self.at)


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
        return next((value for value in values if not isinstance(value, Missing)), Missing("all of it fails", at))

    return lifted(values, first, at)


def _can(context: Context, arguments: Sequence[Tree], at: Node) -> Node:
    def tried(value: Node) -> Node:
        if isinstance(value, Missing):
            return literal(False, at)
        return Undecided(value.why, at) if isinstance(value, Undecided) else literal(True, at)

    return each_branch(context.value(arguments[0]), tried) if arguments else Undecided("it is empty", at)


# --- texts -----------------------------------------------------------------------------------------------------------


def _as_json(call: Call) -> Node:
    return AsJson(call.arguments[0], call.at)


def _from_json(call: Call) -> Node:
    given = call.arguments[0]
    if isinstance(given, AsJson):
        return given.content
    known = known_text(given)
    found = None if known is None else from_json(known.value, call.at)
    return found or call.unknown()


def _from_yaml(call: Call) -> Node:
    given = call.arguments[0]
    if isinstance(given, AsJson):
        return given.content
    written = string(given)
    if written is None:
        return call.unknown()
    found = compose(SourceFile(call.at.start_mark.name, written.encode()))
    return call.unknown("it is no YAML that can be read") if not isinstance(found, Node) else _replaced(found, call.at)


def _replaced(node: Node, at: Node) -> Node:
    """Nodes of a text, as they stand where the text does."""
    if isinstance(node, MappingNode):
        return mapped([(literal(key, at), _replaced(value, at)) for key, (_, value) in fields_of(node).items()], at)
    if isinstance(node, SequenceNode):
        return listed([_replaced(item, at) for item in node.value], at)
    return literal(node.value, at)


_VERB = re.compile(r"%(?:%|\[\d+\]|[-+# 0]*\d*(?:\.\d+)?([a-zA-Z]))")


def _format(call: Call) -> Node:
    form = call.text(0)
    if form is None:
        return call.unknown()
    parts: list[str | Ref | Hole] = []
    end, used = 0, 1
    for match in _VERB.finditer(form):
        parts.append(form[end : match.start()])
        end = match.end()
        if match.group() == "%%":
            parts.append("%")
        elif match[1] is None or used >= len(call.arguments):
            return call.unknown("its format is not understood")
        elif match.group() not in ("%s", "%v", "%d"):
            parts.append(Hole("format(...)"))
            used += 1
        else:
            parts += _parts(call.arguments[used])
            used += 1
    return text([*parts, form[end:]], call.at)


def _parts(node: Node) -> list[str | Ref | Hole]:
    """The parts of a text that a value brings."""
    known = known_text(node)
    if known is None:
        return [Hole("...")]
    return list(known.value.parts) if isinstance(known.value, Pattern) else [known.value]


def _join(call: Call) -> Node:
    delimiter = call.text(0)
    if delimiter is None:
        return call.unknown()
    nodes: list[Node] = []
    for argument in call.arguments[1:]:
        if not isinstance(argument, SequenceNode):
            return call.unknown()
        nodes += argument.value

    def joined(nodes: list[Node]) -> Node:
        parts: list[str | Ref | Hole] = []
        for node in nodes:
            if not isinstance(node, Nothing):
                parts += [delimiter, *_parts(node)]
        if sum(len(part) for part in parts if isinstance(part, str)) > MAX_LENGTH:
            return call.unknown("it is too long a text")
        return text(parts[1:], call.at)

    return lifted(nodes, joined, call.at)


def _plain(change: Callable[..., str | float | bool]) -> Callable[[Call], Node]:
    """A function of texts that are wholly decided."""

    def apply(call: Call) -> Node:
        texts = [string(argument) for argument in call.arguments]
        if not texts or None in texts:
            return call.unknown()
        try:
            return literal(change(*texts), call.at)
        except (TypeError, ValueError, OverflowError):
            return call.unknown()

    return apply


def _outside(change: Callable[[str], str]) -> Callable[[Call], Node]:
    """A function of a text that treats each part of it alike, references and holes left as they are."""

    def apply(call: Call) -> Node:
        known = known_text(call.arguments[0]) if call.arguments else None
        if known is None:
            return call.unknown()
        if isinstance(known.value, str):
            return literal(change(known.value), call.at)
        parts = known.value.parts if isinstance(known.value, Pattern) else (known.value,)
        # What a reference stands for would be changed too.
        return text([change(part) if isinstance(part, str) else Hole(f"{call.name}(...)") for part in parts], call.at)

    return apply


def _replace(call: Call) -> Node:
    known, old, new = known_text(call.arguments[0]) if call.arguments else None, call.text(1), call.text(2)
    if known is None or old is None or new is None:
        return call.unknown()
    if not isinstance(known.value, str):
        return call.unknown("a part of the text is known only when deployed")
    if len(old) > 2 and old.startswith("/") and old.endswith("/"):
        return call.unknown("what a regular expression replaces is not worked out")
    if known.value.count(old) * len(new) > MAX_LENGTH:
        return call.unknown("it is too long a text")
    return literal(known.value.replace(old, new), call.at)


def _split(call: Call) -> Node:
    delimiter, known = call.text(0), known_text(call.arguments[1]) if len(call.arguments) > 1 else None
    if not delimiter or known is None:
        return call.unknown()
    if not isinstance(known.value, str):
        return call.unknown("the text it splits is known only when deployed")
    return listed([literal(part, call.at) for part in known.value.split(delimiter)], call.at)


def _substr(written: str, start: str, length: str) -> str:
    first, count = int(start), int(length)
    first = first if first >= 0 else len(written) + first
    return written[first:] if count < 0 else written[first : first + count]


def _same(call: Call) -> Node:
    return call.arguments[0] if call.arguments else call.unknown()


# --- files -----------------------------------------------------------------------------------------------------------


def _file(call: Call) -> Node:
    path = call.text(0)
    if path is None:
        return call.unknown("which file it is, is known only when deployed")
    return contents(call.context, path, call.at)


def contents(context: Context, path: str, at: Node) -> Node:
    """A local file; `path` is relative to the root module."""
    unit = context.module.unit
    where = unit.reported(path)
    if where.endswith((".json", ".yaml", ".yml", ".tpl", ".tftpl", ".txt")) and unit.reader.is_file(where):
        written = _read(context, where)
        if written is not None:
            found = compose(SourceFile(where, written.encode())) if written.strip()[:1] in ("{", "[") else None
            if isinstance(found, Node) and not isinstance(found, Problem):
                return Contents(where, found, at)
            return literal(written, at)
    return Contents(where, None, at)


def _read(context: Context, path: str) -> str | None:
    try:
        return context.module.unit.reader.read(path, MAX_BYTES).text
    except UnreadableFileError:
        return None


def _template_file(call: Call) -> Node:
    path = call.text(0)
    values = call.arguments[1] if len(call.arguments) > 1 else keyed({}, call.at)
    if path is None or not is_object(values):
        return call.unknown()
    return rendered(call.context, path, entries_of(values), call.at)


def rendered(context: Context, path: str, values: Mapping[str, Node], at: Node) -> Node:
    """A local template with these values; everything in it stands where it is used."""
    from slslint.templates.terraform.strings import template

    where = context.module.unit.reported(path)
    written = _read(context, where) if context.module.unit.reader.is_file(where) else None
    if written is None:
        return Undecided(f"the file `{path}` is not in sight", at)
    return template(context.alone(values), written, at)


def _dirname(path: str) -> str:
    return posixpath.dirname(path) or "."


# --- collections -----------------------------------------------------------------------------------------------------


def _concat(call: Call) -> Node:
    items: list[Node] = []
    for argument in call.arguments:
        if isinstance(argument, Choice):
            # A list that depends on a condition stays one item, whose own items count.
            items.append(argument)
        elif isinstance(argument, SequenceNode):
            items += argument.value
        else:
            return call.unknown()
    if any(isinstance(argument, Choice) for argument in call.arguments):
        return lifted(list(call.arguments), lambda nodes: _concat(_with(call, nodes)), call.at)
    return listed(items, call.at)


def _with(call: Call, nodes: Sequence[Node]) -> Call:
    return Call(call.context, call.name, nodes, call.at)


def _merge(call: Call) -> Node:
    pairs: dict[str, tuple[Node, Node]] = {}
    for argument in call.arguments:
        if isinstance(argument, Nothing):
            continue
        if not is_object(argument):
            return call.unknown()
        pairs.update(fields_of(argument))
    return mapped(pairs.values(), call.at)


def _lookup(call: Call) -> Node:
    values, key = call.arguments[0], call.text(1)
    if not is_object(values) or key is None:
        return call.unknown()
    found = entries_of(values).get(key)
    if found is not None:
        return found
    return call.arguments[2] if len(call.arguments) > 2 else Missing(f"it has no `{key}`", call.at)


def _coalesce(call: Call) -> Node:
    for argument in call.arguments:
        if isinstance(argument, Nothing) or string(argument) == "":
            continue
        return argument if known_text(argument) is not None else call.unknown()
    return Missing("all of it is null", call.at)


def _coalesce_list(call: Call) -> Node:
    for argument in call.arguments:
        if isinstance(argument, SequenceNode) and argument.value:
            return argument
        if not isinstance(argument, SequenceNode | Nothing):
            return call.unknown()
    return Missing("all of it is empty", call.at)


def _sure(items: Sequence[Node] | None) -> list[Node] | None:
    """The items, when it is sure that each is there."""
    if items is None or any(isinstance(item, Choice) for item in items):
        return None
    return list(items)


def _compact(call: Call) -> Node:
    items = _sure(call.items())
    return call.unknown() if items is None else listed([item for item in items if string(item) != ""], call.at)


def _distinct(call: Call) -> Node:
    found: list[Node] = []
    items = call.items()
    if items is None:
        return call.unknown()
    for item in items:
        if not any(same(item, other) for other in found):
            found.append(item)
    return listed(found, call.at)


def _flatten(call: Call) -> Node:
    found: list[Node] = []
    pending = list(call.arguments[:1])
    if not pending or not isinstance(pending[0], SequenceNode):
        return call.unknown()
    while pending:
        node = pending.pop()
        if isinstance(node, SequenceNode):
            pending.extend(reversed(node.value))
        elif isinstance(node, Undecided | Choice):
            return call.unknown("an item of it may be a list")
        elif not isinstance(node, Nothing):
            found.append(node)
    return listed(found, call.at)


def _length(call: Call) -> Node:
    given = call.arguments[0]
    if is_object(given):
        return literal(len(entries_of(given)), call.at)
    items = _sure(call.items())
    if items is not None:
        return literal(len(items), call.at)
    written = string(given)
    return call.unknown() if written is None else literal(len(written), call.at)


def _element(call: Call) -> Node:
    items, place = _sure(call.items()), number(call.arguments[1]) if len(call.arguments) > 1 else None
    if items is None or place is None:
        return call.unknown()
    return items[int(place) % len(items)] if items else Missing("it has no items", call.at)


def _keys(call: Call) -> Node:
    given = call.arguments[0]
    if not is_object(given):
        return call.unknown()
    return listed([literal(key, call.at) for key in sorted(entries_of(given))], call.at)


def _values(call: Call) -> Node:
    given = call.arguments[0]
    if not is_object(given):
        return call.unknown()
    return listed([value for _, value in sorted(entries_of(given).items())], call.at)


def _contains(call: Call) -> Node:
    items, wanted = _sure(call.items()), call.text(1)
    texts = [string(item) for item in items or ()]
    if items is None or wanted is None:
        return call.unknown()
    if wanted in texts:
        return literal(True, call.at)
    return call.unknown() if None in texts else literal(False, call.at)


def _one(call: Call) -> Node:
    items = call.items()
    if items is None or len(items) > 1:
        return call.unknown()
    return items[0] if items else Nothing(call.at)


def _sorted(call: Call) -> Node:
    items = call.items()
    texts = [string(item) for item in items or ()]
    if items is None or None in texts:
        return call.unknown()
    return listed([item for _, item in sorted(zip(texts, items, strict=True), key=lambda pair: str(pair[0]))], call.at)


def _reversed(call: Call) -> Node:
    items = call.items()
    return call.unknown() if items is None else listed(items[::-1], call.at)


def _slice(call: Call) -> Node:
    items = _sure(call.items())
    start, end = (number(argument) for argument in [*call.arguments[1:3], call.at][:2])
    if items is None or start is None or end is None or not 0 <= start <= end <= len(items):
        return call.unknown()
    return listed(items[int(start) : int(end)], call.at)


def _range(call: Call) -> Node:
    given = [number(argument) for argument in call.arguments]
    if not 1 <= len(given) <= 3 or any(each is None or each != int(each) for each in given):
        return call.unknown()
    bounds = [int(each or 0) for each in given]
    try:
        found = range(*bounds)
    except ValueError:
        return call.unknown()
    if len(found) > MAX_RANGE:
        return call.unknown("it is too long a range")
    return listed([literal(each, call.at) for each in found], call.at)


def _zipmap(call: Call) -> Node:
    keys, values = _sure(call.items(0)), _sure(call.items(1))
    if keys is None or values is None or len(keys) != len(values) or any(string(key) is None for key in keys):
        return call.unknown()
    return keyed({str(string(key)): value for key, value in zip(keys, values, strict=True)}, call.at)


def _listed(call: Call) -> Node:
    return listed(call.arguments, call.at)


def _mapped(call: Call) -> Node:
    """`map("key", value, ...)`, which Terraform 0.11 knew."""
    keys = [string(key) for key in call.arguments[::2]]
    if None in keys or len(call.arguments) % 2:
        return call.unknown()
    return keyed(dict(zip(map(str, keys), call.arguments[1::2], strict=True)), call.at)


def _numbers(change: Callable[..., float]) -> Callable[[Call], Node]:
    def apply(call: Call) -> Node:
        found = [number(argument) for argument in call.arguments]
        if not found or None in found:
            return call.unknown()
        return literal(change(*found), call.at)

    return apply


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

_FUNCTIONS: Mapping[str, Callable[[Call], Node]] = {
    "abs": _numbers(abs),
    "abspath": _same,
    "basename": _plain(posixpath.basename),
    "ceil": _numbers(lambda value: float(-(-value // 1))),
    "chomp": _plain(lambda written: written.rstrip("\r\n")),
    "coalesce": _coalesce,
    "coalescelist": _coalesce_list,
    "compact": _compact,
    "concat": _concat,
    "contains": _contains,
    "dirname": _plain(_dirname),
    "distinct": _distinct,
    "element": _element,
    "endswith": _plain(lambda written, end: written.endswith(end)),
    "file": _file,
    "flatten": _flatten,
    "floor": _numbers(lambda value: float(value // 1)),
    "format": _format,
    "join": _join,
    "jsondecode": _from_json,
    "jsonencode": _as_json,
    "keys": _keys,
    "length": _length,
    "list": _listed,
    "lookup": _lookup,
    "lower": _outside(str.lower),
    "map": _mapped,
    "max": _numbers(max),
    "merge": _merge,
    "min": _numbers(min),
    "nonsensitive": _same,
    "one": _one,
    "pathexpand": _same,
    "range": _range,
    "replace": _replace,
    "reverse": _reversed,
    "sensitive": _same,
    "slice": _slice,
    "sort": _sorted,
    "split": _split,
    "startswith": _plain(lambda written, start: written.startswith(start)),
    "substr": _plain(_substr),
    "templatefile": _template_file,
    "title": _outside(str.title),
    "tobool": _same,
    "tolist": _same,
    "tomap": _same,
    "tonumber": _same,
    "toset": _same,
    "tostring": _same,
    "trim": _plain(lambda written, cut: written.strip(cut)),
    "trimprefix": _plain(lambda written, start: written.removeprefix(start)),
    "trimspace": _plain(str.strip),
    "trimsuffix": _plain(lambda written, end: written.removesuffix(end)),
    "upper": _outside(str.upper),
    "values": _values,
    "yamldecode": _from_yaml,
    "yamlencode": _as_json,
    "zipmap": _zipmap,
}
"""By name."""
