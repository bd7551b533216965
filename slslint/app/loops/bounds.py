"""What ends a loop that goes through a message: something that it carries along, and that is asked about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from slslint.app.callgraph import CallGraph
from slslint.app.code import Code
from slslint.app.guards import conditions
from slslint.app.loops.assigned import assigned
from slslint.app.place import Place
from slslint.app.routing.dispatch import dispatches
from slslint.app.routing.event_fields import FieldPath, field_of, in_camel_case, written_field_of
from slslint.app.site import Site
from slslint.app.symbols import (
    Constant,
    ContextPart,
    EnvVar,
    EventPart,
    External,
    Group,
    LocalFunction,
    Member,
    Result,
    Symbol,
    parts_of_symbol,
)
from slslint.facts import Arithmetic, Attr, Call, Compare, Expr, Item, Literal, Logic, Name, walk
from slslint.record import record
from slslint.source import Span

_NOT_SENT = frozenset({"FunctionName", "InvocationType", "LogType", "Qualifier"})
"""Arguments of a call that say where the message goes."""

_SHORTENING = frozenset({"slice", "splice", "subarray", "filter"})
"""Methods that return some of a list's elements, such as those that are left."""


@record(eq=False)
class Bound:
    """What ends a loop. `why` is a noun phrase for people: "the counter `hops`"; `at` is where it is asked about."""

    why: str
    at: Span


@record(eq=False)
class _Message:
    """What is sent: its fields, and whether it may hold more of them: those of the event that came in."""

    fields: dict[str, Symbol]
    keeps_event: bool


def loop_bound(code: Code, site: Site, message: Symbol | None) -> Bound | None:
    """What ends the loop that `site` closes by sending `message` (None: nothing) to its own function.

    A condition around the call, or around a call that leads to it, ends it if the message makes the answer another one
    the next time: it asks about a field that the message lacks, adds or changes (a step, a counter), or about what the
    message carries (where to go on, what is left).
    """
    steps = list(_steps(code, site))
    sent = _fields_sent(code, message, [place for place, _ in steps])
    for place, call in steps:
        for block, test, holds in conditions(place.function, call.block):
            name = _changed_field(code, place, test, holds, sent)
            if name is not None:
                counter = counts(code, place, name)
                return Bound(f"{'the counter' if counter else 'the condition on'} `{name}`", block.at)
    for place, call in steps:
        for block, test, _ in conditions(place.function, call.block):
            name = _computed(code, place, test)
            if name is not None:
                return Bound(f"the condition on `{name}`", block.at)
    if message is None or (sent.keeps_event and not sent.fields):
        return None
    for place, call in steps:
        carried = _carried(place, call)
        for block, test, _ in conditions(place.function, call.block):
            name = _asked(code, place, test, carried)
            if name is not None:
                return Bound(f"the condition on `{name}`", block.at)
    late = (handed_over(code, place, call) for place, call in steps)
    return _flag(code, site, sent, steps) or next((each for each in late if each is not None), None)


def _computed(code: Code, place: Place, test: Expr) -> str | None:
    """A limit that is worked out from the event: `time.time() > started + 3600`."""
    if not isinstance(test, Compare) or test.op not in ("<", "<=", ">", ">="):
        return None
    for side in (test.left, test.right):
        if _field(code, place, side) is None and code.depends_on_event(side, place):
            return next(_names((side,)), None)
    return None


def _asked(code: Code, place: Place, test: Expr, carried: frozenset[str]) -> str | None:
    """What a test asks about: something that the message carries, or the event as the code's own functions see it."""
    for part in walk(test):
        if isinstance(part, Name) and part.id in carried and _is_data(code.resolve(part, place)):
            return part.id
        if isinstance(part, Call) and isinstance(code.resolve(part.callee, place), LocalFunction):
            if any(code.resolve(argument.value, place) == EventPart() for argument in part.args):
                return next(_names((part.callee,)), None)
    return None


