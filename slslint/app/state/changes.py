"""Ways in which invocations leave data in what outlives them: counting, collecting, storing, setting it."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.app.callgraph import CallGraph
from slslint.app.code import Code, Use
from slslint.app.flow import exclusive
from slslint.app.guards import conditions, falls_back, lazily
from slslint.app.place import Place
from slslint.app.runtime.containers import GROWING, STORING
from slslint.app.state.excuses import (
    asked_before,
    fills_cache,
    is_cache,
    is_emptied_elsewhere,
    is_emptied_in_turn,
    is_of_breaker,
)
from slslint.app.state.held import Held, is_container
from slslint.app.state.held_uses import (
    Part,
    adds,
    always_set,
    changes_by,
    counts,
    decided,
    is_measured,
    is_text,
    is_value,
    leaves_older,
    only_logged,
    part_of,
    part_resets,
    reads,
    reads_of,
    removals,
    resets,
    set_before,
    takes_one,
    takes_turns,
)
from slslint.app.symbols import (
    AnyOf,
    Constant,
    ContextPart,
    EnvVar,
    EventPart,
    LocalClass,
    Result,
    Symbol,
    depends_on_event,
    parts_of,
    parts_of_symbol,
)
from slslint.facts import (
    Assign,
    Attr,
    Call,
    Compare,
    Expr,
    Item,
    Literal,
    OneOf,
    Table,
    walk,
)
from slslint.record import record

_API_PLACE = frozenset({"accountId", "apiId", "domainName", "domainPrefix", "stage"})
"""Parts of an event's requestContext that say which API handed on the request."""


@record(eq=False)
class Setting:
    """A use that gives a thing, or one part of it, a value that comes from the event."""

    use: Use
    part: Part


# --- the questions ---------------------------------------------------------------------------------------------------


def counted(thing: Held) -> Use | None:
    """`count += 1`, never reset, and read again for more than the log, or to take turns."""
    if is_of_breaker(thing) or any(resets(use, thing) for use in thing.uses):
        return None
    for use in thing.uses:
        if counts(use, thing) and not part_resets(use, thing):
            again = [each for each in thing.uses if each.how == "read" and not use.at.holds(each.at)]
            told = (each for each in again if not takes_turns(each.place, each.at) and not fills_cache(each))
            if any(not only_logged(each.place, each.at) for each in told) or is_value(use):
                return use
    return None


def collected(code: Code, thing: Held) -> Use | None:
    """`items.append(event[...])`, `text += event[...]`, never emptied nor measured."""
    if not (is_container(code, thing) or is_text(thing)) or is_measured(thing) or any(True for _ in removals(thing)):
        return None
    if is_emptied_elsewhere(code, thing) or is_emptied_in_turn(thing):
        return None
    for use in thing.uses:
        if _collects(code, use, thing) or (
            isinstance(use.by, Assign) and adds(use, thing) and _holds_event(code, use.by.value, use.place)
        ):
            return use
    return None


def stored(code: Code, graph: CallGraph, thing: Held) -> Use | None:
    """`users[event["id"]] = event["body"]`: a database in a dict, unless its name says that it is a cache.

    So is a list to which some events add, and from which others remove what they name.
    """
    if not is_container(code, thing) or is_measured(thing) or is_cache(thing.name) or is_of_breaker(thing):
        return None
    removed = list(removals(thing))
    if not all(takes_one(each) for each in removed):
        return None
    for use in thing.uses:
        stores = _stores_event(code, use, thing) or (removed and _collects(code, use, thing))
        lazy = lazily(code, use.place, use.block) or asked_before(graph, thing, use.place)
        if (stores and not lazy) or _marks_event(code, use, thing):
            if not any(_together(graph, use, each) for each in removed):
                return use
    return None


def set_by_first(code: Code, thing: Held) -> Use | None:
    """`if client is None: client = make(event[...])`."""
    for setting in _settings(code, thing):
        use = setting.use
        assert isinstance(use.by, Assign)
        value = code.resolve(use.by.value, use.place)
        if _of_the_api(value) or (depends_on_event(value) and not _surely_of_event(value, {})):
            continue
        if falls_back(code, use.place, use.by):
            return use
        # What is made of the older value is not made for the first time.
        if any(reads(part, thing) for part in walk(use.by.value)):
            continue
        tests = _tests_of(thing, use)
        if tests and lazily(code, use.place, use.block) and not any(_by_key(code, thing, use, each) for each in tests):
            return use
    return None


def set_sometimes(code: Code, graph: CallGraph, thing: Held) -> tuple[Use, Place] | None:
    """`if "user" in event: user = event["user"]`, and a place that reads it even when it was not set."""
    for setting in _settings(code, thing):
        use = setting.use
        place, block, at = decided(graph, use)
        if (
            leaves_older(use, thing)
            and _chosen_by_event(code, use)
            and not any(resets(each, thing) for each in thing.uses if each is not use)
        ):
            for read in reads_of(thing, setting.part):
                if not use.at.holds(read.at):
                    return use, read.place
        if always_set(graph, thing, setting.part) or lazily(code, use.place, use.block) or lazily(code, place, block):
            continue
        if not _decided_by_event(code, place, block):
            continue
        reached = _avoiding(graph, place, block)
        for read in reads_of(thing, setting.part):
            if read.place not in reached or set_before(read, thing, setting.part):
                continue
            if not (read.place is place and (place.function.within(read.block, block) or read.at < at)):
                return use, read.place
    return None


def set_at_once(code: Code, thing: Held) -> tuple[Use, Place] | None:
    """`user = event["user"]`, and another place that reads it: of two invocations at once, one gets the other's."""
    for setting in _settings(code, thing):
        for read in reads_of(thing, setting.part):
            if read.place is not setting.use.place:
                return setting.use, read.place
    return None


