"""Data of one invocation that the next one, perhaps somebody else's, finds in memory."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import (
    App,
    CallGraph,
    Code,
    Finding,
    Function,
    Held,
    Place,
    Related,
    Severity,
    Span,
    Variant,
    collected,
    counted,
    endless_caches,
    environment_writes,
    held,
    known_values,
    package_settings,
    record,
    rule,
    set_at_once,
    set_by_first,
    set_sometimes,
    shared_defaults,
    shares_memory,
    stored,
)

_WORSE = ("one-tenant", "between-invocations", "at-once")


@record(eq=False)
class Leak:
    """One way in which data outlives its invocation: where, what is wrong with it, and what to do."""

    at: Span
    place: Place
    what: str
    cure: str
    made: Span | None = None


@rule(
    variants={
        "between-invocations": Variant(Severity.WARNING),
        "one-tenant": Variant(Severity.NOTE),
        "at-once": Variant(Severity.ERROR),
    },
    tags=("state",),
)
def in_memory_state(app: App) -> Iterator[Finding]:
    """Data of one invocation is kept in memory, where later invocations meet it."""
    found: dict[Span, Finding] = {}
    for function, code in app.functions_with_code():
        variant = _variant(function, code)
        for leak in _leaks(code, variant == "at-once"):
            finding = _finding(function, code, leak, variant)
            # Functions that share the code share the finding; the worst case speaks.
            before = found.get(leak.at)
            if before is None or _WORSE.index(variant) > _WORSE.index(before.variant):
                found[leak.at] = finding
    yield from found.values()


def _leaks(code: Code, at_once: bool) -> Iterator[Leak]:
    for thing in held(code):
        leak = _left(code, code.keep(CallGraph), thing) or (_overwritten(code, thing) if at_once else None)
        if leak is not None:
            yield leak
    for use in environment_writes(code):
        yield Leak(
            use.at,
            use.place,
            "the environment is set from the event and keeps that value for whoever comes next",
            "pass the value as an argument",
        )
    for name, use in package_settings(code):
        yield Leak(
            use.at,
            use.place,
            f"`{name}` is set from the event for all that use the package, and keeps that value for whoever comes next",
            "give the value to the call, or to a client or session of its own",
        )
    for name, at, place in endless_caches(code):
        yield Leak(
            at,
            place,
            f"`{name}` keeps an answer for every argument that callers ever send, without a limit",
            "give the cache a limit, and a time to live when the answers change",
        )
    for parameter, use in shared_defaults(code):
        yield Leak(
            use.at,
            use.place,
            f"the default of `{parameter.name}` is made once, so it collects the data of every invocation",
            f"default to None and make a new one in `{use.place.title}`",
            parameter.at,
        )


def _left(code: Code, graph: CallGraph, thing: Held) -> Leak | None:
    """The first way in which invocations leave data in a thing."""
    if use := counted(thing):
        what = "goes on counting from one invocation to the next, and each instance counts for itself"
        cure = "count in a table (an atomic `ADD`) or as a metric, or start from zero in the handler"
    elif use := collected(code, thing):
        what = (
            "keeps data of every invocation and never lets go of it: it grows until the instance is stopped, "
            "and later callers meet what earlier ones sent"
        )
        cure = "make it in the handler and pass it on; what must last belongs in a table, a queue or a cache"
    elif use := stored(code, graph, thing):
        what = "serves as a store of what callers sent, but each instance has its own, and loses it when it is stopped"
        cure = "keep it in a table, or in a cache that all instances share"
    elif use := set_by_first(code, thing):
        what = "is made once, from the event of whoever comes first, and then serves all others"
        cure = "make it from what does not change, or keep one for each value it depends on"
    elif found := set_sometimes(code, graph, thing):
        use, reader = found
        what = (
            f"is set from the event only sometimes, so {reader.phrase} can meet what an earlier invocation left there"
        )
        cure = "pass it as an argument"
    else:
        return None
    return Leak(use.at, use.place, f"`{thing.name}` {what}", cure, thing.at)


def _overwritten(code: Code, thing: Held) -> Leak | None:
    found = set_at_once(code, thing)
    if found is None:
        return None
    use, reader = found
    what = f"`{thing.name}` is set from the event, so {reader.phrase} can meet what another invocation has set"
    return Leak(use.at, use.place, what, "pass it as an argument", thing.at)


def _variant(function: Function, code: Code) -> str:
    if function.concurrent is not None and any(each.value for each in known_values(function.concurrent)):
        if shares_memory(code):
            return "at-once"
    if function.tenant_isolation is not None and any(each.value for each in known_values(function.tenant_isolation)):
        return "one-tenant"
    return "between-invocations"


def _finding(function: Function, code: Code, leak: Leak, variant: str) -> Finding:
    told = {
        "between-invocations": "an instance serves many invocations, one after the other",
        "one-tenant": "an instance serves many invocations, though only of one tenant",
        "at-once": "an instance serves several invocations at once",
    }[variant]
    return Finding(
        at=leak.at,
        message=f"{leak.what} ({told})",
        help=leak.cure,
        function=function.id,
        related=(Related(leak.made, "it is made here, once for each instance"),) if leak.made is not None else (),
        path=code.path_to(leak.place) if leak.place is not code.handler else (),
        variant=variant,
    )
