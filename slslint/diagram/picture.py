"""What a drawing shows: boxes and lines, chosen and put together so that people can read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from slslint.app.graph import Verb
from slslint.diagram.collapse import Group, Groups, groups
from slslint.diagram.names import short_names
from slslint.diagram.sketch import Link, Sketch, Thing
from slslint.errors import UsageError
from slslint.finding import listed
from slslint.record import record

_ASIDE = frozenset({"parameter", "secret", "key"})
"""Kinds that say little about who calls whom."""

_LABEL = 48
"""Characters of a line's label."""

MANY = 40
"""Boxes in one application that people can still take in; then functions that are alike are shown as one."""


@record()
class Box:
    """A node, or several functions as one.

    Attributes:
        id: for the drawing's own language: "n7". kind: as `Kind` has it: "queue".
        members: the names of the functions that it stands for, when it stands for several.
        elsewhere: it is defined where nobody looked.

    """

    id: str
    name: str
    kind: str
    members: tuple[str, ...] = ()
    elsewhere: bool = False


@record()
class Line:
    """One edge between two boxes, or several that look alike."""

    source: str
    target: str
    verb: Verb
    waits: bool
    loop: bool
    label: str


@record()
class Frame:
    """One deployment unit."""

    title: str
    boxes: tuple[Box, ...]


@record()
class Picture:
    """What is drawn. `notes` say what is not shown as it is, a sentence each, lower case."""

    frames: tuple[Frame, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()


def picture(
    sketches: Iterable[Sketch], focus: str | None = None, depth: int | None = None, *, full: bool = False
) -> Picture:
    """What to draw of the graphs: what is at most `depth` edges away from what is called `focus`, or all of it.

    `full`: each function has a box of its own, however many there are. UsageError when nothing has that name.
    """
    frames: list[Frame] = []
    lines: list[Line] = []
    notes: list[str] = []
    chosen = list(sketches) if focus is None else _around(list(sketches), focus, 2 if depth is None else depth)
    numbers = iter(range(10**9))
    for each in chosen:
        things, links = _shown(each, keep_all=focus is not None)
        if not things:
            continue
        names = short_names(things)
        found = groups(things, links, names, MANY) if not full and len(things) > MANY else Groups({}, ())
        notes += [
            f"{each.path}: {len(group.members)} functions are shown as `{group.name}`: {listed(group.members, 6)}"
            for group in found.groups
        ]
        boxes = _boxes(things, names, found, numbers)
        for path in (each.path, *each.related):
            # What is defined nowhere in sight stands with the first.
            there = dict.fromkeys(box for unit, box in boxes.values() if _lies_in(unit, path, each))
            if there:
                frames.append(Frame(path, tuple(there)))
        lines += _lines(links, {id: box.id for id, (_, box) in boxes.items()})
    return Picture(tuple(frames), tuple(lines), tuple(notes))


def _boxes(
    things: Sequence[Thing], names: Mapping[str, str], found: Groups, numbers: Iterator[int]
) -> dict[str, tuple[str, Box]]:
    """By the id of each thing the unit that it lies in, and the box that shows it."""
    made: dict[str | Group, tuple[str, Box]] = {}
    for thing in things:
        group = found.by_member.get(thing.id)
        key = group or thing.id
        if key not in made:
            id = f"n{next(numbers)}"
            made[key] = (
                thing.unit,
                (
                    Box(id, names[thing.id], thing.kind, elsewhere=thing.at is None)
                    if group is None
                    else Box(id, group.name, thing.kind, group.members)
                ),
            )
    return {thing.id: made[found.by_member.get(thing.id) or thing.id] for thing in things}


def _lies_in(unit: str, path: str, sketched: Sketch) -> bool:
    return unit == path or (path == sketched.path and unit not in sketched.related)


def _shown(sketched: Sketch, *, keep_all: bool) -> tuple[list[Thing], list[Link]]:
    """What is worth drawing: functions, and whatever else something leads to or from."""
    kinds = {thing.id: thing.kind for thing in sketched.things}
    links = [link for link in sketched.links if keep_all or not {kinds[link.source], kinds[link.target]} & _ASIDE]
    linked = {id for link in links for id in (link.source, link.target)}
    return [thing for thing in sketched.things if thing.id in linked or thing.kind == "function"], links


def _lines(links: Sequence[Link], of: Mapping[str, str]) -> list[Line]:
    found: dict[tuple[str, str, Verb, bool, bool], dict[str, None]] = {}
    for link in links:
        key = (of[link.source], of[link.target], link.verb, link.waits, link.loop)
        found.setdefault(key, {})[link.label] = None
    return [Line(*key, _short([label for label in labels if label])) for key, labels in found.items()]


def _short(labels: list[str]) -> str:
    if not labels:
        return ""
    first = labels[0] if len(labels[0]) <= _LABEL else f"{labels[0][: _LABEL - 1]}…"
    return first if len(labels) == 1 else f"{first} +{len(labels) - 1}"


# --- what is near something ------------------------------------------------------------------------------------------


def _around(sketches: list[Sketch], focus: str, depth: int) -> list[Sketch]:
    """The parts of the graphs that are so many edges away from what has that name."""
    found = []
    for each in sketches:
        names = short_names(each.things)
        start = {thing.id for thing in each.things if _is_called(thing, names[thing.id], focus)}
        if start:
            found.append(_within(each, start, depth))
    if not found:
        raise UsageError(_unknown(sketches, focus))
    return found


def _is_called(thing: Thing, short: str, name: str) -> bool:
    return name.casefold() in {each.casefold() for each in (thing.id, thing.name, short, *thing.names)}


def _within(sketched: Sketch, start: set[str], depth: int) -> Sketch:
    near, reached = set(start), set(start)
    beside: dict[str, set[str]] = {}
    for link in sketched.links:
        beside.setdefault(link.source, set()).add(link.target)
        beside.setdefault(link.target, set()).add(link.source)
    for _ in range(depth):
        reached = {other for each in reached for other in beside.get(each, ())} - near
        near |= reached
    return Sketch(
        sketched.path,
        sketched.dialect,
        tuple(thing for thing in sketched.things if thing.id in near),
        tuple(link for link in sketched.links if link.source in near and link.target in near),
        sketched.related,
    )


def _unknown(sketches: Sequence[Sketch], focus: str) -> str:
    import difflib

    known: dict[str, str] = {}
    for each in sketches:
        names = short_names(each.things)
        for thing in each.things:
            for name in (thing.name, names[thing.id], *thing.names):
                known.setdefault(name.casefold(), name)
    near = difflib.get_close_matches(focus.casefold(), known, n=3, cutoff=0.5)
    near += [name for name in known if focus.casefold() in name and name not in near][: 3 - len(near)]
    if near:
        return f"nothing is called `{focus}`; do you mean {_any(known[name] for name in near)}?"
    few = list(known.values())[:5]
    return f"nothing is called `{focus}`" + (f"; there are {listed(few)}" if few else ", for nothing was found")


def _any(names: Iterable[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return " or ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))
