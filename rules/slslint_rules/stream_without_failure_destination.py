"""Streams whose records are lost, or stand in the way of all others, when the function cannot handle them."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import (
    Absent,
    Advice,
    App,
    Batch,
    Finding,
    Function,
    Known,
    Related,
    Severity,
    Source,
    Variant,
    describe,
    rule,
    where,
)

STREAMS = {Source.DATA_STREAM: "shard", Source.TABLE_STREAM: "shard", Source.KAFKA: "partition"}
"""What keeps the order of its records, and so stands still."""


@rule(
    variants={
        "blocks": Variant(Severity.WARNING),
        "loses": Variant(Severity.WARNING),
        "in-a-branch": Variant(Severity.NOTE, "strict"),
    },
    tags=("lost-events",),
)
def stream_without_failure_destination(app: App) -> Iterator[Finding]:
    """A function reads a stream, and what it cannot handle goes nowhere: it blocks the stream and then is lost."""
    for function in app.functions:
        for trigger in app.triggers(function):
            batch, part = trigger.batch, STREAMS.get(trigger.source_kind)
            if batch is None or part is None:
                continue
            given = function.when | trigger.when
            when = where(lambda target: isinstance(target, Absent), batch.on_failure, given=given)
            if when is None:
                continue
            endless = _endless(batch)
            yield Finding(
                at=trigger.at,
                message=f"what `{function.id}` cannot handle from {trigger.source_kind.value} has no on-failure "
                f"destination{describe((trigger.when - function.when) | when)}: "
                + (
                    f"it is retried until it expires, and its {part} stands still for so long; then it is lost"
                    if endless
                    else f"it is lost when {_end(batch)}"
                ),
                help=function.words_of(trigger).advise(Advice.ADD_FAILURE_DESTINATION, id=function.id),
                function=function.id,
                related=tuple(_useless(function)),
                variant="in-a-branch" if when else "blocks" if endless else "loses",
            )


def _endless(batch: Batch) -> bool:
    """Whether a record is surely retried for as long as it exists."""
    return all(isinstance(limit, Known) and limit.value == -1 for limit in (batch.retries, batch.age))


def _end(batch: Batch) -> str:
    """When a record is given up, for people."""
    ends = []
    if isinstance(batch.retries, Known) and batch.retries.value >= 0:
        count = batch.retries.value
        ends.append(f"{count} {'retry has' if count == 1 else 'retries have'} failed")
    if isinstance(batch.age, Known) and batch.age.value >= 0:
        ends.append(f"it is {batch.age.value} s old")
    return " or ".join(ends) or "its retries have failed"


def _useless(function: Function) -> Iterator[Related]:
    """The settings that look as if they caught the records, and do not."""
    for setting, name in ((function.dead_letter, "dead-letter queue"), (function.on_failure, "on-failure destination")):
        if isinstance(setting, Known):
            yield Related(
                setting.at, f"this {name} takes failed asynchronous invocations only, and no record of a stream"
            )
