"""What stands between an event's arrival at a function and the write that starts the next round."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum

from slslint.app.bounds import Bound, counts, handed_over
from slslint.app.callgraph import CallGraph
from slslint.app.code import Code
from slslint.app.graph.content import ALWAYS_THERE, SERVICES, SHAPES, Slot, slot, updated
from slslint.app.graph.cycles import Hop
from slslint.app.graph.edges import Edge
from slslint.app.guards import conditions
from slslint.app.place import Place
from slslint.app.routing.event_fields import FieldPath, is_whole, written_path
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
    LocalFunction,
    Member,
    Result,
    Symbol,
    Unresolved,
    options,
    parts_of_symbol,
)
from slslint.facts import Arithmetic, Attr, Block, Call, Compare, Expr, Item, Literal, Name, Other, Sequence, walk
from slslint.model import Source
from slslint.record import record
from slslint.source import Span

Value = Callable[[Slot, str], Symbol]
"""What the next event has in a part of it; an EventPart stands for what the one before had there."""


class Open(Enum):
    """How much a round that comes again is kept from going on."""

    NOT = 0
    """It never goes on: the events of a round do not get through the conditions on the way."""
    FOR_A_TIME = 1
    ALWAYS = 2


@record(eq=False)
class Passage:
    """Whether an event that arrives leads to the next write; `bound` is what ends it when that is only for a time."""

    open: Open
    bound: Bound | None = None


SHUT = Passage(Open.NOT)
FREE = Passage(Open.ALWAYS)


@record(eq=False)
class Question:
    """What a condition on the way asks of the event.

    Attributes:
        path: the part of the event. relation: "there", "in", "starts", "ends", "contains"; "" for any other.
        values: what it is compared with. must: whether the relation must hold, or must not.
        name: for people. at: the condition.

    """

    path: FieldPath
    relation: str
    values: tuple[object, ...]
    must: bool
    name: str
    at: Span
    counted: bool = False


@record(eq=False)
class Way:
    """One way from the handler to a write: what is asked of the event, and what ends a loop whatever the event is."""

    questions: tuple[Question, ...]
    bound: Bound | None


def ways(edge: Edge) -> tuple[Way, ...] | None:
    """The ways by which the handler gets to what an edge does; None for edges of the template.

    What is only registered where the handler's file is loaded, for other events, is not on the handler's way.
    """
    if edge.site is None:
        return None
    code = edge.site.code
    always = _idempotent(code) or _harmless(edge)
    return tuple(
        _way(code, chain, always)
        for chain in CallGraph(code).chains(edge.site)
        if not code.handler.name or chain[-1][0] is code.handler
    )


def _way(code: Code, chain: tuple[tuple[Place, Call], ...], always: Bound | None) -> Way:
    questions: list[Question] = []
    late = (handed_over(code, place, call) for place, call in chain)
    bound = always or _conditional_write(code, chain) or next(filter(None, late), None)
    for place, call in chain:
        for block, test, holds in _conditions(place, call):
            asked = list(_asked(code, place, test, holds, block.at))
            questions += asked
            if not asked and bound is None and not _idle(code, place, test):
                bound = Bound(_on(code, place, test), block.at)
    return Way(tuple(questions), bound)


_FILLING = frozenset({"append", "add", "update", "extend", "push", "set", "setdefault", "insert", "unshift"})


def _conditions(place: Place, call: Call) -> Iterator[tuple[Block, Expr, bool]]:
    """What is decided before a call is made: around it, and where what it goes through or sends was collected."""
    function = place.function
    yield from conditions(function, call.block)
    around = [block.test for block in function.enclosing(call.block) if block.kind == "loop" and block.test is not None]
    names = {name.id for each in (*around, *(argument.value for argument in call.args)) for name in _roots(each)}
    for name in sorted(names & function.bound):
        filled = [each.block for each in function.calls if _fills(each, name)]
        filled += [
            each.block for each in function.assigns if isinstance(each.target, Item) and _is(each.target.base, name)
        ]
        sought = [list(conditions(function, block)) for block in filled]
        if sought and all(sought):
            yield from sought[0]


def _roots(expr: Expr) -> Iterator[Name]:
    return (part for part in walk(expr) if isinstance(part, Name))


def _fills(callee: Expr, name: str) -> bool:
    return isinstance(callee, Attr) and callee.name in _FILLING and _is(callee.base, name)


def _sets(target: Expr, name: str) -> bool:
    return isinstance(target, Item) and _is(target.base, name)


def _is(expr: Expr, name: str) -> bool:
    return isinstance(expr, Name) and expr.id == name


def passage(all_ways: tuple[Way, ...] | None, arrival: Hop, value: Value) -> Passage:
    """Whether an event that arrives by a hop leads on by any of the ways, and what ends that."""
    if all_ways is None:
        return FREE
    found = [_through(way, arrival, value) for way in all_ways]
    return max(found, key=lambda each: each.open.value, default=SHUT)


def _through(way: Way, arrival: Hop, value: Value) -> Passage:
    bound = None
    for question in way.questions:
        answer = _judged(question, arrival, value)
        if answer.open is Open.NOT:
            return SHUT
        bound = bound or answer.bound
    bound = bound or way.bound
    return FREE if bound is None else Passage(Open.FOR_A_TIME, bound)


# --- what is asked of the event ---------------------------------------------------------------------------------------

_RELATIONS = {"startswith": "starts", "startsWith": "starts", "endswith": "ends", "endsWith": "ends",
              "includes": "contains"}  # fmt: skip
_OTHER_RELATIONS = frozenset({"match", "search", "fullmatch", "test", "exec", "fnmatch", "indexOf"})

_PARTS = {"s3": Source.BUCKET, "dynamodb": Source.TABLE_STREAM, "kinesis": Source.DATA_STREAM, "Sns": Source.TOPIC,
          "body": Source.QUEUE}  # fmt: skip
"""What a record has only when it comes from there."""


def _asked(code: Code, place: Place, test: Expr, holds: bool, at: Span) -> Iterator[Question]:
    match test:
        case Compare(left, op, right):
            for asked, given in ((left, right), (right, left)):
                path = _path(code, place, asked)
                if path is None:
                    continue
                name = _name(asked, path)
                values = _values(code, place, given)
                if op in ("in", "not in") and asked is right:
                    yield from _held(path, values, holds == (op == "in"), name, at)
                    return
                must = holds == (op in ("==", "is", "in"))
                known = values is not None and op in ("==", "!=", "is", "is not", "in", "not in")
                if known and values == (None,):
                    yield Question(path, "there", (), not must, name, at)
                else:
                    relation = "in" if known and _is_whole(code, place, asked) else ""
                    counted = counts(code, place, name)
                    yield Question(path, relation, values or (), must if known else holds, name, at, counted)
                return
        case Call(Attr(base, method), args) if method in _RELATIONS and args:
            path, values = _path(code, place, base), _values(code, place, args[0].value)
            if path is not None:
                relation = _RELATIONS[method] if values is not None and _is_whole(code, place, base) else ""
                yield Question(path, relation, values or (), holds, _name(base, path), at)
        case Call(callee, args) if _last(callee) in _OTHER_RELATIONS:
            for each in (*(argument.value for argument in args), *([callee.base] if isinstance(callee, Attr) else [])):
                path = _path(code, place, each)
                if path is not None:
                    yield Question(path, "", (), holds, _name(each, path), at)
        case Name() | Attr() | Item() | Call():
            path = _path(code, place, test)
            if path is not None:
                yield Question(path, "there", (), holds, _name(test, path), at)


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
    if isinstance(expr, Call) and _last(expr.callee) == "len" and expr.args:
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


def _last(callee: Expr) -> str:
    return callee.name if isinstance(callee, Attr) else callee.id if isinstance(callee, Name) else ""


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


# --- what the next event answers --------------------------------------------------------------------------------------


def _judged(question: Question, arrival: Hop, value: Value) -> Passage:
    path, kind = question.path, _kind(arrival)
    direct = arrival.is_direct
    if not direct and kind is not None and path:
        there = _is_there(path, kind)
        if there is False:
            return SHUT if question.must else FREE
        if question.relation == "there" and len(path) == 1:
            return SHUT if there and not question.must and path[0] in ALWAYS_THERE else FREE
    which, name = slot(path, direct)
    limit = Passage(Open.FOR_A_TIME, Bound(f"the {'counter' if question.counted else 'condition on'} `{question.name}`",
                                           question.at))  # fmt: skip
    if which is Slot.SHAPE or not path or (path[-1] is None and len(path) < 3):
        return FREE if question.relation == "there" else limit
    if which is Slot.COUNT:
        # A message that is sent anew is counted anew.
        return FREE if arrival.edges[0].call is not None else limit
    if which is Slot.OTHER:
        return FREE if question.relation == "there" else limit
    service = SERVICES.get(kind) if kind is not None and which is Slot.SERVICE else None
    said = Constant(service) if service is not None else value(which, name)
    answer = _answer(question, said, path)
    if answer is question.must:
        return FREE
    if which is not Slot.FIELD:
        return SHUT
    if answer is None:
        return limit
    is_flag = question.relation == "there" or any(isinstance(each, bool) for each in question.values)
    return limit if is_flag else SHUT


def _kind(arrival: Hop) -> Source | None:
    trigger = arrival.edges[-1].trigger
    return None if trigger is None else trigger.source_kind


def _is_there(path: FieldPath, kind: Source) -> bool | None:
    """Whether events of a kind have a part, as far as their shape tells."""
    shape = SHAPES.get(kind)
    if shape is None or path[0] is None:
        return None
    if path[0] not in shape:
        return False
    return len(path) < 3 or _PARTS.get(path[2] or "", kind) is kind


def _answer(question: Question, said: Symbol, path: FieldPath) -> bool | None:
    """Whether the relation holds of what the next event has there; None when that cannot be told."""
    match said:
        case EventPart():
            return question.must
        case AnyOf():
            found = {_answer(question, each, path) for each in options(said)}
            return found.pop() if len(found) == 1 else None
        case Constant(given):
            return _holds(question, given)
        case Joined(parts):
            return _holds_of_text(question, parts)
        case _:
            return None


def _holds(question: Question, given: object) -> bool | None:
    values = question.values
    match question.relation:
        case "there":
            return bool(given)
        case "in":
            return any(given == each and isinstance(given, bool) == isinstance(each, bool) for each in values)
        case "starts" | "ends" | "contains" if not isinstance(given, str):
            return False
        case "starts":
            return str(given).startswith(tuple(map(str, values)))
        case "ends":
            return str(given).endswith(tuple(map(str, values)))
        case "contains":
            return any(str(each) in str(given) for each in values)
        case _:
            return None


def _holds_of_text(question: Question, parts: tuple[Symbol, ...]) -> bool | None:
    """The same of a text of which only some parts are known."""
    texts = [part.value if isinstance(part, Constant) and isinstance(part.value, str) else None for part in parts]
    as_before = [isinstance(part, EventPart) and part.path == question.path for part in parts]
    values = [str(each) for each in question.values]
    match question.relation:
        case "there":
            return True
        case "in" if len(values) == 1:
            head, tail = texts[0] or "", texts[-1] or ""
            fits = values[0].startswith(head) and values[0].endswith(tail)
            return None if fits and not any(as_before) else False
        case "starts" | "ends":
            starts = question.relation == "starts"
            at = 0 if starts else -1
            if as_before[at]:
                return question.must
            known = texts[at]
            if known is None:
                return None
            if any(known.startswith(each) if starts else known.endswith(each) for each in values):
                return True
            fits = any(each.startswith(known) if starts else each.endswith(known) for each in values)
            return None if fits else False
        case "contains":
            if any(each in text for each in values for text in texts if text is not None):
                return True
            # What was in it before still is.
            return True if any(as_before) and question.must else None
        case _:
            return None


# --- what ends a loop whatever the event is ---------------------------------------------------------------------------

_PLAIN = frozenset(
    {
        "loads", "parse", "dumps", "stringify", "len", "str", "int", "float", "bool", "isinstance", "type", "get",
        "split", "rsplit", "strip", "lstrip", "rstrip", "lower", "upper", "decode", "encode", "unquote", "unquote_plus",
        "startswith", "endswith", "b64decode", "keys", "values", "items", "list", "dict", "set", "tuple", "sorted",
        "any", "all", "range", "enumerate", "isArray", "String", "Number", "Boolean", "Array", "decodeURIComponent",
        "replace", "replaceAll", "includes", "startsWith", "endsWith", "toLowerCase", "toUpperCase", "trim", "splitext",
        "basename", "dirname", "join", "match", "search", "fullmatch", "test", "toString", "from", "getenv",
        "get_remaining_time_in_millis", "getRemainingTimeInMillis", "format", "hasattr", "getattr", "unmarshall",
        "hasOwnProperty", "map", "filter", "parseInt", "parseFloat", "exists",
    }
)  # fmt: skip
"""Functions and methods, by the last part of their names, that say the same of the same."""


def _idle(code: Code, place: Place, test: Expr) -> bool:
    """Whether a test asks of nothing that could become different: the event as it came, settings, the time left."""
    return all(_steady(part) for operand in _operands(test) for part in parts_of_symbol(code.resolve(operand, place)))


def _operands(test: Expr) -> Iterator[Expr]:
    match test:
        case Compare(left, _, right) | Arithmetic(left, _, right):
            yield from _operands(left)
            yield from _operands(right)
        case Other(parts) | Sequence(parts, _):
            for part in parts:
                yield from _operands(part)
        case _:
            yield test


def _steady(symbol: Symbol) -> bool:
    match symbol:
        case Result(EventPart((*_, str(method))) | ContextPart((*_, method)) | Member(_, method)):
            return method in _PLAIN
        case Result(External(name)):
            return name.rpartition(".")[2] in _PLAIN
        case Result():
            return False
        case Constant() | EnvVar() | ContextPart() | EventPart() | Group() | Joined() | AnyOf() | External():
            return True
        case Member() | Element() | LocalFunction():
            return True
        case Unresolved(parts):
            return bool(parts)
        case _:
            return False


def _on(code: Code, place: Place, test: Expr) -> str:
    """What a condition is on, for people: what is read from somewhere, or the name that it asks about."""
    for operand in _operands(test):
        for part in parts_of_symbol(code.resolve(operand, place)):
            if isinstance(part, Result) and part.site.sdk is not None:
                return f"the state that `{part.site.sdk.title}` reads"
    names = [part for part in walk(test) if isinstance(part, Name)]
    unsteady = [part for part in names if not all(_steady(each) for each in parts_of_symbol(code.resolve(part, place)))]
    named = next(iter((*unsteady, *names)), None)
    return f"the condition on `{named.id}`" if named is not None else "a condition"


def _idempotent(code: Code) -> Bound | None:
    """A library that remembers what it has seen: Powertools' idempotency."""
    for place in code.places():
        for decorator in place.function.decorators:
            named = next((part for part in walk(decorator) if "dempoten" in _last(part)), None)
            if named is not None:
                return Bound(f"the idempotency of `{place.title}`", place.function.at)
    for site in code.sites():
        if "makeIdempotent" in (site.dotted or ""):
            return Bound("the idempotency of the handler", site.call.at)
    return None


def _harmless(edge: Edge) -> Bound | None:
    """A write that is refused, or changes nothing, the second time."""
    call = edge.call
    if call is None:
        return None
    for name in ("ConditionExpression", "IfNoneMatch", "IfMatch"):
        if call.argument(name) is not None:
            return Bound(f"the condition of the write (`{name}`)", call.site.call.at)
    if call.service == "dynamodb" and call.operation.lower() == "updateitem":
        changed = updated(call)
        if changed and all(isinstance(each, Constant | EnvVar | EventPart) for each in changed.values()):
            why = "that the second update changes nothing, so that the stream has no record of it,"
            return Bound(why, call.site.call.at)
    return None


def _conditional_write(code: Code, chain: tuple[tuple[Place, Call], ...]) -> Bound | None:
    """A conditional write that stands before, and fails when the same comes again."""
    for place, call in chain:
        for site in code.sites():
            if site.place is place and site.call.at < call.at and place.function.within(call.block, site.call.block):
                if site.sdk is not None and site.sdk.service == "dynamodb":
                    if site.sdk.argument("ConditionExpression") is not None:
                        return Bound("the conditional write", site.call.at)
    return None
