"""What is known of a value that code sends: texts by their known parts, objects by their fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING

from slslint.app.graph.patterns import ANYTHING, OPEN, Gap, OneOf, Shape, Words
from slslint.app.symbols import (
    AnyOf,
    Constant,
    ContextPart,
    Element,
    EnvVar,
    EventPart,
    External,
    Group,
    Joined,
    Member,
    Result,
    Symbol,
    dotted,
    options,
)
from slslint.app.texts import texts
from slslint.model import Function, Hole, Ref, pieces_of

if TYPE_CHECKING:
    from slslint.app.application import App
    from slslint.app.site import Site

Pieces = tuple[str | Ref | Hole | Gap, ...]

_UNKNOWN = Gap()
_SEGMENT = Gap(("/",))
"""One part of a path."""

_MOST = 16
"""Alternatives of one text that are told apart."""

_JSON = frozenset({"json.dumps", "JSON.stringify", "orjson.dumps", "simplejson.dumps", "ujson.dumps"})
_SAME_BYTES = frozenset({"Buffer.from", "bytes", "Uint8Array.from", "TextEncoder().encode", "str", "String"})

_SEGMENTS = frozenset(
    {
        "os.path.basename", "posixpath.basename", "ntpath.basename", "path.basename", "path.posix.basename",
        "uuid.uuid4", "uuid.uuid1", "uuid.v4", "uuid.v1", "uuid", "crypto.randomUUID", "randomUUID", "Date.now",
        "time.time", "nanoid.nanoid", "shortuuid.uuid", "ulid.ulid",
    }
)  # fmt: skip
"""Functions that return text without a slash."""

_JOINERS = frozenset({"os.path.join", "posixpath.join", "path.join", "path.posix.join"})
_SEGMENT_PARTS = frozenset({"name", "stem", "base", "hex"})
"""Attributes of paths and identifiers that are text without a slash."""


def shape(app: App, function: Function, symbol: Symbol | None) -> Shape:
    """What is known of a value."""
    match symbol:
        case None:
            return ANYTHING
        case Constant(str() as text):
            return Words((text,))
        case Constant(int() | float() | bool() | None as value):
            return value
        case AnyOf(alternatives):
            return OneOf(tuple(shape(app, function, each) for each in alternatives))
        case Group(items, None):
            return tuple(shape(app, function, each) for each in items)
        case Group(items, keys):
            return _fields(app, function, items, keys)
        case Joined() | EnvVar() | ContextPart():
            return _one_of(words(app, function, symbol))
        case Result(of, site) if (dotted(of) or "").removeprefix("new ") in _SAME_BYTES:
            return shape(app, function, site.argument(0))
        case _:
            found = words(app, function, symbol)
            return ANYTHING if any(each.pieces == (_UNKNOWN,) for each in found) else _one_of(found)


def _one_of(found: tuple[Words, ...]) -> Shape:
    return found[0] if len(found) == 1 else OneOf(found)


def _fields(
    app: App, function: Function, items: tuple[Symbol, ...], keys: tuple[str | tuple[str, ...] | None, ...] | None
) -> Shape:
    found: dict[str, Shape] = {}
    for key, item in zip(keys or (), items, strict=True):
        if isinstance(key, str):
            found[key] = shape(app, function, item)
        else:
            # What is spread here may replace what stands before it.
            found = {**dict.fromkeys(found, ANYTHING), OPEN: ANYTHING}
    return found


def message(app: App, function: Function, symbol: Symbol | None) -> Shape:
    """What is known of a text that is JSON, read as such."""
    match symbol:
        case Constant(str() as text):
            return _parsed(text)
        case AnyOf(alternatives):
            return OneOf(tuple(message(app, function, each) for each in alternatives))
        case Result(of, site) if (dotted(of) or "") in _JSON:
            return shape(app, function, site.argument(0))
        case Result(of, site) if (dotted(of) or "") in _SAME_BYTES:
            return message(app, function, site.argument(0))
        case Result(Member(inner, "encode"), _) if isinstance(inner, Result):
            return message(app, function, inner)
        case _:
            return ANYTHING


def _parsed(text: str) -> Shape:
    import json

    try:
        return _of_json(json.loads(text))
    except (ValueError, RecursionError):
        return Words((text,))


def _of_json(value: object) -> Shape:
    match value:
        case str():
            return Words((value,))
        case dict():
            return {str(key): _of_json(each) for key, each in value.items()}
        case list():
            return tuple(_of_json(each) for each in value)
        case bool() | int() | float() | None:
            return value
        case _:
            return ANYTHING


# --- texts -----------------------------------------------------------------------------------------------------------


def words(app: App, function: Function, symbol: Symbol | None) -> tuple[Words, ...]:
    """Every text that a value may be, by its known parts."""
    found = tuple(dict.fromkeys(Words(pieces) for pieces in _pieces(app, function, symbol)))
    return found if 0 < len(found) <= _MOST else (Words((_UNKNOWN,)),)


def _pieces(app: App, function: Function, symbol: Symbol | None) -> Iterator[Pieces]:
    for option in options(symbol) if symbol is not None else ():
        match option:
            case Constant(None):
                pass
            case Constant(value) if not isinstance(value, bytes):
                yield (str(value),)
            case Joined(parts):
                yield from _together(app, function, parts)
            case EnvVar() | ContextPart():
                yield from _said(app, function, option)
            case Result(of, site) if (dotted(of) or "") in _JOINERS:
                yield from _path(app, function, site)
            case Result(EventPart((*_, "replace" | "replaceAll")) | Member(_, "replace" | "replaceAll"), site):
                yield _replaced(site, 0)
            case Result(External("re.sub"), site):
                yield _replaced(site, 0)
            case _:
                yield (_SEGMENT if _is_segment(option) else _UNKNOWN,)


def _together(app: App, function: Function, parts: tuple[Symbol, ...]) -> Iterator[Pieces]:
    alternatives = [list(_pieces(app, function, part)) or [()] for part in parts]
    for index, choice in enumerate(product(*alternatives)):
        if index > _MOST:
            return
        yield tuple(piece for pieces in choice for piece in pieces)


def _said(app: App, function: Function, symbol: Symbol) -> Iterator[Pieces]:
    for said in texts(app, function, symbol):
        if said.text is None:
            yield (_UNKNOWN,)
        else:
            yield pieces_of(said.text)


def _path(app: App, function: Function, site: Site) -> Iterator[Pieces]:
    """A path that is put together: slashes between the parts, but none twice."""
    parts: list[Symbol] = []
    for each in site.argument_symbols():
        if parts and not (isinstance(parts[-1], Constant) and str(parts[-1].value).endswith("/")):
            parts.append(Constant("/"))
        parts.append(each)
    yield from _together(app, function, tuple(parts))


def _replaced(site: Site, first: int) -> Pieces:
    """A text in which something is replaced: it is not there any more, or is what the text ends with now."""
    old, new = site.argument(first), site.argument(first + 1)
    if not (isinstance(old, Constant) and isinstance(new, Constant)):
        return (_UNKNOWN,)
    sought, given = str(old.value), str(new.value)
    plain = re.sub(r"\\(.)", r"\1", sought.removeprefix("^").removesuffix("$"))
    at_end = sought.endswith("$")
    if at_end and "\\" not in given and "$" not in given:
        # A name that does not end so is not among those that are replaced.
        return (Gap((plain,)) if plain and plain not in given else _UNKNOWN, given)
    return (Gap((plain,)),) if plain and plain not in given else (_UNKNOWN,)


def _is_segment(symbol: Symbol) -> bool:
    """Whether a text has no slash: the last part of a path, an identifier, a time."""
    match symbol:
        case Result(of, site):
            name = dotted(of) or ""
            if name in ("str", "String"):
                given = site.argument(0)
                return given is not None and _is_segment(given)
            return name in _SEGMENTS or (isinstance(of, Member) and of.name in ("pop", "at") and _splits(of.of))
        case Element(of, _):
            return _splits(of)
        case Member(of, name):
            return name in _SEGMENT_PARTS and isinstance(of, Result)
        case ContextPart((name,)):
            return name in ("aws_request_id", "awsRequestId")
        case _:
            return False


def _splits(symbol: Symbol) -> bool:
    match symbol:
        case Result(EventPart((*_, "split" | "rsplit")) | Member(_, "split" | "rsplit"), site):
            return site.argument(0) == Constant("/")
        case _:
            return False
