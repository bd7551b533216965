"""The ways by which a handler gets to a write: under which conditions, and what ends a loop whatever the event is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

from slslint.app.callgraph import CallGraph
from slslint.app.code import Code
from slslint.app.graph.edges import Edge
from slslint.app.graph.happenings import updates
from slslint.app.guards import conditions
from slslint.app.loops.bounds import Bound, handed_over
from slslint.app.loops.content import untyped
from slslint.app.loops.lookups import operands, read_in
from slslint.app.loops.questions import Question, asked, touched
from slslint.app.loops.sifted import Test, sifted, spelled_out
from slslint.app.place import Place
from slslint.app.routing.dispatch import Dispatch, dispatches
from slslint.app.routing.event_fields import field_of, written_path
from slslint.app.runtime.containers import GROWING, STORING
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
    parts_of_symbol,
)
from slslint.facts import (
    Argument,
    Attr,
    Call,
    Expr,
    Item,
    Literal,
    Logic,
    Name,
    last_name,
    walk,
)
from slslint.record import record
from slslint.source import Span

Chain: TypeAlias = tuple[tuple[Place, Call], ...]
"""The calls that lead to one, that one first."""


@record(eq=False)
class Way:
    """One way from the handler to a write.

    Attributes:
        questions: what is asked of the event: of each group one answer is enough; a group with None in it asks for
            something that does not change, and may always be answered so.
        bound: what ends a loop whatever the event is.

    """

    questions: tuple[tuple[Question | None, ...], ...]
    bound: Bound | None


def ways(edge: Edge) -> tuple[Way, ...] | None:
    """The ways by which the handler gets to what an edge does; None for edges of the template.

    What is only registered where the handler's file is loaded, for other events, is not on the handler's way.
    """
    if edge.site is None:
        return None
    code = edge.site.code
    always = _idempotent(code) or _harmless(edge)
    tables = dispatches(code)
    return tuple(
        _way(code, chain, always, tables)
        for chain in code.keep(CallGraph).chains(edge.site)
        if code.handler.name and chain[-1][0] is code.handler
    )


def _way(code: Code, chain: Chain, always: Bound | None, tables: Sequence[Dispatch]) -> Way:
    questions = [(each,) for each in (*_chosen(chain, tables), *_picked(code, chain))]
    late = (handed_over(code, place, call) or _taken_from(code, place, call) for place, call in chain)
    bound = always or _conditional_write(code, chain) or next(filter(None, late), None)
    groups: list[tuple[Question | None, ...]] = [*questions]
    for place, call in chain:
        tests = (each for condition in _conditions(code, place, call) for each in spelled_out(code, condition))
        for here, at, test, holds in tests:
            group, unsteady = _group(code, here, at, test, holds)
            if group:
                groups.append(group)
            if unsteady is not None and bound is None:
                bound = Bound(_on(code, here, unsteady), at)
    return Way(tuple(groups), bound)


def _group(
    code: Code, place: Place, at: Span, test: Expr, holds: bool
) -> tuple[tuple[Question | None, ...], Expr | None]:
    """What a test asks of the event, one answer being enough, and the test when it asks for anything unsteady."""
    # What is decided together is taken apart already: here one of the operands is enough.
    alternatives = test.operands if isinstance(test, Logic) and test.op != "not" else (test,)
    group: list[Question | None] = []
    for each in alternatives:
        given, expected = (
            (each.operands[0], not holds) if isinstance(each, Logic) and each.op == "not" else (each, holds)
        )
        found = list(asked(code, place, given, expected, at))
        if not found and not _idle(code, place, given):
            return (), test
        found = found or list(touched(code, place, given, expected, at))
        group += found or [None]
    return tuple(group), None


def _chosen(chain: Chain, tables: Sequence[Dispatch]) -> Iterator[Question]:
    """What a table asks of the event that names the functions on the way: `STEPS[message["step"]](message)`."""
    on_the_way = {(place.path, place.name) for place, _ in chain}
    for dispatch in tables:
        for arm in dispatch.arms:
            if arm.runs is not None and (arm.runs.path, arm.runs.name) in on_the_way:
                yield Question(dispatch.field, "in", (arm.value,), True, dispatch.field[-1] or "event", arm.at)


def _picked(code: Code, chain: Chain) -> Iterator[Question]:
    """What a table asks of a record that comes with the event: `HANDLERS[record["eventName"]](record)`."""
    for (target, _), (place, call) in pairwise(chain):
        asking = call.callee
        if isinstance(asking, Name):
            given = [each for each in place.function.assigns if each.target == asking or _is(each.target, asking.id)]
            asking = given[0].value if len(given) == 1 else asking
        match asking:
            case Item(base, key) | Call(Attr(base, "get"), (Argument(key), *_)):
                table, path = code.resolve(base, place), written_path(code.resolve(key, place))
            case _:
                continue
        if isinstance(table, Group) and table.keys is not None and path and field_of(code.resolve(key, place)) is None:
            own = LocalFunction(target.path, target.name)
            keys = [key for key, item in zip(table.keys, table.items, strict=True) if item == own]
            if keys and all(isinstance(each, str) for each in keys):
                yield Question(path, "in", tuple(keys), True, path[-1] or "event", call.at)


_FILLING = GROWING | STORING

_TAKING = frozenset({"pop", "popleft", "shift", "splice", "remove", "popitem"})
"""Methods that take some items out, but not all of them."""


def _conditions(code: Code, place: Place, call: Call) -> Iterator[Test]:
    """What is decided before a call is made: around it, and where what it goes through or sends was collected."""
    function = place.function
    for block, test, holds in conditions(function, call.block):
        yield place, block.at, test, holds
    around = [block.test for block in function.enclosing(call.block) if block.kind == "loop" and block.test is not None]
    for name in sorted(_local_names(place, (*around, *(argument.value for argument in call.args)))):
        filled = [each.block for each in function.calls if _is_done_to(each, name, _FILLING)]
        filled += [each.block for each in function.assigns if _sets(each.target, name)]
        sought = [list(conditions(function, block)) for block in filled]
        if sought and all(sought):
            for block, test, holds in sought[0]:
                yield place, block.at, test, holds
    gone_through = [*around, *(argument.value for argument in call.args)]
    if isinstance(call.callee, Attr):
        gone_through.append(call.callee.base)
    for each in gone_through:
        yield from sifted(code, place, each)


def _taken_from(code: Code, place: Place, call: Call) -> Bound | None:
    """A list of the event from which something is taken before the rest is sent on."""
    sent = _local_names(place, [argument.value for argument in call.args])
    for each in place.function.calls:
        for name in sent:
            # `message.pop("id")` is not about a list.
            if _is_done_to(each, name, _TAKING) and not isinstance(each.positional(0), Literal):
                return Bound(f"the end of `{name}`", each.at)
    return None


def _local_names(place: Place, exprs: Iterable[Expr]) -> set[str]:
    """The local names in expressions, and in what those stand for."""
    names = {part.id for expr in exprs for part in walk(expr) if isinstance(part, Name)}
    given = {
        part.id
        for each in place.function.assigns
        if isinstance(each.target, Name) and each.target.id in names
        for part in walk(each.value)
        if isinstance(part, Name)
    }
    return (names | given) & place.function.bound


def _is_done_to(call: Call, name: str, methods: frozenset[str]) -> bool:
    return isinstance(call.callee, Attr) and call.callee.name in methods and _is(call.callee.base, name)


def _sets(target: Expr, name: str) -> bool:
    return isinstance(target, Item) and _is(target.base, name)


def _is(expr: Expr, name: str) -> bool:
    return isinstance(expr, Name) and expr.id == name


# --- what stays the same from round to round --------------------------------------------------------------------------

_PLAIN = frozenset(
    {
        "loads", "parse", "dumps", "stringify", "len", "str", "int", "float", "bool", "isinstance", "type", "get",
        "split", "rsplit", "strip", "lstrip", "rstrip", "lower", "upper", "decode", "encode", "unquote", "unquote_plus",
        "startswith", "endswith", "b64decode", "keys", "values", "items", "list", "dict", "set", "tuple", "sorted",
        "any", "all", "range", "enumerate", "isArray", "String", "Number", "Boolean", "Array", "decodeURIComponent",
        "replace", "replaceAll", "includes", "startsWith", "endsWith", "toLowerCase", "toUpperCase", "trim", "splitext",
        "basename", "dirname", "join", "match", "search", "fullmatch", "test", "toString", "from", "getenv",
        "get_remaining_time_in_millis", "getRemainingTimeInMillis", "format", "hasattr", "getattr", "unmarshall",
        "every", "some", "indexOf", "lastIndexOf", "count", "index",
        "hasOwnProperty", "map", "filter", "parseInt", "parseFloat", "exists",
    }
)  # fmt: skip
"""Functions and methods, by the last part of their names, that say the same of the same."""


def _idle(code: Code, place: Place, test: Expr) -> bool:
    """Whether a test asks of nothing that could become different: the event as it came, settings, the time left."""
    return all(
        _steady(part)
        for operand in _asked_of(code, place, test)
        for part in parts_of_symbol(code.resolve(operand, place))
    )


def _asked_of(code: Code, place: Place, test: Expr) -> Iterator[Expr]:
    """The operands of a test; of a call of a function that only compares what it is given, what it is given."""
    for operand in operands(test):
        called = code.resolve(operand.callee, place) if isinstance(operand, Call) and operand.args else None
        if isinstance(operand, Call) and isinstance(called, LocalFunction) and _only_compares(code, called):
            yield from (argument.value for argument in operand.args)
        else:
            yield operand


def _only_compares(code: Code, function: LocalFunction) -> bool:
    place = code.place(function.path, function.name)
    return place is not None and all(last_name(call.callee) in _PLAIN for call in place.function.calls)


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
    title = read_in(code, place, test)
    if title is not None:
        return f"the state that `{title}` reads"
    names = [part for part in walk(test) if isinstance(part, Name)]
    unsteady = [part for part in names if not all(_steady(each) for each in parts_of_symbol(code.resolve(part, place)))]
    named = next(iter((*unsteady, *names)), None)
    return f"the condition on `{named.id}`" if named is not None else "a condition"


# --- what ends a loop whatever the event is ---------------------------------------------------------------------------


def _idempotent(code: Code) -> Bound | None:
    """A library that remembers what it has seen: Powertools' idempotency."""
    for place in code.places():
        for decorator in place.function.decorators:
            if any("dempoten" in last_name(part) for part in walk(decorator)):
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
        given = [untyped(each) for each in updates(call).values()]
        if given and all(isinstance(each, Constant | EnvVar | EventPart) for each in given):
            why = "that the second update changes nothing, so that the stream has no record of it,"
            return Bound(why, call.site.call.at)
    return None


def _conditional_write(code: Code, chain: Chain) -> Bound | None:
    """A conditional write that stands before, and fails when the same comes again."""
    for place, call in chain:
        for site in code.sites():
            if site.place is place and site.call.at < call.at and place.function.within(call.block, site.call.block):
                if site.sdk is not None and site.sdk.service == "dynamodb":
                    if site.sdk.argument("ConditionExpression") is not None:
                        return Bound("the conditional write", site.call.at)
    return None
