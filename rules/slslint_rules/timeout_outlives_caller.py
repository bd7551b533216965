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
    Waiting,
    When,
    agree,
    cases,
    describe,
    record,
    rule,
)

TOLERANCE = 1.0
"""Seconds: 30 s behind the 29 s of an API is written everywhere and hardly ever hurts."""


@rule(
    Severity.WARNING,
    yields_place_to=("orchestration-in-code", "synchronous-chain", "recursive-invocation"),
    tags=("timeouts",),
)
def timeout_outlives_caller(app: App) -> Iterator[Finding]:
    """A function may run longer than whoever invokes it waits for the answer."""
    yield from _of_triggers(app)
    for waits in app.waits.values():
        for waiting in waits:
            yield from _of_function(waiting)


def _of_triggers(app: App) -> Iterator[Finding]:
    for function in app.functions:
        triggers = [each for each in app.triggers(function) if not _is_limited_elsewhere(app, function, each)]
        clashes = [clash for trigger in triggers for clash in _clashes(function, trigger)]
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


def _is_limited_elsewhere(app: App, function: Function, trigger: Trigger) -> bool:
    """Whether a step of a state machine waits less than another step does, which needs the function's whole time."""
    if trigger.source_kind is not Source.WORKFLOW:
        return False
    steps = (each for each in app.triggers(function) if each.source_kind is Source.WORKFLOW)
    return any(not any(_clashes(function, each)) for each in steps)


def _of_function(waiting: Waiting) -> Iterator[Finding]:
    """A function that waits for another must have time left when that one has used all of its own."""
    caller, target = waiting.function, waiting.target
    # Over an API it waits as long as the API does.
    if target is None or waiting.through or not agree(caller.when, target.when):
        return
    given = caller.when | target.when | waiting.when
    for when, (own, other) in cases(caller.timeout, target.timeout, given=given):
        if isinstance(own, Known) and isinstance(other, Known) and other.value >= own.value:
            as_long = "as long as" if other.value == own.value else "longer than"
            yield Finding(
                at=other.at,
                message=f"`{target.id}` may run for {other.value} s{describe(when | waiting.when)}, {as_long} "
                f"`{caller.id}`, which waits for it and is cut off after {own.value} s: then it runs on for nobody and "
                "is billed; give it less time than its caller",
                help=target.dialect.advise(Advice.LOWER_TIMEOUT, id=target.id, seconds=max(own.value - 1, 1)),
                function=target.id,
                related=(
                    Related(waiting.site.call.at, f"`{caller.id}` waits for `{target.id}` here"),
                    Related(own.at, f"`{caller.id}` is cut off after {own.value} s"),
                ),
                path=waiting.path,
                confidence=waiting.confidence,
            )
            return


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
    if caller is Source.WORKFLOW:
        return f"waits only {waits} s: its state fails or is retried while the function runs on and is billed"
    return f"waits only {waits} s: the caller gets an error while the function runs on and is billed"
