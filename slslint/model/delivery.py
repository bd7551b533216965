"""How events get from one resource to the next, and which of them do."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TypeAlias

from slslint.model.dialect import Dialect
from slslint.model.reference import Hole, Pattern, Ref, Text, show
from slslint.record import field, record
from slslint.source import Span
from slslint.value import ALWAYS, Value, When

Data: TypeAlias = Text | Hole | int | float | bool | tuple["Data", ...] | Mapping[str, "Data"] | None
"""JSON in a template; its texts may have references in them, and a Hole stands for what cannot be decided."""


class Over(Enum):
    """What the patterns of a filter are about."""

    EVENT = "event"
    """EventBridge's event, or the record of a stream or queue as a function sees it."""
    ATTRIBUTES = "attributes"
    """The attributes of a message (SNS, unless told otherwise)."""
    BODY = "body"
    """The message itself, read as JSON."""


@record()
class Filter:
    """Which events come through: those that every part of the filter lets through.

    Attributes:
        prefix, suffix: of an object's key; "" lets all through.
        events: which kinds of events, as their source spells them ("s3:ObjectCreated:*"); empty: all.
        patterns: event patterns (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html) of
            which one must match; empty: all do. `over` is what they are about.
        terms: a filter in CloudWatch Logs' own language: "ERROR", "{ $.level = 50 }"; "" lets all through.
        complete: False when it may keep out more than is in sight.

    """

    prefix: Text = ""
    suffix: Text = ""
    events: tuple[str, ...] = ()
    patterns: tuple[Mapping[str, Data], ...] = ()
    over: Over = Over.EVENT
    terms: Text = ""
    complete: bool = True

    @property
    def written(self) -> tuple[str, ...]:
        """What is written, for people: "prefix uploads/", a pattern as JSON."""
        keys = (("prefix", self.prefix), ("suffix", self.suffix))
        named = [f"{name} {show(text)}" for name, text in keys if text]
        return (*named, *map(_as_json, self.patterns), *([show(self.terms)] if self.terms else ()))


EVERYTHING = Filter()


def _as_json(pattern: Mapping[str, Data]) -> str:
    import json  # costs 3 ms, and few runs show a pattern

    def text(value: object) -> object:
        match value:
            case Hole(name):
                return f"${{{name}}}"
            case Ref() | Pattern():
                return show(value)
        raise TypeError(value)

    return json.dumps(pattern, separators=(",", ":"), default=text)


class Cause(Enum):
    """Why a resource hands something on. The value is a verb for people: "`Orders` passes events on to `Ship`"."""

    EVENT = "passes events on to"
    """What happens at the source, or is sent to it: a subscription, a rule's match, a notification, a schedule."""
    FAILURE = "fails to"
    """What could not be processed: a dead-letter queue, a redrive policy, an on-failure destination."""
    SUCCESS = "reports to"
    """A result: an on-success destination."""
    STEP = "runs"
    """A step of a state machine."""


@record()
class Delivery:
    """One way in which a resource hands something on to another that is no function of the unit (for those see
    Trigger: also of a function that gets what another one failed on, whose `event` is then "OnFailure").

    The source of a failure is what failed: the function, also where the mapping that feeds it names the target; the
    queue, workflow, or what could not deliver.

    Attributes:
        at: where it is written. source, target: Absent for the account's default event bus.
        waits: the source waits for the target to finish: a state machine that runs another one `.sync`.
        dead_letter: where what cannot be delivered goes; None where this kind of delivery has no such setting.
        dialect: the words of those who wrote it, where the template's own are others.

    """

    cause: Cause
    source: Value[Text]
    target: Value[Text]
    at: Span
    filter: Filter = field(default_factory=lambda: EVERYTHING)
    waits: bool = False
    dead_letter: Value[Text] | None = None
    when: When = ALWAYS
    dialect: Dialect | None = None
