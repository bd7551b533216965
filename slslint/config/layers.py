"""The places where settings are written: TOML files, those that they extend, and the command line."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from slslint.errors import UnreadableFileError, UsageError
from slslint.record import record
from slslint.source import whole_disk

NAMES = (".slslint.toml", "slslint.toml", "pyproject.toml")
"""What files with settings are called; of one folder the first counts."""

COMMAND_LINE = "command line"


@record()
class Layer:
    """Settings as they are written in one place.

    Attributes:
        root: the folder that its paths are relative to. name: what people call it.
        file: its absolute path; None for the command line. text: what is in it.

    """

    table: Mapping[str, Any]
    root: str
    name: str
    file: str | None = None
    text: str = ""

    def place(self, where: str) -> str:
        """Where people find a key (`rules.missing-timeout.severity`): file and line, or the command line."""
        if self.file is None:
            return self.name
        from slslint.config.lines import line_of

        line = line_of(where, self.text, shared=_is_shared(self.file))
        return self.name if line is None else f"{self.name}:{line}"


def nearest_file(folder: str) -> str | None:
    """The file with settings in a real folder, or else in the nearest one above."""
    while True:
        for name in NAMES:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and (not _is_shared(path) or layer_in(path) is not None):
                return path
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def layers_of(path: str, chain: tuple[str, ...] = ()) -> tuple[Layer, ...]:
    """What a file says, after what the files say that it extends.

    UsageError for a file that is no TOML, or has no table of ours, and for files that extend each other in a circle.
    """
    path = os.path.realpath(path)
    shown = [os.path.relpath(each) for each in (*chain, path)]
    if path in chain:
        raise UsageError(f"{shown[0]}: `extend` goes round in a circle: {' -> '.join(shown)}; remove one of them")
    try:
        layer = layer_in(path)
    except UnreadableFileError as error:
        by = f"{shown[-2]}: `extend` names " if chain else ""
        todo = "" if "; " in error.why else "; name a file that is there"
        raise UsageError(f"{by}{shown[-1]}: {error.why}{todo}") from None
    if layer is None:
        by = f"{shown[-2]}: `extend` names " if chain else ""
        raise UsageError(f"{by}{shown[-1]}: there is no [tool.slslint] in it; add that table, or name another file")
    base = layer.table.get("extend")
    if not isinstance(base, str) or not base:
        return (layer,)
    return (*layers_of(os.path.join(layer.root, os.path.expanduser(base)), (*chain, path)), layer)


def layer_in(path: str) -> Layer | None:
    """What a file says; None for a pyproject.toml without a table of ours."""
    data = whole_disk(os.getcwd()).read(path).data
    shared = _is_shared(path)
    if shared and not may_hold_table(data):
        return None
    table: Any = parsed(data.decode(), os.path.relpath(path))
    for name in ("tool", "slslint") if shared else ():
        table = table.get(name) if isinstance(table, dict) else None
    if not isinstance(table, dict):
        return None
    return Layer(table, os.path.dirname(os.path.realpath(path)), os.path.relpath(path), path, data.decode())


def may_hold_table(data: bytes) -> bool:
    """Whether a pyproject.toml may hold a table of ours: many name slslint as a dependency, and parsing takes 5 ms."""
    squeezed = data.translate(None, b" \t\"'")
    return b"slslint" in squeezed and any(way in squeezed for way in (b"tool.slslint", b"[tool]", b"tool="))


def from_command_line(table: Mapping[str, Any], inline: tuple[str, ...] = ()) -> Layer | None:
    """What was said on the command line, by options of their own (`table`) and as TOML (`--config 'KEY = VALUE'`)."""
    put: dict[str, Any] = {}
    for text in inline:
        put = together(put, parsed(text, "--config"))
    put = together(put, table)
    return Layer(put, os.path.realpath("."), COMMAND_LINE) if put else None


def parsed(text: str, name: str) -> dict[str, Any]:
    """A TOML document. UsageError, with its name, when it is none."""
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name}: it is no valid TOML: {error}") from None


def together(lower: Mapping[str, Any], upper: Mapping[str, Any]) -> dict[str, Any]:
    """Two tables as one: tables in both are put together in turn, of all else the upper counts."""
    found = dict(lower)
    for key, value in upper.items():
        both = isinstance(value, dict) and isinstance(found.get(key), dict)
        found[key] = together(found[key], value) if both else value
    return found


def leaves(table: Mapping[str, Any], where: str = "") -> Iterator[tuple[str, Any]]:
    """Every value in a table that is no table, with its key."""
    for key, value in table.items():
        name = f"{where}.{key}" if where else key
        if isinstance(value, dict):
            yield from leaves(value, name)
        else:
            yield name, value


def _is_shared(path: str) -> bool:
    return os.path.basename(path) == "pyproject.toml"
