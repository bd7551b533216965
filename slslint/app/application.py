"""The application: one deployment unit with the code of its functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import TYPE_CHECKING

from slslint.app.code import Code
from slslint.app.directory import Directory
from slslint.app.kept import Keeping
from slslint.app.symbols import Symbol
from slslint.model import Deployment, Function, Kind, Queue, Resource, Role, Source, Text, Trigger
from slslint.record import cached_property, field, record
from slslint.source import Problem
from slslint.value import Absent, Known, Unknown, Value, When, agree, cases, known_values

if TYPE_CHECKING:
    from slslint.app.graph import Graph
    from slslint.app.loops.loop import Loop
    from slslint.app.waiting.chains import Waiting


class JoinState(Enum):
    """How well a function and its code were brought together."""

    JOINED = "joined"
    AMBIGUOUS = "ambiguous"
    MISSING = "missing"
    """Should be there and is not: a mistake of the author's."""
    ELSEWHERE = "elsewhere"
    """Rightly not in sight: remote archive, image, built folder, layer, another language."""


@record()
class Join:
    """How a deployed function was joined to its code.

    Attributes:
        why: for all but JOINED, one clause for people.
        file: the source file, when one was found; `handler` the key of the function in it.
        looked_for: the paths that were tried, in order.
        beyond: the code is never among the files that are read, and nobody needs to hear it: it is a layer's or an
            image's, in a language that is not read, or in one that the template leaves open.

    """

    state: JoinState
    why: str = ""
    file: str | None = None
    handler: str | None = None
    looked_for: tuple[str, ...] = ()
    beyond: bool = False


