"""Functions that put other functions in order, which a state machine does without being paid for waiting."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import (
    App,
    Finding,
    Orchestration,
    Related,
    Severity,
    Step,
    listed,
    orchestrations,
    rule,
    written,
)


@rule(Severity.WARNING, tags=("orchestration", "cost"))
def orchestration_in_code(app: App) -> Iterator[Finding]:
    """A function invokes others one after the other, each told by the answer of one before: a workflow in code."""
    for found in orchestrations(app):
        yield Finding(
            at=found.steps[0].at,
            message=_message(found),
            help="let a state machine of Step Functions take the steps; to start from:\n"
            + written(found.skeleton(), found.function.dialect.notation),
            function=found.function.id,
            related=tuple(_related(found)),
            path=tuple(_path(found)),
            confidence=min(step.confidence for step in found.steps),
        )


def _message(found: Orchestration) -> str:
    names = listed(list(dict.fromkeys(_name(step) for step in found.steps)), 5)
    told = next(step for step in found.steps if step.before)
    how = "as their answers decide" if found.chooses else "one after the other"
    waits = "" if found.seconds is None else f" (up to {found.seconds} s)"
    return (
        f"`{found.function.id}` invokes {names} {how}, and {_depends(told)}: a workflow in code is paid "
        f"for while it waits{waits}, and forgets where it was when it fails; let a state machine invoke them"
    )


def _name(step: Step) -> str:
    return step.name or "another function"


def _depends(step: Step) -> str:
    if step.fed_by:
        return f"`{_name(step)}` gets the answer of `{_name(step.fed_by[-1])}`"
    if step.told_by:
        return f"the answer of `{_name(step.told_by[0][0])}` decides whether `{_name(step)}` follows"
    return f"`{_name(step)}` follows when `{_name(step.before[-1])}` has failed"


def _said(step: Step) -> str:
    return f"invokes `{_name(step)}`" + (f": {_depends(step)}" if step.before else "")


def _path(found: Orchestration) -> Iterator[Related]:
    yield from found.steps[0].invocation.code.path_to(found.place)
    yield from (Related(step.at, _said(step)) for step in found.steps)


def _related(found: Orchestration) -> Iterator[Related]:
    """The other steps, and the invocations that helpers make for them."""
    seen = {found.steps[0].at}
    for step in found.steps:
        if step.at not in seen:
            yield Related(step.at, _said(step))
        seen.add(step.at)
    for at in dict.fromkeys(step.invocation.call.at for step in found.steps):
        if at not in seen:
            yield Related(at, "the invocation itself")
