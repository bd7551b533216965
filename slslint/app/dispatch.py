"""Where code chooses what to do by a part of the event: if/elif, early returns, match, tables, lists of routes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slslint.app.code import Code
from slslint.app.guards import root
from slslint.app.place import Place, expressions
from slslint.app.symbols import (
    AnyOf,
    Constant,
    Element,
    EventPart,
    Group,
    Joined,
    LocalFunction,
    Member,
    Result,
    Symbol,
    Unresolved,
    dotted,
    options,
)
from slslint.facts import Attr, Block, Call, Compare, Expr, Item, Literal, Logic, Name, OneOf, Sequence, Table, walk
from slslint.record import record
from slslint.source import Span

FieldPath = tuple[str | None, ...]

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
        ("pathParameters", "proxy"),
    }
)
"""Parts of the event that carry the path of a request, in the spelling of the event itself."""

_TRIMMING = frozenset(
    {
        "lower",
        "upper",
        "strip",
        "rstrip",
        "lstrip",
        "removeprefix",
        "removesuffix",
        "replace",
        "casefold",
        "decode",
        "get",
    }
    | {"split", "partition"}
)
"""Methods of text whose result still tells which value it was; `get` of parsed JSON likewise."""

_MATCHING = frozenset({"re.match", "re.fullmatch", "re.search", "fnmatch.fnmatch", "fnmatch.fnmatchcase"})

_DEEPEST = 12
"""Through how many steps a value is followed; a loop can define it by itself."""

_REGEX_END = r"[\[\](){}.*+?|$]|\\[a-zA-Z]"


@record(eq=False)
class Arm:
    """One value of the event that code looks for, and what it then does.

    Attributes:
        value: the value: "/users", "GET /users", "create_user".
        at: the test, or where the table is asked.
        block: index of the block of the dispatch's place that then runs; None for a table.
        together: other values lead to the same block: `if path in ("/a", "/b")`.
        runs: the function that a table names for it, or None.

    """

    value: str
    at: Span
    block: int | None = None
    runs: LocalFunction | None = None
    together: bool = False


@record(eq=False)
class Dispatch:
    """The arms by which one function chooses on one part of the event.

    `field` is that part in the spelling of the event: ("body", "action"), None for an element without a constant key.
    ("path",) stands for every part that carries the path of a request, ("routeKey",) for every route key.
    """

    place: Place
    field: FieldPath
    arms: tuple[Arm, ...]


def dispatches(code: Code) -> Iterator[Dispatch]:
    """Every choice on a part of the event in reached code: one per function and part, its arms in textual order."""
    for place in code.places():
        if not place.function.name:
            continue
        found: dict[FieldPath, dict[str, Arm]] = {}
        for field, arm in _arms(code, place):
            found.setdefault(_same_field(field), {}).setdefault(arm.value, arm)
        for field, arms in found.items():
            yield Dispatch(place, field, tuple(arms.values()))


def _same_field(field: FieldPath) -> FieldPath:
    """One name for the many places where an event carries the path of a request, and one for its route key."""
    if field not in PATH_FIELDS:
        return field
    return ("routeKey",) if field[-1] == "routeKey" else ("path",)


def _arms(code: Code, place: Place) -> Iterator[tuple[FieldPath, Arm]]:
    function = place.function
    for index, block in enumerate(function.blocks):
        # What follows `if path != "/users": return` is the arm of "/users".
        if block.test is None or block.kind not in ("if", "case", "else"):
            continue
        at = block.at if block.kind != "else" else _test_of(place, block)
        for field, values, together in _chosen(code, place, block.test, block.kind != "else"):
            for value in values:
                yield field, Arm(value, at, index, together=together)
    for expr, _ in expressions(function):
        lookup = _lookup(expr)
        if lookup is not None:
            yield from _table(code, place, *lookup)


def _test_of(place: Place, block: Block) -> Span:
    """Where the test of an else block is written: at the `if` with the same test."""
    for each in place.function.blocks:
        if each.kind == "if" and each.test is block.test:
            return each.at
    return block.at


def _chosen(code: Code, place: Place, test: Expr, holds: bool) -> Iterator[tuple[FieldPath, tuple[str, ...], bool]]:
    """The parts of the event that a test asks about, with the values for which the block runs."""
    match test:
        case Logic("not", (operand,)):
            yield from _chosen(code, place, operand, not holds)
        case Logic(_, operands):
            for operand in operands:
                yield from _chosen(code, place, operand, holds)
        case Compare(left, "==" | "!=" as op, right) if (op == "==") == holds:
            yield from ((*found, False) for found in _equal(code, place, left, right))
        case Compare(left, "in" | "not in" as op, right) if (op == "in") == holds:
            yield from ((*found, True) for found in _contained(code, place, left, right))
        case Call() if holds:
            yield from ((*found, False) for found in _matched(code, place, test))
        case _:
            pass


def _equal(code: Code, place: Place, left: Expr, right: Expr) -> Iterator[tuple[FieldPath, tuple[str, ...]]]:
    if isinstance(left, Sequence) and isinstance(right, Sequence) and len(left.items) == len(right.items):
        for one, other in zip(left.items, right.items, strict=True):
            yield from _equal(code, place, one, other)
        return
    for asked, given in ((left, right), (right, left)):
        if isinstance(asked, Literal):
            continue
        values = _texts(code, place, given)
        field = field_of(code.resolve(asked, place)) if values else None
        if field is not None:
            yield field, values
            return


def _contained(code: Code, place: Place, left: Expr, right: Expr) -> Iterator[tuple[FieldPath, tuple[str, ...]]]:
    if isinstance(left, Literal):
        # `"/users" in path`
        field = field_of(code.resolve(right, place)) if isinstance(left.value, str) else None
        if field in PATH_FIELDS and isinstance(left.value, str) and left.value.startswith("/"):
            yield field, (left.value,)
        return
    field = field_of(code.resolve(left, place))
    if field is None:
        return
    among = code.resolve(right, place)
    # Whether a table has the key is asked before it is looked up; the lookup tells what runs.
    if isinstance(among, Group) and among.keys is None:
        yield field, tuple(text for item in among.items if (text := _text(item)) is not None)


def _matched(code: Code, place: Place, test: Call) -> Iterator[tuple[FieldPath, tuple[str, ...]]]:
    first = test.positional(0)
    if first is None:
        return
    if isinstance(test.callee, Attr) and test.callee.name == "startswith":
        field = field_of(code.resolve(test.callee.base, place))
        if field is not None:
            given = first.items if isinstance(first, Sequence) else (first,)
            yield field, tuple(value for each in given for value in _texts(code, place, each))
        return
    called = dotted(code.resolve(test.callee, place))
    if called in _MATCHING:
        pattern, asked = first, test.positional(1)
        if called.startswith("fnmatch"):
            pattern, asked = asked or first, first
    elif called in ("re.compile().match", "re.compile().fullmatch", "re.compile().search"):
        assert isinstance(test.callee, Attr)
        pattern, asked = test.callee.base, first
    else:
        return
    field = field_of(code.resolve(asked, place)) if asked is not None else None
    if field is None:
        return
    symbol = code.resolve(pattern, place)
    if isinstance(symbol, Result):
        symbol = symbol.site.argument(0) or symbol
    yield field, tuple(_literal_start(value) for each in options(symbol) if (value := _text(each)) is not None)


def _literal_start(pattern: str) -> str:
    r"""What a regular expression must begin with: `^/users/(\d+)$` gives "/users/"."""
    pattern = pattern.removeprefix("^").replace(r"\/", "/").replace(r"\-", "-")
    end = re.search(_REGEX_END, pattern)
    return pattern[: end.start()] if end else pattern


def _lookup(expr: Expr) -> tuple[Expr, Expr] | None:
    """The table and the key of `TABLE[key]` and `TABLE.get(key)`."""
    match expr:
        case Item(base, key) if not isinstance(key, Literal):
            return base, key
        case Call(Attr(base, "get"), args) if args and not isinstance(args[0].value, Literal):
            return base, args[0].value
        case _:
            return None


def _table(code: Code, place: Place, base: Expr, key: Expr) -> Iterator[tuple[FieldPath, Arm]]:
    written = _written_table(place, base)
    if written is None and not isinstance(base, (Name, Attr, Table)):
        return
    table = code.resolve(base, place)
    keys = list(key.items) if isinstance(key, Sequence) else [key]
    known = _written_key(place, key)
    if known is not None:
        keys = list(known.items)
    for position, part in enumerate(keys):
        field = field_of(code.resolve(part, place))
        if field is None:
            continue
        for value, runs in _entries(code, place, table, written, position if len(keys) > 1 else None):
            yield field, Arm(value, _span_of(base) or place.function.at, runs=runs)


def _written_key(place: Place, key: Expr) -> Sequence | None:
    """The tuple that a local name stands for: `key = (method, path)`."""
    if isinstance(key, Name):
        values = [each.value for each in place.function.assigns if each.target == key or _named(each.target, key.id)]
        if len(values) == 1 and isinstance(values[0], Sequence):
            return values[0]
    return None


def _named(target: Expr, name: str) -> bool:
    return isinstance(target, Name) and target.id == name


def _written_table(place: Place, base: Expr) -> Table | None:
    if isinstance(base, Table):
        return base
    if not isinstance(base, Name):
        return None
    for assigns in (place.function.assigns, place.facts.module.assigns):
        for each in assigns:
            if _named(each.target, base.id) and isinstance(each.value, Table):
                return each.value
    return None


def _entries(
    code: Code, place: Place, table: Symbol, written: Table | None, position: int | None
) -> Iterator[tuple[str, LocalFunction]]:
    if position is not None:
        for key, value in written.entries if written is not None else ():
            if isinstance(key, Sequence) and position < len(key.items):
                runs = _function(code.resolve(value, place))
                if runs is not None:
                    yield from ((text, runs) for text in _texts(code, place, key.items[position]))
        return
    if isinstance(table, Group) and table.keys is not None:
        for name, item in zip(table.keys, table.items, strict=True):
            # What gives text or numbers translates; only what gives functions dispatches.
            runs = _function(item)
            if name is not None and runs is not None:
                yield name, runs


def _function(symbol: Symbol) -> LocalFunction | None:
    return symbol if isinstance(symbol, LocalFunction) else None


def _span_of(expr: Expr) -> Span | None:
    name = root(expr)
    return name.at if name is not None else None


def _texts(code: Code, place: Place, expr: Expr) -> tuple[str, ...]:
    """The texts that an expression may be: its own, or those of a list that a loop goes through."""
    if isinstance(expr, Literal):
        return (expr.value,) if isinstance(expr.value, str) else ()
    if isinstance(expr, Sequence | OneOf):
        inner = expr.items if isinstance(expr, Sequence) else expr.options
        return tuple(text for each in inner for text in _texts(code, place, each))
    if isinstance(expr, Call) or not any(isinstance(part, Name) for part in walk(expr)):
        return ()
    found = [_text(each) for each in options(code.resolve(expr, place))]
    return tuple(text for text in found if text is not None) if None not in found else ()


def _text(symbol: Symbol) -> str | None:
    return symbol.value if isinstance(symbol, Constant) and isinstance(symbol.value, str) else None


def field_of(symbol: Symbol) -> FieldPath | None:
    """The part of the event that a symbol is, seen through parsed JSON, trimming, splitting and alternatives.

    Names in snake_case, as the event classes of Powertools have them, come back as the event spells them. None for
    everything else, the event as a whole and parts of records too: those say which resource sent the event.
    """
    path = _field(symbol, _DEEPEST)
    if not path or path[-1] is None or path[0] in ("Records", "records"):
        return None
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
            if inner is None or _splits(of):
                return inner
            return (*inner, key if isinstance(key, str) else None)
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
            return (*inner, text) if argument is not None and (text := _text(argument)) is not None else None
        case Result(of, site) if (dotted(of) or "").rpartition(".")[2] in ("loads", "str", "parse", "unquote"):
            argument = site.argument(0)
            return _field(argument, depth) if argument is not None else None
        case AnyOf(choices):
            fields = [found for each in choices if (found := _field(each, depth))]
            return min(fields, key=lambda path: path not in PATH_FIELDS) if fields else None
        case Joined(parts) | Unresolved(parts):
            fields = [found for each in parts if (found := _field(each, depth))]
            return next((each for each in fields if tuple(map(_camel, each)) in PATH_FIELDS), None)
        case _:
            return None


def _splits(symbol: Symbol) -> bool:
    match symbol:
        case Result(Member(_, "split" | "partition") | EventPart((*_, "split" | "partition"))):
            return True
        case _:
            return False


def _camel(part: str | None) -> str | None:
    if part is None or "_" not in part:
        return part
    first, *rest = part.split("_")
    return first + "".join(word.capitalize() for word in rest)
