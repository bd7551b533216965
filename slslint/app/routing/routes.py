"""The routes that code declares to a web framework, by decorators, calls, or lists of routes."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.app.code import Code
from slslint.app.objects import entry
from slslint.app.packages import package_of
from slslint.app.place import Place
from slslint.app.site import Site
from slslint.app.symbols import (
    Constant,
    External,
    Group,
    LocalFunction,
    Member,
    Result,
    Symbol,
    dotted,
    options,
    parts_of_symbol,
)
from slslint.facts import Attr, Call, Expr, Name
from slslint.record import record
from slslint.source import Span

FRAMEWORKS = {
    "aws_lambda_powertools": "Powertools",
    "fastapi": "FastAPI",
    "flask": "Flask",
    "chalice": "Chalice",
    "bottle": "Bottle",
    "starlette": "Starlette",
    "quart": "Quart",
    "litestar": "Litestar",
    "lambda_lite": "lambda-lite",
    "@aws-lambda-powertools/event-handler": "Powertools",
    "@hono/zod-openapi": "Hono",
    "@koa/router": "Koa",
    "@middy/http-router": "Middy",
    "@nestjs/common": "NestJS",
    "express": "Express",
    "express-promise-router": "Express",
    "fastify": "Fastify",
    "find-my-way": "find-my-way",
    "hono": "Hono",
    "itty-router": "itty-router",
    "koa": "Koa",
    "koa-router": "Koa",
    "lambda-api": "lambda-api",
}
"""Frameworks by the package that routes are declared with, and their names for people."""

_APPS = frozenset(
    {
        "APIGatewayRestResolver", "APIGatewayHttpResolver", "ALBResolver", "LambdaFunctionUrlResolver",
        "VPCLatticeResolver", "VPCLatticeV2Resolver", "ApiGatewayResolver", "AppSyncResolver", "Router",
        "APIGatewayRouter", "APIGatewayHttpRouter", "LambdaFunctionUrlRouter", "ALBRouter", "VPCLatticeRouter",
        "VPCLatticeV2Router", "FastAPI", "APIRouter", "Flask", "Blueprint", "Chalice", "Bottle", "Starlette", "Quart",
        "AppSyncGraphQLResolver", "AutoRouter", "Hono", "IttyRouter", "OpenAPIHono", "fastify",
    }
)  # fmt: skip
"""Classes whose objects routes are declared on. Agents that take tools, not requests, are left out."""

_CALLED = frozenset({"@koa/router", "express", "express-promise-router", "fastify", "find-my-way", "koa",
                     "koa-router", "lambda-api"})  # fmt: skip
"""Packages that are themselves what makes an app or a router."""

_VERBS = frozenset({"get", "post", "put", "patch", "delete", "del", "head", "options", "all", "any", "on", "route",
                    "api_route", "resolver", "onQuery", "onMutation"})  # fmt: skip
_PREFIXING = {"include_router": "prefix", "register_blueprint": "url_prefix", "mount": "prefix"}
_ADDING = frozenset({"add_api_route", "add_url_rule", "add_route"})
_MOUNTING = frozenset({"use", "route"})
"""Methods that put a router under a path, `app.use("/users", users)`: the path stands first, the router last."""

_NEST = "@nestjs/common."
_NEST_VERBS = frozenset(_NEST + verb for verb in ("Get", "Post", "Put", "Patch", "Delete", "Head", "Options", "All"))


@record(eq=False)
class Declared:
    """One route: its path (for GraphQL the field's name), where it is declared, and the function that serves it."""

    framework: str
    path: str
    at: Span
    serves: LocalFunction | None


@record(eq=False)
class _Mounted:
    """Where routers hang: what stands before the paths of a router, and which functions get one to fill.

    Attributes:
        prefixes: by the identity of the call that made the router.
        plugins: the framework and the prefix, by the function: `app.register(users, { prefix: "/users" })`.

    """

    prefixes: dict[int, str]
    plugins: dict[LocalFunction, tuple[str, str]]


def declared_routes(code: Code) -> Iterator[Declared]:
    """The routes that the handler serves, in the order of places."""
    if code.packages.isdisjoint(FRAMEWORKS) or not _served(code):
        return
    mounted = _mounted(code)
    decorators = set()
    for place in code.places():
        for decorator in place.function.decorators:
            if isinstance(decorator, Call):
                # A decorator stands in what surrounds the function that it decorates.
                decorators.add(id(decorator))
                around = code.place(place.path, place.name.rpartition(".")[0]) or code.place(place.path) or place
                yield from _declared(code, around, decorator, LocalFunction(place.path, place.name), mounted)
    for site in code.sites():
        if id(site.call) in decorators:
            continue
        if isinstance(site.call.callee, Attr) and site.call.callee.name in _ADDING | _VERBS:
            yield from _declared(code, site.place, site.call, _last_function(site), mounted)
        elif site.dotted == "starlette.routing.Route":
            path = _text(site.argument(0, "path"))
            if path is not None:
                yield Declared("Starlette", path, site.call.at, None)
        elif site.dotted in ("@middy/http-router", "@middy/http-router.default"):
            yield from _listed(site)
    yield from _controllers(code)


def _served(code: Code) -> bool:
    """Whether the handler is a framework's app, or calls one or hands the event to one."""
    if not code.handler.name:
        return True
    met: list[Symbol] = []
    for site in code.sites():
        # A context without requests (`createApplicationContext`) serves no routes.
        if site.dotted == "@nestjs/core.NestFactory.create":
            return True
        if site.per_invocation and not isinstance(site.symbol, LocalFunction):
            met += (site.symbol, *site.argument_symbols())
    return any(_made(part) is not None for part in parts_of_symbol(*met))


def _declared(
    code: Code, place: Place, call: Call, serves: LocalFunction | None, mounted: _Mounted
) -> Iterator[Declared]:
    if not isinstance(call.callee, Attr) or call.callee.name not in _VERBS | _ADDING:
        return
    base, method = call.callee.base, call.callee.name
    made = _made(code.resolve(base, place))
    if made is not None:
        framework, prefix = made[0], mounted.prefixes.get(id(made[1].call), "")
    else:
        plugin = _filled(place, base, mounted)
        if plugin is None:
            return
        framework, prefix = plugin
    if method == "resolver":
        expr = call.keyword("field_name") or call.positional(1)
    elif method == "on":
        expr = call.positional(1)
    else:
        expr = call.positional(0) or next((found for key in ("rule", "path") if (found := call.keyword(key))), None)
    given = code.resolve(expr, place) if expr is not None else None
    if isinstance(given, Group) and given.keys is not None:
        given = entry(given, "url") or entry(given, "path") or entry(given, "fieldName")
    path = _text(given)
    if path is not None and not (method in _MOUNTING and _mounts(code, place, call)):
        yield Declared(framework, prefix + path, call.at, serves)


def _last_function(site: Site) -> LocalFunction | None:
    given = site.argument_symbols()
    return given[-1] if given and isinstance(given[-1], LocalFunction) else None


def _filled(place: Place, base: Expr, mounted: _Mounted) -> tuple[str, str] | None:
    """The framework, and the prefix, of an app that a function gets to declare its routes on."""
    parameters = place.function.parameters
    if parameters and isinstance(base, Name) and base.id == parameters[0].name:
        return mounted.plugins.get(LocalFunction(place.path, place.name))
    return None


def _listed(site: Site) -> Iterator[Declared]:
    """`httpRouterHandler([{ method: "GET", path: "/users", handler: listUsers }])`"""
    given = site.argument(0)
    routes = entry(given, "routes") or given if given is not None else None
    for route in routes.items if isinstance(routes, Group) else ():
        path = _text(entry(route, "path"))
        serves = entry(route, "handler")
        if path is not None:
            yield Declared("Middy", path, site.call.at, serves if isinstance(serves, LocalFunction) else None)


def _controllers(code: Code) -> Iterator[Declared]:
    """`@Controller("users") class Users { @Get(":id") one() {} }`"""
    for path in code.files():
        module = code.place(path)
        facts = code.sources.facts_of(path)
        for name, each in facts.classes.items() if module is not None else ():
            assert module is not None
            for controller in _decorating(code, module, each.decorators, {_NEST + "Controller"}):
                for method in sorted(each.methods):
                    serves = LocalFunction(path, f"{name}.{method}")
                    function = facts.functions.get(serves.name)
                    for verb in _decorating(code, module, function.decorators if function else (), _NEST_VERBS):
                        parts = [_first(code, module, decorator) for decorator in (controller, verb)]
                        full = "/".join(part.strip("/") for part in parts if part)
                        yield Declared("NestJS", f"/{full}", verb.at, serves)


def _decorating(
    code: Code, module: Place, decorators: tuple[Expr, ...], names: set[str] | frozenset[str]
) -> Iterator[Call]:
    for decorator in decorators:
        if isinstance(decorator, Call) and dotted(code.resolve(decorator.callee, module)) in names:
            yield decorator


def _first(code: Code, module: Place, decorator: Call) -> str:
    expr = decorator.positional(0)
    given = None if expr is None else code.resolve(expr, module)
    return _text(given) or _text(entry(given, "path") if given is not None else None) or ""


def _made(symbol: Symbol) -> tuple[str, Site] | None:
    """The framework of an app or router object, and the call that made it."""
    for each in options(symbol):
        # `new Hono().get("/users", users).get("/orders", orders)`
        while isinstance(each, Result) and isinstance(each.of, Member):
            if each.of.name not in _VERBS | _MOUNTING | {"basePath", "routes"}:
                break
            each = each.of.of
        if isinstance(each, Result) and isinstance(each.of, External):
            made = each.of.dotted
            package = package_of(made)
            framework = FRAMEWORKS.get(package)
            if framework is not None and (made.rpartition(".")[2] in _APPS or made in _CALLED):
                return framework, each.site
    return None


def _mounted(code: Code) -> _Mounted:
    prefixes: dict[int, str] = {}
    plugins: dict[LocalFunction, tuple[str, str]] = {}
    for site in code.sites():
        callee = site.call.callee
        name = site.dotted or ""
        if name in _CALLED or _APPS.intersection(name.rsplit(".", 1)[-1:]):
            given = (_text(site.argument(name=key)) for key in ("prefix", "url_prefix", "base"))
            own = next(filter(None, given), None)
            if own is not None:
                prefixes[id(site.call)] = own
        elif isinstance(callee, Attr) and callee.name in _PREFIXING:
            made = _made(site.argument(0) or Group(()))
            prefix = _text(site.argument(name=_PREFIXING[callee.name]))
            if made is not None and prefix is not None:
                _put_before(prefixes, made[1], prefix)
        elif isinstance(callee, Attr) and callee.name in _MOUNTING:
            for _, router in _mounts(code, site.place, site.call):
                _put_before(prefixes, router, _text(site.argument(0)) or "")
        elif isinstance(callee, Attr) and callee.name == "basePath":
            made = _made(code.resolve(callee.base, site.place))
            if made is not None:
                _put_before(prefixes, made[1], _text(site.argument(0)) or "")
        elif isinstance(callee, Attr) and callee.name == "register":
            app, plugin = _made(code.resolve(callee.base, site.place)), site.argument(0)
            if app is not None and isinstance(plugin, LocalFunction):
                plugins[plugin] = app[0], _text(site.argument(1, "prefix")) or ""
    return _Mounted(prefixes, plugins)


def _put_before(prefixes: dict[int, str], router: Site, prefix: str) -> None:
    prefixes[id(router.call)] = prefix + prefixes.get(id(router.call), "")


def _mounts(code: Code, place: Place, call: Call) -> list[tuple[str, Site]]:
    """The routers that a call puts under its first argument."""
    return [made for each in call.args[1:] if (made := _made(code.resolve(each.value, place))) is not None]


def _text(symbol: Symbol | None) -> str | None:
    return symbol.value if isinstance(symbol, Constant) and isinstance(symbol.value, str) else None
