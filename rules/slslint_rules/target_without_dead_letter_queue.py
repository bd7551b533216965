"""Rules, schedules and subscriptions that drop what they cannot deliver."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import (
    Absent,
    Advice,
    App,
    Cause,
    Dialect,
    Finding,
    Kind,
    Severity,
    Span,
    Text,
    Value,
    When,
    describe,
    known_values,
    record,
    rule,
    show,
    where,
)

TIMED = {Kind.RULE: "this rule", Kind.SCHEDULE: "this schedule"}
"""What delivers on behalf of EventBridge or its Scheduler; other sources are topics with their subscriptions."""


@rule(Severity.NOTE, preset="strict", tags=("lost-events",))
def target_without_dead_letter_queue(app: App) -> Iterator[Finding]:
    """A rule's target, a schedule or a subscription has no dead-letter queue for what it cannot deliver."""
    told = set()
    for way in _ways(app):
        when = where(lambda letters: isinstance(letters, Absent), way.dead_letter, given=way.when)
        if when is None or way.at in told:
            continue
        told.add(way.at)
        sender = next(app.targets(way.source), None)
        branch = describe(when)
        if sender is not None and sender.kind in TIMED:
            advice, about = Advice.ADD_TARGET_DEAD_LETTERS, sender.id
            # Dialects give names that nobody knows to what they make of an event.
            named = TIMED[sender.kind] if sender.at == way.at else f"`{sender.id}`"
            message = (
                f"{named} has no dead-letter queue for {way.target}{branch}: what cannot be delivered is "
                "dropped, at once when the target is gone or refuses it, else after 24 hours or 185 attempts at most"
            )
        else:
            advice, about = Advice.ADD_SUBSCRIPTION_DEAD_LETTERS, way.target.partition("`")[2].rstrip("`")
            message = (
                f"the subscription of {way.target} has no dead-letter queue{branch}: a message that cannot be "
                "delivered is dropped, at once when the subscriber is gone or refuses it, else after its retries"
            )
        # There is no word for what to add to the subscription of something that has no name.
        dialect = (way.dialect or _dialect(app, way)) if about else None
        yield Finding(
            at=way.at,
            message=message,
            help="" if dialect is None else dialect.advise(advice, id=about),
            function=way.function,
        )


@record()
class _Way:
    """Something that delivers, and may have a dead-letter queue for what it cannot deliver."""

    at: Span
    source: Value[Text]
    target: str
    """For people, in backticks where it has a name."""
    dead_letter: Value[Text]
    when: When
    dialect: Dialect | None
    function: str | None = None


def _ways(app: App) -> Iterator[_Way]:
    for trigger in app.deployment.triggers:
        if trigger.dead_letter is not None:
            function = trigger.function
            named, words = f"`{function}`", trigger.dialect
            yield _Way(trigger.at, trigger.source, named, trigger.dead_letter, trigger.when, words, function)
    for delivery in app.deployment.deliveries:
        if delivery.dead_letter is not None and delivery.cause is Cause.EVENT:
            resource = next(app.targets(delivery.target), None)
            named = f"`{resource.id}`" if resource is not None else _shown(delivery.target)
            yield _Way(delivery.at, delivery.source, named, delivery.dead_letter, delivery.when, delivery.dialect)


def _shown(text: Value[Text]) -> str:
    return next((f"`{show(known.value)}`" for known in known_values(text)), "a target that is not in sight")


def _dialect(app: App, way: _Way) -> Dialect | None:
    """The words of the template: of the function that is invoked, or of anything that has a dialect."""
    functions = (each.dialect for each in app.functions if way.function in (None, each.id))
    return next(functions, None) or next((queue.dialect for queue in app.deployment.queues), None)