def _holds_event(code: Code, value: Expr, place: Place) -> bool:
    """Whether a value, or a key in it, comes from the event: `{**seen, event["user"]: True}`."""
    keys = [key for key, _ in value.entries if key is not None] if isinstance(value, Table) else []
    return any(code.depends_on_event(each, place) for each in (value, *keys))


def _collects(code: Code, use: Use, thing: Held) -> bool:
    return changes_by(use, thing, GROWING) and _takes_event(code, use)


def _together(graph: CallGraph, added: Use, removed: Use) -> bool:
    """Whether one invocation may both add and remove, as far as the branches tell in which both happen."""
    ways: list[dict[Place, set[int]]] = []
    for use in (added, removed):
        blocks = {use.place: {use.block}}
        todo = [use.place]
        while todo:
            for edge in graph.callers(todo.pop()):
                if edge.source not in blocks:
                    todo.append(edge.source)
                blocks.setdefault(edge.source, set()).add(edge.block)
        ways.append(blocks)
    return any(
        not exclusive(place.function, one, other)
        for place in ways[0].keys() & ways[1].keys()
        if place.name
        for one in ways[0][place]
        for other in ways[1][place]
    )


def _settings(code: Code, thing: Held) -> Iterator[Setting]:
    """Where the thing as a whole, or a fixed part of it, gets a value that comes from the event."""
    for use in thing.uses:
        if not isinstance(use.by, Assign) or use.by.op != "=" or use.how == "read":
            continue
        part = part_of(use.by.target, thing)
        fixed = part is not None and is_container(code, thing)
        if (use.how == "write" or fixed) and _made_from_event(code, use.by.value, use.place):
            yield Setting(use, part if fixed else None)


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


def _of_the_api(value: Symbol) -> bool:
    """Whether all that a value takes from the event is where the API itself is found, the same for every request."""
    parts = [part for part in parts_of_symbol(value) if isinstance(part, EventPart)]
    return bool(parts) and all(part.path[:1] == ("requestContext",) and part.path[-1] in _API_PLACE for part in parts)


def _surely_of_event(value: Symbol, known: dict[int, tuple[Symbol, bool]]) -> bool:
    """Whether a value comes from the event whichever of its alternatives it is, constants aside.

    A function that wraps others, or is called from many places, has the arguments of all of them for alternatives.
    `known` has the answers by identity, with the symbols, so that none makes way for another.
    """
    if id(value) not in known:
        known[id(value)] = value, False
        parts = parts_of(value)
        if isinstance(value, Result):
            parts = (*value.site.argument_symbols(), *parts)
        elif isinstance(value, AnyOf):
            parts = tuple(each for each in parts if not isinstance(each, Constant | EnvVar))
        some = all if isinstance(value, AnyOf) and parts else any
        found = isinstance(value, EventPart) or some(_surely_of_event(each, known) for each in parts)
        known[id(value)] = value, found
    return known[id(value)][1]


def _tests_of(thing: Held, use: Use) -> list[Expr]:
    """The conditions around the use that ask about the thing itself."""
    tests = {id(block.test): block.test for block, test, _ in conditions(use.place.function, use.block)}
    return [test for test in tests.values() if test is not None and any(reads(part, thing) for part in walk(test))]


def _by_key(code: Code, thing: Held, use: Use, test: Expr) -> bool:
    """Whether a condition compares with something of the event too: `if kept and kept.id == event["id"]`."""
    return any(
        code.depends_on_event(side, use.place) and not any(reads(each, thing) for each in walk(side))
        for part in walk(test)
        if isinstance(part, Compare)
        for side in (part.left, part.right)
    )


def _decided_by_event(code: Code, place: Place, block: int) -> bool:
    """Whether it depends on the event whether a block runs; a setting decides the same each time."""
    test = place.function.blocks[block].test
    return test is not None and code.depends_on_event(test, place)


def _chosen_by_event(code: Code, use: Use) -> bool:
    """Whether it depends on the event which value a use gives, where there is a condition in the value."""
    if isinstance(use.by, Assign) and isinstance(use.by.value, OneOf) and use.by.value.test is not None:
        return code.depends_on_event(use.by.value.test, use.place)
    return True


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


def _stores_event(code: Code, use: Use, thing: Held) -> bool:
    """Whether something is put in under a key that comes from the event."""
    entry = _entry(use, thing)
    if entry is None:
        stores = isinstance(use.by, Call) and changes_by(use, thing, STORING) and _takes_event(code, use)
        return stores and not _sets_parts(use)
    key, value = entry
    return not isinstance(key, Literal) and value != Literal(None) and code.depends_on_event(key, use.place)


def _sets_parts(use: Use) -> bool:
    """Whether a call only gives values to parts of fixed names: `Object.assign(policy, { value: event.value })`."""
    given = use.by.args[-1] if isinstance(use.by, Call) else None
    if given is None or not isinstance(given.value, Table):
        return False
    return all(isinstance(key, Literal) for key, _ in given.value.entries)


def _marks_event(code: Code, use: Use, thing: Held) -> bool:
    """Whether a key that comes from the event is only marked, as by putting it into a set: `seen[event["id"]] = True`.

    No answer is kept there for the next one who asks.
    """
    entry = _entry(use, thing)
    return entry is not None and isinstance(entry[1], Literal) and _stores_event(code, use, thing)


def _entry(use: Use, thing: Held) -> tuple[Expr, Expr] | None:
    """The key and the value that a use puts in."""
    match use.by:
        case Call(Attr(_, "set"), (key, value)) if changes_by(use, thing, STORING):
            return key.value, value.value
        case Assign(Item(_, key), value, _, _, "=") if use.how == "change":
            return key, value
        case _:
            return None
