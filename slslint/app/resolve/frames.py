"""How a function gets its arguments, and a function seen from one of its calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from slslint.app.place import Place
from slslint.app.site import Site
from slslint.app.symbols import Symbol
from slslint.facts import Call
from slslint.record import record, replace

if TYPE_CHECKING:
    from slslint.app.resolve.resolver import Resolver

MOST_CALLERS = 64
"""How many callers of a function are asked for its arguments."""

Touch: TypeAlias = tuple[str, str]
"""What an answer depends on while files are explored: the callers of a function or class, and what is derived from it,
by (path, key); or LOADED.
"""

LOADED: Touch = ("", "")
"""Which files are loaded."""


@record(eq=False)
class Arrival:
    """One way in which a function gets its arguments: a call, or what is known of a caller outside the application.

    Attributes:
        place, call, frame: the call; positional argument `index + skip` goes to the parameter `index`.
        given: the first parameters' values, when there is no call whose arguments are passed on.
        partial: the `functools.partial` call that gives what the call does not.
        rest: what other parameters stand for.

    """

    place: Place | None = None
    call: Call | None = None
    frame: Frame | None = None
    skip: int = 0
    given: tuple[Symbol | None, ...] = ()
    rest: Symbol | None = None
    partial: Site | None = None


@record(eq=False)
class Frame:
    """A function seen from one of its calls: its parameters are that call's arguments."""

    place: Place
    arrival: Arrival
    depth: int


Chain: TypeAlias = tuple[tuple[Arrival, Place], ...]
"""How a value comes down: each arrival with the function it arrives in, innermost first."""


def frame_of(resolver: Resolver, chain: Chain) -> Frame | None:
    """The innermost function of a chain, seen from its call there, one object per chain; None for an empty chain."""
    if not chain:
        return None
    found = resolver.chains.get(chain)
    if found is None:
        arrival, place = chain[0]
        around = frame_of(resolver, chain[1:])
        found = resolver.chains[chain] = Frame(place, replace(arrival, frame=around), len(chain))
    return found


def bound_by(partial: Site) -> int:
    """How many positional arguments a `functools.partial` call gives to its function."""
    return sum(1 for each in partial.call.args if each.name is None) - 1
