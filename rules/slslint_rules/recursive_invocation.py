"""Functions that invoke themselves."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import (
    App,
    CallGraph,
    Confidence,
    Edge,
    Finding,
    Function,
    Related,
    Severity,
    Variant,
    Verb,
    at_worst,
    detection_is_off,
    looked_up,
    loop_bound,
    rule,
)


@rule(
    variants={
        "unbounded": Variant(Severity.ERROR),
        "bounded": Variant(Severity.NOTE),
        "allowed": Variant(Severity.NOTE),
    },
    tags=("recursion", "cost"),
)
def recursive_invocation(app: App) -> Iterator[Finding]:
    """A function invokes itself."""
    for function, code in app.functions_with_code() if app.may_lead_on else ():
        for edge in app.graph.leaving(function.id, Verb.INVOKES):
            call = edge.call
            if call is None or edge.site is None or not _is_of_itself(edge):
                continue
            if not code.keep(CallGraph).from_handler(edge.site):
                continue
            message = call.argument("Payload") or call.argument("InvokeArgs")
            bound = loop_bound(code, edge.site, message) or looked_up(edge)
            yield Finding(
                at=edge.at,
                message=_bounded(function, bound.why) if bound is not None else _unbounded(function),
                help="send the rest of the work to a queue that invokes the function, or let a Step Functions state "
                "machine repeat it: both stop, and both can be stopped"
                if bound is None
                else "make sure that no input can keep it from ending; a queue or a Step Functions state machine can "
                "be stopped from outside",
                function=function.id,
                related=() if bound is None else (Related(bound.at, "this ends it"),),
                path=edge.proof,
                variant="bounded" if bound is not None else "allowed" if detection_is_off(function) else "unbounded",
            )


def _is_of_itself(edge: Edge) -> bool:
    """Whether a call surely invokes the function that it stands in, and not only some other one as well."""
    own = edge.call is not None and edge.call.service == "lambda" and edge.source.id == edge.target.id
    return own and edge.confidence is Confidence.HIGH


def _bounded(function: Function, why: str) -> str:
    return (
        f"`{function.id}` invokes itself; {why} ends it, so one wrong value there makes it run for ever; "
        "prefer a queue or a state machine"
    )


def _unbounded(function: Function) -> str:
    message = f"`{function.id}` invokes itself and nothing that changes on the way ends it"
    if detection_is_off(function):
        message += "; AWS's own loop detection is switched off for it"
    return f"{message}: {at_worst((function,))}; use a queue or a state machine"
