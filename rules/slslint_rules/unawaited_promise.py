"""Requests of JavaScript that nobody waits for."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import App, Finding, Function, Severity, Site, Unawaited, facts, listed, rule, unawaited


@rule(severity=Severity.ERROR, tags=("lost-events",))
def unawaited_promise(app: App) -> Iterator[Finding]:
    """A request to AWS or over HTTP is started but not awaited, so the invocation ends before it does."""
    for function, code in app.functions_with_code():
        for lost in unawaited(code):
            yield Finding(
                at=lost.site.call.at,
                message=_message(function, lost),
                help=_help(lost),
                function=function.id,
                path=lost.site.path() if lost.site.place is not code.handler else (),
            )


def _message(function: Function, lost: Unawaited) -> str:
    work = listed(list(dict.fromkeys(map(_name, lost.work))))
    if lost.how == "unsent":
        ignored = ", and `await` does not send it" if lost.site.call.awaited else ""
        return (
            f"{work} is never sent: a request of aws-sdk v2 waits for `.promise()`, `.send()` or a callback, "
            f"and this one has none{ignored}; add `.promise()`"
        )
    title = f"`{lost.site.title.replace('()', '')}`"
    match lost.how:
        case "each":
            callee = lost.site.call.callee
            method = callee.name if isinstance(callee, facts.Attr) else "forEach"
            who = f"nobody waits for the promises of the callback of `{method}`, which starts {work}"
        case "timer":
            who = f"nobody waits for the callback of {title}, which starts {work}"
        case _ if lost.work == (lost.site,):
            who = f"nobody waits for {work}"
        case _:
            who = f"nobody waits for {title}, which starts {work}"
    remedy = "put a promise around it and await that" if lost.how == "evented" else "await it"
    return (
        f"{who}: `{function.id}` is frozen as soon as its handler's promise is settled, so the request is lost, "
        f"or ends during a later invocation; {remedy}"
    )


def _help(lost: Unawaited) -> str:
    if lost.how == "unsent":
        return "add `.promise()` and await that, or use the client of `@aws-sdk` v3, whose `send` returns a promise"
    if lost.how == "evented":
        other = "leave the callback out and await `.promise()`" if lost.site.sdk is not None else "use `fetch`"
        return f"what it returns is no promise: {other}, or `await new Promise((resolve, reject) => ...)` around it"
    if lost.how == "each":
        return "`await Promise.all(items.map(async ...))`, or a `for ... of` loop that awaits each"
    if lost.how == "timer":
        return "`await` the work itself; to wait for a while before, let Step Functions or a delayed message do it"
    return "`await` it, return it, or collect it: `await Promise.all([...])`"


def _name(site: Site) -> str:
    if site.sdk is not None:
        return site.sdk.title
    return (site.dotted or "").replace("()", "")