def _flag(code: Code, site: Site, sent: _Message, steps: list[tuple[Place, Call]]) -> Bound | None:
    """A field of the message that says what to do the next time: `"worker": True`, or an action that code looks for."""
    for key, given in sent.fields.items():
        if isinstance(given, Constant) and given.value is True and _is_read(code, key):
            if any(_needs(code, place, call, key) for place, call in steps):
                continue
            return Bound(f"the flag `{key}`", site.call.at)
    spelled = {in_camel_case((key,)): given for key, given in sent.fields.items()}
    for dispatch in dispatches(code):
        value = spelled.get(dispatch.field)
        for arm in dispatch.arms:
            inside = arm.block is not None and any(
                place is dispatch.place and place.function.within(call.block, arm.block) for place, call in steps
            )
            if value == Constant(arm.value) and not inside:
                return Bound(f"the choice on `{dispatch.field[0]}`", arm.at)
    return None


def _needs(code: Code, place: Place, call: Call, key: str) -> bool:
    """Whether a call is made only while a field of that name is set."""
    return any(
        holds and _field(code, place, test) == (key,) for _, test, holds in conditions(place.function, call.block)
    )


def _is_read(code: Code, key: str) -> bool:
    """Whether any code reads a field of that name: `event.get("worker")`, `"worker" in event`, `event.worker`."""
    for place in code.places():
        for expr, _ in place.function.expressions:
            match expr:
                case Item(_, Literal(value)) | Compare(Literal(value), "in" | "not in"):
                    found = value == key
                case Call(Attr(_, "get" | "pop"), args) if args:
                    found = args[0].value == Literal(key)
                case Attr(_, name):
                    found = name == key
                case _:
                    found = False
            if found:
                return True
    return False


def _fields_sent(code: Code, message: Symbol | None, places: list[Place]) -> _Message:
    if message is None:
        return _Message({}, keeps_event=False)
    parts = list(parts_of_symbol(message))
    table = next((part for part in parts if isinstance(part, Group) and part.keys is not None), None)
    if table is not None and table.keys is not None:
        fields = {key: item for key, item in zip(table.keys, table.items, strict=True) if isinstance(key, str)}
        return _Message(fields, keeps_event=None in table.keys)
    changed = {key: value for place in places for key, value in assigned(code, place, _is_event)}
    return _Message(changed, keeps_event=True)


def _is_event(symbol: Symbol) -> bool:
    """Whether a symbol is the whole event, or a copy of it."""
    match symbol:
        case EventPart(()) | Result(EventPart(("copy",))):
            return True
        case Result(External("dict" | "copy.copy" | "copy.deepcopy" | "structuredClone"), site):
            return site.argument(0) == EventPart()
        case Group((item,), (None,)):
            # `{ ...event }`
            return item == EventPart()
        case _:
            return False


def _changed_field(code: Code, place: Place, test: Expr, holds: bool, sent: _Message) -> str | None:
    """The field of the event that a test asks about, if the message makes it answer differently the next time."""
    match test:
        case Logic(_, operands):
            found = (_changed_field(code, place, operand, holds, sent) for operand in operands)
            return next((name for name in found if name is not None), None)
        case Compare(left, "in" | "not in" as op, right) if code.resolve(right, place) == EventPart():
            key = code.resolve(left, place)
            if not isinstance(key, Constant) or not isinstance(key.value, str):
                return None
            return key.value if _presence_changes(key.value, holds == (op == "in"), sent) else None
        case Compare(left, op, right):
            for asked, given in ((left, right), (right, left)):
                field = _field(code, place, asked)
                if field is not None and field[0] is not None:
                    if isinstance(given, Literal) and given.value is None:
                        changes = _presence_changes(field[0], holds != (op in ("is", "==")), sent)
                    else:
                        changes = _value_changes(field, op, given, holds, sent)
                    return field[-1] if changes else None
        case _:
            field = _field(code, place, test)
            if field is not None and field[0] is not None and _presence_changes(field[0], holds, sent):
                return field[-1]
    return None


