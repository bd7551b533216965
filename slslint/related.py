"""Which templates name each other: by exports, by stacks in stacks, by parameters in the store.

Nothing is read twice, nor lowered early, where the bytes of no template say so. What could be meant of several is no
relation: two templates that define the same name are two ways to deploy one thing.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from slslint.app.directory import Directory
from slslint.app.taken import given_by, had, of_other_stack, physical_names, way_and_name
from slslint.discover.signs import gives, takes
from slslint.model import Deployment, Kind, Pattern, Ref, Text, pieces_of
from slslint.model.parts import holes_in
from slslint.source import Reader
from slslint.value import known_values

Lowered = Callable[[str], Deployment | None]
"""What the template at a path deploys; None when it is none, or cannot be told."""

Read = Callable[[str, Mapping[str, Text]], Deployment | None]
"""What the template at a path deploys, given values of its parameters."""

_RELATING = frozenset(
    {Kind.API, Kind.BUCKET, Kind.BUS, Kind.DELIVERY_STREAM, Kind.FUNCTION, Kind.QUEUE, Kind.RULE, Kind.STREAM,
     Kind.TABLE, Kind.TOPIC, Kind.WORKFLOW}
)  # fmt: skip
"""What events come from and go to: who shares no more than a network or a role has little to tell the other."""

_FURTHEST = 4
"""Folders between a template and the folder that it shares with one that it names."""

_MOST = 40
"""Units in one application."""


def groups(
    templates: Sequence[str],
    relating: Iterable[str],
    reader: Reader,
    lowered: Lowered,
    naming: Sequence[tuple[str, str]] = (),
) -> list[list[str]]:
    """The templates that name each other, each group sorted; `relating` and `naming` are what `discover` found."""
    data = {path: reader.peek(path) for path in relating}
    takers = [path for path in templates if path in data and takes(data[path])]
    if not takers and not naming:
        return []
    givers = {path: each for path, each in data.items() if gives(each)}
    units: dict[str, Deployment | None] = {}

    def unit(path: str) -> Deployment | None:
        if path not in units:
            units[path] = lowered(path)
        return units[path]

    bonds = [(outer, inner) for outer, inner in _nested(takers, frozenset(templates), unit)]
    for taker in takers:
        bonds += _taken(taker, givers, unit)
    bonds += _in_assemblies(takers, templates, unit)
    bonds += ((giver, taker) for giver, taker in naming if _names(unit(giver), unit(taker)))
    return _together(bonds, unit)


def read_together(paths: Sequence[str], read: Read) -> list[Deployment]:
    """What the templates of a group deploy, each stack in another one with what that gives it."""
    found = {path: deployment for path in paths if (deployment := read(path, {})) is not None}
    inside = Counter(path for each in found.values() for _, path in _inner(each) if path in found)
    pending = [path for path in found if path not in inside]
    while pending:
        outer = pending.pop()
        for given, path in _inner(found[outer]):
            if inside[path] == 1 and path != outer:
                deployment = read(path, given)
                inside[path] = 0
                if deployment is not None:
                    found[path] = deployment
                    pending.append(path)
    return list(found.values())


def _inner(deployment: Deployment) -> Iterator[tuple[Mapping[str, Text], str]]:
    for nested in deployment.nested:
        for path in known_values(nested.path):
            yield given_by(nested), path.value


# --- bonds -----------------------------------------------------------------------------------------------------------


def _nested(takers: Iterable[str], templates: frozenset[str], unit: Lowered) -> Iterator[tuple[str, str]]:
    """The stacks in stacks, where a template is one stack only."""
    found: dict[str, list[str]] = {}
    for outer in takers:
        deployment = unit(outer)
        for _, path in _inner(deployment) if deployment is not None else ():
            if path in templates and path != outer:
                found.setdefault(path, []).append(outer)
    yield from ((outers[0], inner) for inner, outers in found.items() if len(outers) == 1)


def _taken(taker: str, givers: Mapping[str, bytes], unit: Lowered) -> Iterator[tuple[str, str]]:
    """Who has what a unit takes by name."""
    deployment = unit(taker)
    if deployment is None:
        return
    near = [path for path in givers if path != taker and _distance(taker, path) is not None]
    for hole in holes_in(deployment):
        how, name = way_and_name(hole.name)
        if how not in ("import", "cf", "resolve:ssm"):
            continue
        # A stack may be named in parts, an output is written out.
        written = name.partition(".")[2] if how == "cf" else name
        word = max(re.findall(r"[A-Za-z0-9]+", re.sub(r"\$\{[^}]*\}", " ", written)), key=len, default="").encode()
        found = [path for path in near if word and word in givers[path] and _gives(unit(path), how, name)]
        giver = _nearest(taker, found)
        if giver is not None:
            yield giver, taker


def _in_assemblies(takers: Iterable[str], templates: Iterable[str], unit: Lowered) -> Iterator[tuple[str, str]]:
    """Which stack of an application of the CDK has what another one of it takes."""
    folders = {posixpath.dirname(path) for path in takers if path.endswith(".template.json")}
    for folder in sorted(folders):
        stacks = {path: unit(path) for path in templates if posixpath.dirname(path) == folder}
        for taker, deployment in stacks.items():
            wanted = {name for hole in holes_in(deployment) for name in of_other_stack(hole.name)}
            for giver, other in stacks.items() if wanted else ():
                values = [] if other is None or giver == taker else [other.outputs.get(name) for name in wanted]
                texts = (known.value for value in values if value is not None for known in known_values(value))
                if other is not None and any(_relates(other, text) for text in texts):
                    yield giver, taker


def _names(giver: Deployment | None, taker: Deployment | None) -> bool:
    """Whether a unit has the name, ARN or URL, written out, of something that the other one defines."""
    if giver is None or taker is None:
        return False
    directory = Directory(giver)
    found = (directory.find(text) for text in _leading(taker) if not isinstance(text, Ref) and not _holds_ref(text))
    return any(each is not None and each.kind in _RELATING for each in found)


def _leading(deployment: Deployment) -> Iterator[Text]:
    """The texts of a unit that say where events go to or come from."""
    values = [
        *(trigger.source for trigger in deployment.triggers),
        *(end for each in deployment.deliveries for end in (each.source, each.target)),
        *(value for function in deployment.functions for value in function.environment.variables.values()),
        *deployment.dead_letters,
    ]
    yield from (known.value for value in values for known in known_values(value))
    yield from (each.function for each in deployment.abroad)


def _holds_ref(text: Text) -> bool:
    return isinstance(text, Pattern) and any(isinstance(part, Ref) for part in text.parts)


def _gives(deployment: Deployment | None, how: str, name: str) -> bool:
    """Whether a unit has something under a name that relates whoever takes it."""
    if deployment is None:
        return False
    values = had(deployment, how, name)
    return any(_relates(deployment, known.value) for value in values for known in known_values(value))


def _relates(deployment: Deployment, text: Text) -> bool:
    directory = Directory(deployment)
    parts = pieces_of(text)
    refs = [part for part in parts if isinstance(part, Ref)]
    named = [directory.find(text), *map(directory.find, refs)]
    nested = any(ref.attribute.startswith("Outputs.") for ref in refs)
    return nested or any(each is not None and each.kind in _RELATING for each in named)


def _nearest(taker: str, givers: Iterable[str]) -> str | None:
    """The nearest of several; None when two are as near."""
    ranked = sorted((_distance(taker, each) or 0, each) for each in givers)
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    return ranked[0][1]


def _distance(one: str, other: str) -> int | None:
    """Folders from one to the folder that both lie in, the more of both; None when that is too far."""
    a, b = posixpath.dirname(one).split("/"), posixpath.dirname(other).split("/")
    a, b = [each for each in a if each], [each for each in b if each]
    common = 0
    while common < min(len(a), len(b)) and a[common] == b[common]:
        common += 1
    furthest = max(len(a), len(b)) - common
    return furthest if furthest <= _FURTHEST else None


# --- groups ----------------------------------------------------------------------------------------------------------


def _together(bonds: Iterable[tuple[str, str]], unit: Lowered) -> list[list[str]]:
    """The units that bonds connect, as far as these can be deployed side by side."""
    member: dict[str, list[str]] = {}
    names: dict[str, set[tuple[object, Text]]] = {}
    for bond in sorted(set(bonds)):
        for path in bond:
            if path not in member:
                member[path] = [path]
                names[path] = set(_claimed(unit(path)))
        one, other = (member[path] for path in bond)
        if one is other or len(one) + len(other) > _MOST:
            continue
        if any(names[a] & names[b] for a in one for b in other):
            continue
        one += other
        for path in other:
            member[path] = one
    found = {id(each): each for each in member.values() if len(each) > 1}
    return sorted(sorted(each) for each in found.values())


def _claimed(deployment: Deployment | None) -> Iterator[tuple[object, Text]]:
    """What only one stack of an account can have."""
    if deployment is None:
        return
    if deployment.stack:
        yield "stack", deployment.stack
    yield from (("export", name) for name in deployment.exports if "${" not in name)
    yield from ((kind, name) for kind, name in physical_names(deployment) if isinstance(name, str))
