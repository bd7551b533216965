"""What stands inside a block of a function, found without asking all that stands in the function."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from slslint.facts import Assign, Call, Exit, Function
from slslint.record import cached_property

T = TypeVar("T")


class ByBlock(Generic[T]):
    """Things of a function, each standing in one of its blocks."""

    def __init__(self, function: Function, things: Sequence[T], block_of: Callable[[T], int]) -> None:
        self._function = function
        self._things = things
        numbered = sorted((function.extent(block_of(each))[0], index) for index, each in enumerate(things))
        self._numbers = [number for number, _ in numbered]
        self._order = [index for _, index in numbered]

    def within(self, block: int) -> Sequence[T]:
        """What stands in the block or inside it, in the order given."""
        if not block:
            return self._things
        first, last = self._function.extent(block)
        found = self._order[bisect_left(self._numbers, first) : bisect_right(self._numbers, last)]
        return [self._things[index] for index in sorted(found)]


class Blocks:
    """What a function says inside each of its blocks, in textual order."""

    def __init__(self, function: Function) -> None:
        self._function = function

    @cached_property
    def calls(self) -> ByBlock[Call]:
        return ByBlock(self._function, self._function.calls, lambda call: call.block)

    @cached_property
    def assigns(self) -> ByBlock[Assign]:
        return ByBlock(self._function, self._function.assigns, lambda assign: assign.block)

    @cached_property
    def exits(self) -> ByBlock[Exit]:
        return ByBlock(self._function, self._function.exits, lambda leave: leave.block)
