"""Which results of calls go where inside one function: into later calls, and into the conditions they stand under."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from slslint.app.place import Place
from slslint.app.runtime.containers import GROWING, STORING
from slslint.facts import Assign, Attr, Block, Call, Closure, Expr, Item, Name, parts_of, walk

T = TypeVar("T")

_FILLING = GROWING | STORING

_BRANCHES = ("if", "else", "case")

Point = tuple[int, int]


class Flow(Generic[T]):
    """The results of some calls of a function, followed through its variables in the order of its text.

    `gives` says what a call results in; then `advance` to a later call and ask what gets there.
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        self.held: dict[str, list[T]] = {}
        self.results: dict[Call, T] = {}
        function = place.function
        filling = [call for call in function.calls if isinstance(call.callee, Attr) and call.callee.name in _FILLING]
        self.pending: list[tuple[Point, Assign | Call]] = sorted(
            [*((_end(each), each) for each in function.assigns), *((_end(each), each) for each in filling)],
            key=lambda each: each[0],
        )

    def gives(self, call: Call, result: T) -> None:
        """Note what a call results in."""
        self.results[call] = result

    def order(self, call: Call) -> tuple[Point, Point]:
        """Where a call begins, and where it is done: a comprehension goes over what stands behind it."""
        tests = [block.test for block in self.place.function.enclosing(call.block) if block.kind == "loop"]
        behind = [(line, column + 1) for line, column in (_behind(test) for test in tests if test is not None)]
        return max([(call.at.line, call.at.column), *behind]), max([(call.at.end_line, call.at.end_column), *behind])

    def advance(self, call: Call) -> None:
        """Take over what variables hold where a call begins."""
        here, _ = self.order(call)
        while self.pending and self.pending[0][0] <= here:
            _, event = self.pending.pop(0)
            if isinstance(event, Assign):
                self._assign(event)
            else:
                self._fill(event)

    def into(self, call: Call) -> Iterator[T]:
        """The results that a call gets, as arguments or by what it goes over."""
        yield from self._of(call.callee)
        for argument in call.args:
            yield from self._of(argument.value)
        for block in self.place.function.enclosing(call.block):
            if block.kind == "loop" and block.test is not None:
                yield from self._of(block.test)

    def deciding(self, call: Call) -> Iterator[tuple[T, Block]]:
        """The results that decide whether a call is made, each with the branch that the call stands in."""
        for block in self.place.function.enclosing(call.block):
            if block.kind in _BRANCHES:
                tests = [block.test] if block.test is not None else self._other_cases(block)
                yield from ((each, block) for each in dict.fromkeys(each for test in tests for each in self._of(test)))

    def failing(self, call: Call) -> Iterator[T]:
        """The results of calls whose failure the call is made for."""
        function = self.place.function
        blocks = function.blocks
        for block in function.enclosing(call.block):
            if block.kind != "except":
                continue
            index = next(number for number, each in enumerate(blocks) if each is block)
            tries = [n for n in range(index) if blocks[n].kind == "try" and blocks[n].parent == block.parent]
            for each, result in self.results.items():
                if tries and function.within(each.block, tries[-1]):
                    yield result

    def _other_cases(self, block: Block) -> list[Expr]:
        """What the other arms of a switch ask, of which the default is what is left."""
        arms = (each for each in self.place.function.blocks if each.kind == block.kind == "case")
        return [each.test for each in arms if each.parent == block.parent and each.test is not None]

    def _assign(self, assign: Assign) -> None:
        found = list(self._of(assign.value))
        key = _key(assign.target, self.place)
        if key is None:
            return
        whole = isinstance(assign.target, Name) or (isinstance(assign.target, Attr) and "." in key)
        if whole and assign.op == "=" and not assign.block:
            self.held.pop(key, None)
        self._hold(key, found)

    def _fill(self, call: Call) -> None:
        assert isinstance(call.callee, Attr)
        into = call.callee.base
        if call.callee.name == "assign" and call.args:
            into = call.args[0].value
        key = _key(into, self.place)
        if key is not None:
            self._hold(key, [each for argument in call.args for each in self._of(argument.value)])

    def _hold(self, key: str, found: list[T]) -> None:
        if found:
            self.held[key] = list(dict.fromkeys([*self.held.get(key, ()), *found]))

    def _of(self, expr: Expr) -> Iterator[T]:
        """The results that an expression is made of."""
        pending = [expr]
        while pending:
            part = pending.pop()
            if isinstance(part, Call) and part in self.results:
                yield self.results[part]
                continue
            pending.extend(parts_of(part))
            if isinstance(part, Name):
                yield from self.held.get(part.id, ())
            elif isinstance(part, Attr) and isinstance(part.base, Name):
                yield from self.held.get(f"{part.base.id}.{part.name}", ())
            elif isinstance(part, Closure):
                yield from self._read(self.place.facts.functions.get(part.function))

    def _read(self, function: object) -> Iterator[T]:
        for read in getattr(function, "reads", ()):
            yield from self.held.get(read.name, ())


def _key(target: Expr, place: Place) -> str | None:
    """The variable that a target is, or lies in; an attribute of the object itself counts as a variable."""
    while isinstance(target, Attr | Item):
        base = target.base
        if isinstance(target, Attr) and isinstance(base, Name) and base.id == place.function.receiver:
            return f"{base.id}.{target.name}"
        target = base
    return target.id if isinstance(target, Name) else None


def _end(event: Assign | Call) -> Point:
    """Where an assignment or a call is done: behind every call in it."""
    end = event.at.end_line, event.at.end_column
    return max(end, _behind(event.value)) if isinstance(event, Assign) else end


def _behind(expr: Expr) -> Point:
    """Where the last call in an expression ends."""
    calls = (part.at for part in walk(expr) if isinstance(part, Call))
    return max(((at.end_line, at.end_column) for at in calls), default=(0, 0))
