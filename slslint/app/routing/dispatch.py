"""Where code chooses what to do by a part of the event: if/elif, early returns, match, tables, lists of routes."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.app.blocks import Blocks
from slslint.app.code import Code
from slslint.app.place import Place
from slslint.app.routing.choices import choices
from slslint.app.routing.event_fields import GREEDY, PATH_FIELDS, FieldPath, field_of
from slslint.app.routing.tables import rows, searched
from slslint.app.symbols import LocalFunction, dotted
from slslint.facts import Attr, Call, Literal, Name, walk
from slslint.record import record, replace
from slslint.source import Span


@record(eq=False)
class Arm:
    """One value of the event that code looks for, and what it then does.

    Attributes:
        value: the value: "/users", "GET /users", "create_user".
        at: the test, or where the table is asked.
        block: index of the block of the dispatch's place that then runs; None for a table.
        together: other values lead to the same block: `if path in ("/a", "/b")`.
        anywhere: the value may stand anywhere in the part: `if "/a" in path`.
        relative: the value is what the parameter of a greedy route holds; the route's own path stands before it.
        translates: all that happens is that a name gets a constant, that one is returned, or that a line is logged.
        runs: the function that a table names for it, or None.
        again: the arms of the same value that come later: `path == "/users" and method == "POST"`.

    """

    value: str
    at: Span
    block: int | None = None
    runs: LocalFunction | None = None
    together: bool = False
    anywhere: bool = False
    relative: bool = False
    translates: bool = False
    again: tuple[Arm, ...] = ()


@record(eq=False)
class Dispatch:
    """The arms by which one function chooses on one part of the event, one for each value.

    `field` is that part in the spelling of the event: ("body", "action"), None for an element without a constant key.
    ("path",) stands for every part that carries the path of a request, ("routeKey",) for every route key.
    """

    place: Place
    field: FieldPath
    arms: tuple[Arm, ...]


def dispatches(code: Code) -> tuple[Dispatch, ...]:
    """Every choice on a part of the event in reached code: one per function and part, its arms in textual order."""
    return code.keep(_dispatches)


def _dispatches(code: Code) -> tuple[Dispatch, ...]:
    return tuple(_found(code))


def _found(code: Code) -> Iterator[Dispatch]:
    for place in code.places():
        if not place.function.name:
            continue
        found: dict[FieldPath, dict[str, list[Arm]]] = {}
        for field, arm in _arms(code, place):
            found.setdefault(_same_field(field), {}).setdefault(arm.value, []).append(arm)
        for field, arms in found.items():
            whole = (first if not again else replace(first, again=tuple(again)) for first, *again in arms.values())
            yield Dispatch(place, field, tuple(whole))


def _same_field(field: FieldPath) -> FieldPath:
    """One name for the many places where an event carries the path of a request, and one for its route key."""
    if field not in PATH_FIELDS:
        return field
    return ("routeKey",) if field[-1] == "routeKey" else ("path",)


def _arms(code: Code, place: Place) -> Iterator[tuple[FieldPath, Arm]]:
    function = place.function
    # What follows `if path != "/users": return` is the arm of "/users".
    chosen = [
        (index, block, block.test)
        for index, block in enumerate(function.blocks)
        if block.test is not None and block.kind in ("if", "case", "else")
    ]
    inside = Blocks(function)
    tests = {id(test): block.at for _, block, test in reversed(chosen) if block.kind == "if"}
    for index, block, test in chosen:
        # The test of an else block is written at its `if`.
        at = block.at if block.kind != "else" else tests.get(id(test), block.at)
        for choice in choices(code, place, test, block.kind != "else"):
            if choice.field in PATH_FIELDS and _only_names(code, place, inside, index):
                continue
            translates = _translates(code, place, inside, index)
            for value in choice.values:
                yield (
                    choice.field,
                    Arm(
                        value,
                        at,
                        index,
                        together=choice.together,
                        anywhere=choice.anywhere,
                        relative=choice.field == GREEDY,
                        translates=translates,
                    ),
                )
    for row in rows(code, place):
        yield row.field, Arm(row.value, row.at, runs=row.runs, relative=row.field == GREEDY)
    for row in searched(code, place):
        yield row.field, Arm(row.value, row.at, runs=row.runs)


def _only_names(code: Code, place: Place, inside: Blocks, block: int) -> bool:
    """Whether all that happens is that names get constants or what is left of the path, so that one way leads on."""
    if inside.exits.within(block):
        return False
    given = [each.value for each in inside.assigns.within(block)]
    trims = [each for each in given if field_of(code.resolve(each, place)) in PATH_FIELDS]
    calls = {id(part) for each in trims for part in walk(each)}
    if any(id(call) not in calls for call in inside.calls.within(block)):
        return False
    return bool(given) and all(isinstance(each, Literal) or each in trims for each in given)


def _translates(code: Code, place: Place, inside: Blocks, block: int) -> bool:
    calls = inside.calls.within(block)
    if any(not _only_tells(code, call, place) for call in calls):
        return False
    assigned = [each.value for each in inside.assigns.within(block)]
    returned = [each.value for each in inside.exits.within(block)]
    if returned and place is code.handler:
        return False
    return bool(assigned or returned or calls) and all(
        isinstance(each, Literal | Name | Attr) for each in (*assigned, *returned)
    )


def _only_tells(code: Code, call: Call, place: Place) -> bool:
    """Whether a call only writes a line of the log."""
    return (dotted(code.resolve(call.callee, place)) or "").partition(".")[0] in ("console", "logging", "print")
