"""What one use does to a thing that is held: reads it, counts it, adds to it, takes something out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slslint.app.callgraph import CallGraph
from slslint.app.code import Use
from slslint.app.place import Place
from slslint.app.runtime.containers import SHRINKING, changed_by, empties
from slslint.app.state.held import Held
from slslint.facts import (
    Arithmetic,
    Assign,
    Attr,
    Call,
    Compare,
    Expr,
    Item,
    Join,
    Literal,
    Logic,
    Name,
    OneOf,
    Other,
    Sequence,
    Table,
    walk,
)
from slslint.source import Span

_LOGGING = r"(^print|(^|\.)(debug|info|log|warning|warn|error|exception|critical|put_?metric|add_?metric))$"
"""Calls, by the name as written, that write a line of the log or a metric."""

_DECIDING = frozenset({"if", "else", "case", "except"})
"""Kinds of blocks that may not run."""

_SIZES = frozenset({"length", "size"})

_OF_DICTS = frozenset({".update", ".setdefault", ".pop", ".popitem", ".clear"})
"""Methods that a dict of Python has, as they are written."""

_OF_OBJECTS = frozenset({".assign"})
"""Methods that change an object of JavaScript, which has none itself, as they are written."""

Part = str | int | None
"""The constant key of one part of a thing; None is the whole."""


def reads(part: Expr, thing: Held) -> bool:
    """Whether an expression is the thing itself, by its name or as an attribute."""
    match part:
        case Name(id):
            return id in thing.spellings
        case Attr(_, attribute):
            return "." in thing.name and attribute in thing.spellings
        case _:
            return False


def changes_by(use: Use, thing: Held, methods: frozenset[str]) -> bool:
    """Whether a use calls one of these methods of the thing, or of something in it."""
    changed = changed_by(use.by, methods) if isinstance(use.by, Call) else None
    if changed is None or not isinstance(use.by, Call):
        return False
    if not isinstance(thing.initial, Table) or not reads(changed, thing):
        return True
    # An object that is written out has no methods of a list; what is called there is its own.
    own = _OF_DICTS if thing.home.facts.language == "python" else _OF_OBJECTS
    return _written(use.by.callee) in own


def counts(use: Use, thing: Held) -> bool:
    """Whether a use goes on counting: `count += 1`, `hits[path] += 1`, `count = count + 1`."""
    if not isinstance(use.by, Assign):
        return False
    assign = use.by
    if assign.op in ("+=", "-="):
        number = isinstance(thing.initial, Literal) and _is_number(thing.initial)
        return number or (_is_number(assign.value) and use.how == "change")
    return isinstance(assign.value, Arithmetic) and any(reads(part, thing) for part in walk(assign.value))


def _is_number(expr: Expr) -> bool:
    return isinstance(expr, Literal) and isinstance(expr.value, int | float)


def resets(use: Use, thing: Held) -> bool:
    """Whether the thing gets a fresh value whatever the event is."""
    if use.how != "write" or not isinstance(use.by, Assign) or use.by.op != "=" or _conditional(use):
        return False
    return not isinstance(use.by.value, Arithmetic) or not any(reads(each, thing) for each in walk(use.by.value))


def part_resets(count: Use, thing: Held) -> bool:
    """Whether the part of the thing that a use counts gets a fresh value whatever the event is: `stats.sent = 0`."""
    counted = _own_part(count)
    return counted is not None and any(
        isinstance(use.by, Assign)
        and use.by.op == "="
        and _own_part(use) == counted
        and not _conditional(use)
        and not any(reads(each, thing) for each in walk(use.by.value))
        for use in thing.uses
    )


def _own_part(use: Use) -> str | None:
    """The name of the part of the thing that an assignment sets: "sent" in `stats.sent = 0`."""
    match use.by:
        case Assign(Attr(Name(), name)):
            return name
        case _:
            return None


def set_before(read: Use, thing: Held, part: Part) -> bool:
    """Whether the function that reads the thing has always given it, or that part of it, a new value before."""
    return any(
        (use.how == "write" or (part is not None and _sets(use, thing, part)))
        and use.place is read.place
        and use.at < read.at
        and not use.at.holds(read.at)
        and use.place.function.within(read.block, use.block)
        and not leaves_older(use, thing)
        for use in thing.uses
    )


def leaves_older(use: Use, thing: Held) -> bool:
    """Whether a use gives the thing a value only if there is one: `user = event.get("user") or user`."""
    match use.by:
        case Assign(_, Logic("or", (_, *rest))) if use.how == "write":
            return any(reads(each, thing) for each in rest)
        case Assign(_, OneOf(choices, test)) if use.how == "write" and test is not None:
            return any(reads(each, thing) for each in choices) and not any(reads(each, thing) for each in walk(test))
        case _:
            return False


def adds(use: Use, thing: Held) -> bool:
    """Whether a use keeps what is there and adds to it: `items += more`, `items = [...items, one]`."""
    if not isinstance(use.by, Assign):
        return False
    if use.by.op == "+=":
        return True
    match use.by.value:
        case Sequence(parts, _) | Other(parts) | Join(parts):
            return any(reads(each, thing) or (isinstance(each, Other) and _spreads(each, thing)) for each in parts)
        case Table(entries):
            return any(key is None and reads(value, thing) for key, value in entries)
        case Arithmetic(left, "+", _) | Call(Attr(left, "concat")):
            return reads(left, thing)
        case _:
            return False


def _spreads(part: Other, thing: Held) -> bool:
    return len(part.parts) == 1 and reads(part.parts[0], thing)


def removals(thing: Held) -> Iterator[Use]:
    """The uses that take something out, or begin anew."""
    for use in thing.uses:
        match use.by:
            case Assign(target, _, _, _, op) if op == "del" or empties(target):
                yield use
            case _ if changes_by(use, thing, SHRINKING) or (use.how == "write" and not adds(use, thing)):
                yield use


def takes_one(removal: Use) -> bool:
    """Whether a removal takes out what it names: `del users[key]`, `users.delete(key)`; not `items.pop()`."""
    match removal.by:
        case Call(_, (first, *_)):
            return not isinstance(first.value, Literal)
        case Assign(Item(_, key), _, _, _, "del"):
            return not isinstance(key, Literal)
        case _:
            return False


def is_measured(thing: Held) -> bool:
    """Whether any condition asks how long it is: it has a limit then.

    To ask whether there is anything in it is no limit, but for what such a condition decides.
    """
    for place in {use.place for use in thing.uses}:
        function = place.function
        for index, block in enumerate(function.blocks):
            if block.test is None or block.kind not in _DECIDING:
                continue
            emptiness = {id(part) for test in _operands(block.test) for part in _asks_if_any(test)}
            for part in walk(block.test):
                if _measures(part) and any(reads(each, thing) for each in walk(part)):
                    inside = (u for u in thing.uses if u.place is place and function.within(u.block, index))
                    if id(part) not in emptiness or any(use.how != "read" for use in inside):
                        return True
    return False


def _operands(test: Expr) -> Iterator[Expr]:
    if isinstance(test, Logic):
        for operand in test.operands:
            yield from _operands(operand)
    else:
        yield test


def _asks_if_any(test: Expr) -> Iterator[Expr]:
    """The length that a condition only asks to be more than nothing, or to be nothing: `items.length > 0`."""
    match test:
        case Compare(left, _, Literal(0)) | Compare(Literal(0), _, left) if _measures(left):
            yield left
        case Compare(left, ">=" | "<", Literal(1)) if _measures(left):
            yield left
        case _ if _measures(test):
            yield test


def _measures(part: Expr) -> bool:
    match part:
        case Call(Name("len")):
            return True
        case Attr(_, name):
            return name in _SIZES
        case _:
            return False


def part_of(expr: Expr, thing: Held) -> Part:
    """The constant key by which an expression asks for a part of the thing."""
    match expr:
        case Item(base, Literal(str() | int() as key)) | Attr(base, key) if reads(base, thing):
            return key
        case _:
            return None


def _sets(use: Use, thing: Held, part: Part) -> bool:
    return isinstance(use.by, Assign) and use.by.op == "=" and part_of(use.by.target, thing) == part


def always_set(graph: CallGraph, thing: Held, part: Part = None) -> bool:
    """Whether the thing, or that part of it, gets a value whatever the event is: outside any condition, or on both
    sides of one.
    """
    writes = [use for use in thing.uses if use.how == "write" or (part is not None and _sets(use, thing, part))]
    sides: dict[tuple[Place, int, int], set[str]] = {}
    for place, block, _ in (decided(graph, use) for use in writes):
        if not block:
            return True
        here = place.function.blocks[block]
        if here.kind in ("if", "else"):
            sides.setdefault((place, here.parent, id(here.test)), set()).add(here.kind)
    return any(len(kinds) == 2 for kinds in sides.values())


def reads_of(thing: Held, part: Part) -> Iterator[Use]:
    """The uses that read the thing, less those that only read another part of it than `part`."""
    keys: dict[Place, dict[Span, str | int]] = {}
    for use in thing.uses:
        if use.how != "read":
            continue
        if part is not None:
            if use.place not in keys:
                keys[use.place] = _keys_read(use.place, thing)
            if keys[use.place].get(use.at, part) != part:
                continue
        yield use


def _keys_read(place: Place, thing: Held) -> dict[Span, str | int]:
    """Which part each read of the thing asks for, by the place of the name; calls of its methods are left out."""
    found: dict[Span, str | int] = {}
    methods = {id(call.callee) for call in place.function.calls}
    for expr, _ in place.function.expressions:
        if isinstance(expr, Attr | Item) and id(expr) not in methods:
            key, base = part_of(expr, thing), expr.base
            name = base.base if isinstance(base, Attr) and "." in thing.name else base
            if key is not None and isinstance(name, Name):
                found[name.at] = key
    return found


def _conditional(use: Use) -> bool:
    return any(each.kind in _DECIDING for each in use.place.function.enclosing(use.block))


def decided(graph: CallGraph, use: Use) -> tuple[Place, int, Span]:
    """Where it is decided whether a use happens: a function, the nearest block there that may not run, or 0 when
    nothing decides it, and what does it inside that: the use, or the only call that leads to it (`set_user(user)`).
    """
    place, at, seen = use.place, use.at, {use.place}
    block = _deciding(place, use.block)
    while not block and place is not graph.code.handler:
        edges = graph.callers(place)
        if len(edges) != 1 or edges[0].site is None or edges[0].source in seen:
            break
        place, at = edges[0].source, edges[0].site.call.at
        seen.add(place)
        block = _deciding(place, edges[0].block)
    return (place, block, at) if block else (use.place, 0, use.at)


def _deciding(place: Place, block: int) -> int:
    while block and place.function.blocks[block].kind not in _DECIDING:
        block = place.function.blocks[block].parent
    return block


def only_logged(place: Place, at: Span) -> bool:
    """Whether what stands there only goes into a line of the log or a metric, by way of a local name or not."""
    if _is_in_log(place, at):
        return True
    function = place.function
    assign = next((each for each in function.assigns if each.at.holds(at)), None)
    if assign is None or not isinstance(assign.target, Name) or not function.name:
        return False
    name = assign.target.id
    if name in function.outer_names or any(call.at.holds(at) for call in function.calls):
        return False
    said = [expr for expr, _ in function.expressions if isinstance(expr, Name) and expr.id == name]
    logged = [each for each in said if _is_in_log(place, each.at)]
    return bool(logged) and all(each in logged or each.at == assign.target.at for each in said)


def _is_in_log(place: Place, at: Span) -> bool:
    return any(call.at.holds(at) and re.search(_LOGGING, _written(call.callee)) for call in place.function.calls)


def takes_turns(place: Place, at: Span) -> bool:
    """Whether a count only says whose turn it is: `servers[count % 3]`, `count % 100 == 0`."""
    return any(
        isinstance(expr, Arithmetic) and expr.op == "%" and isinstance(expr.left, Name) and expr.left.at == at
        for expr, _ in place.function.expressions
    )


def is_value(use: Use) -> bool:
    """Whether somebody gets the value of the count itself: `return ++count`."""
    if not isinstance(use.by, Assign) or use.by.op == "=":
        return False
    own = {id(part) for each in (use.by.target, use.by.value) for part in walk(each)}
    return not only_logged(use.place, use.at) and any(
        isinstance(expr, Name) and id(expr) not in own and use.at.holds(expr.at)
        for expr, _ in use.place.function.expressions
    )


def _written(callee: Expr) -> str:
    match callee:
        case Name(id):
            return id
        case Attr(_, name):
            return f".{name}"
        case _:
            return ""


def is_text(thing: Held) -> bool:
    """Whether its first value is a text."""
    return isinstance(thing.initial, Literal) and isinstance(thing.initial.value, str)
