"""Functions of local files and of the templates in them."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import TYPE_CHECKING

from yaml.nodes import Node

from slslint.source import Problem, Reader, SourceFile, Span
from slslint.templates.cloudformation.json_text import from_json
from slslint.templates.cloudformation.nodes import AsJson, Undecided
from slslint.templates.document import compose
from slslint.templates.terraform.functions.calling import Call, Function, unchanged
from slslint.templates.terraform.values import entries_of, is_object, keyed, known_text, listed, literal, place

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


_MOST_FILES = 500
"""Files and folders in which those of a set are looked for; people make a function of each of a dozen."""


def _file_set(call: Call) -> Node:
    """`fileset(folder, pattern)`: the paths below a folder that match. None may mean that a build makes them."""
    folder, pattern = call.text(0), call.text(1)
    if folder is None or pattern is None:
        return call.unknown("which files they are, is known only when deployed")
    unit = call.context.module.unit
    plain = pattern.count("**") < 2 and not set("[]{}\\").intersection(pattern)
    found = _below(unit.reader, unit.reported(folder)) if plain else None
    chosen = [path for path in found or () if _matches(path.split("/"), pattern.split("/"))]
    return listed([literal(path, call.at) for path in sorted(chosen)], call.at) if chosen else call.unknown()


def _below(reader: Reader, folder: str) -> list[str] | None:
    """The files below a folder, by their paths from there; None when they are too many."""
    found: list[str] = []
    folders = [""]
    for inside in folders:
        for name, is_dir in reader.entries(posixpath.join(folder, inside)).items():
            (folders if is_dir else found).append(posixpath.join(inside, name))
        if len(found) + len(folders) > _MOST_FILES:
            return None
    return found


def _matches(path: list[str], pattern: list[str]) -> bool:
    """Whether the parts of a path match those of a pattern, in which `**` is any number of folders."""
    from fnmatch import fnmatchcase

    if not pattern or not path:
        return not pattern and not path
    if pattern[0] == "**":
        return _matches(path, pattern[1:]) or _matches(path[1:], pattern)
    return fnmatchcase(path[0], pattern[0]) and _matches(path[1:], pattern[1:])


FUNCTIONS: Mapping[str, Function] = {
    "abspath": unchanged,
    "file": _file,
    "fileset": _file_set,
    "pathexpand": unchanged,
    "templatefile": _template_file,
}
"""By name."""
