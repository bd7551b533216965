"""Where a construct is made in the application's own source, and resources that are shown there."""

from __future__ import annotations

import posixpath
import re

from yaml.error import Mark
from yaml.nodes import MappingNode, Node, SequenceNode

from slslint.errors import UnreadableFileError
from slslint.source import Reader, Span
from slslint.templates.cdk.assembly import Assembly

_FRAME = re.compile(r"(?:^|\(|\s)(?:file:/*(?=/))?((?:[A-Za-z]:)?[^()\s][^()]*?):(\d+):(\d+)\)?$")
_NAMELESS = re.compile(r"^(.+):(\d+) \(:\)$")
"""How the CDK writes the frame of a function without a name."""
_FRAMES = 100
_LONGEST = 1_000
"""Characters at the end of a frame that are looked at."""
_SOURCES = (".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".py")
_BUILT = frozenset({"build", "cdk.out", "dist"})
_CALL = re.compile(r"^(?:\.\.\.)?(?:(new) |(?:[\w$<>]+\.)+([\w$]+) )")
"""What a frame says was called: a class, or a method by its name."""
_OWN_CALL = re.compile(r"^(?:(new) |(?:[\w$<>]+\.)*([\w$]+) \()")
"""The same of a frame in the application, where it may be a function too."""
_NEAR = 5
"""Lines from the start of a call in which the id of what it makes stands."""
_COMPILED = {".js": ".ts", ".mjs": ".mts", ".cjs": ".cts"}


def place_of(path: str, stack: str, assembly: Assembly, reader: Reader) -> Span | None:
    """Where the construct at a path is made; where nothing tells, the nearest one that it is a part of.

    The stack itself is no place: a finding about all that is in it would say nothing.
    """
    while path.startswith(f"{stack}/"):
        for each in (path, f"{path}/Resource", f"{path}/Default"):
            trace = assembly.traces.get(each)
            found = None if trace is None else _first(trace, path, stack, assembly.project, reader)
            if found is not None:
                return found
        path = path.rpartition("/")[0]
    return None


def show_at(node: Node, place: Span) -> None:
    """Let a node and all in it stand at a place."""
    start = Mark(place.path, 0, place.line - 1, place.column - 1, None, 0)
    end = Mark(place.path, 0, place.end_line - 1, place.end_column - 1, None, 0)
    pending = [node]
    while pending:
        each = pending.pop()
        each.start_mark, each.end_mark = start, end
        if isinstance(each, MappingNode):
            pending.extend(child for pair in each.value for child in pair)
        elif isinstance(each, SequenceNode):
            pending.extend(each.value)


def _first(trace: tuple[str, ...], path: str, stack: str, project: str, reader: Reader) -> Span | None:
    """The innermost frame in the project's own source; one further out where that is a helper that makes many."""
    called, inner = "", True
    for frame in trace[:_FRAMES]:
        frame = frame.strip()[-_LONGEST:]
        found = _NAMELESS.search(frame) or _FRAME.search(frame)
        file = "" if found is None else found[1].replace("\\", "/")
        if found is None or "/node_modules/" in file or not file.endswith(_SOURCES):
            call = _CALL.match(frame)
            called = "" if call is None else call[1] or call[2]
            continue
        own = _file(file, project, reader)
        column = int(found[3]) if found.re is _FRAME else 0
        place = None if own is None else _stretch(own, int(found[2]), column, called, reader)
        if place is None:
            return None
        parts = path.split("/") if inner else path.removeprefix(f"{stack}/").split("/")
        if (inner and called not in ("", "new")) or _names(parts, place, inner, reader):
            return place
        call = _OWN_CALL.match(frame)
        called, inner = "" if call is None else call[1] or call[2], False
    return None


def _file(file: str, project: str, reader: Reader) -> str | None:
    """The file of the project that a trace means, which may have been written on another machine.

    What was compiled is nobody's to edit: it has another line numbering than its source.
    """
    parts = file.strip("/").split("/")
    for base in (project, posixpath.join(project, "..")):
        # A bare name above the application says too little.
        for start in range(len(parts) - (base != project)):
            path = posixpath.normpath(posixpath.join(base, *parts[start:]))
            if ".." in parts[start:] or not reader.is_file(path):
                continue
            if _BUILT.intersection(parts[start:]):
                return None
            stem, suffix = posixpath.splitext(path)
            source = _COMPILED.get(suffix)
            return None if source is not None and reader.is_file(stem + source) else path
    return None


def _stretch(file: str, line: int, column: int, called: str, reader: Reader) -> Span | None:
    """From a frame's column to the end of its line; None when the file has changed since, so that it is no place."""
    try:
        source = reader.read(file)
    except UnreadableFileError:
        return None
    lines = source.lines
    if not 1 <= line <= len(lines) or not lines[line - 1].strip():
        return None
    text = lines[line - 1]
    words = ("new", "super") if called == "new" else (called,)
    if not (text.startswith(words, column - 1) if column else any(word in text for word in words)):
        return None
    start = column if 0 < column <= len(text.rstrip()) else len(text) - len(text.lstrip()) + 1
    return Span(file, line, start, line, max(len(text.rstrip()) + 1, start + 1))


def _names(parts: list[str], place: Span, inner: bool, reader: Reader) -> bool:
    """Whether a construct may be made at a place, by the parts of its path: where the file names it, it does so there.

    A place that is not the innermost one must name it.
    """
    source = reader.read(place.path)
    near = "\n".join(source.lines[place.line - 1 : place.line - 1 + _NEAR])
    named = [part for part in parts if _is_quoted(part, source.text)]
    return _is_quoted(named[-1], near) if named else inner


def _is_quoted(part: str, text: str) -> bool:
    return any(f"{quote}{part}{quote}" in text for quote in "\"'`")
