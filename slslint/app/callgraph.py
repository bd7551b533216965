"""What runs when a part of the code runs: the functions it leads to, and the calls they make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from slslint.app.blocks import ByBlock
from slslint.app.code import Code
from slslint.app.place import Place
from slslint.app.site import Site
from slslint.facts import Call
from slslint.record import record
from slslint.source import Span

MOST_CHAINS = 16


@record(eq=False)
class Edge:
    """One place makes another run.

    Attributes:
        block: of the source: where that is written; 0 when it cannot be told.
        site: the call that does it, or hands the target to what does; None for decorators and properties.

    """

    source: Place
    block: int
    target: Place
    site: Site | None


class CallGraph:
    """Who runs whom among the functions that the handler reaches."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self._sites: dict[Place, list[Site]] = {}
        for site in code.sites():
            self._sites.setdefault(site.place, []).append(site)
        self._from: dict[Place, list[Edge]] = {}
        self._to: dict[Place, list[Edge]] = {}
        self._sites_by_block: dict[Place, ByBlock[Site]] = {}
        self._from_by_block: dict[Place, ByBlock[Edge]] = {}
        for place, steps in code.reach.steps.items():
            if steps:
                sites = self._sites.get(place, [])
                exact = {site.call.at: site for site in sites}
                for step in steps:
                    by = exact.get(step.at) or _around(sites, step.at)
                    edge = Edge(place, by.call.block if by is not None else 0, step.target, by)
                    self._from.setdefault(place, []).append(edge)
                    self._to.setdefault(step.target, []).append(edge)

    def calls(self, place: Place, block: int = 0) -> Sequence[Site]:
        """The calls that stand in `place`, inside `block`."""
        if place not in self._sites_by_block:
            sites = self._sites.get(place, ())
            self._sites_by_block[place] = ByBlock(place.function, sites, lambda site: site.call.block)
        return self._sites_by_block[place].within(block)

    def leads_to(self, place: Place, block: int = 0) -> Sequence[Edge]:
        """What `place` makes run, inside `block`."""
        if place not in self._from_by_block:
            edges = self._from.get(place, ())
            self._from_by_block[place] = ByBlock(place.function, edges, lambda edge: edge.block)
        return self._from_by_block[place].within(block)

    def does_work(self, place: Place, block: int) -> bool:
        """Whether a block runs functions of the application, or asks something of the platform."""
        return bool(self.leads_to(place, block)) or any(site.sdk is not None for site in self.calls(place, block))

    def callers(self, place: Place) -> list[Edge]:
        """What makes `place` run."""
        return self._to.get(place, [])

    def chains(self, site: Site) -> list[tuple[tuple[Place, Call], ...]]:
        """The ways in which the handler gets to a call, each as the calls that lead there, nearest first.

        Of many ways only some; each function occurs once in a way.
        """
        found: list[tuple[tuple[Place, Call], ...]] = []
        todo: list[tuple[tuple[Place, Call], ...]] = [((site.place, site.call),)]
        while todo and len(found) < MOST_CHAINS:
            chain = todo.pop()
            place = chain[-1][0]
            on_the_way = {each for each, _ in chain}
            further = [
                (*chain, (edge.source, edge.site.call))
                for edge in self.callers(place)
                if edge.site is not None and edge.source not in on_the_way
            ]
            if place is self.code.handler or not further:
                found.append(chain)
            else:
                todo += reversed(further[:MOST_CHAINS])
        return found

    def from_handler(self, site: Site) -> bool:
        """Whether the handler gets to a call; what is only registered where its file is loaded serves other events."""
        return any(chain[-1][0] is self.code.handler for chain in self.chains(site))

    def under(self, parts: Iterable[tuple[Place, int]]) -> tuple[set[Place], list[Site]]:
        """What runs inside the given blocks: the functions that they lead to, and every call on the way."""
        places: set[Place] = set()
        sites: list[Site] = []
        todo = list(parts)
        while todo:
            place, block = todo.pop()
            sites += self.calls(place, block)
            for edge in self.leads_to(place, block):
                if edge.target not in places:
                    places.add(edge.target)
                    todo.append((edge.target, 0))
        return places, sites


def _around(sites: list[Site], at: Span) -> Site | None:
    """The innermost call that a span lies in."""
    found: Site | None = None
    for site in sites:
        if site.call.at.holds(at) and (found is None or found.call.at < site.call.at):
            found = site
    return found
