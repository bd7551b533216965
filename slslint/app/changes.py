"""Ways in which invocations leave data in what outlives them: counting, collecting, storing, setting it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slslint.app.callgraph import CallGraph
from slslint.app.code import Code, Use
from slslint.app.containers import GROWING, SHRINKING, STORING, changed_by, empties
from slslint.app.guards import conditions, falls_back, lazily
from slslint.app.held import Held, is_container
from slslint.app.place import Place, expressions
from slslint.app.symbols import ContextPart, LocalClass, parts_of_symbol
from slslint.facts import Arithmetic, Assign, Attr, Call, Compare, Expr, Item, Literal, Name, walk
from slslint.record import record
from slslint.source import Span

_CACHE = r"(?i)cache|memo"
"""Names that say that a dict is a cache, which may lose what it holds."""

_LOGGING = r"(^print|(^|\.)(debug|info|log|warning|warn|error|exception|critical|put_?metric|add_?metric))$"
"""Calls, by the name as written, that write a line of the log or a metric."""

_DECIDING = frozenset({"if", "else", "case", "except"})
"""Kinds of blocks that may not run."""

_SIZES = frozenset({"length", "size"})

Field = str | int | None
"""The constant key of one part of a thing; None is the whole."""


@record(eq=False)
class Setting:
    """A use that gives a thing, or one part of it, a value that comes from the event."""

    use: Use
    part: Field


# --- the questions ---------------------------------------------------------------------------------------------------


def counted(thing: Held) -> Use | None:
    """`count += 1`, never reset, and read again for more than the log."""
    if any(_resets(use) for use in thing.uses):
        return None
    for use in thing.uses:
        if _counts(use, thing):
            again = [each for each in thing.uses if each.how == "read" and not _inside(each.at, use.at)]
            if any(not _only_logged(each.place, each.at) for each in again) or _is_value(use, thing):
                return use
    return None


def collected(code: Code, thing: Held) -> Use | None:
    """`items.append(event[...])`, never emptied nor measured."""
    if not is_container(code, thing) or _emptied(thing) or _measured(thing):
        return None
    for use in thing.uses:
        if (_changes_by(use, GROWING) and _takes_event(code, use)) or (
            isinstance(use.by, Assign) and _adds(use) and code.depends_on_event(use.by.value, use.place)
        ):
            return use
    return None


def stored(code: Code, thing: Held) -> Use | None:
    """`users[event["id"]] = event["body"]`: a database in a dict, unless its name says that it is a cache."""
    if not is_container(code, thing) or _emptied(thing) or _measured(thing) or re.search(_CACHE, thing.name):
        return None
    for use in thing.uses:
        if _stores_event(code, use) and not lazily(code, use.place, use.block):
            return use
    return None


def set_by_first(code: Code, thing: Held) -> Use | None:
    """`if client is None: client = make(event[...])`."""
    for setting in _settings(code, thing):
        use = setting.use
        assert isinstance(use.by, Assign)
        if falls_back(code, use.place, use.by):
            return use
        tests = _tests_of(thing, use)
        if tests and lazily(code, use.place, use.block) and not any(_by_key(code, thing, use, each) for each in tests):
            return use
    return None


def set_sometimes(code: Code, graph: CallGraph, thing: Held) -> tuple[Use, Place] | None:
    """`if "user" in event: user = event["user"]`, and a place that reads it even when it was not set."""
    for setting in _settings(code, thing):
        use, block = setting.use, _deciding(setting.use)
        if _always_set(thing, setting.part) or lazily(code, use.place, use.block):
            continue
        if not _decided_by_event(code, use.place, block):
            continue
        reached = _avoiding(graph, use.place, block)
        for read in _reads_of(thing, setting.part):
            if read.place in reached and not (
                read.place is use.place and (use.place.function.within(read.block, block) or read.at < use.at)
            ):
                return use, read.place
    return None


def set_at_once(code: Code, thing: Held) -> tuple[Use, Place] | None:
    """`user = event["user"]`, and another place that reads it: of two invocations at once, one gets the other's."""
    for setting in _settings(code, thing):
        for read in _reads_of(thing, setting.part):
            if read.place is not setting.use.place:
                return setting.use, read.place
    return None


# --- what they are made of -------------------------------------------------------------------------------------------


