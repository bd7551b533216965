"""Network calls that wait for ever."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import (
    App,
    Code,
    Constant,
    EnvVar,
    External,
    Finding,
    Function,
    Group,
    Joined,
    Known,
    Member,
    Result,
    Severity,
    Site,
    Symbol,
    facts,
    options,
    parts_of_symbol,
    record,
    rule,
)


@record(eq=False)
class Wait:
    """How a call is told how long to wait.

    Attributes:
        names: the keyword arguments that do; position: where it may stand without its name.
        default: it waits for ever when nothing is said. When False only an explicit None does.
        maker: the arguments that do, of the call that made the client or session.
        socket: `socket.setdefaulttimeout` decides when nothing is said.
        fix: what to add.

    """

    names: tuple[str, ...] = ("timeout",)
    position: int | None = None
    default: bool = True
    maker: tuple[str, ...] = ()
    socket: bool = False
    fix: str = "timeout=5"


REQUESTS = Wait(fix="timeout=(3, 10)")
REQUESTS_AT_8 = Wait(position=8, fix="timeout=(3, 10)")
HTTPX = Wait(default=False, maker=("timeout",))
URLLIB3 = Wait(maker=("timeout",))
REDIS = Wait(names=("socket_timeout", "connection_pool"), position=4, fix="socket_timeout=5")
REDIS_URL = Wait(names=("socket_timeout", "connection_pool"), fix="socket_timeout=5")
POSTGRES = Wait(names=("connect_timeout", "dsn", "service"), position=0, fix="connect_timeout=5")

VERBS = ("get", "options", "head", "post", "put", "patch", "delete")

CALLS: dict[str, Wait] = {
    **{f"requests.{verb}": REQUESTS for verb in VERBS},
    **{f"requests.api.{verb}": REQUESTS for verb in VERBS},
    "requests.request": REQUESTS,
    "requests.api.request": REQUESTS,
    **{f"requests.{maker}().{verb}": REQUESTS for maker in ("Session", "session") for verb in VERBS},
    **{f"requests.sessions.Session().{verb}": REQUESTS for verb in VERBS},
    **{f"requests.{maker}().send": REQUESTS for maker in ("Session", "session", "sessions.Session")},
    **{f"requests.{maker}().request": REQUESTS_AT_8 for maker in ("Session", "session", "sessions.Session")},
    "urllib.request.urlopen": Wait(position=2, socket=True),
    "urllib.request.build_opener().open": Wait(position=2, socket=True),
    "urllib3.request": URLLIB3,
    "urllib3.PoolManager().request": URLLIB3,
    "urllib3.PoolManager().urlopen": URLLIB3,
    "urllib3.poolmanager.PoolManager().request": URLLIB3,
    "urllib3.ProxyManager().request": URLLIB3,
    "urllib3.HTTPConnectionPool().request": URLLIB3,
    "urllib3.HTTPSConnectionPool().request": URLLIB3,
    "http.client.HTTPConnection": Wait(position=2, socket=True),
    "http.client.HTTPSConnection": Wait(position=4, socket=True),
    **{f"httpx.{verb}": HTTPX for verb in (*VERBS, "request", "stream", "Client", "AsyncClient")},
    **{
        f"httpx.{maker}().{verb}": HTTPX
        for maker in ("Client", "AsyncClient")
        for verb in (*VERBS, "request", "stream")
    },
    "httpx.Timeout": Wait(position=0, default=False),
    "aiohttp.ClientSession": Wait(default=False),
    **{f"aiohttp.ClientSession().{verb}": Wait(default=False) for verb in (*VERBS, "request")},
    "aiohttp.ClientTimeout": Wait(names=("total",), position=0, default=False),
    "smtplib.SMTP": Wait(position=3, socket=True),
    "smtplib.SMTP_SSL": Wait(position=5, socket=True),
    "ftplib.FTP": Wait(position=4, socket=True),
    "ftplib.FTP_TLS": Wait(position=6, socket=True),
    "psycopg2.connect": POSTGRES,
    "redis.Redis": REDIS,
    "redis.StrictRedis": REDIS,
    "redis.client.Redis": REDIS,
    "redis.asyncio.Redis": REDIS,
    "redis.cluster.RedisCluster": REDIS_URL,
    **{f"redis.{maker}from_url": REDIS_URL for maker in ("", "Redis.", "StrictRedis.", "client.Redis.", "asyncio.")},
    "redis.asyncio.Redis.from_url": REDIS_URL,
}
"""Calls by dotted name, from the documentation of each library. pymysql, mysql.connector, psycopg 3 and pymongo come
with a limit of their own for connecting, as httpx and aiohttp do for all.
"""

NEAR = ("127.0.0.1", "localhost", "169.254.", "sandbox.localdomain")
"""Hosts inside the sandbox: the runtime API, whose long poll must not end, extensions, the daemon for traces."""

SENDING = frozenset({"request", "send", "timeout"})
"""What a session of one's own replaces to give every request a timeout."""

VENDORED = ("cfnresponse.py", "crhelper/")
"""Copies of other people's files, which nobody edits."""


