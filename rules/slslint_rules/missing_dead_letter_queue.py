"""Functions that lose the events they fail on, because nothing catches failed asynchronous invocations."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import (
    Absent,
    Advice,
    App,
    Finding,
    Function,
    Invocation,
    Related,
    Severity,
    Source,
    Trigger,
    Variant,
    When,
    agree,
    cases,
    describe,
    rule,
)

KEEPS_TRACK = {Source.CUSTOM_RESOURCE, Source.SECRET_ROTATION}
"""They invoke asynchronously, but wait for the outcome by other means and act on a failure themselves."""


@rule(
    variants={"event": Variant(Severity.WARNING), "schedule-only": Variant(Severity.NOTE)},
    tags=("lost-events",),
)
def missing_dead_letter_queue(app: App) -> Iterator[Finding]:
    """A function is invoked asynchronously and has neither a dead-letter queue nor an on-failure destination."""
    for function in app.functions:
        losing = [(trigger, when) for trigger in app.triggers(function) for when in _loses(function, trigger)]
        if not losing:
            continue
        scheduled = all(trigger.source_kind is Source.SCHEDULE for trigger, _ in losing)
        trigger, when = next(each for each in losing if scheduled or each[0].source_kind is not Source.SCHEDULE)
        invoker = trigger.source_kind.value
        lost = "the run is dropped and nobody is told" if scheduled else "the event is lost"
        yield Finding(
            at=function.at,
            message=f"{invoker} invokes `{function.id}` asynchronously, and it has neither a dead-letter queue nor an "
            f"on-failure destination{describe(when)}: when its retries fail too, {lost}",
            help=function.dialect.advise(Advice.ADD_DEAD_LETTER_QUEUE, id=function.id),
            function=function.id,
            related=(Related(trigger.at, f"{invoker} invokes `{function.id}` here"),),
            variant="schedule-only" if scheduled else "event",
        )


def _loses(function: Function, trigger: Trigger) -> Iterator[When]:
    """The cases in which an event of this trigger gets lost when the function fails; at most one."""
    if trigger.invocation is not Invocation.ASYNC or trigger.source_kind in KEEPS_TRACK:
        return
    if not agree(function.when, trigger.when):
        return
    given = function.when | trigger.when
    for when, settings in cases(function.dead_letter, function.on_failure, given=given):
        if all(isinstance(setting, Absent) for setting in settings):
            yield when | (trigger.when - function.when)
            return
