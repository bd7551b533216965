"""Functions that may run on after their caller has given up."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import (
    Advice,
    App,
    Finding,
    Function,
    Invocation,
    Known,
    Related,
    Severity,
    Source,
    Trigger,
    When,
    agree,
    cases,
    describe,
    record,
    rule,
)

TOLERANCE = 1.0
"""Seconds: 30 s behind the 29 s of an API is written everywhere and hardly ever hurts."""


@rule(Severity.WARNING, tags=("timeouts",))
def timeout_outlives_caller(app: App) -> Iterator[Finding]:
    """A function may run longer than whoever invokes it waits for the answer."""
    for function in app.functions:
        clashes = [clash for trigger in app.triggers(function) for clash in _clashes(function, trigger)]
        if not clashes:
            continue
        worst = min(clashes, key=lambda clash: clash.waits)
        timeout, waits, caller = worst.timeout.value, f"{worst.waits:g}", worst.trigger.source_kind
        yield Finding(
            at=worst.timeout.at,
            message=f"`{function.id}` may run for {timeout} s{describe(worst.when)}, but {caller.value} "
            f"{_consequence(caller, waits)}; at most {waits} s make sense",
            help=function.dialect.advise(Advice.LOWER_TIMEOUT, id=function.id, seconds=int(worst.waits)),
            function=function.id,
            related=(Related(worst.trigger.at, f"{caller.value} invokes `{function.id}` here and waits {waits} s"),),
        )


@record()
class _Clash:
    trigger: Trigger
    when: When
    timeout: Known[int]
    waits: float


def _clashes(function: Function, trigger: Trigger) -> Iterator[_Clash]:
    if trigger.invocation is not Invocation.WAITS or not agree(function.when, trigger.when):
        return
    beyond = trigger.when - function.when
    for when, (timeout, waits) in cases(function.timeout, trigger.caller_waits, given=function.when | trigger.when):
        if isinstance(timeout, Known) and isinstance(waits, Known) and timeout.value > waits.value + TOLERANCE:
            yield _Clash(trigger, when | beyond, timeout, waits.value)


def _consequence(caller: Source, waits: str) -> str:
    if caller is Source.USER_POOL:
        return f"waits {waits} s, invokes it again up to twice, and then fails the user's request"
    if caller is Source.EDGE:
        return f"accepts no function with more than {waits} s, so the deployment fails"
    return f"waits only {waits} s: the caller gets an error while the function runs on and is billed"
