"""Which values of a part of the event a test asks for: comparisons, membership, patterns, in any language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from slslint.app.code import Code
from slslint.app.place import Place
from slslint.app.resolve.keys import text_of
from slslint.app.routing.event_fields import PATH_FIELDS, FieldPath, field_of
from slslint.app.symbols import Constant, Group, Result, Symbol, dotted, options
from slslint.facts import Attr, Call, Compare, Expr, Literal, Logic, Name, OneOf, Other, Sequence, walk
from slslint.record import record

_STARTING = frozenset({"startswith", "startsWith"})

_FUNCTIONS = frozenset({"re.match", "re.fullmatch", "re.search"})
"""Called with a pattern and a text."""

_GLOBS = frozenset({"fnmatch.fnmatch", "fnmatch.fnmatchcase"})
"""Called with a text and a pattern."""

_OF_PATTERNS = frozenset({"match", "fullmatch", "search", "test", "exec"})
"""Methods of a compiled pattern, called with a text."""

_OF_TEXTS = frozenset({"match", "matchAll", "search"})
"""Methods of a text, called with a pattern."""

_COMPILING = frozenset({"re.compile", "RegExp"})

_REGEX_END = r"[\[\](){}.*+?|$]|\\[a-zA-Z]"

_DEEPEST = 4
"""Through how many names that hold a test it is followed."""


@record()
class Choice:
    """The values of one part of the event for which a test holds.

    `together` when the test names them as a list, `anywhere` when it only asks whether the part holds them somewhere.
    """

    field: FieldPath
    values: tuple[str, ...]
    together: bool = False
    anywhere: bool = False


def choices(code: Code, place: Place, test: Expr, holds: bool = True) -> Iterator[Choice]:
    """What a test asks of the event, when it holds, or when it does not."""
    yield from _choices(code, place, test, holds, _DEEPEST)


def _choices(code: Code, place: Place, test: Expr, holds: bool, depth: int) -> Iterator[Choice]:
    match test:
        case Logic("not", (operand,)):
            yield from _choices(code, place, operand, not holds, depth)
        case Logic("and", operands) if holds:
            # `path.includes("/users/") && path.includes("/posts")` asks for one path, that begins with the first.
            asked = set[FieldPath]()
            for operand in operands:
                made = list(_choices(code, place, operand, holds, depth))
                yield from (each for each in made if each.field not in asked)
                asked |= {each.field for each in made if each.field in PATH_FIELDS}
        case Logic(_, operands):
            for operand in operands:
                yield from _choices(code, place, operand, holds, depth)
        case Compare(Call(Attr(text, "indexOf"), (given,)), op, Literal(int() as position)):
            # `path.indexOf("/users") === 0`, `path.indexOf("/users") > -1`
            found = (op, position) in ((">", -1), (">=", 0), ("!=", -1), ("==", 0))
            if (found and holds) or ((op, position) in (("==", -1), ("<", 0)) and not holds):
                yield from _within(code, place, given.value, text)
        case Compare(left, "==" | "!=" | "is" | "is not" as op, right) if (op in ("==", "is")) == holds:
            yield from _equal(code, place, left, right)
        case Compare(left, "in" | "not in" as op, right) if (op == "in") == holds:
            yield from _contained(code, place, left, right)
        case Call() if holds:
            yield from _called(code, place, test)
        case Name(name) if depth:
            # `match = pattern.match(path)` stands before `if match:`.
            for each in place.function.assigns:
                if isinstance(each.target, Name) and each.target.id == name:
                    if isinstance(each.value, Compare | Logic | Call):
                        yield from _choices(code, place, each.value, holds, depth - 1)
        case _:
            pass


def _equal(code: Code, place: Place, left: Expr, right: Expr) -> Iterator[Choice]:
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
                yield Choice(field, texts(code, place, given))
        return
    if isinstance(right, Sequence | Other):
        # `case ["users", user_id]:` asks for the segments of a path.
        items = right.items if isinstance(right, Sequence) else right.parts
        start = [item.value if isinstance(item, Literal) else None for item in items]
        segments = list(takewhile(lambda value: isinstance(value, str), start))
        field = field_of(code.resolve(left, place)) if segments else None
        if field in PATH_FIELDS:
            assert field is not None
            yield Choice(field, ("/" + "/".join(map(str, segments)),))
        return
    for asked, given in ((left, right), (right, left)):
        if isinstance(asked, Literal):
            continue
        values = texts(code, place, given)
        field = field_of(code.resolve(asked, place)) if values else None
        if field is not None:
            yield Choice(field, values)
            return


def _contained(code: Code, place: Place, left: Expr, right: Expr) -> Iterator[Choice]:
    if isinstance(left, Literal):
        yield from _within(code, place, left, right)
        return
    field = field_of(code.resolve(left, place))
    if field is None:
        return
    among = code.resolve(right, place)
    # Whether a table has the key is asked before it is looked up; the lookup tells what runs.
    if isinstance(among, Group) and among.keys is None:
        yield Choice(field, tuple(text for item in among.items if (text := text_of(item)) is not None), together=True)


def _within(code: Code, place: Place, part: Expr, whole: Expr) -> Iterator[Choice]:
    """`"/users" in path`"""
    value = part.value if isinstance(part, Literal) else None
    if isinstance(value, str) and value.startswith("/"):
        field = field_of(code.resolve(whole, place))
        if field in PATH_FIELDS:
            assert field is not None
            yield Choice(field, (value,), together=True, anywhere=True)


def _called(code: Code, place: Place, test: Call) -> Iterator[Choice]:
    first = test.positional(0)
    if first is None:
        return
    if isinstance(test.callee, Attr):
        base, method = test.callee.base, test.callee.name
        if method in _STARTING:
            field = field_of(code.resolve(base, place))
            if field is not None:
                given = first.items if isinstance(first, Sequence) else (first,)
                yield Choice(field, tuple(value for each in given for value in texts(code, place, each)))
            return
        if method in ("includes", "has"):
            yield from _includes(code, place, base, first)
            return
    pattern, asked = _pattern(code, place, test, first)
    field = field_of(code.resolve(asked, place)) if pattern is not None and asked is not None else None
    if field is None or pattern is None:
        return
    yield Choice(field, tuple(literal_start(text) for text in _patterns(code.resolve(pattern, place))))


def _includes(code: Code, place: Place, base: Expr, asked: Expr) -> Iterator[Choice]:
    """`path.includes("/users")`, `["/users", "/people"].includes(path)`, `new Set(["/users"]).has(path)`"""
    among = code.resolve(base, place)
    if isinstance(among, Result) and dotted(among.of) == "Set":
        among = among.site.argument(0) or among
    if isinstance(among, Group):
        field = field_of(code.resolve(asked, place))
        if field is not None and among.keys is None:
            values = tuple(text for item in among.items if (text := text_of(item)) is not None)
            yield Choice(field, values, together=True)
    else:
        yield from _within(code, place, asked, base)


def _pattern(code: Code, place: Place, test: Call, first: Expr) -> tuple[Expr | None, Expr | None]:
    """The pattern of a test, and the text it is held against."""
    name = next((name for each in options(code.resolve(test.callee, place)) if (name := dotted(each))), "")
    if name in _FUNCTIONS:
        return first, test.positional(1)
    if name in _GLOBS:
        return test.positional(1), first
    if not isinstance(test.callee, Attr):
        return None, None
    base, method = test.callee.base, test.callee.name
    if method in _OF_PATTERNS and _patterns(code.resolve(base, place)):
        return base, first
    return (first, base) if method in _OF_TEXTS else (None, None)


def _patterns(symbol: Symbol) -> list[str]:
    """The texts of the patterns that a symbol may be."""
    found = []
    for each in options(symbol):
        compiled = isinstance(each, Result) and dotted(each.of) in _COMPILING
        given = each.site.argument(0) if isinstance(each, Result) and compiled else each
        found += [text for one in options(given or Constant(None)) if (text := text_of(one)) is not None]
    return found


def literal_start(pattern: str) -> str:
    r"""What a regular expression must begin with: `^/users/(\d+)$` gives "/users/"."""
    pattern = pattern.removeprefix("^").replace(r"\/", "/").replace(r"\-", "-")
    end = re.search(_REGEX_END, pattern)
    return pattern[: end.start()] if end else pattern


def texts(code: Code, place: Place, expr: Expr) -> tuple[str, ...]:
    """The texts that an expression may be: its own, or those of a list that a loop goes through."""
    if isinstance(expr, Literal):
        return (expr.value,) if isinstance(expr.value, str) else ()
    if isinstance(expr, Sequence | OneOf):
        inner = expr.items if isinstance(expr, Sequence) else expr.options
        return tuple(text for each in inner for text in texts(code, place, each))
    if isinstance(expr, Call) or not any(isinstance(part, Name) for part in walk(expr)):
        return ()
    found = [text_of(each) for each in options(code.resolve(expr, place))]
    return tuple(text for text in found if text is not None) if None not in found else ()
