"""Functions that may run as often at once as the account allows, where something else does not bear it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slslint.api import (
    ACCOUNT_CONCURRENCY,
    CONNECTION,
    Absent,
    Advice,
    App,
    Code,
    Confidence,
    Constant,
    Dialect,
    EnvVar,
    Finding,
    Function,
    Kind,
    Known,
    Loop,
    Origin,
    Pattern,
    Ref,
    Related,
    SdkCall,
    Severity,
    Site,
    Source,
    Span,
    Text,
    Trigger,
    Verb,
    known_values,
    maker,
    parts_of_symbol,
    pieces_of,
    record,
    rule,
    surely_not,
)

UNLIMITED = {Source.BUCKET, Source.TOPIC, Source.RULE, Source.LOGS, Source.EMAIL, Source.IOT}
"""Sources whose events start as many instances as there are events; a stream has one for each of its shards."""

MOST = 10
"""What is advised: enough for most, and few enough for every database."""


@record()
class _Starter:
    """What may start any number of instances: a noun phrase for people, and where and in whose words to limit it."""

    what: str
    at: Span
    advice: Advice
    dialect: Dialect


@rule(Severity.WARNING, preset="strict", tags=("concurrency",))
def unbounded_concurrency(app: App) -> Iterator[Finding]:
    """A function with no limit of concurrency opens database connections, or takes part in a loop."""
    unlimited = [(each, starter) for each in app.functions if (starter := _unlimited(app, each)) is not None]
    found = (loop for loop in app.loops if loop.bound is None) if unlimited else ()
    looping = {function.id: loop for loop in found for function in loop.functions}
    proxied = any(each.kind is Kind.DATABASE_PROXY for each in app.deployment.resources.values())
    for function, starter in unlimited:
        code = app.code(function)
        # With a proxy in the unit, it is rarely in sight where an address comes from.
        opened = None if code is None or proxied else _connection(app, function, code)
        if opened is not None:
            yield _finding(function, starter, opened)
        elif function.id in looping:
            yield _in_loop(function, starter, looping[function.id])


def _unlimited(app: App, function: Function) -> _Starter | None:
    """What may start any number of instances; None when there is nothing, or something limits them."""
    reserved = function.reserved_concurrency
    if reserved is not None and not isinstance(reserved, Absent):
        if not (isinstance(reserved, Known) and reserved.origin is Origin.DEFAULT):
            return None
    for trigger in app.triggers(function):
        if trigger.source_kind in UNLIMITED:
            return _Starter(trigger.source_kind.value, function.at, Advice.LIMIT_CONCURRENCY, function.dialect)
        if trigger.source_kind is Source.QUEUE and trigger.batch is not None:
            if isinstance(trigger.batch.concurrency, Absent) and not _in_order(app, trigger):
                words = function.words_of(trigger)
                return _Starter(trigger.source_kind.value, trigger.at, Advice.LIMIT_MAPPING, words)
    for edge in app.graph.entering(function.id, Verb.INVOKES) if app.may_lead_on else ():
        if edge.call is not None and not edge.waits and edge.confidence is Confidence.HIGH and _is_event(edge.call):
            return _Starter(f"`{edge.source.title}`", function.at, Advice.LIMIT_CONCURRENCY, function.dialect)
    return None


def _is_event(call: SdkCall) -> bool:
    return call.service == "lambda" and call.argument("InvocationType") == Constant("Event")


def _in_order(app: App, trigger: Trigger) -> bool:
    """Whether the queue hands over one batch of a group at a time, or may do so."""
    for known in known_values(trigger.source):
        resource = app.target(known.value)
        if resource is not None and resource.fifo is not None:
            return not surely_not(resource.fifo)
        if _ends(known.value, ".fifo"):
            return True
    return False


def _ends(text: Text, end: str) -> bool:
    last = text.parts[-1] if isinstance(text, Pattern) else text
    return isinstance(last, str) and last.endswith(end)


def _connection(app: App, function: Function, code: Code) -> Site | None:
    """The call that opens a connection to a store that can hold few."""
    for site in code.sites():
        made = maker(site.dotted) if site.dotted is not None else None
        if made is not None and made.kind == CONNECTION and re.match(r"a (database|cache)", made.what):
            if not _is_shared(app, function, site):
                return site
    return None


def _is_shared(app: App, function: Function, site: Site) -> bool:
    """Whether a proxy shares its connections among the instances, or the database is a file."""
    for part in parts_of_symbol(*site.argument_symbols()):
        match part:
            case Constant(str() as text):
                if re.search(r"(?i)proxy|^(jdbc:)?sqlite", text):
                    return True
            case EnvVar(name, _):
                if "PROXY" in name.upper() or any(_of_proxy(app, each.value) for each in _set(app, function, name)):
                    return True
            case _:
                pass
    return False


def _set(app: App, function: Function, name: str) -> Iterator[Known[Text]]:
    return known_values(app.environment(function, name))


def _of_proxy(app: App, text: Text) -> bool:
    parts = pieces_of(text)
    for part in parts:
        if isinstance(part, str) and "proxy" in part.lower():
            return True
        resource = app.deployment.resources.get(part.id) if isinstance(part, Ref) else None
        if resource is not None and (resource.kind is Kind.DATABASE_PROXY or "proxy" in resource.id.lower()):
            return True
    return False


def _finding(function: Function, starter: _Starter, opened: Site) -> Finding:
    made = maker(opened.dotted or "")
    what = made.what if made is not None else "a connection"
    return Finding(
        at=starter.at,
        message=f"{starter.what} starts up to {ACCOUNT_CONCURRENCY:,} instances of `{function.id}` at "
        f"once, and each opens {what} of its own: a server holds some hundreds and refuses the rest; limit the "
        "concurrency, or put a proxy between",
        help=starter.dialect.advise(starter.advice, id=function.id, most=MOST),
        function=function.id,
        related=(Related(opened.call.at, f"each instance opens {what} here"),),
        path=opened.path(),
    )


def _in_loop(function: Function, starter: _Starter, loop: Loop) -> Finding:
    return Finding(
        at=starter.at,
        message=f"{starter.what} starts up to {ACCOUNT_CONCURRENCY:,} instances of `{function.id}` at "
        "once, and it is part of a possible loop, which then takes them all from the other functions; limit the "
        "concurrency",
        help=starter.dialect.advise(starter.advice, id=function.id, most=MOST),
        function=function.id,
        related=(Related(loop.closing.at, "events go back from here to where they come from"),),
        confidence=loop.confidence,
    )
