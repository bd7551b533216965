"""Functions that are shown as one, in applications too large to draw each: those that are alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import takewhile

from slslint.diagram.sketch import Link, Thing
from slslint.record import record

_FEW = 3
"""Fewer functions than these stay as they are."""


@record()
class Group:
    """Functions that are shown as one."""

    name: str
    members: tuple[str, ...]


@record()
class Groups:
    """The groups, and the group of each function in one, by its id."""

    by_member: Mapping[str, Group]
    groups: tuple[Group, ...]


def groups(things: Sequence[Thing], links: Sequence[Link], names: Mapping[str, str], most: int) -> Groups:
    """Functions that do the same with the same neighbours; while there are more than `most` boxes, also those whose
    names begin alike.

    What is part of a loop keeps a box of its own: that is what one looks at the graph for.
    """
    apart = {id for link in links if link.loop for id in (link.source, link.target)}
    functions = [thing for thing in things if thing.kind == "function" and thing.id not in apart]
    found: dict[str, Group] = {}
    neighbours = _neighbours(links)
    for alike in _sorted_by(functions, lambda thing: (thing.unit, neighbours.get(thing.id, frozenset()))):
        _add(found, alike, names)
    if len(things) - len(found) + len(set(found.values())) > most:
        rest = [thing for thing in functions if thing.id not in found]
        for alike in _sorted_by(rest, lambda thing: (thing.unit, _words(names[thing.id])[:1])):
            _add(found, alike, names)
    return Groups(found, tuple(dict.fromkeys(found.values())))


def _neighbours(links: Sequence[Link]) -> dict[str, frozenset[object]]:
    """What each node does with which others."""
    found: dict[str, set[object]] = {}
    for link in links:
        found.setdefault(link.source, set()).add((link.verb, link.waits, "to", link.target))
        found.setdefault(link.target, set()).add((link.verb, link.waits, "from", link.source))
    return {id: frozenset(each) for id, each in found.items()}


def _sorted_by(things: Sequence[Thing], key: Callable[[Thing], Hashable]) -> list[list[Thing]]:
    found: dict[Hashable, list[Thing]] = {}
    for thing in things:
        found.setdefault(key(thing), []).append(thing)
    return list(found.values())


def _add(found: dict[str, Group], alike: Sequence[Thing], names: Mapping[str, str]) -> None:
    if len(alike) < _FEW:
        return
    members = tuple(names[thing.id] for thing in alike)
    shared = [words[0] for words in takewhile(_same, zip(*map(_words, members), strict=False))]
    name = f"{''.join(shared)}*" if shared else f"{members[0]} and {len(members) - 1} more"
    taken = {group.name for group in found.values()}
    group = Group(name if name not in taken else f"{members[0]} and {len(members) - 1} more", members)
    found.update(dict.fromkeys((thing.id for thing in alike), group))


def _same(words: Sequence[str]) -> bool:
    return len(set(words)) == 1


def _words(name: str) -> tuple[str, ...]:
    """A name cut where its words begin: "orders-", "create"; "Order", "Created"."""
    return tuple(re.findall(r"[A-Z]+(?![a-z])[-_./]*|[A-Z]?[a-z0-9]+[-_./]*|.", name))
