"""Functions that start themselves again by way of what they write."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import (
    Advice,
    App,
    Bound,
    Confidence,
    Edge,
    Finding,
    Kind,
    Loop,
    Related,
    Severity,
    Variant,
    Verb,
    at_worst,
    back_to_origin,
    rule,
)

REMEDIES = {
    Kind.BUCKET: "write to another bucket, or under a prefix that the notification's filter leaves out",
    Kind.QUEUE: "send it to another queue; to try a message again, raise, or report it in `batchItemFailures`: then "
    "the queue counts the attempts and its redrive policy ends them",
    Kind.TOPIC: "publish to another topic, or let a filter policy of the subscription leave out what is sent here",
    Kind.TABLE: "write to another table, or let the mapping's filter criteria leave out what is written here: by "
    "`eventName`, or by an attribute that this write sets",
    Kind.STREAM: "put it into another stream, or let the mapping's filter criteria leave out what is put here",
    Kind.BUS: "give the event a source or detail-type that the rule's pattern leaves out",
    Kind.API: "call the code behind the API instead of the API",
    Kind.LOG_GROUP: "take the function's own log group out of the subscription",
}

ADVICE = {Kind.BUCKET: Advice.FILTER_OBJECTS, Kind.TABLE: Advice.FILTER_RECORDS}
"""What the template can do where the last write itself triggers the first function."""


@rule(
    variants={
        "unbounded": Variant(Severity.ERROR),
        "bounded": Variant(Severity.NOTE),
        "allowed": Variant(Severity.NOTE),
        "possible": Variant(Severity.NOTE),
    },
    tags=("recursion", "cost"),
)
def event_loop(app: App) -> Iterator[Finding]:
    """Functions and what they write to trigger each other in a circle."""
    for loop in app.loops:
        variant = _variant(loop)
        closing = loop.closing
        names = [function.id for function in loop.functions]
        own = closing.source.id if closing.source.id in names else next(iter(names), None)
        yield Finding(
            at=closing.at,
            message=_message(loop, variant),
            help=_help(loop, variant),
            function=own,
            related=_ends(loop.bound),
            path=_path(loop),
            confidence=loop.confidence,
            variant=variant,
            also=tuple(name for name in names if name != own),
        )
    yield from _named_by_event(app)


def _variant(loop: Loop) -> str:
    if loop.bound is not None:
        return "bounded"
    if loop.allowed is not None:
        return "allowed"
    return "possible" if loop.confidence is Confidence.LOW else "unbounded"


def _message(loop: Loop, variant: str) -> str:
    story = f"{_story(loop)} again"
    if variant == "allowed":
        return f"{story}; {_detection(loop)}: {at_worst(loop.functions)}"
    if loop.bound is not None and any(edge.at == loop.bound.at for edge in loop.edges if edge.verb is Verb.FAILS_TO):
        return f"{story}; {loop.bound.why}, but what fails always does so for ever; {_detection(loop)}"
    if loop.bound is not None:
        return f"{story}; {loop.bound.why} ends it, so one wrong value there makes it run for ever; {_detection(loop)}"
    until = "; otherwise " if loop.unseen is None else ": "
    return f"{story}, and nothing on the way ends it; {_detection(loop)}{until}{at_worst(loop.functions)}"


def _story(loop: Loop) -> str:
    """Who starts whom: "`Resize` writes to `Photos`, which triggers `Resize`"."""
    first, *others = loop.edges
    return ", which ".join([f"`{first.source.title}` {_does(first)}", *map(_does, others)])


def _does(edge: Edge) -> str:
    if edge.call is not None and _is_logged(edge):
        return f"calls `{edge.call.title}`, of which CloudTrail tells the `{edge.target.title}`"
    actors = (Kind.FUNCTION, Kind.WORKFLOW)
    if edge.source.kind in actors and edge.delivery is not None:
        verb = edge.delivery.cause.value
    elif edge.source.kind not in actors and edge.verb is Verb.TRIGGERS:
        verb = "triggers" if edge.target.kind in actors else "sends it on to"
    else:
        verb = edge.verb.value
    return f"{verb} `{edge.target.title}`"


def _detection(loop: Loop) -> str:
    """Whether AWS's own detection would stop the loop."""
    if loop.allowed is not None:
        return f"AWS's own loop detection is switched off for `{loop.allowed.id}`"
    if loop.unseen is None:
        return "AWS's own loop detection should stop it after about 16 rounds"
    return f"AWS's own loop detection does not see loops through {loop.unseen}"


def _help(loop: Loop, variant: str) -> str:
    if variant == "bounded":
        return "make sure that no input can keep it from ending, and set an alarm on the function's invocations"
    if _is_logged(loop.closing):
        return (
            "write elsewhere, or let the rule's pattern leave out what is written here, such as by a prefix of the key"
        )
    entered = next((each for each in loop.functions if each.id == loop.edges[0].source.id), None)
    advice = ADVICE.get(loop.closing.target.kind)
    if advice is not None and entered is not None and loop.edges[-1].source.kind is loop.closing.target.kind:
        return entered.dialect.advise(advice, id=entered.id)
    remedy = REMEDIES.get(loop.closing.target.kind)
    return remedy or "let something that is carried along count the rounds, and stop at a limit"


def _path(loop: Loop) -> tuple[Related, ...]:
    """The whole circle, with the line that closes it last."""
    edges = list(loop.edges)
    last = edges.index(loop.closing)
    return tuple(dict.fromkeys(step for edge in (*edges[last + 1 :], *edges[: last + 1]) for step in _steps(edge)))


def _steps(edge: Edge) -> tuple[Related, ...]:
    """What proves an edge; the call itself with what it does."""
    if edge.site is None or not edge.proof:
        return edge.proof
    *before, call = edge.proof
    return edge.proof if _is_logged(edge) else (*before, Related(call.at, f"{call.message}, which {_does(edge)}"))


def _is_logged(edge: Edge) -> bool:
    """Whether only CloudTrail makes an event of what is written."""
    return edge.call is not None and edge.target.kind is Kind.BUS and edge.call.service != "events"


def _named_by_event(app: App) -> Iterator[Finding]:
    for edge, bound in back_to_origin(app):
        message = f"`{edge.source.title}` writes to {edge.target.title}, so that each event may make the next"
        ends = f"{bound.why} ends that" if bound is not None else "no trigger in sight tells whether it does"
        yield Finding(
            at=edge.at,
            message=f"{message}; {ends}",
            help=REMEDIES.get(edge.target.kind, ""),
            function=edge.source.id,
            related=_ends(bound),
            path=_steps(edge),
            confidence=Confidence.LOW,
            variant="possible",
        )


def _ends(bound: Bound | None) -> tuple[Related, ...]:
    return () if bound is None else (Related(bound.at, "this ends it"),)