@record(eq=False, frozen=False, slots=False)
class App(Keeping):
    """One deployment unit and the code of its functions.

    Attributes:
        unjoined: why files could not be read or parsed in which a handler was looked for in vain.
        templated: False when there is no template and the function is only guessed from its source:
            `functions` then holds one function whose settings are all Unknown.
        units: where it is several deployment units that name each other, these; `deployment` is all of them.
        own_ids: what the ids that several of the units use are in their own, by what they are here.

    """

    deployment: Deployment
    joins: Mapping[str, Join]
    codes: Mapping[str, Code] = field(default_factory=dict)
    templated: bool = True
    unjoined: tuple[Problem, ...] = ()
    units: tuple[Deployment, ...] = ()
    own_ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def functions(self) -> tuple[Function, ...]:
        return self.deployment.functions

    def function(self, id: str) -> Function | None:
        """The function of that id."""
        return self._functions.get(id)

    def unit_of(self, id: str) -> str:
        """The template of the unit that has the resource of that id."""
        return self._unit_of.get(id, self.deployment.path)

    @cached_property
    def _unit_of(self) -> dict[str, str]:
        return {id: unit.path for unit in self.units for id in unit.resources}

    @cached_property
    def _functions(self) -> dict[str, Function]:
        return {function.id: function for function in self.functions}

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Why the template or any source file that was reached could not be read or parsed."""
        found = dict.fromkeys((*self.deployment.problems, *self.unjoined))
        for code in self.codes.values():
            found.update(dict.fromkeys(code.problems()))
        return tuple(found)

    def code(self, function: Function) -> Code | None:
        """The function's code when it was joined."""
        return self.codes.get(function.id)

    def triggers(self, function: Function) -> tuple[Trigger, ...]:
        """Everything in the unit that invokes the function."""
        return self._triggers.get(function.id, ())

    @cached_property
    def _triggers(self) -> dict[str, tuple[Trigger, ...]]:
        found: dict[str, tuple[Trigger, ...]] = {}
        for trigger in self.deployment.triggers:
            found[trigger.function] = (*found.get(trigger.function, ()), trigger)
        return found

    def role(self, function: Function) -> Role | None:
        """The function's role when it is defined in the unit."""
        role = function.role
        return self.deployment.roles.get(role.value) if isinstance(role, Known) else None

    def users(self, role: Role) -> tuple[Function, ...]:
        """The functions that take the role."""
        return self._users.get(role.id, ())

    @cached_property
    def _users(self) -> dict[str, tuple[Function, ...]]:
        found: dict[str, tuple[Function, ...]] = {}
        for function in self.functions:
            for role in dict.fromkeys(known.value for known in known_values(function.role)):
                found[role] = (*found.get(role, ()), function)
        return found

    def target(self, text: Text, kind: Kind | None = None) -> Resource | None:
        """The resource of this unit that a text names: by reference, physical name (of that kind), ARN or URL."""
        return self._directory.find(text, kind)

    def targets(self, value: Value[Text]) -> Iterator[Resource]:
        """The resources of this unit that a value of the template names, in any of its branches."""
        named = (self.target(known.value) for known in known_values(value))
        return (resource for resource in named if resource is not None)

    @cached_property
    def _directory(self) -> Directory:
        return Directory(self.deployment)

    def queue(self, text: Text) -> Queue | None:
        """The queue of this unit that a text names."""
        resource = self.target(text)
        return None if resource is None else self._queues.get(resource.id)

    @cached_property
    def _queues(self) -> dict[str, Queue]:
        return {queue.id: queue for queue in self.deployment.queues}

    def feeds(self, function: Function) -> Iterator[tuple[Trigger, Queue, When]]:
        """The queues of this unit that the function reads: the mapping, the queue, and when both and it exist."""
        for trigger in self.triggers(function):
            if trigger.source_kind is not Source.QUEUE:
                continue
            for when, (source,) in cases(trigger.source, given=function.when | trigger.when):
                queue = self.queue(source.value) if isinstance(source, Known) else None
                if queue is not None:
                    given = function.when | trigger.when | queue.when | when
                    if agree(given, given):
                        yield trigger, queue, given

    def is_dead_letter(self, resource: Resource | Queue) -> bool:
        """Whether anything in the unit sends its failed messages there."""
        return resource.id in self._dead_letters

    @cached_property
    def _dead_letters(self) -> frozenset[str]:
        return frozenset(resource.id for text in self.deployment.dead_letters for resource in self.targets(text))

    def environment(self, function: Function, name: str) -> Value[Text]:
        """The environment variable of that name; Absent when surely not set, Unknown when perhaps elsewhere."""
        found = function.environment.variables.get(name)
        if found is not None:
            return found
        if function.environment.complete:
            return Absent(function.at)
        return Unknown("not all environment variables are in sight", function.at)

    def names(self, function: Function, symbol: Symbol) -> Resource | None:
        """The resource of this unit that an expression in the function's code names, when it surely names one.

        An environment variable stands for what the template sets it to; a literal for the resource of that physical
        name, ARN or URL; the context's function name and ARN, and AWS_LAMBDA_FUNCTION_NAME, for the function itself.
        """
        from slslint.app.texts import texts

        found: set[str] = set()
        for said in texts(self, function, symbol):
            resource = None if said.text is None else self.target(said.text)
            if resource is None:
                return None
            found.add(resource.id)
        return self.deployment.resources.get(found.pop()) if len(found) == 1 else None

    @cached_property
    def may_lead_on(self) -> bool:
        """Whether what a function does may come back to one, or have one wait: asked before the graph is built."""
        from slslint.app.graph.calls import may_lead_on

        return may_lead_on(self)

    @cached_property
    def graph(self) -> Graph:
        """Who triggers, invokes, writes to, reads from and waits for whom."""
        from slslint.app.graph.building import build

        return build(self)

    @cached_property
    def loops(self) -> tuple[Loop, ...]:
        """How events come back to where they came from, and what ends that."""
        from slslint.app.loops.loop import loops

        return tuple(loops(self))

    @cached_property
    def waits(self) -> Mapping[str, tuple[Waiting, ...]]:
        """By the id of each function whose code waits for other functions: for which, in the order of its code."""
        from slslint.app.waiting.chains import waits

        return waits(self)

    def functions_with_code(self) -> Iterator[tuple[Function, Code]]:
        """The joined functions with their code."""
        for function in self.functions:
            code = self.code(function)
            if code is not None:
                yield function, code
