"""The Amazon States Language: what a definition's states are, what they run and which follow which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from yaml.nodes import MappingNode, ScalarNode

from slslint.model import Gap, Hole, Pattern, Ref, State, Text, integration, pieces_of
from slslint.record import record
from slslint.source import Span
from slslint.templates.cloudformation.branches import Settled, joined
from slslint.templates.cloudformation.template import Template
from slslint.templates.cloudformation.view import Entry, View
from slslint.templates.document import span
from slslint.value import ALWAYS, Absent, Known, Plain, Unknown, Value, When, known_values, transform

MAX_STATES = 5_000
"""Far more than fit into the megabyte that a definition may have; aliases can stand for more."""

# SAM also fills in what stands bare where JSON wants a value, which is read as `"$Name"`.
_VARIABLE = r"\$\{([\w.:-]+)\}|^\$([A-Za-z]\w*)$"

_TARGETS: Mapping[str, tuple[str, ...]] = {
    "dynamodb": ("TableName",),
    "firehose": ("DeliveryStreamName",),
    "kinesis": ("StreamName", "StreamARN"),
    "lambda": ("FunctionName",),
    "s3": ("Bucket",),
    "secretsmanager": ("SecretId",),
    "sfn": ("StateMachineArn",),
    "sns": ("TopicArn", "TargetArn"),
    "sqs": ("QueueUrl",),
    "ssm": ("Name",),
    "states": ("StateMachineArn",),
}
"""Which argument names what a service works on."""


@record()
class Step:
    """A state with what it passes to the service that it asks: its `Arguments` or `Parameters`."""

    state: State
    arguments: View
    when: When


@record(eq=False, frozen=False)
class Definition:
    """A definition as far as it has been read.

    Attributes:
        substitutions: what stands for `${Name}` in its texts (`DefinitionSubstitutions`).
        missing: names that no state has, each with the place that names it.

    """

    template: Template
    substitutions: View
    steps: list[Step]
    missing: list[tuple[str, Span]]
    complete: bool = True

    def read(self, machine: View, within: tuple[str, ...] = ()) -> None:
        """Read the states of a machine: the whole definition, a branch of a Parallel or the inside of a Map."""
        if not self._is_mapping(machine) or not self._is_mapping(machine.get("States")):
            return
        entries = machine.get("States").entries()
        self.complete &= entries.complete
        states = {entry.key: entry for entry in entries}
        starts = tuple(self._named(machine.get("StartAt")))
        follow = {name: (*self._following(each.view), *self._fallbacks(each.view)) for name, each in states.items()}
        named = [*starts, *(each for names in follow.values() for each in names)]
        if entries.complete:
            self.missing.extend((name, at) for name, at in named if name and name not in states)
        # A name that cannot be told may be that of any state.
        certain = entries.complete and starts and all(name for name, _ in named)
        first = _names(starts)
        reached = _reached(first, {name: _names(each) for name, each in follow.items()})
        for name, entry in states.items():
            if len(self.steps) >= MAX_STATES:
                self._gap(entry.at, "the definition has too many states to be read")
                return
            self._add(entry, within, name in first, not certain or name in reached)

    def _add(self, entry: Entry, within: tuple[str, ...], first: bool, reachable: bool) -> None:
        view = View(self.template, entry.view.branches, entry.view.when, entry.at)
        if not self._is_mapping(view):
            return
        kind = self.filled(view.get("Type")).string()
        if not isinstance(kind, Known):
            self._gap(entry.at, f"the state `{entry.key}` has no `Type` that can be told")
            return
        resource = self.filled(view.get("Resource")).text()
        arguments = view.get("Arguments")
        arguments = arguments if arguments.present else view.get("Parameters")
        waits = transform(resource, self._waits_for_token)
        state = State(
            name=entry.key,
            type=kind.value,
            at=entry.at,
            within=within,
            resource=resource,
            target=self._target(resource, arguments, entry.at),
            waits_for_token=Known(False, entry.at) if isinstance(waits, Absent) else waits,
            timeout=self._seconds(view, "Timeout"),
            heartbeat=self._seconds(view, "Heartbeat"),
            retries=self._any(view.get("Retry"), entry.at),
            catches=self._catches(view, entry.at),
            next=_names(self._following(view)),
            first=first,
            reachable=reachable,
        )
        self.steps.append(Step(state, arguments, view.when))
        inside = (*within, entry.key)
        if kind.value == "Parallel":
            branches = view.get("Branches").items()
            self.complete &= branches.complete
            for branch in branches:
                self.read(branch, inside)
        if kind.value == "Map":
            processor = view.get("ItemProcessor")
            self.read(processor if processor.present else view.get("Iterator"), inside)

    def filled(self, view: View) -> View:
        """The place with the definition's own variables filled in."""
        branches: list[tuple[When, Settled]] = []
        for when, settled in view.branches:
            plain = self.template.plain(settled, view.lacks) if isinstance(settled, ScalarNode) else None
            if not isinstance(settled, ScalarNode) or not isinstance(plain, Known) or not _has_variable(plain.value):
                branches.append((when, settled))
                continue
            pieces = list(self._pieces(plain))
            filled = joined(pieces, plain.at, settled, self.template.conditions)
            branches.extend((when | more, each) for more, each in filled)
        return View(self.template, tuple(branches), view.when, view.lacks)

    def _pieces(self, known: Known[Text]) -> Iterator[tuple[str, tuple[tuple[When, Plain[Text]], ...]]]:
        """The parts of a text, each variable with what stands for it in every branch."""
        parts = pieces_of(known.value)
        for part in parts:
            if not isinstance(part, str):
                value: Text = Pattern((part,)) if isinstance(part, Hole) else part
                yield "", ((ALWAYS, Known(value, known.at, known.origin)),)
                continue
            end = 0
            for found in re.finditer(_VARIABLE, part):
                if found.start() > end:
                    yield "", ((ALWAYS, Known(part[end : found.start()], known.at, known.origin)),)
                end = found.end()
                yield self._variable(found[1] or found[2], known.at)
            if end < len(part):
                yield "", ((ALWAYS, Known(part[end:], known.at, known.origin)),)

    def _variable(self, name: str, at: Span) -> tuple[str, tuple[tuple[When, Plain[Text]], ...]]:
        view = self.substitutions.get(name)
        plains = [(when, self.template.plain(settled, view.lacks)) for when, settled in view.branches]
        unknown = Unknown(f"nothing here says what `{name}` is", at)
        return name, tuple((when, unknown if isinstance(each, Absent) else each) for when, each in plains)

    def _target(self, resource: Value[Text], arguments: View, at: Span) -> Value[Text]:
        """What a Task works on. Where the resource depends on a condition, so may its arguments: that is not told."""
        if not isinstance(resource, Known):
            return resource
        asked = integration(resource.value)
        if asked is None:
            return resource
        for name in _TARGETS.get(asked.service, ()):
            value = self.filled(arguments.get(name)).text()
            if arguments.get(f"{name}.$").present or _is_expression(value):
                return Unknown("it is taken from the input", at)
            if not isinstance(value, Absent):
                return value
        return Absent(at)

    def _waits_for_token(self, resource: Known[Text]) -> Plain[bool]:
        asked = integration(resource.value)
        if asked is not None:
            return Known(asked.pattern == "waitForTaskToken", resource.at, resource.origin)
        parts = pieces_of(resource.value)
        referred = any(
            isinstance(part, Ref) and self.template.is_type(part.id, "AWS::StepFunctions::Activity") for part in parts
        )
        activity = referred or any(isinstance(part, str) and ":activity:" in part for part in parts)
        return Known(activity, resource.at, resource.origin)

    def _seconds(self, view: View, what: str) -> Value[int]:
        taken = view.get(f"{what}SecondsPath")
        if taken.present:
            return Unknown("it is taken from the input", taken.at)
        return self.filled(view.get(f"{what}Seconds")).integer()

    def _catches(self, view: View, at: Span) -> Value[bool]:
        for name in ("ToleratedFailurePercentage", "ToleratedFailureCount"):
            for each in (view.get(name), view.get(f"{name}Path")):
                if each.present and not each.is_("0"):
                    return Known(True, each.at)
        return self._any(view.get("Catch"), at)

    def _any(self, view: View, at: Span) -> Value[bool]:
        """Whether a list has an item that is a mapping."""
        items = view.items()
        if any(isinstance(settled, MappingNode) for item in items for _, settled in item.branches):
            return Known(True, view.at)
        undecided = len(items) or not items.complete
        return Unknown("what it holds cannot be told", view.at) if undecided else Known(False, at)

    def _following(self, state: View) -> Iterator[tuple[str, Span]]:
        yield from self._named(state.get("Next"))
        for choice in state.get("Choices").items():
            yield from self._named(choice.get("Next"))
        yield from self._named(state.get("Default"))

    def _fallbacks(self, state: View) -> Iterator[tuple[str, Span]]:
        for catch in state.get("Catch").items():
            yield from self._named(catch.get("Next"))

    def _named(self, view: View) -> Iterator[tuple[str, Span]]:
        """The name of a state that stands at a place, in every branch; "" for one that cannot be told."""
        value = self.filled(view).string()
        known = list(known_values(value))
        yield from ((each.value, each.at) for each in known)
        if not known and view.present:
            yield "", view.at

    def _is_mapping(self, view: View) -> bool:
        """Whether a place holds a mapping in any branch; where it does not, that is noted."""
        found = False
        for _, settled in view.branches:
            if isinstance(settled, MappingNode):
                found = True
                continue
            if isinstance(settled, Unknown):
                self._gap(settled.at, settled.why)
            else:
                at = settled.at if isinstance(settled, Absent) else span(settled)
                self._gap(at, "a definition of a state machine needs a mapping here")
        return found

    def _gap(self, at: Span, why: str) -> None:
        self.complete = False
        if all(gap.at != at for gap in self.template.gaps):
            self.template.gaps.append(Gap(at, why))


def _has_variable(text: Text) -> bool:
    parts = pieces_of(text)
    return any(isinstance(part, str) and "$" in part and re.search(_VARIABLE, part) for part in parts)


def _is_expression(value: Value[Text]) -> bool:
    """Whether a text is JSONata."""
    return any(isinstance(known.value, str) and known.value.startswith("{%") for known in known_values(value))


def _names(named: Iterable[tuple[str, Span]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name, _ in named if name))


def _reached(starts: Iterable[str], follow: Mapping[str, tuple[str, ...]]) -> set[str]:
    """The states that any way leads to."""
    reached: set[str] = set()
    pending = list(starts)
    while pending:
        name = pending.pop()
        if name not in reached:
            reached.add(name)
            pending.extend(follow.get(name, ()))
    return reached