def _reads(part: Expr, thing: Held) -> bool:
    """Whether an expression is the thing itself, by its name or as an attribute."""
    name = thing.name.rpartition(".")[2]
    match part:
        case Name(id):
            return id == name
        case Attr(_, attribute):
            return attribute == name and "." in thing.name
        case _:
            return False


def _changes_by(use: Use, methods: frozenset[str]) -> bool:
    """Whether a use calls one of these methods of the thing, or of something in it."""
    return isinstance(use.by, Call) and changed_by(use.by, methods) is not None


def _counts(use: Use, thing: Held) -> bool:
    """Whether a use goes on counting: `count += 1`, `hits[path] += 1`, `count = count + 1`."""
    if not isinstance(use.by, Assign):
        return False
    assign = use.by
    if assign.op in ("+=", "-="):
        number = isinstance(thing.initial, Literal) and _is_number(thing.initial)
        return number or (_is_number(assign.value) and use.how == "change")
    return isinstance(assign.value, Arithmetic) and any(_reads(part, thing) for part in walk(assign.value))


def _is_number(expr: Expr) -> bool:
    return isinstance(expr, Literal) and isinstance(expr.value, int | float)


def _resets(use: Use) -> bool:
    """Whether the thing gets a fresh value whatever the event is."""
    if use.how != "write" or not isinstance(use.by, Assign) or use.by.op != "=" or _conditional(use):
        return False
    return not isinstance(use.by.value, Arithmetic)


def _adds(use: Use) -> bool:
    return isinstance(use.by, Assign) and use.by.op == "+="


def _emptied(thing: Held) -> bool:
    """Whether any use takes something out, or begins anew."""
    for use in thing.uses:
        if (use.how == "write" and not _adds(use)) or _changes_by(use, SHRINKING):
            return True
        if isinstance(use.by, Assign) and (use.by.op == "del" or empties(use.by.target)):
            return True
    return False


def _measured(thing: Held) -> bool:
    """Whether any condition asks how long it is: it has a limit then."""
    for place in {use.place for use in thing.uses}:
        for block in place.function.blocks:
            for part in walk(block.test) if block.test is not None and block.kind in _DECIDING else ():
                if _measures(part) and any(_reads(each, thing) for each in walk(part)):
                    return True
    return False


def _measures(part: Expr) -> bool:
    match part:
        case Call(Name("len")):
            return True
        case Attr(_, name):
            return name in _SIZES
        case _:
            return False


def _settings(code: Code, thing: Held) -> Iterator[Setting]:
    """Where the thing as a whole, or a fixed part of it, gets a value that comes from the event."""
    for use in thing.uses:
        if not isinstance(use.by, Assign) or use.by.op != "=" or use.how == "read":
            continue
        part = _part(use.by.target, thing)
        fixed = part is not None and is_container(code, thing)
        if (use.how == "write" or fixed) and _made_from_event(code, use.by.value, use.place):
            yield Setting(use, part if fixed else None)


def _part(expr: Expr, thing: Held) -> Field:
    """The constant key by which an expression asks for a part of the thing."""
    match expr:
        case Item(base, Literal(str() | int() as key)) | Attr(base, key) if _reads(base, thing):
            return key
        case _:
            return None


def _made_from_event(code: Code, value: Expr, place: Place) -> bool:
    """Whether a value comes from the event, or is an object that was given something of it."""
    if code.depends_on_event(value, place):
        return True
    if not isinstance(value, Call) or not isinstance(code.resolve(value.callee, place), LocalClass):
        return False
    return any(
        code.depends_on_event(argument.value, place)
        # A decorator may hand on anything in the place of the context.
        and not any(isinstance(part, ContextPart) for part in parts_of_symbol(code.resolve(argument.value, place)))
        for argument in value.args
    )


def _tests_of(thing: Held, use: Use) -> list[Expr]:
    """The conditions around the use that ask about the thing itself."""
    tests = {id(block.test): block.test for block, test, _ in conditions(use.place.function, use.block)}
    return [test for test in tests.values() if test is not None and any(_reads(part, thing) for part in walk(test))]


def _by_key(code: Code, thing: Held, use: Use, test: Expr) -> bool:
    """Whether a condition compares with something of the event too: `if kept and kept.id == event["id"]`."""
    return any(
        code.depends_on_event(side, use.place) and not any(_reads(each, thing) for each in walk(side))
        for part in walk(test)
        if isinstance(part, Compare)
        for side in (part.left, part.right)
    )


