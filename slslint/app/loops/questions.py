"""What the conditions on the way to a call ask of the event."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.app.code import Code
from slslint.app.loops.bounds import counts
from slslint.app.loops.content import Slot, slot
from slslint.app.place import Place
from slslint.app.routing.event_fields import FieldPath, is_whole, written_path
from slslint.app.symbols import Constant, Group, LocalFunction, Unresolved
from slslint.facts import Arithmetic, Attr, Call, Closure, Compare, Expr, Item, Literal, Name, Sequence, last_name, walk
from slslint.record import record
from slslint.source import Span


@record(eq=False)
class Question:
    """What a condition on the way asks of the event.

    Attributes:
        path: the part of the event. relation: "there", "in", "starts", "ends", "contains"; "" for any other.
        values: what it is compared with. must: whether the relation must hold, or must not.
        name: for people. at: the condition. counted: whether the code counts it up or down.

    """

    path: FieldPath
    relation: str
    values: tuple[object, ...]
    must: bool
    name: str
    at: Span
    counted: bool = False


_RELATIONS = {"startswith": "starts", "startsWith": "starts", "endswith": "ends", "endsWith": "ends",
              "includes": "contains"}  # fmt: skip
_OTHER_RELATIONS = frozenset({"match", "search", "fullmatch", "test", "exec", "fnmatch", "indexOf"})
_POSITIONS = {
    (">", -1): ("contains", True),
    (">=", 0): ("contains", True),
    ("!=", -1): ("contains", True),
    ("==", -1): ("contains", False),
    ("<", 0): ("contains", False),
    ("==", 0): ("starts", True),
    ("!=", 0): ("starts", False),
}
"""What a text's position inside another one tells."""

_EQUALITY = frozenset({"==", "!=", "is", "is not", "in", "not in"})


def asked(code: Code, place: Place, test: Expr, holds: bool, at: Span) -> Iterator[Question]:
    """What a test that must hold, or must not, asks of the event; nothing for what is about anything else."""
    match test:
        case Compare(Call(Attr(base, "indexOf" | "find"), (given,)), op, Literal(int() as position)):
            # `key.indexOf("done/") === -1`, `path.find("x") >= 0`
            path, values = _path(code, place, base), _values(code, place, given.value)
            said = _POSITIONS.get((op, position))
            if path is not None and values is not None and said is not None:
                relation, there = said
                yield Question(path, relation, values, holds == there, _name(base, path), at)
        case Compare(left, op, right):
            for side, other in ((left, right), (right, left)):
                path = _path(code, place, side)
                if path is not None:
                    yield from _compared(code, place, path, side, op, other, holds, at, turned=side is right)
                    return
        case Call(Attr(base, method), args) if method in _RELATIONS and args:
            path, values = _path(code, place, base), _values(code, place, args[0].value)
            if path is not None:
                relation = _RELATIONS[method] if values is not None and _is_whole(code, place, base) else ""
                yield Question(path, relation, values or (), holds, _name(base, path), at)
        case Call(callee, args) if last_name(callee) in _OTHER_RELATIONS:
            for each in (*(argument.value for argument in args), *([callee.base] if isinstance(callee, Attr) else [])):
                path = _path(code, place, each)
                if path is not None:
                    yield Question(path, "", (), holds, _name(each, path), at)
        case Name() | Attr() | Item() | Call():
            path = _path(code, place, test)
            if path is not None:
                yield Question(path, "there", (), holds, _name(test, path), at)


_UNASKED = frozenset({"isinstance", "type", "hasattr", "callable", "isArray", "len", "Boolean", "bool"})
"""Functions that do not ask what a value is."""


def touched(code: Code, place: Place, test: Expr, holds: bool, at: Span) -> Iterator[Question]:
    """What a test asks that is none of the relations, but about something that each event says anew."""
    if isinstance(test, Call) and last_name(test.callee) in _UNASKED:
        return
    for here, part in _inside(code, place, test):
        path = _path(code, here, part) if isinstance(part, Name | Attr | Item) else None
        if path and path[-1] is not None and slot(path, direct=False)[0] in (Slot.KEY, Slot.OPERATION, Slot.FIELD):
            yield Question(path, "", (), holds, _name(part, path), at)
            return


def _inside(code: Code, place: Place, test: Expr) -> Iterator[tuple[Place, Expr]]:
    """The parts of a test, those of a function that is written in it too."""
    for part in walk(test):
        yield place, part
        found = code.resolve(part, place) if isinstance(part, Closure) else None
        inner = code.place(found.path, found.name) if isinstance(found, LocalFunction) else None
        for leave in () if inner is None else inner.function.exits:
            if inner is not None and leave.value is not None:
                yield from ((inner, each) for each in walk(leave.value))


def _compared(
    code: Code, place: Place, path: FieldPath, side: Expr, op: str, other: Expr, holds: bool, at: Span, *, turned: bool
) -> Iterator[Question]:
    """What a comparison asks of its `side`; `turned` when that stands on the right."""
    name, values = _name(side, path), _values(code, place, other)
    if turned and op in ("in", "not in"):
        yield from _held(path, values, holds == (op == "in"), name, at)
        return
    if values is None or op not in _EQUALITY:
        yield Question(path, "", values or (), holds, name, at, counts(code, place, name))
        return
    must = holds == (op in ("==", "is", "in"))
    if values == (None,):
        yield Question(path, "there", (), not must, name, at)
    else:
        yield Question(path, "in" if _is_whole(code, place, side) else "", values, must, name, at)


def _held(path: FieldPath, values: tuple[object, ...] | None, must: bool, name: str, at: Span) -> Iterator[Question]:
    """`"Records" in event`, `"thumbs/" in key`."""
    if values is not None and len(values) == 1 and isinstance(values[0], str):
        if not path or path[-1] is None or slot((*path, values[0]), direct=False)[0] is Slot.FIELD:
            yield Question((*path, values[0]), "there", (), must, values[0], at)
        else:
            yield Question(path, "contains", values, must, name, at)
    elif path:
        yield Question(path, "", (), must, name, at)


def _path(code: Code, place: Place, expr: Expr) -> FieldPath | None:
    if isinstance(expr, Call) and last_name(expr.callee) == "len" and expr.args:
        expr = expr.args[0].value
    if isinstance(expr, Attr) and expr.name == "length":
        expr = expr.base
    if not isinstance(expr, Name | Attr | Item | Call | Arithmetic):
        return None
    match code.resolve(expr, place):
        case Unresolved((made,)):
            # One more, one less.
            return written_path(made)
        case symbol:
            return written_path(symbol)


def _is_whole(code: Code, place: Place, expr: Expr) -> bool:
    return is_whole(code.resolve(expr, place))


def _name(expr: Expr, path: FieldPath) -> str:
    named = next((part for part in reversed(path) if part not in (None, "length")), None)
    if isinstance(expr, Attr) and expr.name == "length":
        expr = expr.base
    return expr.id if isinstance(expr, Name) else named or "event"


def _values(code: Code, place: Place, expr: Expr) -> tuple[object, ...] | None:
    """The constants that something is compared with; None when they are not in sight."""
    if isinstance(expr, Sequence):
        found = [_values(code, place, item) for item in expr.items]
        return None if any(each is None for each in found) else tuple(one for each in found for one in each or ())
    symbol = Constant(expr.value) if isinstance(expr, Literal) else code.resolve(expr, place)
    items = symbol.items if isinstance(symbol, Group) and symbol.keys is None else (symbol,)
    if all(isinstance(item, Constant) for item in items):
        return tuple(item.value for item in items if isinstance(item, Constant))
    return None
