"""The routes that code declares to a web framework, by decorators or calls."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.app.code import Code
from slslint.app.place import Place
from slslint.app.site import Site
from slslint.app.symbols import Constant, External, Group, LocalFunction, Result, Symbol, options, parts_of_symbol
from slslint.facts import Attr, Call
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
}
"""Frameworks by the package that routes are declared with, and their names for people."""

_APPS = frozenset(
    {
        "APIGatewayRestResolver", "APIGatewayHttpResolver", "ALBResolver", "LambdaFunctionUrlResolver",
        "VPCLatticeResolver", "VPCLatticeV2Resolver", "ApiGatewayResolver", "AppSyncResolver", "Router",
        "APIGatewayRouter", "APIGatewayHttpRouter", "LambdaFunctionUrlRouter", "ALBRouter", "VPCLatticeRouter",
        "VPCLatticeV2Router", "FastAPI", "APIRouter", "Flask", "Blueprint", "Chalice", "Bottle", "Starlette", "Quart",
    }
)  # fmt: skip
"""Classes whose objects routes are declared on. Agents that take tools, not requests, are left out."""

_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "route", "api_route", "resolver"})
_PREFIXING = {"include_router": "prefix", "register_blueprint": "url_prefix", "mount": "prefix"}
_ADDING = frozenset({"add_api_route", "add_url_rule", "add_route"})


@record(eq=False)
class Declared:
    """One route: its path (for GraphQL the field's name), where it is declared, and the function that serves it."""

    framework: str
    path: str
    at: Span
    serves: LocalFunction | None


def declared_routes(code: Code) -> Iterator[Declared]:
    """The routes that the handler serves, in the order of places."""
    if not (_imports_framework(code) and _served(code)):
        return
    prefixes = _prefixes(code)
    for place in code.places():
        for decorator in place.function.decorators:
            if isinstance(decorator, Call):
                serves = LocalFunction(place.path, place.name)
                yield from _declared(code, place, decorator, serves, prefixes)
    for site in code.sites():
        if isinstance(site.call.callee, Attr) and site.call.callee.name in _ADDING:
            yield from _declared(code, site.place, site.call, None, prefixes)
        elif site.dotted == "starlette.routing.Route":
            path = _text(site.argument(0, "path"))
            if path is not None:
                yield Declared("Starlette", path, site.call.at, None)


def _imports_framework(code: Code) -> bool:
    """Whether any loaded file imports a framework: a cheap test before every call is resolved."""
    return any(
        statement.module.partition(".")[0] in FRAMEWORKS
        for path in code.files()
        for _, statement in code.sources.facts_of(path).imports()
    )


def _served(code: Code) -> bool:
    """Whether the handler is a framework's app, or calls one or hands the event to one."""
    if not code.handler.name:
        return True
    for site in code.sites():
        if site.per_invocation and not isinstance(site.symbol, LocalFunction):
            for symbol in (site.symbol, *site.argument_symbols()):
                if any(_made(part) is not None for part in parts_of_symbol(symbol)):
                    return True
    return False


def _declared(
    code: Code, place: Place, call: Call, serves: LocalFunction | None, prefixes: dict[int, str]
) -> Iterator[Declared]:
    if not isinstance(call.callee, Attr) or call.callee.name not in _VERBS | _ADDING:
        return
    # A decorator stands in what surrounds the function that it decorates.
    around = code.place(place.path, place.name.rpartition(".")[0]) or code.place(place.path)
    made = _made(code.resolve(call.callee.base, around or place))
    if made is None:
        return
    framework, maker = made
    if call.callee.name == "resolver":
        expr = call.keyword("field_name") or call.positional(1)
    else:
        expr = call.positional(0) or next((found for key in ("rule", "path") if (found := call.keyword(key))), None)
    path = _text(code.resolve(expr, around or place)) if expr is not None else None
    if path is not None:
        yield Declared(framework, prefixes.get(id(maker.call), "") + path, call.at, serves)


def _made(symbol: Symbol) -> tuple[str, Site] | None:
    """The framework of an app or router object, and the call that made it."""
    for each in options(symbol):
        if isinstance(each, Result) and isinstance(each.of, External):
            package, _, name = each.of.dotted.rpartition(".")
            framework = FRAMEWORKS.get(package.partition(".")[0])
            if framework is not None and name in _APPS:
                return framework, each.site
    return None


def _prefixes(code: Code) -> dict[int, str]:
    """What stands before the paths of a router, by the identity of the call that made it."""
    prefixes: dict[int, str] = {}
    for site in code.sites():
        callee = site.call.callee
        if _APPS.intersection((site.dotted or "").rsplit(".", 1)[-1:]):
            own = _text(site.argument(name="prefix")) or _text(site.argument(name="url_prefix"))
            if own is not None:
                prefixes[id(site.call)] = own + ""
        elif isinstance(callee, Attr) and callee.name in _PREFIXING:
            made = _made(site.argument(0) or Group(()))
            prefix = _text(site.argument(name=_PREFIXING[callee.name]))
            if made is not None and prefix is not None:
                key = id(made[1].call)
                prefixes[key] = prefix + prefixes.get(key, "")
    return prefixes


def _text(symbol: Symbol | None) -> str | None:
    return symbol.value if isinstance(symbol, Constant) and isinstance(symbol.value, str) else None
