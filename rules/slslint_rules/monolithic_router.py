"""Functions whose code routes requests to several unrelated resources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TypeAlias

from slslint.api import (
    GRAPHQL_FIELDS,
    Advice,
    App,
    Arm,
    CallGraph,
    Code,
    Confidence,
    Declared,
    Dispatch,
    Finding,
    Function,
    Known,
    Option,
    Place,
    Related,
    Severity,
    Span,
    Use,
    Variant,
    declared_routes,
    dispatches,
    record,
    resource_of,
    rule,
)

ACTION = (
    r"(?i)(action|op|operation|type|kind|command|cmd|task|job|route|routeKey|query|mutation|request|event|message)"
    r"(Name|Type|Id|Kind|Action)?"
)
"""Names of event fields that say what a function shall do."""

SERVICE_FIELDS = {("requestContext", "eventType"), ("request", "type"), ("triggerSource",), ("RequestType",)}
"""Fields that look like actions but hold the fixed vocabulary of the service that invokes."""

DELIVERED = {"Records", "records", "messages"}
"""Lists whose elements are requests of their own, which the service delivers together."""

VERBS = frozenset(
    {
        "add", "all", "assign", "batch", "cancel", "check", "count", "create", "delete", "detail", "details",
        "download", "echo", "edit", "fetch", "find", "get", "insert", "list", "make", "many", "modify", "new", "one",
        "patch", "ping", "post", "put", "query", "read", "remove", "rename", "save", "search", "send", "set", "submit",
        "unassign", "update", "upload", "upsert", "view",
    }
)  # fmt: skip
"""Words that say what is done with a resource, not which one."""

SIGNING_IN = frozenset(
    {
        "auth", "authorize", "callback", "confirm", "forgot", "login", "logout", "oauth", "oauth2",
        "password", "refresh", "register", "reset", "session", "signin", "signout", "signup",
        "token", "verify",
    }
)  # fmt: skip
"""Words of the one thing that signing in is."""

WORD = r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])"
"""A word of a name in camel case, or between hyphens or underscores."""

STAGE = r"(?i)^/(dev|test|qa|stage|staging|prod|production|default)(?=/)"
"""The stage that a path may begin with."""

FILE = r"\.[A-Za-z0-9]{2,5}$"
"""What a file to download ends with: a page and its style sheets are no resources of their own."""

METHOD = r"^([A-Z*]+[^A-Za-z0-9/]*(?=/)|(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY|\*)[^A-Za-z0-9/]+)"
"""The method that a route may begin with, and what stands between it and the path."""

HEAVY_MS = 200
"""Milliseconds from which on an import counts as slow, as heavy-module-import has it."""

SHOWN = 5
"""Resources that a message names at most."""

Subject: TypeAlias = tuple[str, str] | None
"""What a route is about: a key that is the same for all routes about it, and its name for people. None for nothing."""


@record(eq=False)
class Part:
    """What a function does for one resource: where that is chosen, and the blocks that then run."""

    name: str
    at: Span
    blocks: tuple[tuple[Place, int], ...]


@rule(
    variants={
        "hand-rolled": Variant(Severity.WARNING),
        "framework-with-evidence": Variant(Severity.WARNING),
        "framework": Variant(Severity.NOTE, "strict"),
    },
    options={
        "resources": Option("from how many unrelated resources on a router is reported", "resources", least=2),
        "actions": Option("from how many values of an action field on a router is reported", "values", least=2),
    },
    tags=("routers",),
)
def monolithic_router(app: App, *, resources: int = 3, actions: int = 5) -> Iterator[Finding]:
    """Handler code that dispatches requests to several unrelated resources, or on many values of an action."""
    for function, code in app.functions_with_code():
        finding = _by_hand(app, function, code, resources, actions) or _by_framework(function, code, resources)
        if finding is not None:
            yield finding


def _by_hand(app: App, function: Function, code: Code, resources: int, actions: int) -> Finding | None:
    for found in dispatches(code):
        dispatch = _of_first_segments(app, function, found)
        for names, noun, limit in _readings(dispatch, resources, actions):
            parts = _parts(code, dispatch, names)
            if _ways(dispatch, names) >= limit:
                evidence = _evidence(code, parts)
                return Finding(
                    at=parts[0].at,
                    message=f"`{function.id}` chooses among {len(parts)} {noun} in its code ({_shown(parts)})"
                    + _consequence(evidence, noun),
                    help=_help(function, parts, noun),
                    function=function.id,
                    related=_related(parts),
                    path=code.path_to(dispatch.place),
                    confidence=Confidence.HIGH if evidence else Confidence.MEDIUM,
                    variant="hand-rolled",
                )
    return None


def _of_first_segments(app: App, function: Function, dispatch: Dispatch) -> Dispatch:
    """Only those arms of a choice on the path whose values begin the path."""
    if dispatch.field != ("path",):
        return dispatch
    takes_all = _takes_all(app, function)
    # Beside `path == "/orders"` alone, `"/items" in path` may well ask for a part of orders.
    exact = len({_resource(arm.value) for arm in dispatch.arms if not arm.anywhere} - {None})
    siblings = exact > 1 or (not exact and takes_all)
    arms = [arm for arm in dispatch.arms if (takes_all or not arm.relative) and (siblings or not arm.anywhere)]
    return Dispatch(dispatch.place, dispatch.field, tuple(arm for arm in arms if not _is_inside(dispatch, arm)))


def _takes_all(app: App, function: Function) -> bool:
    """Whether the function serves `/{proxy+}`, and not `/orders/{proxy+}`, where all is about orders."""
    routes = [trigger.route.value for trigger in app.triggers(function) if isinstance(trigger.route, Known)]
    return any(route.path.endswith("+}") and resource_of(route.path) is None for route in routes)


def _is_inside(dispatch: Dispatch, arm: Arm) -> bool:
    """Whether another arm about one thing was chosen before: `if "/orders" in path: if "/items" in path:`."""
    if arm.block is None:
        return False
    around: dict[int, set[Subject]] = {}
    for each in dispatch.arms:
        if each.block is not None and each.block != arm.block and dispatch.place.function.within(arm.block, each.block):
            around.setdefault(each.block, set()).add(_resource(each.value))
    return any(len(subjects) == 1 and None not in subjects for subjects in around.values())


def _readings(dispatch: Dispatch, resources: int, actions: int) -> Iterator[tuple[list[Subject], str, int]]:
    """What each arm may be about, how to call that, and from how many on it is too much."""
    values = [arm.value for arm in dispatch.arms]
    if dispatch.field == ("path",):
        yield [_resource(value) for value in values], "unrelated resources", resources
    elif dispatch.field == ("routeKey",):
        yield [_resource(value) if "/" in value else None for value in values], "unrelated resources", resources
        # Routes of a WebSocket API are plain words; $connect and its like belong to every one.
        words = [None if value.startswith("$") or "/" in value else (value, value) for value in values]
        if _of_several([word[0] for word in words if word is not None]):
            yield words, "routes", actions
    elif dispatch.field in GRAPHQL_FIELDS:
        yield list(_fields(values)), "unrelated resources", resources
    elif dispatch.field not in SERVICE_FIELDS and re.fullmatch(ACTION, dispatch.field[-1] or ""):
        if _is_of_many(dispatch.field) or not _of_several(values):
            return
        # "invoice.paid" and "invoice.voided" are what happens to one thing.
        heads = [arm.value.rpartition(".")[0] or arm.value for arm in dispatch.arms]
        acting = [None if arm.translates else (head, head) for head, arm in zip(heads, dispatch.arms, strict=True)]
        yield acting, f"values of `{dispatch.field[-1]}`", actions


def _of_several(names: list[str]) -> bool:
    """Whether actions are about several things.

    "create" and "list", "createUser" and "listUsers" are what is done with one resource.
    """
    about = {subject[0] for subject in _fields(names) if subject is not None}
    return len(about - {""}) > 1


def _is_of_many(field: tuple[str | None, ...]) -> bool:
    """Whether the field is one of each element of a list that one request carries: a caller cannot split that up."""
    return any(part is None and whole not in DELIVERED for whole, part in pairwise(field))


def _ways(dispatch: Dispatch, subjects: list[Subject]) -> int:
    """How many different things are done; several values of one `in` count once."""
    ways = {
        arm.block if arm.together else subject[0]
        for subject, arm in zip(subjects, dispatch.arms, strict=True)
        if subject is not None
    }
    return min(len(ways), len({subject[0] for subject in subjects if subject is not None}))


def _parts(code: Code, dispatch: Dispatch, subjects: list[Subject]) -> list[Part]:
    arms: dict[str, tuple[str, list[Arm]]] = {}
    for subject, arm in zip(subjects, dispatch.arms, strict=True):
        if subject is not None:
            arms.setdefault(subject[0], (subject[1], []))[1].append(arm)
    return [Part(shown, of[0].at, tuple(_runs(code, dispatch.place, of))) for shown, of in arms.values()]


def _runs(code: Code, place: Place, arms: Iterable[Arm]) -> Iterator[tuple[Place, int]]:
    for arm in (each for first in arms for each in (first, *first.again)):
        if arm.block is not None:
            yield place, arm.block
        elif arm.runs is not None and (serves := code.place(arm.runs.path, arm.runs.name)) is not None:
            yield serves, 0


def _by_framework(function: Function, code: Code, resources: int) -> Finding | None:
    found: dict[str, tuple[str, list[Declared]]] = {}
    for route in declared_routes(code):
        path = route.path or "/"
        subject = _resource(path) if path.startswith("/") else (_noun(path), path)
        if subject is not None:
            found.setdefault(subject[0], (subject[1], []))[1].append(route)
    if len(found) < resources:
        return None
    parts = []
    for shown, routes in found.values():
        places = [code.place(each.serves.path, each.serves.name) for each in routes if each.serves is not None]
        parts.append(Part(shown, routes[0].at, tuple((place, 0) for place in places if place is not None)))
    framework = next(iter(found.values()))[1][0].framework
    evidence = _evidence(code, parts)
    noun = "unrelated resources"
    return Finding(
        at=code.handler.function.at if code.handler.name else parts[0].at,
        message=f"`{function.id}` serves {len(parts)} {noun} through {framework} ({_shown(parts)})"
        + _consequence(evidence, noun),
        help=_help(function, parts, noun),
        function=function.id,
        related=_related(parts),
        confidence=Confidence.HIGH if evidence else Confidence.MEDIUM,
        variant="framework-with-evidence" if evidence else "framework",
    )


def _resource(value: str) -> Subject:
    """What "/users/{id}", "GET /users" or "users" are about."""
    path = re.sub(METHOD, "", value)
    resource = resource_of(re.sub(STAGE, "", path if path.startswith("/") else f"/{path}"))
    return None if resource is None or re.search(FILE, resource) else (_noun(resource), f"/{resource}")


def _fields(names: list[str]) -> Iterator[Subject]:
    """What fields of a GraphQL schema are about: "getUser" and "listUserRoles" are both about "user"."""
    nouns = [_noun(name.rpartition(".")[2]) for name in names]
    firsts = [noun.partition("-")[0] for noun in nouns]
    lasts = [noun.rpartition("-")[2] for noun in nouns]
    for name, noun, first, last in zip(names, nouns, firsts, lasts, strict=True):
        yield first if firsts.count(first) > 1 else last if lasts.count(last) > 1 else noun, name


def _noun(name: str) -> str:
    """What a name is about: "createOrder", "list-orders" and "order" are all about "order", a bare verb about ""."""
    words = [word.lower() for word in re.findall(WORD, name)]
    if words and all(word in SIGNING_IN for word in words):
        return "signing in"
    while words and words[0] in VERBS:
        del words[0]
    while words and words[-1] in VERBS:
        del words[-1]
    for preposition in ("by", "for"):
        if preposition in words[1:]:
            words = words[: words.index(preposition, 1)]
    noun = "-".join(words)
    return noun.removesuffix("ies") + "y" if noun.endswith("ies") else noun.removesuffix("s")


def _evidence(code: Code, parts: list[Part]) -> str:
    """What one part alone needs: permissions on a service, or a package that is slow to import."""
    graph = code.keep(CallGraph)
    under = {part.name: graph.under(part.blocks) for part in parts}
    used: dict[str, set[str]] = {}
    shown: dict[str, str] = {}
    for name, (_, sites) in under.items():
        for site in sites:
            if site.sdk is not None:
                used.setdefault(site.sdk.service, set()).add(name)
                shown.setdefault(site.sdk.service, site.sdk.title)
    alone: dict[str, str] = {}
    for service, names in used.items():
        if len(names) == 1:
            alone.setdefault(next(iter(names)), shown[service])
    said = [f"only `{name}` needs `{action}`" for name, action in list(alone.items())[:3]] if len(alone) > 1 else []
    said += _heavy(code, graph, {part.name: (part, under[part.name][0]) for part in parts})
    return "".join(f", {each}" for each in said)


def _heavy(code: Code, graph: CallGraph, parts: dict[str, tuple[Part, set[Place]]]) -> Iterator[str]:
    users: dict[str, set[str | None]] = {}
    slow: dict[str, int] = {}
    for loaded in code.loaded_imports():
        cost = loaded.cost
        if loaded.path is not None or cost is None or cost.milliseconds < HEAVY_MS:
            continue
        if loaded.at_start:
            slow[cost.module] = cost.milliseconds
        # Each file has an import of its own; what one part alone needs, no other file uses either.
        of = users.setdefault(cost.module, set())
        for use in code.users_of(loaded.place.path, loaded.statement.binds):
            if use.how != "write":
                of.add(next((name for name, part in parts.items() if _within(graph, use, *part)), None))
    for module, milliseconds in slow.items():
        if len(users[module]) == 1 and (name := users[module].pop()) is not None:
            yield f"only `{name}` uses `{module}` ({milliseconds} ms to import)"


def _within(graph: CallGraph, use: Use, part: Part, reached: set[Place]) -> bool:
    """Whether a use is a part's own: nothing outside the part runs it."""
    if _stands_in(part, use.place, use.block):
        return True
    return use.place in reached and all(
        edge.source in reached or _stands_in(part, edge.source, edge.block) for edge in graph.callers(use.place)
    )