def _always_set(thing: Held, part: Field = None) -> bool:
    """Whether the thing, or that part of it, gets a value whatever the event is: outside any condition, or on both
    sides of one.
    """
    writes = [use for use in thing.uses if use.how == "write" or (part is not None and _sets(use, thing, part))]
    if any(not _conditional(use) for use in writes):
        return True
    sides: dict[tuple[Place, int, int], set[str]] = {}
    for use in writes:
        here = use.place.function.blocks[_deciding(use)]
        if here.kind in ("if", "else"):
            sides.setdefault((use.place, here.parent, id(here.test)), set()).add(here.kind)
    return any(len(kinds) == 2 for kinds in sides.values())


def _sets(use: Use, thing: Held, part: Field) -> bool:
    return isinstance(use.by, Assign) and use.by.op == "=" and _part(use.by.target, thing) == part


def _reads_of(thing: Held, part: Field) -> Iterator[Use]:
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
    for expr, _ in expressions(place.function):
        if isinstance(expr, Attr | Item) and id(expr) not in methods:
            key, base = _part(expr, thing), expr.base
            name = base.base if isinstance(base, Attr) and "." in thing.name else base
            if key is not None and isinstance(name, Name):
                found[name.at] = key
    return found


def _conditional(use: Use) -> bool:
    return any(each.kind in _DECIDING for each in use.place.function.enclosing(use.block))


def _deciding(use: Use) -> int:
    """The nearest block around the use that may not run."""
    function, block = use.place.function, use.block
    while block and function.blocks[block].kind not in _DECIDING:
        block = function.blocks[block].parent
    return block


def _decided_by_event(code: Code, place: Place, block: int) -> bool:
    """Whether it depends on the event whether a block runs; a setting decides the same each time."""
    test = place.function.blocks[block].test
    return test is not None and code.depends_on_event(test, place)


def _avoiding(graph: CallGraph, place: Place, block: int) -> set[Place]:
    """What the handler reaches when that block does not run."""
    seen = {graph.code.handler}
    todo = [graph.code.handler]
    while todo:
        here = todo.pop()
        for edge in graph.leads_to(here):
            if here is place and here.function.within(edge.block, block):
                continue
            if edge.target not in seen:
                seen.add(edge.target)
                todo.append(edge.target)
    return seen


def _takes_event(code: Code, use: Use) -> bool:
    return isinstance(use.by, Call) and any(code.depends_on_event(each.value, use.place) for each in use.by.args)


def _stores_event(code: Code, use: Use) -> bool:
    """Whether data of the event is put in under a key that comes from the event too."""
    match use.by:
        case Call(Attr(_, "set"), (key, value)):
            pair = key.value, value.value
        case Call():
            return _changes_by(use, STORING) and _takes_event(code, use)
        case Assign(Item(_, key), value) if use.how == "change":
            pair = key, value
        case _:
            return False
    return not isinstance(pair[0], Literal) and all(code.depends_on_event(each, use.place) for each in pair)


def _inside(inner: Span, outer: Span) -> bool:
    start, end = (inner.line, inner.column), (inner.end_line, inner.end_column)
    return (outer.line, outer.column) <= start and end <= (outer.end_line, outer.end_column)


def _only_logged(place: Place, at: Span) -> bool:
    """Whether what stands there only goes into a line of the log or a metric."""
    return any(_inside(at, call.at) and re.search(_LOGGING, _written(call.callee)) for call in place.function.calls)


def _is_value(use: Use, thing: Held) -> bool:
    """Whether somebody gets the value of the count itself: `return ++count`."""
    if not isinstance(use.by, Assign) or use.by.op == "=":
        return False
    own = {id(part) for each in (use.by.target, use.by.value) for part in walk(each)}
    return not _only_logged(use.place, use.at) and any(
        isinstance(expr, Name) and id(expr) not in own and _inside(expr.at, use.at)
        for expr, _ in expressions(use.place.function)
    )


def _written(callee: Expr) -> str:
    match callee:
        case Name(id):
            return id
        case Attr(_, name):
            return f".{name}"
        case _:
            return ""
