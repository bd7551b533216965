"""Queues that hand a message out again while the function still works on it."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import (
    Advice,
    App,
    Finding,
    Function,
    Known,
    Origin,
    Queue,
    Related,
    Severity,
    Span,
    Trigger,
    Variant,
    When,
    cases,
    describe,
    rule,
)

SAFE = 6
"""Times the function's timeout: what AWS asks for, so that batches which were throttled can be tried again.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
"""


@rule(
    variants={"too-early": Variant(Severity.WARNING), "refused": Variant(Severity.ERROR)},
    tags=("timeouts", "lost-events"),
)
def queue_redelivers_in_flight(app: App) -> Iterator[Finding]:
    """A queue's visibility timeout is shorter than its function needs, so messages are handed out again too early."""
    found = []
    slowest: dict[Span, tuple[int, str]] = {}
    for function in app.functions:
        for trigger, queue, given in app.feeds(function):
            worst = max(_clashes(function, trigger, queue, given), key=lambda clash: clash[:2], default=None)
            if worst is not None:
                _, needed, _, _, visibility, _ = worst
                found.append((function, trigger, queue, given, worst))
                slowest[visibility.at] = max(slowest.get(visibility.at, (0, "")), (needed, function.id))
    for function, trigger, queue, given, (refused, needed, when, timeout, visibility, window) in found:
        default = "the default " if visibility.origin is Origin.DEFAULT else ""
        batching = f" and a batching window of {window.value} s" if window.value else ""
        consequence = (
            f"before `{function.id}` can finish ({timeout.value} s timeout{batching}), so AWS refuses the mapping and "
            "the deployment fails"
            if refused
            else f"too early for `{function.id}` to finish or retry a batch ({timeout.value} s timeout{batching})"
        )
        most, who = slowest[visibility.at]
        yield Finding(
            at=visibility.at,
            message=f"messages reappear after {default}{visibility.value} s{describe((given - queue.when) | when)}, "
            f"{consequence}; needs {needed} s" + (f", and {most} s for `{who}`" if most > needed else ""),
            help=queue.dialect.advise(Advice.SET_VISIBILITY_TIMEOUT, id=queue.id, seconds=most),
            function=function.id,
            related=(
                Related(timeout.at, f"`{function.id}` may run for {timeout.value} s"),
                Related(trigger.at, f"`{function.id}` reads `{queue.id}` here"),
            ),
            variant="refused" if refused else "too-early",
        )


def _clashes(
    function: Function, trigger: Trigger, queue: Queue, given: When
) -> Iterator[tuple[bool, int, When, Known[int], Known[int], Known[int]]]:
    """Whether AWS refuses it, and the seconds that the queue would have to wait; of each branch in which it does not.

    Then the branch, the timeout, the visibility timeout and the batching window in it.
    """
    if trigger.batch is None:
        return
    settings = (function.timeout, queue.visibility_timeout, trigger.batch.window)
    for when, (timeout, visibility, window) in cases(*settings, given=given):
        if not isinstance(timeout, Known) or not isinstance(visibility, Known) or not isinstance(window, Known):
            continue
        needed = SAFE * timeout.value + window.value
        if visibility.value < needed:
            yield visibility.value < timeout.value, needed, when, timeout, visibility, window