def _stands_in(part: Part, where: Place, index: int) -> bool:
    return any(where is place and place.function.within(index, block) for place, block in part.blocks)


def _consequence(evidence: str, noun: str) -> str:
    way = "route them in the template" if noun == "unrelated resources" else "invoke one function for each"
    return f"{evidence}: each gets the permissions, the memory, the timeout and the cold start of all; {way}"


def _help(function: Function, parts: list[Part], noun: str) -> str:
    names = [f"`{_camel(part.name)}Function`" for part in parts[:SHOWN]]
    own = f"one function per {'resource' if 'resource' in noun else 'action'}: {_listed(names, len(parts))}"
    if Advice.SPLIT_FUNCTION not in function.dialect.words:
        return own
    return f"{function.dialect.advise(Advice.SPLIT_FUNCTION, id=function.id)}\n{own}"


def _camel(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]+", name))


def _shown(parts: list[Part]) -> str:
    return _listed([f"`{part.name}`" for part in parts[:SHOWN]], len(parts))


def _listed(names: list[str], total: int) -> str:
    return ", ".join(names) + (f" and {total - len(names)} more" if total > len(names) else "")


def _related(parts: list[Part]) -> tuple[Related, ...]:
    shown = []
    for part in parts:
        serves = next((place.function.at for place, block in part.blocks if not block), None)
        shown.append(Related(serves or part.at, f"`{part.name}` is {'served' if serves else 'chosen'} here"))
    return tuple(shown)
