"""What is asked by a predicate, and of things before code goes through them: a filter, an `if` of a comprehension."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from slslint.app.code import Code
from slslint.app.guards import atoms, conditions
from slslint.app.place import Place
from slslint.app.symbols import LocalFunction, options
from slslint.facts import ANY, Attr, Call, Expr, Function, Item, Literal, Name, Other, last_name
from slslint.source import Span

Test: TypeAlias = tuple[Place, Span, Expr, bool]
"""What each of the things passed: where that stands, the test, and whether it holds."""

_DEEPEST = 6

_KEEPING = frozenset({"map", "flatMap", "flat", "slice", "sort", "toSorted", "reverse", "concat", "values", "entries"})
"""Methods of lists that make another one of the same things, or of something made of each."""

_WRAPPING = frozenset({"list", "tuple", "set", "sorted", "reversed", "iter", "enumerate", "from"})
"""Functions that do so with their first argument."""


def sifted(code: Code, place: Place, things: Expr, left: int = _DEEPEST) -> Iterator[Test]:
    """The tests that all of some things have passed, as far as they are in sight."""
    if not left:
        return
    match things:
        case Name(id):
            given = [each for each in place.function.assigns if isinstance(each.target, Name) and each.target.id == id]
            if len(given) == 1 and given[0].op == "=":
                yield from sifted(code, place, given[0].value, left - 1)
        case Call(Attr(base, "filter"), (predicate,)):
            yield from _answered(code, place, predicate.value, True)
            yield from sifted(code, place, base, left - 1)
        case Call(Name("filter"), (predicate, further)):
            yield from _answered(code, place, predicate.value, True)
            yield from sifted(code, place, further.value, left - 1)
        case Call(Name("map"), (_, further)):
            yield from sifted(code, place, further.value, left - 1)
        case Call(callee, (first, *_)) if last_name(callee) in _WRAPPING:
            yield from sifted(code, place, first.value, left - 1)
        case Call(Attr(base, method)) if method in _KEEPING:
            yield from sifted(code, place, base, left - 1)
        case Call(callee):
            made = _function(code, place, callee)
            if made is not None:
                yield from _made(code, made, left - 1)
        case Other((_, first, *_)):
            yield from _comprehended(place, first)
            yield from sifted(code, place, first, left - 1)


def _function(code: Code, place: Place, expr: Expr) -> Place | None:
    found = [each for each in options(code.resolve(expr, place)) if isinstance(each, LocalFunction)]
    return code.place(found[0].path, found[0].name) if len(found) == 1 else None


def _made(code: Code, place: Place, left: int) -> Iterator[Test]:
    """What the things have passed that a function returns, or yields one after the other."""
    leaves = [each for each in place.function.exits if each.kind != "raise" and each.value is not None]
    if len(leaves) != 1:
        return
    if leaves[0].kind == "yield":
        yield from _before(place, leaves[0].block)
    elif leaves[0].value is not None:
        yield from sifted(code, place, leaves[0].value, left)


def spelled_out(code: Code, asked: Test, left: int = _DEEPEST) -> Iterator[Test]:
    """A test, and what the functions of the application ask that it leaves the answer to."""
    yield asked
    place, _, test, holds = asked
    if left and isinstance(test, Call):
        for further in _answered(code, place, test.callee, holds):
            yield from spelled_out(code, further, left - 1)


def _answered(code: Code, place: Place, predicate: Expr, holds: bool) -> Iterator[Test]:
    """What a function of the application asks before it says yes, or no, where it does so in one place."""
    asking = _function(code, place, predicate)
    if asking is None:
        return
    others = (Literal(False), Literal(None)) if holds else (Literal(True),)
    leaves = [each for each in asking.function.exits if each.kind == "return" and each.value not in (None, *others)]
    if len(leaves) == 1 and leaves[0].value is not None:
        yield from _before(asking, leaves[0].block)
        if not isinstance(leaves[0].value, Literal):
            for test, answer in atoms(leaves[0].value, holds):
                yield asking, asking.function.at, test, answer


def _before(place: Place, block: int) -> Iterator[Test]:
    for deciding, test, holds in conditions(place.function, block):
        yield place, deciding.at, test, holds


def _comprehended(place: Place, things: Expr) -> Iterator[Test]:
    """The `if` of the comprehension that goes through some things."""
    function = place.function
    for each in function.assigns:
        if each.op == "for" and each.value == Item(things, ANY) and function.blocks[each.block].kind == "loop":
            inside = _asking(function, each.block)
            if inside:
                yield from _before(place, inside[-1])
                return


def _asking(function: Function, loop: int) -> list[int]:
    """The blocks of a comprehension's tests, each inside the one before."""
    found: list[int] = []
    whole = function.blocks[loop].whole
    for index, block in enumerate(function.blocks):
        if block.kind == "if" and block.parent == (found[-1] if found else loop) and block.whole == whole:
            found.append(index)
    return found
