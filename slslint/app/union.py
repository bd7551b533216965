"""Deployment units that name each other, put together as one application: what one of them calls "import:orders-queue"
is the queue that another one defines.

What units have in common by accident stays apart: ids that several use get the name of the unit before them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from slslint.app.application import App
from slslint.app.directory import Directory
from slslint.app.taken import GIVEN, OWN_NAMES, had, names_after_stack, outputs, way_and_name
from slslint.model import (
    Deployment,
    Hole,
    Invocation,
    Kind,
    Nested,
    Pattern,
    Ref,
    Source,
    Text,
    Trigger,
    show,
)
from slslint.model.parts import refs_in, rewrite
from slslint.record import replace
from slslint.value import Absent, Known, Unknown, known_values, transform

_BESIDE = frozenset(
    {Kind.DATABASE_PROXY, Kind.KEY, Kind.LAYER, Kind.LOG_GROUP, Kind.OTHER, Kind.PARAMETER, Kind.ROLE, Kind.SECRET}
)

_FED_FROM = {Kind.QUEUE: Source.QUEUE, Kind.STREAM: Source.DATA_STREAM, Kind.TABLE: Source.TABLE_STREAM}

_MOST_STEPS = 8
"""Units that a text may be handed through."""


def union(apps: Sequence[App]) -> App:
    """One application of several, whose ids differ where they are not the same resource."""
    deployments = [app.deployment for app in apps]
    names = list(_new_names(deployments))
    units = _Texts(deployments, names).rewritten()
    joins = {new.get(id, id): join for app, new in zip(apps, names, strict=True) for id, join in app.joins.items()}
    codes = {new.get(id, id): code for app, new in zip(apps, names, strict=True) for id, code in app.codes.items()}
    own = {name: id for new in names for id, name in new.items()}
    unjoined = tuple(dict.fromkeys(problem for app in apps for problem in app.unjoined))
    return App(_whole(units), joins, codes, unjoined=unjoined, units=units, own_ids=own)


# --- names -----------------------------------------------------------------------------------------------------------


def _new_names(deployments: Sequence[Deployment]) -> Iterator[dict[str, str]]:
    """What each unit's ids are called in the union, where several units use them: what is drawn keeps its name when
    it is the only one of that name that is.
    """
    ids = [{*_defined(each), *(ref.id for ref in refs_in(each))} for each in deployments]
    uses = Counter(id for used in ids for id in used)
    drawn = [{id for id, each in unit.resources.items() if each.kind not in _BESIDE} for unit in deployments]
    shown = Counter(id for unit in drawn for id in unit)
    for label, used, own in zip(labels([each.path for each in deployments]), ids, drawn, strict=True):
        yield {id: f"{label}/{id}" for id in used if uses[id] > 1 and not (id in own and shown[id] == 1)}


def _defined(deployment: Deployment) -> Iterator[str]:
    yield from deployment.resources
    yield from deployment.aliases
    yield from deployment.roles
    yield from (each.id for each in deployment.functions)
    yield from (each.id for each in deployment.workflows)
    yield from (each.id for each in deployment.layers)


def labels(paths: Sequence[str]) -> list[str]:
    """Short names for units: their files' names, or their folders' where files are called alike."""
    stems = Counter(_stem(path) for path in paths)
    parts = []
    for path in paths:
        folders = [each for each in path.split("/")[:-1] if each != ".."]
        parts.append(folders if folders and stems[_stem(path)] > 1 else [*folders, _stem(path)])
    found = []
    for path, own in zip(paths, parts, strict=True):
        lengths = range(1, len(own) + 1)
        alone = (n for n in lengths if sum(each[-n:] == own[-n:] for each in parts) == 1)
        length = next(alone, None)
        found.append(path if length is None else "/".join(own[-length:]))
    return found


def _stem(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0]


# --- texts -----------------------------------------------------------------------------------------------------------


class _Texts:
    """The units with every text in them as the union has it."""

    def __init__(self, deployments: Sequence[Deployment], names: Sequence[Mapping[str, str]]) -> None:
        self.deployments = deployments
        self.names = names
        self.labels = labels([each.path for each in deployments])
        self.around = dict(_around(deployments))
        self.inside = {(outer, nested.id): inner for inner, (outer, nested) in self.around.items()}
        self.own_names = _named_alike(deployments)
        self.left = _MOST_STEPS

    def rewritten(self) -> tuple[Deployment, ...]:
        found = (self._renamed(number, each) for number, each in enumerate(self.deployments))
        return tuple(found)

    def _renamed(self, number: int, deployment: Deployment) -> Deployment:
        new = self.names[number]
        whole: Deployment = rewrite(deployment, lambda part: self._part(number, part))

        def named(id: str) -> str:
            return new.get(id, id)

        def role(known: Known[str]) -> Known[str]:
            return replace(known, value=named(known.value))

        return replace(
            whole,
            functions=tuple(
                replace(each, id=named(each.id), role=transform(each.role, role)) for each in whole.functions
            ),
            triggers=tuple(replace(each, function=named(each.function)) for each in whole.triggers),
            queues=tuple(replace(each, id=named(each.id)) for each in whole.queues),
            roles={named(id): replace(each, id=named(id)) for id, each in whole.roles.items()},
            layers=tuple(replace(each, id=named(each.id)) for each in whole.layers),
            workflows=tuple(replace(each, id=named(each.id)) for each in whole.workflows),
            resources={named(id): replace(each, id=named(id)) for id, each in whole.resources.items()},
            aliases={named(id): named(target) for id, target in whole.aliases.items()},
            nested=tuple(replace(each, id=named(each.id)) for each in whole.nested),
        )

    def _part(self, number: int, part: Ref | Hole) -> Text | None:
        """What stands for a part of a text in the union; None for itself."""
        found = self._elsewhere(number, part)
        if found is not None:
            return found
        new = self.names[number]
        if isinstance(part, Ref):
            return Ref(new[part.id], part.attribute) if part.id in new else None
        if part.name in OWN_NAMES and self.own_names:
            return Pattern((Hole(f"{part.name} of {self.labels[number]}"),))
        return Pattern((Hole(part.name.removeprefix(GIVEN)),)) if part.name.startswith(GIVEN) else None

    def _elsewhere(self, number: int, part: Ref | Hole) -> Text | None:
        """What another unit has for a part."""
        if self.left == 0:
            return None
        where, value = self._value(number, part)
        if not isinstance(value, Known):
            return None
        self.left -= 1
        text: Text = rewrite(value.value, lambda inner: self._part(where, inner))
        self.left += 1
        return text

    def _value(self, number: int, part: Ref | Hole) -> tuple[int, object]:
        if isinstance(part, Ref):
            inner = self.inside.get((number, part.id))
            name = part.attribute.removeprefix("Outputs.")
            return (number, None) if inner is None else (inner, self.deployments[inner].outputs.get(name))
        if part.name.startswith(GIVEN) and number in self.around:
            outer, nested = self.around[number]
            return outer, nested.parameters.get(part.name.removeprefix(GIVEN))
        how, name = way_and_name(part.name)
        there = [
            (where, value)
            for where, each in enumerate(self.deployments)
            if how != "import" or where != number
            for value in (*had(each, how, name), *outputs(each, part.name))
        ]
        return there[0] if len(there) == 1 else (number, None)


def _around(deployments: Sequence[Deployment]) -> Iterator[tuple[int, tuple[int, Nested]]]:
    """For each unit that is nested in one other, once: in which, and as what."""
    number = {each.path: index for index, each in enumerate(deployments)}
    places: dict[int, list[tuple[int, Nested]]] = {}
    for outer, each in enumerate(deployments):
        for nested in each.nested:
            for path in known_values(nested.path):
                if number.get(path.value, outer) != outer:
                    places.setdefault(number[path.value], []).append((outer, nested))
    for inner, found in places.items():
        if len(found) == 1:
            yield inner, found[0]


def _named_alike(deployments: Sequence[Deployment]) -> bool:
    """Whether units name resources after themselves in the same way."""
    names = Counter(name for each in deployments for name in set(names_after_stack(each)))
    return any(count > 1 for count in names.values())


# --- what is invoked across units -------------------------------------------------------------------------------------


def _whole(units: Sequence[Deployment]) -> Deployment:
    first = units[0]
    whole = Deployment(
        path=first.path,
        dialect=" and ".join(dict.fromkeys(each.dialect for each in units)),
        functions=_all(each.functions for each in units),
        triggers=_all(each.triggers for each in units),
        queues=_all(each.queues for each in units),
        roles={id: role for each in units for id, role in each.roles.items()},
        layers=_all(each.layers for each in units),
        workflows=_all(each.workflows for each in units),
        deliveries=_all(each.deliveries for each in units),
        resources={id: resource for each in units for id, resource in each.resources.items()},
        aliases={id: target for each in units for id, target in each.aliases.items()},
        dead_letters=_all(each.dead_letters for each in units),
        exports={name: value for each in units for name, value in each.exports.items()},
        nested=_all(each.nested for each in units),
        gaps=_all(each.gaps for each in units),
        ignores=_all(each.ignores for each in units),
        problems=tuple(dict.fromkeys(_all(each.problems for each in units))),
        complete=all(each.complete for each in units),
    )
    directory = Directory(whole)
    functions = {each.id for each in whole.functions}

    def invoked(text: Text) -> str | None:
        return next((id for id in _named(directory, text) if id in functions), None)

    triggers = [*whole.triggers, *_found_abroad(units, invoked), *_steps(whole, invoked)]
    return replace(
        whole,
        triggers=tuple(_as_fed(each, directory) for each in triggers),
        deliveries=tuple(
            each for each in whole.deliveries if not any(invoked(text.value) for text in known_values(each.target))
        ),
    )


def _all(parts: Iterable[tuple[Any, ...]]) -> tuple[Any, ...]:
    return tuple(each for part in parts for each in part)


def _named(directory: Directory, text: Text) -> Iterator[str]:
    """The resources that a text names as a whole, or any reference in it."""
    whole = directory.find(text)
    if whole is not None:
        yield whole.id
    for part in text.parts if isinstance(text, Pattern) else ():
        found = directory.find(part) if isinstance(part, Ref) else None
        if found is not None:
            yield found.id


def _found_abroad(units: Iterable[Deployment], invoked: Callable[[Text], str | None]) -> Iterator[Trigger]:
    for unit in units:
        for each in unit.abroad:
            function = invoked(each.function)
            if function is not None:
                yield replace(each.trigger, function=function)


def _steps(whole: Deployment, invoked: Callable[[Text], str | None]) -> Iterator[Trigger]:
    """The functions of other units that the states of workflows run."""
    known = {(each.function, show(source.value)) for each in whole.triggers for source in known_values(each.source)}
    for workflow in whole.workflows:
        for state in workflow.states:
            for target in known_values(state.target):
                function = invoked(target.value)
                if function is None or (function, f"${{{workflow.id}}}") in known:
                    continue
                known.add((function, f"${{{workflow.id}}}"))
                waits = Unknown("how long it waits is not written here", state.at)
                own: Known[Text] = Known(Ref(workflow.id), workflow.at)
                route, how = Absent(state.at), Invocation.WAITS
                yield Trigger(Source.WORKFLOW, function, state.at, own, how, waits, route, when=workflow.when)


def _as_fed(trigger: Trigger, directory: Directory) -> Trigger:
    """The trigger, with the kind of what feeds it, which another unit may define."""
    if trigger.invocation is not Invocation.POLLED or not isinstance(trigger.source, Known):
        return trigger
    resource = directory.find(trigger.source.value)
    kind = None if resource is None else _FED_FROM.get(resource.kind)
    return trigger if kind in (None, trigger.source_kind) else replace(trigger, source_kind=kind)