def _field(code: Code, place: Place, expr: Expr) -> FieldPath | None:
    return written_field_of(code.resolve(expr, place)) if isinstance(expr, Name | Attr | Item | Call) else None


def _presence_changes(key: str, must_be_there: bool, sent: _Message) -> bool:
    there = key in sent.fields
    if not must_be_there:
        return there
    given = sent.fields.get(key)
    return not there and not sent.keeps_event if given is None else isinstance(given, Constant) and not given.value


def _value_changes(field: FieldPath, op: str, compared: Expr, holds: bool, sent: _Message) -> bool:
    key = field[0] or ""
    given = sent.fields.get(key)
    if given is None:
        return op in ("==", "in") and holds and not sent.keeps_event
    if given == EventPart(field):
        return False
    if isinstance(given, Constant) and isinstance(compared, Literal) and op in ("==", "!="):
        return (given.value == compared.value) != (holds == (op == "=="))
    return True


def _steps(code: Code, site: Site) -> Iterator[tuple[Place, Call]]:
    """The call, and the calls that lead to it, nearest first."""
    graph = code.keep(CallGraph)
    seen = {site.place}
    todo = [site]
    while todo:
        here = todo.pop(0)
        yield here.place, here.call
        for edge in graph.callers(here.place):
            if edge.site is not None and edge.source not in seen:
                seen.add(edge.source)
                todo.append(edge.site)


def _carried(place: Place, call: Call) -> frozenset[str]:
    """The local names whose values go into the arguments of a call, also by way of other names."""
    names = set(_names(argument.value for argument in call.args if argument.name not in _NOT_SENT))
    while True:
        more = {
            found
            for each in place.function.assigns
            if _base(each.target) in names
            for found in _names((each.value, each.target))
        }
        if more <= names:
            return frozenset(names & place.function.bound)
        names |= more


def _names(exprs: Iterable[Expr]) -> Iterator[str]:
    return (part.id for expr in exprs for part in walk(expr) if isinstance(part, Name))


def _base(target: Expr) -> str | None:
    while isinstance(target, Item | Attr):
        target = target.base
    return target.id if isinstance(target, Name) else None


def _is_data(symbol: Symbol) -> bool:
    """Whether a value was worked out on the way: not the event as it came, a field of it, the context, a constant.

    Some of a list's elements, such as those that are left, are worked out.
    """
    match symbol:
        case EventPart((*_, None)):
            return True
        case Result(EventPart((*_, str(method))) | Member(_, method)) if method in _SHORTENING:
            return True
        case ContextPart() | EventPart() | Constant() | EnvVar() | External():
            return False
        case _:
            return field_of(symbol) is None


def handed_over(code: Code, place: Place, call: Call) -> Bound | None:
    """Items that are left when time runs out, handed over from within the loop that goes through them."""
    out_of_time = False
    for block in place.function.enclosing(call.block):
        if block.test is None:
            continue
        names = [part for part in walk(block.test) if isinstance(part, Name)]
        if block.kind == "loop" and out_of_time and names:
            return Bound(f"the end of `{names[-1].id}`", block.at)
        if block.kind == "if":
            out_of_time |= any(isinstance(code.resolve(name, place), ContextPart) for name in names)
    return None


def counts(code: Code, place: Place, name: str) -> bool:
    """Whether a variable, or a part of the event with that key, is counted up or down."""
    if any(each.op in ("+=", "-=") and _called(code, place, each.target) == name for each in place.function.assigns):
        return True
    return any(
        isinstance(expr, Arithmetic) and name in (_called(code, place, expr.left), _called(code, place, expr.right))
        for expr, _ in place.function.expressions
    )


def _called(code: Code, place: Place, expr: Expr) -> str | None:
    if isinstance(expr, Name):
        return expr.id
    field = _field(code, place, expr)
    return field[-1] if field is not None else None
