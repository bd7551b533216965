"""The code of one deployed function: what its handler reaches, and what names stand for there."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

from slslint.app.bindings import Binding, Use, imported, uses
from slslint.app.kept import Keeping
from slslint.app.place import Place, Sources
from slslint.app.reach import Reach, Step
from slslint.app.resolve import Resolver
from slslint.app.sdk import is_of_sdk
from slslint.app.site import Site
from slslint.app.symbols import Symbol, depends_on_event
from slslint.data.imports import ImportCost, import_cost
from slslint.facts import Expr, Import
from slslint.finding import Related
from slslint.record import cached_property, record
from slslint.source import Problem

__all__ = ["Code", "LoadedImport", "Place", "Site", "Use"]


@record(eq=False)
class LoadedImport:
    """An import that happens when the function runs.

    Attributes:
        place: the module body or function it stands in.
        at_start: it happens when an instance starts; False when an invocation makes it happen (an import inside a
            function, or in a module that only such an import loads).
        path: the local file it loads, or None for a package outside the application.
        sources: the files around it.

    """

    place: Place
    statement: Import
    at_start: bool
    path: str | None
    sources: Sources

    @property
    def cost(self) -> ImportCost | None:
        """What it costs at least, when it loads a package that was measured."""
        if self.path is not None:
            return None
        return import_cost(self.statement.module, self.place.facts.language, self.statement.member)

    @property
    def made_lazy(self) -> str:
        """What people do so that it happens only where it is needed: "move the import"."""
        if self.place.in_python:
            return "move the import"
        return f'move it, as `await import("{self.statement.module}")` or a `require`,'

    @property
    def left_out(self) -> bool:
        """Whether TypeScript leaves the import out, because nothing or only a type mentions what it binds."""
        file, module = self.place.facts, self.statement.module
        names = {each.binds for each in self.place.function.imports if each.module == module and not each.typing_only}
        if file.language != "typescript" or any(name in ("", "*") or " " in name for name in names):
            return False
        return names.isdisjoint(self.sources.read_names(self.place.path))


class Code(Keeping):
    """The code of one deployed function, seen from its handler.

    Reached are the handler, the module bodies that are run when its file is imported (local imports included), and
    every local function that reached code calls, passes on as a value, or registers by a decorator of an object
    (`@app.get("/users")`). What stands under `if __name__ == "__main__"` is left out.

    It is explored when the first question is asked.

    Attributes:
        handler: the handler; the module body (name "") when the handler is made by a call of something outside the
            application (`handler = Mangum(app)`).
        entry: the body of the module that the platform loads.
        confidence_note: "" or why one may doubt that this is the code that runs, as a clause for people.

    """

    def __init__(self, sources: Sources, handler: Place, entry: Place, confidence_note: str = "") -> None:
        self.sources = sources
        self.handler = handler
        self.entry = entry
        self.confidence_note = confidence_note
        self.resolver = Resolver(self, sources)
        self.reach = Reach(self, sources, self.resolver)

    @cached_property
    def _explored(self) -> Reach:
        self.reach.explore(self.handler, self.entry)
        return self.reach

    def places(self) -> Iterator[Place]:
        """Everything reached: the handler first, then in the order of discovery. Module bodies have the name ""."""
        return iter(self._explored.places)

    def place(self, path: str, name: str = "") -> Place | None:
        """The function of that key in that file, reached or not; a LocalFunction has both as attributes."""
        return self.sources.place(path, name)

    def per_invocation(self, place: Place) -> bool:
        """Whether the place runs on every (or some) invocation, and not only once when the instance starts."""
        return place in self._per_invocation

    @cached_property
    def _per_invocation(self) -> frozenset[Place]:
        roots = [*self._explored.registered]
        if self.handler.name:
            roots.append(self.handler)
        found = set(roots)
        while roots:
            for step in self.reach.steps.get(roots.pop(), ()):
                if step.target.name and step.target not in found:
                    found.add(step.target)
                    roots.append(step.target)
        return frozenset(found)

    @cached_property
    def _at_start(self) -> frozenset[Place]:
        """What runs when an instance starts."""
        roots = [p for p in self._explored.places if p is self.entry]
        found = set(roots)
        while roots:
            for step in self.reach.steps.get(roots.pop(), ()):
                if step.verb in ("calls", "imports") and step.target not in found:
                    found.add(step.target)
                    roots.append(step.target)
        return frozenset(found)

    def sites(self) -> Iterator[Site]:
        """Every call in reached code, module bodies included, in the order of `places`."""
        return iter(self._sites)

    @cached_property
    def _sites(self) -> tuple[Site, ...]:
        found = []
        for place in self._explored.places:
            dead = self.sources.scopes(place.path).dead(place.function)
            found += [self.resolver.site(call, place) for call in place.function.calls if call.block not in dead]
        return tuple(found)

    def resolve(self, expr: Expr, place: Place) -> Symbol:
        """What an expression that stands in `place` stands for."""
        assert self._explored
        return self.resolver.resolve(expr, place)

    def depends_on_event(self, expr: Expr, place: Place) -> bool:
        """Whether the value of an expression that stands in `place` comes from the event of the invocation."""
        return depends_on_event(self.resolve(expr, place))

    def path_to(self, place: Place) -> tuple[Related, ...]:
        """The calls that lead from the handler to `place`, as steps for people; empty for the handler itself.

        For what only runs at start-up: from the module that the platform loads.
        """
        steps: list[Related] = []
        while (step := self._arrived.get(place)) is not None:
            steps.append(Related(step.at, f"`{step.source.title}` {step.verb} `{step.target.title}`"))
            place = step.source
        return tuple(reversed(steps))

    @cached_property
    def _arrived(self) -> dict[Place, Step]:
        """The last step of the shortest way to each place."""
        steps = self._explored.steps
        found: dict[Place, Step] = {}
        known = {self.handler, self.entry}
        for root in (self.handler, self.entry):
            queue = deque([root])
            while queue:
                for step in steps.get(queue.popleft(), ()):
                    if step.target not in known:
                        known.add(step.target)
                        found[step.target] = step
                        queue.append(step.target)
        return found

    def loaded_imports(self) -> Iterator[LoadedImport]:
        """Every import of reached code that really happens (not TYPE_CHECKING), in the order of `places`."""
        return iter(self._loaded_imports)

    def loads(self, path: str) -> Sequence[LoadedImport]:
        """The imports among them that are about the local file `path`."""
        return self._loads.get(path, ())

    @cached_property
    def _loaded_imports(self) -> tuple[LoadedImport, ...]:
        return tuple(self._loading())

    @cached_property
    def _loads(self) -> Mapping[str | None, list[LoadedImport]]:
        found: dict[str | None, list[LoadedImport]] = {}
        for loaded in self._loaded_imports:
            found.setdefault(loaded.path, []).append(loaded)
        return found

    def _loading(self) -> Iterator[LoadedImport]:
        for place in self.places():
            dead = self.sources.scopes(place.path).dead(place.function)
            for statement in place.function.imports:
                if not statement.typing_only and statement.block not in dead:
                    path = self.sources.path_of(statement, place.path)
                    yield LoadedImport(place, statement, place in self._at_start, path, self.sources)

    @cached_property
    def imported(self) -> dict[tuple[str, str], dict[str, list[str]]]:
        """By the file and the name of a module-level binding: the names that other files import it by."""
        return imported(self)

    def users_of(self, path: str, name: str) -> Iterator[Use]:
        """Every use, in reached code, of the module-level binding `name` of the file `path`.

        Also through `from m import x`, `m.x` and `global x`; the assignment that stands in the module body itself is a
        "write" whose place is the module body.
        """
        binding = Binding(self, path, name)
        for place in self._mentioning(binding.names()):
            yield from uses(binding, place)

    def _mentioning(self, names: Iterable[str]) -> list[Place]:
        """The places in whose own bodies one of the names stands, in the order of `places`."""
        places, found = self._mentions
        return [places[index] for index in sorted({index for name in names for index in found.get(name, ())})]

    @cached_property
    def _mentions(self) -> tuple[tuple[Place, ...], Mapping[str, Sequence[int]]]:
        """The places, and by each name that stands in any of them which of the places these are."""
        places = tuple(self.places())
        found: dict[str, list[int]] = {}
        for index, place in enumerate(places):
            for name in self.sources.mentions(place):
                found.setdefault(name, []).append(index)
        return places, found

    def lists(self, package: str, path: str) -> bool | None:
        """Whether the project of a JavaScript file lists or holds a package; None when nobody can say."""
        return None if self.sources.lists is None else self.sources.lists(package, path)

    def files(self) -> Iterator[str]:
        """The files that were loaded."""
        assert self._explored
        return iter(self.resolver.files)

    @cached_property
    def packages(self) -> frozenset[str]:
        """The packages and globals that the files name: a look at few names before many calls are asked."""
        return frozenset[str]().union(*map(self.sources.packages, self.files()))

    @cached_property
    def imports_sdk(self) -> bool:
        """Whether any file imports an AWS SDK."""
        return any(map(is_of_sdk, self.packages))

    def problems(self) -> Iterator[Problem]:
        """Why files that were loaded could not be read or parsed."""
        for path in self.files():
            yield from self.sources.facts_of(path).problems
