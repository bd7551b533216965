"""Which part of the event a value is, seen through parsing, trimming, splitting and alternatives."""

from __future__ import annotations

from slslint.app.resolve.keys import text_of
from slslint.app.symbols import (
    AnyOf,
    Constant,
    Element,
    EventPart,
    Group,
    Joined,
    Member,
    Result,
    Symbol,
    Unresolved,
    dotted,
)

FieldPath = tuple[str | None, ...]

GREEDY: FieldPath = ("pathParameters", "proxy")
"""What the parameter of a route such as `/orders/{proxy+}` holds: the rest of the path."""

PATH_FIELDS: frozenset[FieldPath] = frozenset(
    {
        ("path",),
        ("rawPath",),
        ("resource",),
        ("routeKey",),
        ("requestContext", "path"),
        ("requestContext", "resourcePath"),
        ("requestContext", "routeKey"),
        ("requestContext", "http", "path"),
        GREEDY,
    }
)
"""Parts of the event that carry the path of a request, in the spelling of the event itself."""

GRAPHQL_FIELDS: frozenset[FieldPath] = frozenset({("info", "fieldName"), ("fieldName",)})
"""Parts of the event that name the field of a GraphQL schema."""

_CARRIED = frozenset({"body", "Message", "data"})
"""Parts of a record that hold what was sent; the others say by which resource, and how."""

_TRIMMING = frozenset(
    {
        "lower", "upper", "strip", "rstrip", "lstrip", "removeprefix", "removesuffix", "replace", "casefold", "decode",
        "get", "split", "partition",
        "toLowerCase", "toUpperCase", "trim", "trimEnd", "trimStart", "replaceAll", "slice", "substring", "toString",
        "filter", "shift",
    }
)  # fmt: skip
"""Methods of text, and of the segments it is split into, whose result still tells which value it was; `get` of parsed
JSON likewise.
"""

_READING = frozenset({"get", "decode", "toString"})
"""Those of them that leave the value what it is."""

_PARSING = frozenset(
    {
        "loads", "str", "parse", "unquote", "unquote_plus", "b64decode", "String", "decodeURI", "decodeURIComponent",
        "URL", "unmarshall", "int", "float", "Number", "parseInt", "parseFloat",
    }
)  # fmt: skip
"""Functions, by the last part of their names, that give what they are given in another form."""

_DEEPEST = 12
"""Through how many steps a value is followed; a loop can define it by itself."""


def field_of(symbol: Symbol) -> FieldPath | None:
    """The part of the event that a symbol is, seen through parsed JSON, trimming, splitting and alternatives.

    Names in snake_case, as the event classes of Powertools have them, come back as the event spells them. None for
    everything else, the event as a whole and parts of records too: those say which resource sent the event.
    """
    path = written_field_of(symbol)
    return None if path is None else in_camel_case(path)


def written_field_of(symbol: Symbol) -> FieldPath | None:
    """The same in the spelling of the code: what it writes into a message of its own it asks for by that name."""
    path = _field(symbol, _DEEPEST)
    if not path or path[-1] is None:
        return None
    return None if path[0] in ("Records", "records") and _CARRIED.isdisjoint(path[:-1]) else path


def written_path(symbol: Symbol) -> FieldPath | None:
    """The same for any part of the event: parts of records too, the event as a whole, elements of lists."""
    return _field(symbol, _DEEPEST)


def is_whole(symbol: Symbol) -> bool:
    """Whether a part of the event is that part as it came, maybe parsed or decoded, and nothing cut out of it."""
    while True:
        match symbol:
            case Result(EventPart((*_, str(method))) | Member(_, method)) if method in _TRIMMING - _READING:
                return False
            case Result(Member(of, _)) | Member(of, _) | Element(of, _):
                symbol = of
            case Result(of, site) if (dotted(of) or "").rpartition(".")[2] in _PARSING:
                argument = site.argument(0)
                if argument is None:
                    return False
                symbol = argument
            case _:
                return isinstance(symbol, EventPart)


def in_camel_case(path: FieldPath) -> FieldPath:
    """The path as the event spells it: `http_method` is httpMethod."""
    return tuple(_camel(part) for part in path)


def _field(symbol: Symbol, depth: int) -> FieldPath | None:
    if not depth:
        return None
    depth -= 1
    inner: FieldPath | None
    found: FieldPath | None
    match symbol:
        case EventPart(path):
            return path
        case Element(of, key):
            inner = _field(of, depth)
            if inner is None:
                return None
            if _splits(of):
                # The last segment, or any of them, does not tell what the path begins with.
                return inner if isinstance(key, int) and key >= 0 else None
            return (*inner, key if isinstance(key, str) else None)
        case Member(Result() as parsed, "pathname"):
            # `new URL(event.rawPath, origin).pathname`
            return _field(parsed, depth)
        case Member(of, name):
            inner = _field(of, depth)
            return None if inner is None else (*inner, name)
        case Result(EventPart((*path, str(method))), _) if method in _TRIMMING:
            return tuple(path)
        case Result(Member(of, method), site) if method in _TRIMMING:
            inner = _field(of, depth)
            if inner is None or method != "get":
                return inner
            argument = site.argument(0)
            return (*inner, text) if argument is not None and (text := text_of(argument)) is not None else None
        case Result(Member(Constant(), "join"), site):
            argument = site.argument(0)
            return None if argument is None else _field(Joined((argument,)), depth)
        case Result(Member(Group() as parts, "join")):
            return _field(Joined((parts,)), depth)
        case Result(of, site) if (dotted(of) or "").rpartition(".")[2] in _PARSING:
            argument = site.argument(0)
            return _field(argument, depth) if argument is not None else None
        case AnyOf(choices):
            fields = [found for each in choices if (found := _field(each, depth))]
            return min(fields, key=lambda path: path not in PATH_FIELDS) if fields else None
        case Joined(parts) | Unresolved(parts):
            # `" ".join([method, path])`
            parts = tuple(one for each in parts for one in (each.items if isinstance(each, Group) else (each,)))
            fields = [found for each in parts if (found := _field(each, depth))]
            if isinstance(symbol, Unresolved) and len(fields) < len(parts):
                # What something else goes into as well need not be that part any more.
                return None
            known = PATH_FIELDS | GRAPHQL_FIELDS
            return next((each for each in fields if in_camel_case(each) in known), None)
        case _:
            return None


def _splits(symbol: Symbol) -> bool:
    match symbol:
        case Result(Member(_, "split" | "partition") | EventPart((*_, "split" | "partition"))):
            return True
        case Result(Member(of, "filter" | "slice")):
            return _splits(of)
        case _:
            return False


def _camel(part: str | None) -> str | None:
    if part is None or "_" not in part:
        return part
    first, *rest = part.split("_")
    return first + "".join(word.capitalize() for word in rest)
