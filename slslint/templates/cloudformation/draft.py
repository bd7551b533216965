"""What has been understood of a template so far: resources are lowered into it one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from slslint.model import (
    EVERYTHING,
    Abroad,
    Batch,
    Cause,
    Delivery,
    Deployment,
    Dialect,
    Filter,
    Function,
    Hole,
    Ignore,
    Invocation,
    Layer,
    Nested,
    Pattern,
    Queue,
    Ref,
    Resource,
    Role,
    Route,
    Source,
    Text,
    Trigger,
    Workflow,
    pattern,
    pieces_of,
    usual_invocation,
)
from slslint.model.deployment import Gap
from slslint.record import field, record
from slslint.source import Span
from slslint.templates.cloudformation.template import Resource as Written
from slslint.templates.cloudformation.template import Template
from slslint.templates.cloudformation.view import View
from slslint.value import ALWAYS, Absent, Either, Known, Origin, Unknown, Value, When

T = TypeVar("T")

CALLER_WAITS = {
    Source.REST_API: 29.0,
    Source.HTTP_API: 30.0,
    Source.WEBSOCKET_API: 29.0,
    Source.GRAPHQL_API: 30.0,
    Source.USER_POOL: 5.0,
    Source.DELIVERY_STREAM: 300.0,
    Source.OBJECT_LAMBDA: 60.0,
}
"""Seconds that each service waits for a function unless told otherwise (the services' quota pages)."""

_LIMIT_UNTOLD = frozenset({Source.LOAD_BALANCER, Source.AUTHORIZER, Source.CHAT, Source.EDGE, Source.OTHER})


@record(eq=False, frozen=False)
class Draft:
    """A Deployment in the making.

    Attributes:
        dialects: what functions, roles and queues are written in, by id, where that is another than `dialect`.
        aliases: the function that each alias and version stands for, by the logical ids.
        names: function ids by physical name. role_names: role ids by physical name.

    """

    template: Template
    dialect: Dialect
    dialects: Mapping[str, Dialect] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    triggers: list[Trigger] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    workflows: list[Workflow] = field(default_factory=list)
    queues: list[Queue] = field(default_factory=list)
    roles: dict[str, Role] = field(default_factory=dict)
    layers: list[Layer] = field(default_factory=list)
    resources: dict[str, Resource] = field(default_factory=dict)
    dead_letters: list[Value[Text]] = field(default_factory=list)
    exports: dict[str, Value[Text]] = field(default_factory=dict)
    outputs: dict[str, Value[Text]] = field(default_factory=dict)
    nested: list[Nested] = field(default_factory=list)
    abroad: list[Abroad] = field(default_factory=list)
    ignores: list[Ignore] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    names: dict[Text, str] = field(default_factory=dict)
    role_names: dict[Text, str] = field(default_factory=dict)

    def dialect_of(self, id: str) -> Dialect:
        """What a function, role or queue is written in."""
        return self.dialects.get(id, self.dialect)

    def add_function(self, function: Function) -> None:
        """Add a function, so that others can name it."""
        self.functions[function.id] = function
        branches = function.name.branches if isinstance(function.name, Either) else ((ALWAYS, function.name),)
        for _, name in branches:
            if isinstance(name, Known):
                self.names.setdefault(name.value, function.id)

    def add_dead_letter(self, view: View) -> Value[Text]:
        """Note a place for failed messages, and give its text."""
        text = view.text()
        if not isinstance(text, Absent):
            self.dead_letters.append(text)
        return text

    def gap(self, at: Span, why: str) -> None:
        """Note something that was not understood."""
        self.template.gaps.append(Gap(at, why))

    def add_trigger(
        self,
        kind: Source,
        target: Value[Text],
        at: Span,
        source: Value[Text],
        *,
        when: When,
        invocation: Invocation | None = None,
        waits: Value[float] | None = None,
        route: Value[Route] | None = None,
        batch: Batch | None = None,
        event: str = "",
        through: Filter = EVERYTHING,
        dead_letter: Value[Text] | None = None,
    ) -> bool:
        """Add a trigger for each function of the unit that `target` names; say whether it names any.

        `invocation` and `waits` are what is usual for the kind when not given; `through` is the filter.
        """
        invocation = invocation or usual_invocation(kind)

        def trigger(function: str, more: When) -> Trigger:
            return Trigger(
                kind,
                function,
                at,
                source,
                invocation,
                usual_wait(kind, invocation, at) if waits is None else waits,
                Absent(at) if route is None else route,
                batch,
                event,
                through,
                dead_letter,
                when | more,
            )

        found = [trigger(function, more) for more, function in self.targets(target)]
        self.triggers += found
        for more, text in self._elsewhere(target) if not found else ():
            self.abroad.append(Abroad(text, trigger("", more)))
        return bool(found)

    def _elsewhere(self, target: Value[Text]) -> Iterator[tuple[When, Text]]:
        """The texts that may name functions of other units, by branch."""
        for when, plain in target.branches if isinstance(target, Either) else ((ALWAYS, target),):
            if isinstance(plain, Known) and may_lie_elsewhere(plain.value):
                yield when, plain.value

    def add_delivery(
        self,
        source: Value[Text],
        target: Value[Text],
        at: Span,
        *,
        when: When,
        cause: Cause = Cause.EVENT,
        through: Filter = EVERYTHING,
        dead_letter: Value[Text] | None = None,
    ) -> None:
        """Add a delivery to what `target` names, if that is anything but functions of the unit."""
        branches = target.branches if isinstance(target, Either) else ((ALWAYS, target),)
        others = [
            (more, plain)
            for more, plain in branches
            if not isinstance(plain, Absent)
            and not (isinstance(plain, Known) and (not plain.value or self.function_id(plain.value) is not None))
        ]
        if not others:
            return
        if len(others) < len(branches):
            target = others[0][1] if len(others) == 1 else Either(tuple(others))
            when |= others[0][0] if len(others) == 1 else ALWAYS
        self.deliveries.append(Delivery(cause, source, target, at, filter=through, dead_letter=dead_letter, when=when))

    def add_outcome(self, cause: Cause, function: Value[Text], target: Value[Text], at: Span, *, when: When) -> None:
        """Add where the results or failures of the functions of the unit go that `function` names."""
        for more, id in self.targets(function):
            self.add_delivery(Known(Ref(id, "Arn"), at), target, at, when=when | more, cause=cause)

    def add_failure(self, source: Value[Text], target: Value[Text], at: Span, *, when: When) -> None:
        """Add where a resource's failures go."""
        self.add_delivery(source, target, at, when=when, cause=Cause.FAILURE)

    def targets(self, text: Value[Text]) -> Iterator[tuple[When, str]]:
        """The functions of this unit that a text names, by branch."""
        branches = text.branches if isinstance(text, Either) else ((ALWAYS, text),)
        for when, plain in branches:
            function = self.function_id(plain.value) if isinstance(plain, Known) else None
            if function is not None:
                yield when, function

    def function_id(self, text: Text) -> str | None:
        """The function that a name, ARN, alias, version or invocation URI stands for."""
        if isinstance(text, Ref):
            return text.id if text.id in self.functions else self.aliases.get(text.id)
        parts = pieces_of(text)
        for part in parts:
            if isinstance(part, Ref):
                found = self.function_id(part)
                if found is not None:
                    return found
        if isinstance(text, str) and ":function:" not in text:
            return self.names.get(text if text.startswith("arn:") else text.partition(":")[0])
        return self.names.get(text) or self.names.get(_function_name(parts))

    def written(self, text: Text) -> Written | None:
        """The resource of this template that a text refers to: by Ref or GetAtt, alone or in an ARN."""
        parts = pieces_of(text)
        for part in parts:
            if isinstance(part, Ref) and part.id in self.template.resources:
                return self.template.resources[part.id]
        return None

    def deployment(self) -> Deployment:
        """The Deployment."""
        template = self.template
        return Deployment(
            path=template.path,
            dialect=self.dialect.name,
            functions=tuple(self.functions.values()),
            triggers=tuple(self.triggers),
            deliveries=tuple(self.deliveries),
            workflows=tuple(self.workflows),
            queues=tuple(self.queues),
            roles=self.roles,
            layers=tuple(self.layers),
            resources=self.resources,
            aliases=self.aliases,
            dead_letters=tuple(self.dead_letters),
            exports=self.exports,
            outputs=self.outputs,
            nested=tuple(self.nested),
            abroad=tuple(self.abroad),
            gaps=tuple(dict.fromkeys(template.gaps)),
            ignores=tuple(self.ignores),
            problems=tuple(template.problems),
            complete=template.complete,
        )


def may_lie_elsewhere(text: Text) -> bool:
    """Whether a text may name what another unit defines: by its ARN, or by what stands for it here."""
    match text:
        case str():
            return ":function:" in text
        case Ref(_, attribute):
            return attribute.startswith("Outputs.")
        case Pattern(parts):
            return any(isinstance(part, Hole) and not part.name.startswith("AWS::") for part in parts) or any(
                isinstance(part, Ref) and part.attribute.startswith("Outputs.") for part in parts
            )


def usual_wait(kind: Source, invocation: Invocation, at: Span) -> Value[float]:
    """How long this kind of source waits when nothing else is said."""
    if invocation is not Invocation.WAITS:
        return Absent(at)
    seconds = CALLER_WAITS.get(kind)
    if seconds is not None:
        return Known(seconds, at, Origin.DEFAULT)
    return Unknown("how long it waits is not written here", at) if kind in _LIMIT_UNTOLD else Absent(at)


def or_default(value: Value[T], default: T, at: Span) -> Value[T]:
    """The value, with the provider's default where it is absent."""
    match value:
        case Absent():
            return Known(default, at, Origin.DEFAULT)
        case Either(branches):
            known = Known(default, at, Origin.DEFAULT)
            return Either(tuple((when, known if isinstance(plain, Absent) else plain) for when, plain in branches))
        case _:
            return value


def _function_name(parts: Iterable[str | Ref | Hole]) -> Text:
    """What stands after `:function:` in an ARN or URI, without the qualifier; "" when it is no such thing."""
    tail: list[str | Ref | Hole] = []
    inside = False
    for part in parts:
        if not isinstance(part, str):
            if inside:
                tail.append(part)
            continue
        text = part
        if not inside:
            _, arn, text = part.partition(":function:")
            inside = bool(arn)
        if inside:
            name = text.partition(":")[0].partition("/")[0]
            tail.append(name)
            if name != text:
                break
    return pattern(tail)
