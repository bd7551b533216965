"""Functions that run with the provider's default timeout because nobody chose one."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import (
    Advice,
    App,
    Finding,
    Function,
    Known,
    Origin,
    Plain,
    Related,
    Severity,
    Variant,
    describe,
    known_values,
    rule,
    where,
)

USUAL = 30
"""Seconds to suggest where nothing limits the function."""


@rule(
    variants={"everywhere": Variant(Severity.WARNING), "in-a-branch": Variant(Severity.NOTE, "strict")},
    tags=("timeouts",),
)
def missing_timeout(app: App) -> Iterator[Finding]:
    """A function sets no timeout, nor does anything it inherits from, so the provider's default stops it."""
    for function in app.functions:
        when = where(_is_default, function.timeout, given=function.when)
        if when is None:
            continue
        default = next(each.value for each in known_values(function.timeout) if _is_default(each))
        misplaced = function.misplaced.get("Timeout")
        but = "" if misplaced is None else ", for the one outside its properties does nothing"
        yield Finding(
            at=function.at,
            message=f"`{function.id}` sets no timeout{describe(when)}{but}, so it is stopped after the default "
            f"{default} s whatever it is doing; set one that fits its work",
            help=function.dialect.advise(Advice.SET_TIMEOUT, id=function.id, seconds=_fitting(app, function)),
            function=function.id,
            related=() if misplaced is None else (Related(misplaced, "this is no property of the function"),),
            variant="in-a-branch" if when else "everywhere",
        )


def _is_default(timeout: Plain[int]) -> bool:
    return isinstance(timeout, Known) and timeout.origin is Origin.DEFAULT


def _fitting(app: App, function: Function) -> int:
    """The longest timeout that nothing which invokes the function contradicts, and at most the usual one."""
    limits = [USUAL]
    for trigger in app.triggers(function):
        limits += [int(waits.value) for waits in known_values(trigger.caller_waits)]
    for trigger, queue, _ in app.feeds(function):
        windows = known_values(trigger.batch.window) if trigger.batch is not None else ()
        longest = max((window.value for window in windows), default=0)
        limits += [(visible.value - longest) // 6 for visible in known_values(queue.visibility_timeout)]
    return max(1, min(limits))
