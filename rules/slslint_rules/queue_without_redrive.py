"""Queues in front of a function from which a message that always fails never leaves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slslint.api import (
    Absent,
    Advice,
    App,
    Finding,
    Queue,
    Related,
    Severity,
    Variant,
    describe,
    known_values,
    rule,
    show,
    where,
)

DEAD_LETTERS = re.compile(r"dlq|dead.?letter", re.IGNORECASE)
"""Names that people give to dead-letter queues."""


@rule(
    variants={"everywhere": Variant(Severity.WARNING), "in-a-branch": Variant(Severity.NOTE, "strict")},
    tags=("lost-events",),
)
def queue_without_redrive(app: App) -> Iterator[Finding]:
    """A queue that feeds a function has no redrive policy, so a message that always fails is never set aside."""
    told = set()
    for function in app.functions:
        for trigger, queue, given in app.feeds(function):
            if queue.id in told or app.is_dead_letter(queue) or _called_so(queue):
                continue
            when = where(lambda redrive: isinstance(redrive, Absent), queue.redrive, given=given)
            if when is None:
                continue
            told.add(queue.id)
            yield Finding(
                at=queue.at,
                message=f"`{queue.id}` has no redrive policy{describe((given - queue.when) | when)}: a message "
                f"that `{function.id}` cannot handle comes back until it expires, and then it is lost",
                help=queue.dialect.advise(Advice.ADD_REDRIVE, id=queue.id),
                function=function.id,
                related=(Related(trigger.at, f"`{function.id}` reads the queue here"),),
                variant="in-a-branch" if when else "everywhere",
            )


def _called_so(queue: Queue) -> bool:
    """Whether its name says that it is a dead-letter queue, which something out of sight then uses."""
    return any(
        DEAD_LETTERS.search(name) for name in (queue.id, *(show(each.value) for each in known_values(queue.name)))
    )