@rule(Severity.WARNING, tags=("timeouts",))
def call_without_timeout(app: App) -> Iterator[Finding]:
    """A network call that the handler reaches has no timeout."""
    seen: set[facts.Call] = set()
    for function, code in app.functions_with_code():
        for site in code.sites():
            wait = CALLS.get(site.dotted or "")
            if wait is None or site.call in seen or any(copied in site.place.path for copied in VENDORED):
                continue
            if _waits_for_ever(site, wait) and not _set_elsewhere(code, site, wait) and not _stays_near(site):
                seen.add(site.call)
                yield _finding(function, site, wait)


def _waits_for_ever(site: Site, wait: Wait) -> bool:
    if _may_hold_more(site):
        return False
    given = [site.argument(name=name) for name in wait.names]
    given += [site.argument(wait.position)] if wait.position is not None else []
    said = [each for each in given if each is not None]
    if wait in (POSTGRES, REDIS_URL):
        if any(_mentions_timeout(each) for each in site.argument_symbols()):
            return False
        said = [each for each in said if not _is_text(each)]
    if said:
        none = all(_is_none(each) for each in said)
        # A read or connect limit stays when only the total is lifted.
        return none and (site.dotted not in ("aiohttp.ClientTimeout", "httpx.Timeout") or len(site.call.args) == 1)
    if not wait.default:
        return False
    maker = _maker(site)
    if maker is None:
        return True
    if _may_hold_more(maker):
        return False
    return not any(maker.argument(name=name) is not None for name in wait.maker)


def _may_hold_more(site: Site) -> bool:
    """Whether a spread may hold what the call does not show: all but dicts that are written beside it."""
    return any(argument.spread and not _in_sight(site, argument.value) for argument in site.call.args)


def _in_sight(site: Site, expr: facts.Expr) -> bool:
    function = site.place.function
    if isinstance(expr, facts.Name):
        made = [each for each in function.assigns if isinstance(each.target, facts.Name) and each.target.id == expr.id]
        # Who else gets the dict may put something into it.
        handed = [call.callee.base for call in function.calls if isinstance(call.callee, facts.Attr)]
        handed += [each.value for call in function.calls for each in call.args if not each.spread]
        if len(made) != 1 or any(isinstance(each, facts.Name) and each.id == expr.id for each in handed):
            return False
    elif not isinstance(expr, facts.Table):
        return False
    table = site.code.resolve(expr, site.place)
    return isinstance(table, Group) and table.keys is not None and None not in table.keys


def _mentions_timeout(symbol: Symbol) -> bool:
    """Whether an address holds the limit itself: `redis://cache?socket_timeout=5`."""
    return any(
        isinstance(part, Constant) and isinstance(part.value, str) and "timeout" in part.value
        for part in parts_of_symbol(symbol)
    )


def _is_text(symbol: Symbol) -> bool:
    """Whether an address is written out, at least from its start: `host=... dbname=...`."""
    starts = (each.parts[0] if isinstance(each, Joined) and each.parts else each for each in options(symbol))
    return all(isinstance(start, Constant) and isinstance(start.value, str) for start in starts)


def _is_none(symbol: Symbol) -> bool:
    return all(isinstance(each, Constant) and each.value is None for each in options(symbol))


def _maker(site: Site) -> Site | None:
    """The call that made the session or pool whose method this is."""
    return site.symbol.of.site if isinstance(site.symbol, Member) and isinstance(site.symbol.of, Result) else None


def _set_elsewhere(code: Code, site: Site, wait: Wait) -> bool:
    """Whether a default is set in a way that the call does not show: for all sockets, or for the session."""
    name = site.dotted or ""
    if wait.socket:
        return any(each.dotted == "socket.setdefaulttimeout" for each in code.sites())
    if not name.startswith("requests.") or "()" not in name:
        return False
    # An adapter of one's own, or a replaced method, may carry a default for the session.
    for each in code.sites():
        if each.dotted is not None and each.dotted.endswith("().mount") and each.dotted.startswith("requests."):
            adapter = each.argument(1, "adapter")
            if not (isinstance(adapter, Result) and adapter.of == External("requests.adapters.HTTPAdapter")):
                return True
    return any(
        isinstance(assign.target, facts.Attr) and assign.target.name in SENDING
        for place in code.places()
        for assign in place.function.assigns
    ) or any(
        each.bases and not each.methods.isdisjoint(SENDING)
        for place in code.places()
        if not place.name
        for each in place.facts.classes.values()
    )


def _stays_near(site: Site) -> bool:
    """Whether the call goes to something inside the sandbox itself."""
    for argument in site.argument_symbols():
        for part in parts_of_symbol(argument):
            if isinstance(part, EnvVar) and part.name == "AWS_LAMBDA_RUNTIME_API":
                return True
            if isinstance(part, Constant) and isinstance(part.value, str) and any(host in part.value for host in NEAR):
                return True
    return False


def _finding(function: Function, site: Site, wait: Wait) -> Finding:
    name = (site.dotted or "").replace("()", "")
    if isinstance(function.timeout, Known):
        end = f"`{function.id}` is cut off after {function.timeout.value} s"
    else:
        end = f"`{function.id}` is cut off"
    return Finding(
        at=site.call.at,
        message=f"`{name}` has no timeout: when the other side does not answer, it waits until {end}, "
        "and you pay for all of it; set one",
        help=f"add `{wait.fix}`, well below the function's own timeout",
        function=function.id,
        path=site.path() if site.place is not site.code.handler else (),
    )
