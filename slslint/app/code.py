"""The code of one deployed function: what its handler reaches, and what names stand for there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from slslint.app.place import Place
from slslint.app.site import Site
from slslint.app.symbols import Symbol, depends_on_event
from slslint.facts import Assign, Call, Expr, Import, Read
from slslint.finding import Related
from slslint.source import Problem, Span

__all__ = ["Code", "LoadedImport", "Place", "Site", "Use"]


@dataclass(frozen=True, slots=True, eq=False)
class LoadedImport:
    """An import that happens when the function runs.

    Attributes:
        place: the module body or function it stands in.
        at_start: it happens when an instance starts; False when an invocation makes it happen (an import inside a
            function, or in a module that only such an import loads).
        path: the local file it loads, or None for a package outside the application.

    """

    place: Place
    statement: Import
    at_start: bool
    path: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """One use of a module-level binding.

    Attributes:
        how: "read"; "write" (the name gets another value: `global x; x = 1`, `x += 1`, `m.x = 1`); or "change" (what it
            holds is changed: `x[k] = v`, `x.y = v`, `x.append(v)`, `del x[k]`).
        at: the name for a read, else the statement or call.
        block: index into the blocks of `place.function`.
        by: the assignment or call that writes or changes; None for a read.

    """

    place: Place
    how: str
    at: Span
    block: int
    by: Assign | Call | None = None


class Code:
    """The code of one deployed function, seen from its handler.

    Reached are the handler, the module bodies that are run when its file is imported (local imports included), and
    every local function that reached code calls, passes on as a value, or registers by a decorator of an object
    (`@app.get("/users")`). What stands under `if __name__ == "__main__"` is left out.

    Attributes:
        handler: the handler; the module body (name "") when the handler is made by a call of something outside the
            application (`handler = Mangum(app)`).
        confidence_note: "" or why one may doubt that this is the code that runs, as a clause for people.

    """

    handler: Place
    confidence_note: str

    def places(self) -> Iterator[Place]:
        """Everything reached: the handler first, then in the order of discovery. Module bodies have the name ""."""
        raise NotImplementedError

    def place(self, path: str, name: str = "") -> Place | None:
        """The function of that key in that file, reached or not; a LocalFunction has both as attributes."""
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

    def depends_on_event(self, expr: Expr, place: Place) -> bool:
        """Whether the value of an expression that stands in `place` comes from the event of the invocation."""
        return depends_on_event(self.resolve(expr, place))

    def path_to(self, place: Place) -> tuple[Related, ...]:
        """The calls that lead from the handler to `place`, as steps for people; empty for the handler itself."""
        raise NotImplementedError

    def loaded_imports(self) -> Iterator[LoadedImport]:
        """Every import of reached code that really happens (not TYPE_CHECKING), in the order of `places`."""
        raise NotImplementedError

    def name_reads(self, place: Place, name: str) -> tuple[Read, ...]:
        """Where `place` itself reads the name (nested functions are places of their own), in textual order."""
        raise NotImplementedError

    def users_of(self, path: str, name: str) -> Iterator[Use]:
        """Every use, in reached code, of the module-level binding `name` of the file `path`.

        Also through `from m import x`, `m.x` and `global x`; the assignment that stands in the module body itself is a
        "write" whose place is the module body.
        """
        raise NotImplementedError

    def problems(self) -> Iterator[Problem]:
        """Why files that were loaded could not be read or parsed."""
        raise NotImplementedError
