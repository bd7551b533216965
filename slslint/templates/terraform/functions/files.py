"""Functions of local files and of the templates in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from yaml.nodes import Node

from slslint.source import Problem, SourceFile, Span
from slslint.templates.cloudformation.json_text import from_json
from slslint.templates.cloudformation.nodes import AsJson, Undecided
from slslint.templates.document import compose
from slslint.templates.terraform.functions.calling import Call, Function, unchanged
from slslint.templates.terraform.values import entries_of, is_object, keyed, known_text, literal, place

if TYPE_CHECKING:
    from slslint.templates.terraform.evaluate import Context


class Contents(AsJson):
    """The text of a local file; `path` is where it lies, as reported. Without content, what is in it is not told."""

    def __init__(self, path: str, content: Node | None, at: Node) -> None:
        super().__init__(content if content is not None else Undecided("it lies in a file", at), at)
        self.path = path


def _file(call: Call) -> Node:
    path = call.text(0)
    if path is None:
        return call.unknown("which file it is, is known only when deployed")
    return contents(call.context, path, call.at)


_DOCUMENTS = (".asl", ".json", ".tftpl", ".tmpl", ".tpl", ".txt", ".yaml", ".yml")
"""Files whose text matters to a template; others are code."""


def contents(context: Context, path: str, at: Node) -> Node:
    """A local file; `path` is relative to the root module."""
    unit = context.module.unit
    where = unit.reported(path)
    if where.endswith(_DOCUMENTS):
        written = unit.text(where)
        if written is not None:
            found = compose(SourceFile(where, written.encode())) if written.strip()[:1] in ("{", "[") else None
            if isinstance(found, Node) and not isinstance(found, Problem):
                return Contents(where, found, at)
            return literal(written, at)
    return Contents(where, None, at)


def _template_file(call: Call) -> Node:
    path = call.text(0)
    values = call.arguments[1] if len(call.arguments) > 1 else keyed({}, call.at)
    if path is None or not is_object(values):
        return call.unknown()
    return rendered(call.context, call.context.module.unit.reported(path), entries_of(values), call.at)


def rendered(context: Context, where: str, values: Mapping[str, Node], at: Node) -> Node:
    """A local template, by its reported path, with these values: where that is JSON, its parts stand in that file."""
    from slslint.templates.terraform.strings import template

    written = context.module.unit.text(where)
    if written is None:
        return Undecided(f"the file `{where}` is not in sight", at)
    found = template(context.alone(values), written, at)
    known = known_text(found)
    if known is None or not where.endswith(_DOCUMENTS):
        return found
    lines = written.split("\n")
    whole = place(Span(where, 1, 1, len(lines), len(lines[-1]) + 1))
    content = from_json(known, whole, lines)
    return found if content is None else Contents(where, content, at)


FUNCTIONS: Mapping[str, Function] = {
    "abspath": unchanged,
    "file": _file,
    "pathexpand": unchanged,
    "templatefile": _template_file,
}
"""By name."""
