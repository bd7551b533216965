"""On which line of a TOML file a key stands, for tomllib does not tell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

_HEADER = re.compile(r"\s*\[(\[)?(.*?)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w.\s-])+?)\s*=""")


def line_of(where: str, text: str, *, shared: bool = False) -> int | None:
    """The line of a key with dots, counted from 1, or of the innermost table around it that has one.

    `shared`: the keys stand under [tool.slslint].
    """
    prefix = "tool.slslint." if shared else ""
    places: dict[str, int] = {}
    for name, line in _keys(text):
        if name.startswith(prefix):
            places.setdefault(name[len(prefix) :], line)
    found = [name for name in places if where == name or where.startswith((f"{name}.", f"{name}["))]
    return places[max(found, key=len)] if found else None


def _keys(text: str) -> Iterator[tuple[str, int]]:
    table = ""
    counts: dict[str, int] = {}
    for line, written in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(written):
            table = _dotted(header[2])
            if header[1]:
                counts[table] = counts.get(table, -1) + 1
                table += f"[{counts[table]}]"
            yield table, line
        elif key := _KEY.match(written):
            name = _dotted(key[1])
            yield f"{table}.{name}" if table else name, line


def _dotted(written: str) -> str:
    """A key without its quotes, as it is known: `rules."a:b"` is "rules.a:b"; nothing when it is none."""
    try:
        table: object = tomllib.loads(f"{written} = 0")
    except tomllib.TOMLDecodeError:
        return ""
    names = []
    while isinstance(table, dict):
        ((name, table),) = table.items()
        names.append(name)
    return ".".join(names)
