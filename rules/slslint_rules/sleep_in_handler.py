"""Invocations that only wait, and are paid for it."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import (
    PER_GB_SECOND,
    App,
    Code,
    Finding,
    Function,
    Known,
    Option,
    Pause,
    Related,
    Severity,
    Source,
    Variant,
    pauses,
    rule,
    seldom_invoked,
)

SELDOM = {Source.CUSTOM_RESOURCE, Source.CONFIG, Source.SECRET_ROTATION, Source.DEPLOYMENT_HOOK}
"""Sources that invoke so seldom that the bill hardly shows it."""

RUN_JOB = {
    "athena", "batch", "bedrock", "codebuild", "databrew", "ecs", "eks", "emr", "emr-containers", "emr-serverless",
    "glue", "mediaconvert", "sagemaker", "stepfunctions",
}  # fmt: skip
"""Services for which a Step Functions task can wait until the job is done."""


@rule(
    variants={
        "waiting": Variant(Severity.WARNING),
        "seldom-invoked": Variant(Severity.NOTE),
    },
    options={
        "seconds": Option("from how long on a sleep is reported", "seconds", least=0, most=900),
    },
    tags=("cost", "orchestration"),
)
def sleep_in_handler(app: App, *, seconds: float = 1) -> Iterator[Finding]:
    """A function sleeps, polls or waits for something to get ready, and every second of it is paid for."""
    for function, code in app.functions_with_code():
        for pause in pauses(app, function, code):
            if pause.kind == "sleep" and (pause.seconds is None or pause.seconds < seconds):
                continue
            yield Finding(
                at=pause.site.call.at,
                message=_message(function, pause),
                help=_help(app, function, pause),
                function=function.id,
                related=() if pause.asked is None else (Related(pause.asked.call.at, "this is asked again and again"),),
                path=pause.path,
                variant="seldom-invoked" if _seldom(app, function, code) else "waiting",
            )


def _message(function: Function, pause: Pause) -> str:
    if pause.kind == "waiter":
        return (
            f"`{function.id}` waits for `{pause.asks}` here: the SDK asks again and again, and the time in between is "
            "paid for; let an event or a state machine go on when it is so"
        )
    if pause.kind == "poll":
        every = "" if pause.seconds is None else f" every {pause.seconds:g} s"
        return (
            f"`{function.id}` asks `{pause.asks}`{every} until the answer changes, and pays for the time in between; "
            "let an event or a state machine go on when it is ready"
        )
    assert pause.seconds is not None
    again = " in every round of a loop" if pause.repeated else ""
    return (
        f"`{function.id}` sleeps for {pause.seconds:g} s{again}{_cost(function, pause.seconds)}; "
        "let a state machine, a queue or a schedule do the waiting"
    )


def _cost(function: Function, seconds: float) -> str:
    if not isinstance(function.memory, Known):
        return ", which is paid for like work"
    dollars = seconds * function.memory.value / 1024 * PER_GB_SECOND * 1_000_000
    amount = f"{dollars:,.0f}" if dollars >= 10 else f"{dollars:,.2f}"
    return f", which costs ${amount} for a million times at {function.memory.value:,} MB"


def _help(app: App, function: Function, pause: Pause) -> str:
    if any(trigger.source_kind is Source.WORKFLOW for trigger in app.triggers(function)):
        return (
            "end the function here, and let the state machine that runs it wait: in a Wait state, in a Choice that "
            "goes back to it until an answer changes, or in a task that ends in `.sync`"
        )
    if pause.kind == "sleep":
        return (
            "end the function here and let the next step begin later: a Wait state of Step Functions, `DelaySeconds` "
            "of an SQS message, or a one-time schedule of EventBridge Scheduler"
        )
    service = pause.asks.partition(":")[0]
    if service in RUN_JOB:
        return (
            "end the function when the job has started: a Step Functions task that ends in `.sync` waits for it for "
            "nothing, and an EventBridge rule can invoke a function when it is done"
        )
    return (
        "end the function when the work has started, and go on in another one: invoked by the event that says that it "
        "is done, or by Step Functions, with a Wait state between two questions"
    )


def _seldom(app: App, function: Function, code: Code) -> bool:
    triggers = app.triggers(function)
    return all(each.source_kind in SELDOM for each in triggers) if triggers else seldom_invoked(code)
