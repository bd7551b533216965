"""Functions that lose the events they fail on, because nothing catches failed asynchronous invocations."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import (
    ALWAYS,
    Absent,
    Advice,
    App,
    Constant,
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
    describe,
    record,
    rule,
    where,
)

KEEPS_TRACK = {Source.CUSTOM_RESOURCE, Source.SECRET_ROTATION}
"""They invoke asynchronously, but wait for the outcome by other means and act on a failure themselves."""


@rule(
    variants={
        "event": Variant(Severity.WARNING),
        "schedule-only": Variant(Severity.NOTE),
        "in-a-branch": Variant(Severity.NOTE, "strict"),
    },
    tags=("lost-events",),
)
def missing_dead_letter_queue(app: App) -> Iterator[Finding]:
    """A function is invoked asynchronously and has neither a dead-letter queue nor an on-failure destination."""
    senders = _senders(app)
    for function in app.functions:
        found = [(sender, _uncaught(function, sender.when)) for sender in senders.get(function.id, ())]
        losses = [(sender, when) for sender, when in found if when is not None]
        if not losses:
            continue
        # What is lost whatever the conditions are says more.
        losses = [loss for loss in losses if not loss[1]] or losses
        scheduled = all(sender.scheduled for sender, _ in losses)
        sender, when = next(each for each in losses if each[0].scheduled is scheduled)
        lost = "the run is dropped and nobody is told" if scheduled else "the event is lost"
        branch = describe(when | (sender.when - function.when))
        yield Finding(
            at=function.at,
            message=f"{sender.name} invokes `{function.id}` asynchronously, and it has neither a dead-letter queue nor "
            f"an on-failure destination{branch}: when its retries fail too, {lost}",
            help=function.dialect.advise(Advice.ADD_DEAD_LETTER_QUEUE, id=function.id),
            function=function.id,
            related=(sender.at,),
            variant="in-a-branch" if when else "schedule-only" if scheduled else "event",
        )


@record()
class _Sender:
    """Somebody who invokes a function asynchronously."""

    name: str
    at: Related
    when: When = ALWAYS
    scheduled: bool = False


def _senders(app: App) -> dict[str, list[_Sender]]:
    """Who invokes which function: what the template names, and the code of other functions."""
    senders: dict[str, list[_Sender]] = {}
    for trigger in app.deployment.triggers:
        if trigger.invocation is Invocation.ASYNC and not _cared_for(trigger):
            name = trigger.source_kind.value
            at = Related(trigger.at, f"{name} invokes `{trigger.function}` here")
            sender = _Sender(name, at, trigger.when, trigger.source_kind is Source.SCHEDULE)
            senders.setdefault(trigger.function, []).append(sender)
    for function, code in app.functions_with_code():
        for site in code.sites():
            call = site.sdk
            if call is None or call.service != "lambda" or call.argument("InvocationType") != Constant("Event"):
                continue
            target = call.argument("FunctionName")
            invoked = app.names(function, target) if target is not None else None
            if invoked is not None and invoked.id != function.id:
                at = Related(site.call.at, f"`{function.id}` invokes `{invoked.id}` here and does not wait")
                senders.setdefault(invoked.id, []).append(_Sender(f"`{function.id}`", at, function.when))
    return senders


def _cared_for(trigger: Trigger) -> bool:
    """Whether failures of what is invoked are no loss; so of a function that itself receives another one's failures."""
    return trigger.source_kind in KEEPS_TRACK or trigger.event == "OnFailure"


def _uncaught(function: Function, invoked: When) -> When | None:
    """The case in which nothing catches an event that is sent when `invoked` holds; None when something always does."""
    given = function.when | invoked
    if not agree(given, given):
        return None
    return where(_all_absent, function.dead_letter, function.on_failure, given=given)


def _all_absent(*settings: object) -> bool:
    return all(isinstance(setting, Absent) for setting in settings)
