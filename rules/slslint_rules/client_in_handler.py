"""Clients and connections that are built again on every invocation."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import (
    CONNECTION,
    SHARING,
    AnyOf,
    App,
    CallGraph,
    Code,
    Constant,
    Element,
    EnvVar,
    External,
    Finding,
    Function,
    Group,
    Joined,
    LocalFunction,
    Maker,
    Member,
    Result,
    Severity,
    Site,
    Source,
    Symbol,
    Variant,
    dotted,
    facts,
    maker,
    may_make,
    once,
    options,
    rule,
    seldom_invoked,
    stands_in,
    steady,
)

CHOOSING = {"if", "else", "case"}
"""Kinds of blocks that some invocations leave out."""

KEPT_SECRETS = frozenset({"getsecretvalue", "getparameter", "getparameters", "generatedbauthtoken"})
"""Operations whose answer stays the same from one invocation to the next, or may be kept for minutes."""

IN_THREADS = {"submit", "map", "Thread", "run_in_executor"}
"""What hands a function to a thread: sessions and resources must not be shared between threads."""

SELDOM = {Source.SCHEDULE, Source.CUSTOM_RESOURCE, Source.CONFIG, Source.SECRET_ROTATION, Source.DEPLOYMENT_HOOK}
"""Sources that invoke so seldom that most invocations start a new instance anyway."""


@rule(
    variants={
        "per-invocation": Variant(Severity.WARNING),
        "seldom-invoked": Variant(Severity.NOTE),
    },
    tags=("cold-start",),
)
def client_in_handler(app: App) -> Iterator[Finding]:
    """A client or connection that does not depend on the event is built again on every invocation."""
    found: dict[facts.Call, Finding] = {}
    for function, code in app.functions_with_code():
        if not may_make(code):
            continue
        built = [(site, made) for site in code.sites() if (made := _made(site)) is not None and site.per_invocation]
        if not built:
            continue
        graph = code.keep(CallGraph)
        for site, made in built:
            if not _steady(site, made) or _handed_in(graph, site) or not _made_anew(code, made):
                continue
            # What stands in where something failed is no rule.
            if any(block.kind == "except" for block in site.guards()):
                continue
            # Functions that share the code share the finding; one that is invoked often speaks.
            before = found.get(site.call)
            if (before is None or before.variant == "seldom-invoked") and not once(graph, site):
                found[site.call] = _finding(app, function, site, made)
    yield from found.values()


def _made(site: Site) -> Maker | None:
    return None if site.dotted is None else maker(site.dotted)


def _made_anew(code: Code, made: Maker) -> bool:
    """Whether each call makes another one: what a package keeps must have been closed before."""
    until = made.kept_until
    return until is None or any(site.per_invocation and site.dotted in until for site in code.sites())


def _steady(site: Site, made: Maker) -> bool:
    """Whether every invocation would build the same, of the same session if it is built of one."""
    makers = [site]
    if "()" in (site.dotted or ""):
        for choice in options(site.symbol):
            if not (isinstance(choice, Member) and isinstance(choice.of, Result)):
                return False
            makers.append(choice.of.site)
    secrets = KEPT_SECRETS if made.kind == CONNECTION else frozenset()
    return all(_given_the_same(each, secrets, frozenset()) for each in makers)


def _given_the_same(site: Site, secrets: frozenset[str], seen: frozenset[facts.Call]) -> bool:
    if site.call in seen:
        return False
    return all(_same(part, secrets, seen | {site.call}) for part in site.argument_symbols())


def _same(symbol: Symbol, secrets: frozenset[str], seen: frozenset[facts.Call]) -> bool:
    match symbol:
        case Constant() | External() | LocalFunction():
            return True
        case EnvVar(_, default):
            return default is None or _same(default, secrets, seen)
        case AnyOf(parts):
            # Several constants: one of many regions or tenants, chosen anew each time.
            several = sum(isinstance(part, Constant) and part.value is not None for part in parts) > 1
            return not several and all(_same(part, secrets, seen) for part in parts)
        case Joined(parts) | Group(parts, _):
            return all(_same(part, secrets, seen) for part in parts)
        case Element(of, _) | Member(of, _):
            return _same(of, secrets, seen)
        case Result(of, site):
            same = site.sdk.operation.lower() in secrets if site.sdk is not None else steady(dotted(of) or "")
            return same and _given_the_same(site, secrets, seen)
        case _:
            return False


def _handed_in(graph: CallGraph, site: Site) -> bool:
    """Whether the call only stands in for something that the caller may hand in, or runs in a thread of its own."""
    callers = graph.callers(site.place)
    if stands_in(site.place, site.call) and site.place is not graph.code.handler:
        # What every caller makes with nothing is never handed in.
        return not callers or any(edge.site is None or edge.site.call.args for edge in callers)
    return bool(callers) and all(
        edge.site is not None and (edge.site.dotted or "").rpartition(".")[2] in IN_THREADS for edge in callers
    )


def _surely_runs(site: Site) -> bool:
    """Whether some way from the handler to a call has no condition in it."""
    return any(
        all(each.kind not in CHOOSING for place, call in chain for each in place.function.enclosing(call.block))
        for chain in site.code.keep(CallGraph).chains(site)
    )


def _finding(app: App, function: Function, site: Site, made: Maker) -> Finding:
    triggers = app.triggers(function)
    seldom = all(each.source_kind in SELDOM for each in triggers) if triggers else seldom_invoked(site.code)
    if made.kind == CONNECTION:
        cost = "each time it waits for a new connection, and the database must hold them all"
    elif made.kind == SHARING:
        cost = "that takes CPU time each time"
    else:
        cost = "that takes CPU time and a new TLS connection each time"
    where = "the handler" if site.place is site.code.handler else site.place.phrase
    when = f"on every invocation of `{function.id}`"
    if not _surely_runs(site):
        when = f"whenever an invocation of `{function.id}` gets there"
    return Finding(
        at=site.call.at,
        message=f"{made.what} is built in {where} {when}: {cost}; build it once, at module level",
        help="keep it in a variable of the module, set there or when it is first needed"
        + (", and connect again only when the connection was lost" if made.kind == CONNECTION else ""),
        function=function.id,
        path=site.path() if site.place is not site.code.handler else (),
        variant="seldom-invoked" if seldom else "per-invocation",
    )
