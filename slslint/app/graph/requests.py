"""HTTP requests that code makes: to which address, and with which method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slslint.app.objects import entry
from slslint.app.packages import packages_of
from slslint.app.symbols import Constant, External, Group, Joined, Member, Result, Symbol, joined
from slslint.record import record

if TYPE_CHECKING:
    from slslint.app.site import Site

_VERBS = frozenset({"get", "options", "head", "post", "put", "patch", "delete", "del"})

_PYTHON = ("requests", "httpx", "urllib", "aiohttp", "botocore.httpsession")
_NODE = ("axios", "fetch", "globalThis.fetch", "undici", "node-fetch", "cross-fetch", "isomorphic-fetch", "got",
         "http.", "https.", "superagent", "request", "ky", "needle")  # fmt: skip

REQUESTING = tuple(sorted(packages_of((*_PYTHON, *_NODE))))
"""How the names of packages and globals begin that make requests."""

_ADDRESSES = frozenset({"urllib.request.Request", "Request", "URL", "url.URL", "str", "String", "new URL"})
"""What makes an object that carries an address, which is its first argument."""

_WITH_BASE = frozenset({"baseURL", "baseUrl", "base_url", "prefixUrl"})


@record(eq=False)
class Request:
    """A request. `url` is the whole address; `method` in upper case, or None when it is not known."""

    url: Symbol
    method: str | None


def request_of(site: Site) -> Request | None:
    """The request that a call makes; None when it is none, or says no address."""
    name = site.dotted
    if name is None or not name.startswith(_PYTHON if site.in_python else _NODE):
        return None
    package, _, last = name.rpartition(".")
    if last in _VERBS and not package.startswith(("http", "https")):
        return _request(site, site.argument(0, "url"), "DELETE" if last == "del" else last.upper(), package)
    if site.in_python:
        if last in ("request", "stream", "urlopen") and name != "urllib.request.urlopen":
            return _request(site, site.argument(1, "url"), _text(site.argument(0, "method")), package)
        if name in ("urllib.request.urlopen", "urllib.request.build_opener().open"):
            return _request(site, site.argument(0, "url"), None, "")
        return None
    if (last == "request" and package.startswith(("http", "https"))) or (
        last == "get" and package in ("http", "https")
    ):
        return _node_request(site, last)
    if name in ("fetch", "globalThis.fetch") or last in ("fetch", "request") or not package or name.endswith("fetch"):
        given = site.argument(0)
        url = entry(given, "url") if isinstance(given, Group) else given
        return _request(site, url, _method(site), package or name)
    return None


def _request(site: Site, url: Symbol | None, method: str | None, package: str) -> Request | None:
    if url is None:
        return None
    url = _address(url)
    base = _base(site)
    if base is not None:
        url = joined((_address(base), url))
    return Request(url, method.upper() if method else None)


def _base(site: Site) -> Symbol | None:
    """The address that a client puts before every path: `axios.create({ baseURL })`, `httpx.Client(base_url=...)`."""
    match site.symbol:
        case Member(Result(_, made), _) | Result(_, made):
            found = (made.argument(None, name) for name in _WITH_BASE)
            return next((each for each in found if each is not None), None)
        case _:
            given = None if site.in_python else site.argument(0)
            return entry(given, "baseURL") if isinstance(given, Group) else None


def _address(symbol: Symbol) -> Symbol:
    """The text behind an object that carries an address."""
    match symbol:
        case Result(External(name), made) if name in _ADDRESSES:
            given, base = made.argument(0, "url"), made.argument(1)
            if given is None:
                return symbol
            return joined((_address(base), given)) if base is not None and name.endswith("URL") else _address(given)
        case Member(of, "href"):
            return _address(of)
        case _:
            return symbol


def _node_request(site: Site, last: str) -> Request | None:
    """`https.request(options)`, `https.request(url, options)`."""
    method = "GET" if last == "get" else _method(site)
    given = site.argument(0)
    if isinstance(given, Group):
        host = entry(given, "hostname") or entry(given, "host")
        path = entry(given, "path") or Constant("/")
        return None if host is None else Request(Joined((Constant("https://"), host, path)), method)
    return _request(site, given, method, "")


def _method(site: Site) -> str | None:
    given = site.argument(name="method")
    return "GET" if given is None and not site.open else _text(given)


def _text(symbol: Symbol | None) -> str | None:
    return symbol.value.upper() if isinstance(symbol, Constant) and isinstance(symbol.value, str) else None
