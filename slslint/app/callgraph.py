"""What runs when a part of the code runs: the local functions it leads to, and the calls they make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from slslint.app.code import Code
from slslint.app.place import Place
from slslint.app.site import Site
from slslint.app.symbols import LocalClass, LocalFunction, Symbol, options


class CallGraph:
    """Who calls whom among the functions that the handler reaches."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self._sites: dict[Place, list[Site]] = {}
        for site in code.sites():
            self._sites.setdefault(site.place, []).append(site)
        self._callers: dict[Place, list[Site]] | None = None

    def calls(self, place: Place, block: int = 0) -> Iterator[Site]:
        """The calls that stand in `place`, inside `block`."""
        for site in self._sites.get(place, ()):
            if place.function.within(site.call.block, block):
                yield site

    def callees(self, site: Site) -> Iterator[Place]:
        """The local functions that a call runs, handed over ones included."""
        for symbol in (site.symbol, *site.argument_symbols()):
            yield from self.places_of(symbol)

    def callers(self, place: Place) -> list[Site]:
        """The calls that run a local function, or hand it over to what may run it."""
        if self._callers is None:
            self._callers = {}
            for sites in self._sites.values():
                for site in sites:
                    for callee in self.callees(site):
                        self._callers.setdefault(callee, []).append(site)
        return self._callers.get(place, [])

    def places_of(self, symbol: Symbol) -> Iterator[Place]:
        """The functions that a symbol stands for; for a class, its constructor."""
        for each in options(symbol):
            place = None
            if isinstance(each, LocalFunction):
                place = self.code.place(each.path, each.name)
            elif isinstance(each, LocalClass):
                place = self.code.place(each.path, f"{each.name}.__init__")
            if place is not None:
                yield place

    def under(self, parts: Iterable[tuple[Place, int]]) -> tuple[set[Place], list[Site]]:
        """What runs inside the given blocks: the functions that they lead to, and every call on the way."""
        places: set[Place] = set()
        sites: list[Site] = []
        todo = list(parts)
        while todo:
            place, block = todo.pop()
            for site in self.calls(place, block):
                sites.append(site)
                for callee in self.callees(site):
                    if callee not in places:
                        places.add(callee)
                        todo.append((callee, 0))
        return places, sites
