"""State machines that end where a call fails once, that wait for ever, or that cannot be deployed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from slslint.api import (
    Absent,
    Advice,
    App,
    Finding,
    Json,
    Kind,
    Related,
    Severity,
    State,
    Text,
    Value,
    Workflow,
    integration,
    known_values,
    listed,
    rule,
    surely,
    surely_not,
    written,
)

POLLED = (Kind.QUEUE, Kind.STREAM, Kind.TABLE)
"""What pipes read."""

LAMBDA_ERRORS = (
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
)
"""What AWS advises to retry whenever a task invokes a function."""


@rule(Severity.WARNING, tags=("workflows",))
def workflow_without_retry(app: App) -> Iterator[Finding]:
    """A state machine has tasks that nothing retries or catches, waits without end, or states that lead nowhere."""
    for workflow in app.deployment.workflows:
        yield from _defects(workflow)
        yield from _endless_waits(workflow)
        if not _is_retried(workflow, app):
            yield from _unguarded(workflow)


def _unguarded(workflow: Workflow) -> Iterator[Finding]:
    """One finding for all tasks of a workflow: they are mended alike."""
    states = {state.name: state for state in workflow.states}
    handlers = _handlers(workflow)
    tasks = [state for state in states.values() if state.type == "Task"]
    bare = [
        state
        for state in tasks
        if state.reachable and not handlers.intersection((state.name, *state.within)) and _is_bare(state, states)
    ]
    if not bare:
        return
    first = bare[0]
    share = f"{len(bare)} of the {len(tasks)} tasks" if len(bare) < len(tasks) else f"all {len(tasks)} tasks"
    if len(bare) == len(tasks) < 3:
        share = "the only task" if len(tasks) == 1 else "both tasks"
    yield Finding(
        at=first.at,
        message=f"{listed([state.name for state in bare])}, {share} of `{workflow.id}`, "
        f"{'has' if len(bare) == 1 else 'have'} neither `Retry` nor `Catch`: Step Functions retries nothing by itself, "
        "so one throttled or failed call ends the whole execution",
        help=workflow.dialect.advise(Advice.RETRY_TASK, id=first.name, lines=written(_retry(first), workflow.notation)),
        related=tuple(Related(state.at, f"nor has `{state.name}`") for state in bare[1:]),
    )


def _endless_waits(workflow: Workflow) -> Iterator[Finding]:
    if not isinstance(workflow.timeout, Absent):
        return
    for state in workflow.states:
        limits = (state.timeout, state.heartbeat)
        if not surely(state.waits_for_token) or not all(isinstance(limit, Absent) for limit in limits):
            continue
        yield Finding(
            at=state.at,
            message=f"`{state.name}` waits for its answer without `TimeoutSeconds` or `HeartbeatSeconds`: when "
            "nobody answers, the execution hangs for up to a year and nothing fails",
            help=workflow.dialect.advise(
                Advice.LIMIT_WAIT, id=state.name, lines=written({"TimeoutSeconds": 86400}, workflow.notation)
            ),
        )


def _defects(workflow: Workflow) -> Iterator[Finding]:
    for name, at in workflow.missing:
        yield Finding(
            at=at,
            message=f"`{workflow.id}` has no state `{name}` where this leads: Step Functions refuses the definition",
            help=f"name one of the states beside it, or add the state `{name}`",
        )
    for state in workflow.states:
        if not state.reachable:
            yield Finding(
                at=state.at,
                message=f"nothing leads to `{state.name}`: Step Functions refuses a definition with a state that "
                "cannot be reached",
                help=f"let `Next`, `Default`, a choice or a `Catch` lead to `{state.name}`, or remove it",
            )


def _handlers(workflow: Workflow) -> set[str]:
    """The states that only a failure leads to: they are what the workflow does about it."""
    follow = {state.name: state.next for state in workflow.states}
    pending = [state.name for state in workflow.states if state.first]
    usual: set[str] = set()
    while pending:
        name = pending.pop()
        if name not in usual:
            usual.add(name)
            pending.extend(follow.get(name, ()))
    return follow.keys() - usual


def _is_bare(state: State, states: Mapping[str, State]) -> bool:
    """Whether surely nothing retries or catches its failure, nor that of the states around it."""
    around = (states[name] for name in (state.name, *state.within) if name in states)
    return all(surely_not(each.retries) and surely_not(each.catches) for each in around)


def _is_retried(workflow: Workflow, app: App) -> bool:
    """Whether what runs the workflow retries it as a whole: a task that waits for it, or a pipe."""

    def runs(target: Value[Text]) -> bool:
        return any(each.id == workflow.id for each in app.targets(target))

    def is_polled(source: Value[Text]) -> bool:
        return any(each.kind in POLLED for each in app.targets(source))

    parents = (state for other in app.deployment.workflows for state in other.states if state.type == "Task")
    if any(runs(each.target) and not (surely_not(each.retries) and surely_not(each.catches)) for each in parents):
        return True
    # What a pipe reads comes again when the Express workflow that it waits for has failed.
    return not surely_not(workflow.express) and any(
        runs(each.target) and is_polled(each.source) for each in app.deployment.deliveries
    )


def _invokes(state: State) -> bool:
    """Whether a task runs a function."""
    for known in known_values(state.resource):
        asked = integration(known.value)
        return asked is None or asked.service == "lambda"
    return False


def _retry(state: State) -> Mapping[str, Json]:
    errors = LAMBDA_ERRORS if _invokes(state) else ("States.TaskFailed",)
    retry = {"ErrorEquals": errors, "IntervalSeconds": 2, "MaxAttempts": 3, "BackoffRate": 2}
    return {"Retry": (retry,), "Catch": ({"ErrorEquals": ("States.ALL",), "Next": "HandleFailure"},)}
