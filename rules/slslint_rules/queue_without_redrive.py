"""Queues in front of a function from which a message that always fails never leaves."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import Absent, Advice, App, Finding, Related, Severity, cases, describe, rule


@rule(Severity.WARNING, tags=("lost-events",))
def queue_without_redrive(app: App) -> Iterator[Finding]:
    """A queue that feeds a function has no redrive policy, so a message that always fails is never set aside."""
    told = set()
    for function in app.functions:
        for trigger, queue, given in app.feeds(function):
            if queue.id in told or app.is_dead_letter(queue):
                continue
            for when, (redrive,) in cases(queue.redrive, given=given):
                if not isinstance(redrive, Absent):
                    continue
                told.add(queue.id)
                yield Finding(
                    at=queue.at,
                    message=f"`{queue.id}` has no redrive policy{describe((given - queue.when) | when)}: a message "
                    f"that `{function.id}` cannot handle comes back until it expires, and then it is lost",
                    help=queue.dialect.advise(Advice.ADD_REDRIVE, id=queue.id),
                    function=function.id,
                    related=(Related(trigger.at, f"`{function.id}` reads the queue here"),),
                )
                break
