"""The references and holes in the texts of records, at any depth: found, or changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from slslint.model import Dialect, Hole, Pattern, Ref, Text, pattern, pieces_of
from slslint.model.deployment import Gap, Ignore
from slslint.source import Problem, SourceFile, Span

_LEAVES = (str, int, float, frozenset, Span, SourceFile, Dialect, Problem, Gap, Ignore, type(None))


def rewrite(value: Any, change: Callable[[Ref | Hole], Text | None]) -> Any:
    """A record with every reference and hole in it changed, at any depth; what `change` gives None for stays."""
    if isinstance(value, _LEAVES) or (not hasattr(value, "__match_args__") and not isinstance(value, tuple | Mapping)):
        return value
    match value:
        case Ref():
            found = change(value)
            return value if found is None else found
        case Hole():
            # Data may have a hole where another text stands.
            found = change(value)
            return value if found is None else found
        case Pattern(parts):
            return _rewritten(parts, change)
        case tuple():
            items = tuple(rewrite(each, change) for each in value)
            return value if all(map(_is, items, value)) else items
        case Mapping():
            return {key: rewrite(each, change) for key, each in value.items()}
        case _:
            fields = {name: getattr(value, name) for name in value.__match_args__}
            changed = {name: rewrite(each, change) for name, each in fields.items()}
            return value if all(changed[name] is each for name, each in fields.items()) else value.__class__(**changed)


def _is(one: object, other: object) -> bool:
    return one is other


def _rewritten(parts: tuple[str | Ref | Hole, ...], change: Callable[[Ref | Hole], Text | None]) -> Text:
    pieces: list[str | Ref | Hole] = []
    for part in parts:
        found = None if isinstance(part, str) else change(part)
        if found is None:
            pieces.append(part)
        else:
            pieces += pieces_of(found)
    return pattern(pieces)


def refs_in(value: Any) -> Iterator[Ref]:
    """Every reference in a record, each once."""
    return (each for each in _parts_in(value) if isinstance(each, Ref))


def holes_in(value: Any) -> Iterator[Hole]:
    """Every hole in the texts of a record, each once."""
    return (each for each in _parts_in(value) if isinstance(each, Hole))


def _parts_in(value: Any) -> list[Ref | Hole]:
    found: dict[Ref | Hole, None] = {}

    def note(part: Ref | Hole) -> None:
        found[part] = None

    rewrite(value, note)
    return list(found)
