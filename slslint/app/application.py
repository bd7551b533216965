"""The application: one deployment unit with the code of its functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from slslint.app.code import Code
from slslint.app.symbols import Symbol
from slslint.model import Deployment, Function, Queue, Resource, Role, Source, Text, Trigger
from slslint.source import Problem
from slslint.value import Known, Value, When, agree, cases


class JoinState(Enum):
    """How well a function and its code were brought together."""

    JOINED = "joined"
    AMBIGUOUS = "ambiguous"
    MISSING = "missing"
    """Should be there and is not: a mistake of the author's."""
    ELSEWHERE = "elsewhere"
    """Rightly not in sight: remote archive, image, built folder, layer, another language."""


@dataclass(frozen=True, slots=True)
class Join:
    """How a deployed function was joined to its code.

    Attributes:
        why: for all but JOINED, one clause for people.
        file: the source file, when one was found; `handler` the key of the function in it.
        looked_for: the paths that were tried, in order.

    """

    state: JoinState
    why: str = ""
    file: str | None = None
    handler: str | None = None
    looked_for: tuple[str, ...] = ()


@dataclass
class App:
    """One deployment unit and the code of its functions.

    Attributes:
        templated: False when there is no template and the function is only guessed from its source:
            `functions` then holds one function whose settings are all Unknown.

    """

    deployment: Deployment
    joins: Mapping[str, Join]
    codes: Mapping[str, Code] = field(default_factory=dict)
    templated: bool = True

    @property
    def functions(self) -> tuple[Function, ...]:
        return self.deployment.functions

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Why the template or any source file that was reached could not be read or parsed."""
        raise NotImplementedError

    def code(self, function: Function) -> Code | None:
        """The function's code when it was joined."""
        return self.codes.get(function.id)

    def triggers(self, function: Function) -> tuple[Trigger, ...]:
        """Everything in the unit that invokes the function."""
        raise NotImplementedError

    def role(self, function: Function) -> Role | None:
        """The function's role when it is defined in the unit."""
        raise NotImplementedError

    def users(self, role: Role) -> tuple[Function, ...]:
        """The functions that take the role."""
        raise NotImplementedError

    def target(self, text: Text) -> Resource | None:
        """The resource of this unit that a text names: by reference, physical name, ARN or URL."""
        raise NotImplementedError

    def queue(self, text: Text) -> Queue | None:
        """The queue of this unit that a text names."""
        raise NotImplementedError

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
        raise NotImplementedError

    def environment(self, function: Function, name: str) -> Value[Text]:
        """The environment variable of that name; Absent when surely not set, Unknown when perhaps elsewhere."""
        raise NotImplementedError

    def names(self, function: Function, symbol: Symbol) -> Resource | None:
        """The resource of this unit that an expression in the function's code names, when it surely names one.

        An environment variable stands for what the template sets it to; a literal for the resource of that physical
        name, ARN or URL; the context's function name and ARN, and AWS_LAMBDA_FUNCTION_NAME, for the function itself.
        """
        raise NotImplementedError

    def functions_with_code(self) -> Iterator[tuple[Function, Code]]:
        """The joined functions with their code."""
        for function in self.functions:
            code = self.code(function)
            if code is not None:
                yield function, code
