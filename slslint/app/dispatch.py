"""Where code chooses what to do by a part of the event: if/elif, early returns, match, tables, lists of routes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

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
    LocalClass,
    LocalFunction,
    LocalInstance,
    Member,
    Result,
    Symbol,
    Unresolved,
    dotted,
    options,
)
from slslint.facts import (
    Attr,
    Block,
    Call,
    Compare,
    Expr,
    Item,
    Literal,
    Logic,
    Name,
    OneOf,
    Other,
    Sequence,
    walk,
)
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

GRAPHQL_FIELDS: frozenset[FieldPath] = frozenset({("info", "fieldName"), ("fieldName",)})
"""Parts of the event that name the field of a GraphQL schema."""

_CARRIED = frozenset({"body", "Message", "data"})
"""Parts of a record that hold what was sent; the others say by which resource, and how."""

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
        translates: all that happens is that a name gets a constant, or that one is returned.
        runs: the function that a table names for it, or None.

    """

    value: str
    at: Span
    block: int | None = None
    runs: LocalFunction | None = None
    together: bool = False
    translates: bool = False


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
                yield field, Arm(value, at, index, together=together, translates=_translates(code, place, index))
    for expr, _ in expressions(function):
        lookup = _lookup(expr)
        if lookup is not None:
            yield from _table(code, place, *lookup)


def _translates(code: Code, place: Place, block: int) -> bool:
    function = place.function
    if any(function.within(call.block, block) for call in function.calls):
        return False
    assigned = [each.value for each in function.assigns if function.within(each.block, block)]
    returned = [each.value for each in function.exits if function.within(each.block, block)]
    if returned and place is code.handler:
        return False
    return bool(assigned or returned) and all(
        isinstance(each, Literal | Name | Attr) for each in (*assigned, *returned)
    )


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
        case Compare(left, "==" | "!=" | "is" | "is not" as op, right) if (op in ("==", "is")) == holds:
            yield from ((*found, False) for found in _equal(code, place, left, right))
        case Compare(left, "in" | "not in" as op, right) if (op == "in") == holds:
            yield from ((*found, True) for found in _contained(code, place, left, right))
        case Call() if holds:
            yield from ((*found, False) for found in _matched(code, place, test))
        case Name(name) if holds:
            # `match = pattern.match(path)` stands before `if match:`.
            for each in place.function.assigns:
                if _named(each.target, name) and isinstance(each.value, Call):
                    yield from ((*found, False) for found in _matched(code, place, each.value))
        case _:
            pass


def _named(target: Expr, name: str) -> bool:
    return isinstance(target, Name) and target.id == name


def _equal(code: Code, place: Place, left: Expr, right: Expr) -> Iterator[tuple[FieldPath, tuple[str, ...]]]:
    if isinstance(left, Sequence) and isinstance(right, Sequence) and len(left.items) == len(right.items):
        for one, other in zip(left.items, right.items, strict=True):
            yield from _equal(code, place, one, other)
        return
    together = code.resolve(left, place) if isinstance(right, Sequence) else None
    if isinstance(right, Sequence) and isinstance(together, Group) and len(together.items) == len(right.items):
        # `route = (method, path)` stands before `if route == ("GET", "/users"):`.
        for part, given in zip(together.items, right.items, strict=True):
            field = field_of(part)
            if field is not None:
                yield field, _texts(code, place, given)
        return
    if isinstance(right, Sequence | Other):
        # `case ["users", user_id]:` asks for the segments of a path.
        items = right.items if isinstance(right, Sequence) else right.parts
        start = [item.value if isinstance(item, Literal) else None for item in items]
        segments = list(takewhile(lambda value: isinstance(value, str), start))
        field = field_of(code.resolve(left, place)) if segments else None
        if field in PATH_FIELDS:
            assert field is not None
            yield field, ("/" + "/".join(map(str, segments)),)
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
    called = next((name for each in options(code.resolve(test.callee, place)) if (name := dotted(each))), None)
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
    found = []
    for each in options(code.resolve(pattern, place)):
        symbol = (each.site.argument(0) or each) if isinstance(each, Result) else each
        found += [_literal_start(value) for one in options(symbol) if (value := _text(one)) is not None]
    yield field, tuple(found)


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
    asked = code.resolve(key, place)
    tupled = isinstance(asked, Group) and asked.keys is None
    for position, part in enumerate(asked.items if isinstance(asked, Group) and tupled else (asked,)):
        field = field_of(part)
        if field is None:
            continue
        at = _span_of(base) or place.function.at
        for table in options(code.resolve(base, place)):
            if isinstance(table, Group) and table.keys is not None:
                for name, item in zip(table.keys, table.items, strict=True):
                    value = name[position] if isinstance(name, tuple) and position < len(name) else name
                    # What gives text or numbers translates; only what gives functions dispatches.
                    runs = _function(item) or _by_name(place, item) or _object(field, item)
                    if isinstance(value, str) and isinstance(name, tuple) == tupled and runs is not None:
                        yield field, Arm(value, at, runs=runs)
                if not table.items:
                    yield from ((field, arm) for arm in _registered(code, base, position if tupled else None))


