"""What rules ask together: worked out when the first of them asks, and kept with what it is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self, TypeVar, cast

from slslint.record import cached_property

T = TypeVar("T")


class Keeping:
    """An application, or the code of a function, with what was worked out about it."""

    __slots__ = ()

    def keep(self, make: Callable[[Self], T]) -> T:
        """What `make` works out about this, for all rules that ask: made once."""
        if make not in self._kept:
            self._kept[make] = make(self)
        return cast(T, self._kept[make])

    @cached_property
    def _kept(self) -> dict[object, object]:
        return {}
