"""The code of one deployed function: what its handler reaches, and what names stand for there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from slslint.app.symbols import Symbol
from slslint.facts import Call, Expr, Facts, Function
from slslint.finding import Related


@dataclass(frozen=True, slots=True)
class Place:
    """A function of the application's source: its file's facts and itself."""

    facts: Facts
    function: Function


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A call that stands in reached code.

    Attributes:
        symbol: what is called. dotted: its dotted name when it lies outside the application: "requests.Session().get".

    """

    code: Code
    place: Place
    call: Call
    symbol: Symbol
    dotted: str | None

    def argument(self, position: int | None = None, name: str | None = None) -> Symbol | None:
        """What the argument at that position, or of that name, stands for; None when it is not given."""
        raise NotImplementedError

    def argument_symbols(self) -> tuple[Symbol, ...]:
        """What all arguments stand for."""
        raise NotImplementedError


class Code:
    """The code of one deployed function, seen from its handler.

    Reached are the handler, the module bodies that are run when its file is imported (local imports included), and
    every local function that reached code calls, passes on as a value, or registers by a decorator of an object
    (`@app.get("/users")`).
    """

    handler: Place
    confidence_note: str

    def places(self) -> Iterator[Place]:
        """Everything reached: the handler first, then in the order of discovery. Module bodies have the name ""."""
        raise NotImplementedError

    def per_invocation(self, place: Place) -> bool:
        """Whether the place runs on every (or some) invocation, and not only once when the instance starts."""
        raise NotImplementedError

    def sites(self) -> Iterator[Site]:
        """Every call in reached code, module bodies included, in the order of `places`."""
        raise NotImplementedError

    def resolve(self, expr: Expr, place: Place) -> Symbol:
        """What an expression that stands in `place` stands for."""
        raise NotImplementedError

    def path_to(self, place: Place) -> tuple[Related, ...]:
        """The calls that lead from the handler to `place`, as steps for people; empty for the handler itself."""
        raise NotImplementedError