def _registered(code: Code, base: Expr, position: int | None) -> Iterator[Arm]:
    """What other functions put into a table: `ROUTES[(method, path)] = function`, once for each of their callers."""
    name = _last_name(base)
    for place in code.places():
        for assign in place.function.assigns:
            target = assign.target
            if not isinstance(target, Item) or _last_name(target.base) != name:
                continue
            if not any(_function(each) for each in options(code.resolve(assign.value, place))):
                continue
            key = code.resolve(target.key, place)
            if position is not None:
                whole = isinstance(key, Group) and position < len(key.items)
                key = key.items[position] if isinstance(key, Group) and whole else Unresolved()
            for each in options(key):
                value = _text(each)
                if value is not None:
                    yield Arm(value, assign.at)


def _last_name(expr: Expr) -> str | None:
    match expr:
        case Name(name) | Attr(_, name):
            return name
        case _:
            return None


def _function(symbol: Symbol) -> LocalFunction | None:
    """The function that an item of a table gives, or the first one of a table of its own: `{"GET": list_users}`."""
    if isinstance(symbol, LocalFunction):
        return symbol
    items = symbol.items if isinstance(symbol, Group) else ()
    return next((item for item in items if isinstance(item, LocalFunction)), None)


def _object(field: FieldPath, symbol: Symbol) -> LocalFunction | None:
    """What serves a request when a table gives an object or a class for its path."""
    if field in PATH_FIELDS | GRAPHQL_FIELDS and isinstance(symbol, LocalInstance | LocalClass):
        of = symbol.of if isinstance(symbol, LocalInstance) else symbol
        return LocalFunction(of.path, of.name)
    return None


def _by_name(place: Place, symbol: Symbol) -> LocalFunction | None:
    """The function of the same file whose name a table gives, where functions are looked up by their names."""
    name = _text(symbol)
    if name is None or not any(
        isinstance(call.callee, Name) and call.callee.id in ("getattr", "globals") for call in place.function.calls
    ):
        return None
    keys = place.facts.functions
    found = next((key for key in (f"{place.function.owner}.{name}", name) if key in keys), None)
    return None if found is None else LocalFunction(place.path, found)


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
    path = written_field_of(symbol)
    return None if path is None else in_camel_case(path)


def written_field_of(symbol: Symbol) -> FieldPath | None:
    """The same in the spelling of the code: what it writes into a message of its own it asks for by that name."""
    path = _field(symbol, _DEEPEST)
    if not path or path[-1] is None:
        return None
    return None if path[0] in ("Records", "records") and _CARRIED.isdisjoint(path[:-1]) else path


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
        case Result(Member(Constant(), "join"), site):
            argument = site.argument(0)
            return None if argument is None else _field(Joined((argument,)), depth)
        case Result(of, site) if (dotted(of) or "").rpartition(".")[2] in ("loads", "str", "parse", "unquote"):
            argument = site.argument(0)
            return _field(argument, depth) if argument is not None else None
        case AnyOf(choices):
            fields = [found for each in choices if (found := _field(each, depth))]
            return min(fields, key=lambda path: path not in PATH_FIELDS) if fields else None
        case Joined(parts) | Unresolved(parts):
            # `" ".join([method, path])`
            parts = tuple(one for each in parts for one in (each.items if isinstance(each, Group) else (each,)))
            fields = [found for each in parts if (found := _field(each, depth))]
            known = PATH_FIELDS | GRAPHQL_FIELDS
            return next((each for each in fields if in_camel_case(each) in known), None)
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
