"""Functions that invoke themselves."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import (
    OWN_NAMES,
    App,
    Constant,
    ContextPart,
    Element,
    EnvVar,
    Finding,
    Function,
    Joined,
    Known,
    Member,
    Origin,
    Related,
    Result,
    SdkCall,
    Severity,
    Site,
    Symbol,
    Variant,
    known_values,
    loop_bound,
    options,
    rule,
)

PER_MILLION_REQUESTS = 0.20
PER_GB_SECOND = 0.0000166667
"""US dollars, x86, us-east-1, from https://aws.amazon.com/lambda/pricing/"""

REQUESTS_PER_SECOND = 10
"""The quota of one instance for synchronous requests (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html)."""

ACCOUNT_CONCURRENCY = 1000
"""The default quota of an account in one region (the same page)."""

INVOKES = {"invoke", "invokeasync", "invokewithresponsestream"}
"""Operations of the Lambda API that invoke a function."""


@rule(
    variants={
        "unbounded": Variant(Severity.ERROR),
        "bounded": Variant(Severity.NOTE),
    },
    tags=("recursion", "cost"),
)
def recursive_invocation(app: App) -> Iterator[Finding]:
    """A function invokes itself."""
    for function, code in app.functions_with_code():
        for site in code.sites():
            if site.sdk is None or site.sdk.service != "lambda" or site.sdk.operation.lower() not in INVOKES:
                continue
            call = _call_of_itself(app, function, site)
            if call is None or _only_tries(call.argument("InvocationType")):
                continue
            bound = loop_bound(code, site, call.argument("Payload") or call.argument("InvokeArgs"))
            yield Finding(
                at=site.call.at,
                message=_bounded(function, bound.why) if bound is not None else _unbounded(function),
                help="send the rest of the work to a queue that invokes the function, or let a Step Functions state "
                "machine repeat it: both stop, and both can be stopped"
                if bound is None
                else "make sure that no input can keep it from ending; a queue or a Step Functions state machine can "
                "be stopped from outside",
                function=function.id,
                related=() if bound is None else (Related(bound.at, "this ends it"),),
                path=site.path(),
                variant="unbounded" if bound is None else "bounded",
            )


def _call_of_itself(app: App, function: Function, site: Site) -> SdkCall | None:
    """The call when it names the function itself, if need be as one caller of the function around it makes it."""
    for call in (site.sdk, *(each.sdk for each in site.from_callers())):
        target = None if call is None else call.argument("FunctionName")
        if target is not None and _is_self(app, function, target):
            return call
    return None


def _only_tries(invocation: Symbol | None) -> bool:
    return isinstance(invocation, Constant) and invocation.value == "DryRun"


def _is_self(app: App, function: Function, target: Symbol) -> bool:
    """Whether every alternative of what is invoked names the function itself."""
    choices = [each for each in options(target) if not (isinstance(each, Constant) and not each.value)]
    return bool(choices) and all(_names(app, function, each) for each in choices)


def _names(app: App, function: Function, symbol: Symbol) -> bool:
    match symbol:
        case ContextPart((name,)) if name in OWN_NAMES:
            return True
        case EnvVar("AWS_LAMBDA_FUNCTION_NAME"):
            return True
        case Joined(parts):
            return _joined(app, function, parts)
        case Element(Result(ContextPart((name, "split" | "rsplit"))), 6 | -1) if name in OWN_NAMES:
            return True
        case Result(Member(Result(ContextPart((name, "split"))), "pop")) if name in OWN_NAMES:
            return True
        case Element(Result(Member(of, "split"), _), 6 | -1):
            # The name is the seventh part of an ARN.
            return _names(app, function, of)
        case _:
            resource = app.names(function, symbol)
            return resource is not None and resource.id == function.id


def _joined(app: App, function: Function, parts: tuple[Symbol, ...]) -> bool:
    """A text that names the function: its ARN put together, or its name with a version or alias behind a colon."""
    for index, part in enumerate(parts):
        if isinstance(part, Constant | Joined) or not _names(app, function, part):
            continue
        before, after = parts[:index], parts[index + 1 :]
        starts = not before or (isinstance(before[-1], Constant) and str(before[-1].value).endswith(":function:"))
        ends = not after or (isinstance(after[0], Constant) and str(after[0].value).startswith(":"))
        return starts and ends
    return False


def _bounded(function: Function, why: str) -> str:
    return (
        f"`{function.id}` invokes itself; {why} ends it, so one wrong value there makes it run for ever; "
        "prefer a queue or a state machine"
    )


def _unbounded(function: Function) -> str:
    message = f"`{function.id}` invokes itself and nothing that changes on the way ends it"
    if function.recursion_allowed is not None and any(each.value for each in known_values(function.recursion_allowed)):
        message += ", nor does AWS, whose loop detection is switched off here"
    return f"{message}: {_bill(function)}; use a queue or a state machine"


def _bill(function: Function) -> str:
    """The most that an hour of it can cost.

    A loop keeps its instances busy however short or long each run is, so the timeout drops out.
    """
    memory = function.memory.value if isinstance(function.memory, Known) else None
    if memory is None:
        return "every instance that the account allows can be kept busy by it"
    reserved = function.reserved_concurrency
    limited = isinstance(reserved, Known) and reserved.origin is not Origin.DEFAULT
    instances = reserved.value if limited and isinstance(reserved, Known) else ACCOUNT_CONCURRENCY
    seconds = instances * 3600
    dollars = seconds * (memory / 1024 * PER_GB_SECOND + REQUESTS_PER_SECOND * PER_MILLION_REQUESTS / 1e6)
    return f"at worst ${dollars:,.0f} an hour ({instances:,} instances of {memory:,} MB)"
