"""Functions that the template gives too many unrelated jobs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slslint.api import (
    REQUEST_SOURCES,
    Advice,
    App,
    Finding,
    Function,
    Invocation,
    Known,
    Option,
    Ref,
    Related,
    Severity,
    Source,
    Trigger,
    Variant,
    known_values,
    resource_of,
    rule,
    show,
)

EVENTS = {Source.RULE, Source.SCHEDULE, Source.TOPIC, Source.BUCKET}
"""Sources that push events; what polls is told by its invocation."""

WARM_UP = re.compile(r"(?<!s)warm|keep.?alive|(keep|run|stay).?hot", re.IGNORECASE)
"""Names of what keeps instances warm; a swarm does not."""

SHOWN = 5
"""Resources that a message names, and triggers that a finding points at, at most."""


@rule(
    variants={
        "unlike-sources": Variant(Severity.WARNING),
        "many-routes": Variant(Severity.WARNING),
        "catch-all": Variant(Severity.NOTE, "strict"),
    },
    options={
        "resources": Option("from how many unrelated resources on a function is reported", "resources", least=2),
    },
    yields_to=("monolithic-router",),
    tags=("routers",),
)
def monolithic_function(app: App, *, resources: int = 3) -> Iterator[Finding]:
    """One function is the target of unlike event sources, or of routes to several unrelated resources."""
    for function in app.functions:
        triggers = app.triggers(function)
        # What is there only under a condition may never meet what is there under another one.
        for when in sorted({trigger.when for trigger in triggers}, key=lambda each: (len(each), sorted(each))):
            together = [trigger for trigger in triggers if trigger.when <= when | function.when]
            finding = (
                _unlike_sources(app, function, together)
                or _many_routes(function, together, resources)
                or _catch_all(function, together)
            )
            if finding is not None:
                yield finding
                break


def _unlike_sources(app: App, function: Function, triggers: list[Trigger]) -> Finding | None:
    kinds: dict[str, dict[Source, Trigger]] = {}
    for trigger in triggers:
        kind = _kind(app, trigger)
        if kind is not None:
            kinds.setdefault(kind, {}).setdefault(trigger.source_kind, trigger)
    requests = kinds.pop("request", None)
    if requests is None or not kinds:
        return None
    others = {source: trigger for kind in kinds.values() for source, trigger in kind.items()}
    return _finding(
        function,
        "unlike-sources",
        f"`{function.id}` answers {_listed(requests)} and also handles {_listed(others)}: one timeout, one memory "
        "size, one set of permissions and one way to fail must fit them all; give each its own function",
        [(trigger, f"invoked by {source.value} here") for source, trigger in (requests | others).items()],
    )


def _kind(app: App, trigger: Trigger) -> str | None:
    """The way of working that a source asks of a function; None for those that come along with any other."""
    if trigger.source_kind in REQUEST_SOURCES and trigger.invocation is Invocation.WAITS:
        return "request"
    if trigger.invocation is Invocation.POLLED:
        return "batch"
    if trigger.source_kind in EVENTS and not _warms_up(app, trigger):
        return "event"
    return None


def _warms_up(app: App, trigger: Trigger) -> bool:
    """Whether the source exists to keep instances warm, as its id or its name tells."""
    sources = [each.value for each in known_values(trigger.source)]
    resources = [app.deployment.resources.get(source.id) for source in sources if isinstance(source, Ref)]
    names = [each.value for resource in resources if resource is not None for each in known_values(resource.name)]
    return any(WARM_UP.search(show(text)) for text in (*sources, *names))


def _many_routes(function: Function, triggers: list[Trigger], limit: int) -> Finding | None:
    by_resource: dict[str, Trigger] = {}
    paths: list[str] = []
    for trigger in triggers:
        path = trigger.route.value.path if isinstance(trigger.route, Known) else ""
        resource = resource_of(path)
        if resource is not None:
            by_resource.setdefault(resource, trigger)
            paths.append(path)
    if len(by_resource) < limit or _unrelated(paths) < limit:
        return None
    names = [f"`/{resource}`" for resource in by_resource]
    shown = names if len(names) <= SHOWN else [*names[:SHOWN], f"{len(names) - SHOWN} more"]
    return _finding(
        function,
        "many-routes",
        f"`{function.id}` serves routes of {len(names)} unrelated resources ({', '.join(shown)}), so each gets the "
        "permissions, the dependencies and the timeout of all; give each resource its own function",
        [(trigger, f"routes of `/{resource}` come in here") for resource, trigger in by_resource.items()],
    )


def _unrelated(paths: list[str]) -> int:
    """How many resources are left when `/days/{day}/orders` counts as a way to ask for `/orders`."""
    pairs = [(_one(resource_of(path)), _one(_last(path))) for path in paths]
    groups = {first: {first} for first, _ in pairs}
    for first, last in pairs:
        if last in groups and groups[first] is not groups[last]:
            together = groups[first] | groups[last]
            groups.update(dict.fromkeys(together, together))
    return len({id(each) for each in groups.values()})


def _last(path: str) -> str | None:
    """The last segment of a path that is no parameter."""
    return next((each.lower() for each in reversed(path.split("/")) if each and each[0] not in "{:<*$"), None)


def _one(name: str | None) -> str | None:
    return None if name is None else re.sub("ies$", "y", name).removesuffix("s")


def _catch_all(function: Function, triggers: list[Trigger]) -> Finding | None:
    for trigger in triggers:
        if trigger.source_kind not in REQUEST_SOURCES or trigger.source_kind is Source.WEBSOCKET_API:
            continue
        route = trigger.route.value if isinstance(trigger.route, Known) else None
        if route is None or resource_of(route.path) is not None:
            continue
        if "+}" in route.path or "*" in route.path or route.path == "$default" or route.method == "ANY":
            return _finding(
                function,
                "catch-all",
                f"`{function.id}` takes whatever comes in by `{route.method} {route.path}`, so its code tells requests "
                "apart, which permissions and metrics then cannot; give each resource its own route and function",
                [(trigger, "everything comes in here")],
            )
    return None


def _listed(sources: dict[Source, Trigger]) -> str:
    *most, last = [source.value for source in sources]
    return f"{', '.join(most)} and {last}" if most else last


def _finding(function: Function, variant: str, message: str, related: list[tuple[Trigger, str]]) -> Finding:
    return Finding(
        at=function.at,
        message=message,
        help=function.dialect.advise(Advice.SPLIT_FUNCTION, id=function.id),
        function=function.id,
        related=tuple(Related(trigger.at, said) for trigger, said in related[:SHOWN]),
        variant=variant,
    )
