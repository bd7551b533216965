"""Network calls that wait for ever, or very long, and what tells each how long to wait.

From the documentation and the source of each library. Not here is what gives up by itself soon enough: pymysql,
mysql.connector, psycopg 3, pymongo, mysql2, mongodb, mongoose, redis and ioredis for Node, nodemailer, ky and needle
have a limit of their own at least for connecting, httpx and aiohttp for all.
"""

from __future__ import annotations

from slslint.record import record


@record(eq=False)
class Wait:
    """How a call is told how long to wait.

    Attributes:
        names: the arguments that do.
        objects: where the object may stand that holds them by name, in JavaScript.
        position: where one may stand without its name.
        default: it waits when nothing is said. When False only an explicit `forever` does.
        maker: the arguments that do, of the call that made the client or session.
        lifted: another argument limits a part of the wait, also when this one is lifted.
        address: an address among the arguments may hold the limit: `redis://cache?socket_timeout=5`.
        after: methods of what the call returns that do, with the event they are for: "setTimeout", "on timeout".
        elsewhere: calls that set a default for every such call.
        replaced: attributes that somebody sets to give every call of a client a timeout: "request", "defaults.timeout".
        agents: arguments that carry the connection, and may have been made with a limit.
        forever: values that mean no limit.
        seconds: how long it waits when nothing is said; None is for ever.
        fix: what to add.

    """

    names: tuple[str, ...] = ("timeout",)
    objects: tuple[int, ...] = ()
    position: int | None = None
    default: bool = True
    maker: tuple[str, ...] = ()
    lifted: bool = False
    address: bool = False
    after: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    replaced: frozenset[str] = frozenset()
    agents: tuple[str, ...] = ()
    forever: tuple[object, ...] = (None,)
    seconds: int | None = None
    fix: str = "timeout=5"


_VERBS = ("get", "options", "head", "post", "put", "patch", "delete")

_REQUESTS = Wait(fix="timeout=(3, 10)")
_SESSION = Wait(
    elsewhere=("requests.Session().mount", "requests.session().mount", "requests.sessions.Session().mount"),
    replaced=frozenset({"request", "send", "timeout"}),
    fix="timeout=(3, 10)",
)
_SESSION_AT_8 = Wait(position=8, elsewhere=_SESSION.elsewhere, replaced=_SESSION.replaced, fix=_SESSION.fix)
_HTTPX = Wait(default=False, maker=("timeout",))
_URLLIB3 = Wait(maker=("timeout",))
_REDIS = Wait(names=("socket_timeout", "connection_pool"), position=4, fix="socket_timeout=5")
_REDIS_URL = Wait(names=("socket_timeout", "connection_pool"), address=True, fix="socket_timeout=5")
_POSTGRES = Wait(names=("connect_timeout", "dsn", "service"), position=0, address=True, fix="connect_timeout=5")
_AIOHTTP = Wait(default=False)


def _socket(position: int) -> Wait:
    return Wait(position=position, elsewhere=("socket.setdefaulttimeout",))


PYTHON: dict[str, Wait] = {
    **{f"requests.{verb}": _REQUESTS for verb in (*_VERBS, "request")},
    **{f"requests.api.{verb}": _REQUESTS for verb in (*_VERBS, "request")},
    **{
        f"requests.{maker}().{verb}": _SESSION
        for maker in ("Session", "session", "sessions.Session")
        for verb in (*_VERBS, "send")
    },
    **{f"requests.{maker}().request": _SESSION_AT_8 for maker in ("Session", "session", "sessions.Session")},
    "urllib.request.urlopen": _socket(2),
    "urllib.request.build_opener().open": _socket(2),
    "urllib3.request": _URLLIB3,
    "urllib3.PoolManager().request": _URLLIB3,
    "urllib3.PoolManager().urlopen": _URLLIB3,
    "urllib3.poolmanager.PoolManager().request": _URLLIB3,
    "urllib3.ProxyManager().request": _URLLIB3,
    "urllib3.HTTPConnectionPool().request": _URLLIB3,
    "urllib3.HTTPSConnectionPool().request": _URLLIB3,
    "http.client.HTTPConnection": _socket(2),
    "http.client.HTTPSConnection": _socket(4),
    **{f"httpx.{verb}": _HTTPX for verb in (*_VERBS, "request", "stream", "Client", "AsyncClient")},
    **{
        f"httpx.{maker}().{verb}": _HTTPX
        for maker in ("Client", "AsyncClient")
        for verb in (*_VERBS, "request", "stream")
    },
    "httpx.Timeout": Wait(position=0, default=False, lifted=True),
    "aiohttp.ClientSession": _AIOHTTP,
    **{f"aiohttp.ClientSession().{verb}": _AIOHTTP for verb in (*_VERBS, "request")},
    "aiohttp.ClientTimeout": Wait(names=("total",), position=0, default=False, lifted=True),
    "smtplib.SMTP": _socket(3),
    "smtplib.SMTP_SSL": _socket(5),
    "ftplib.FTP": _socket(4),
    "ftplib.FTP_TLS": _socket(6),
    "psycopg2.connect": _POSTGRES,
    "redis.Redis": _REDIS,
    "redis.StrictRedis": _REDIS,
    "redis.client.Redis": _REDIS,
    "redis.asyncio.Redis": _REDIS,
    "redis.cluster.RedisCluster": _REDIS_URL,
    **{f"redis.{maker}from_url": _REDIS_URL for maker in ("", "Redis.", "StrictRedis.", "client.Redis.", "asyncio.")},
    "redis.asyncio.Redis.from_url": _REDIS_URL,
}

_OFF = (None, 0)
_SIGNAL = "signal: AbortSignal.timeout(5000)"


def _axios(*objects: int) -> Wait:
    return Wait(
        names=("timeout", "signal", "cancelToken"),
        objects=objects,
        maker=("timeout", "signal", "cancelToken"),
        replaced=frozenset({"defaults.timeout"}),
        agents=("httpsAgent", "httpAgent"),
        forever=_OFF,
        fix="timeout: 5000",
    )


def _fetch(*names: str, seconds: int | None = None) -> Wait:
    return Wait(
        names=("signal", *names),
        objects=(1,),
        maker=("signal", "headersTimeout", "bodyTimeout"),
        elsewhere=("undici.setGlobalDispatcher",),
        agents=("dispatcher", "agent"),
        forever=_OFF,
        seconds=seconds,
        fix=_SIGNAL,
    )


_UNDICI_SECONDS = 300
"""headersTimeout and bodyTimeout, unless they are set."""

_GLOBAL_FETCH = _fetch(seconds=_UNDICI_SECONDS)
_UNDICI = _fetch("headersTimeout", "bodyTimeout", seconds=_UNDICI_SECONDS)
_UNDICI_CLIENT = Wait(
    names=_UNDICI.names,
    objects=(0,),
    maker=_UNDICI.maker,
    forever=_OFF,
    seconds=_UNDICI_SECONDS,
    fix=_SIGNAL,
)
_NODE_FETCH = _fetch("timeout")
_GOT = Wait(
    names=("timeout", "signal"),
    objects=(0, 1),
    maker=("timeout", "signal"),
    forever=_OFF,
    fix="timeout: { request: 5000 }",
)
_HTTP = Wait(
    names=("timeout", "signal"),
    objects=(0, 1),
    agents=("agent",),
    after=("setTimeout", "on timeout", "once timeout", "on socket", "once socket"),
    forever=_OFF,
    fix=_SIGNAL,
)
_REQUEST = Wait(names=("timeout",), objects=(0, 1), maker=("timeout",), forever=_OFF, fix="timeout: 5000")
_SUPERAGENT = Wait(names=(), after=("timeout",), fix=".timeout({ response: 5000, deadline: 10000 })")
_PG = Wait(
    names=("connectionTimeoutMillis", "connectionString"),
    objects=(0,),
    position=0,
    address=True,
    forever=_OFF,
    fix="connectionTimeoutMillis: 5000",
)
_DATA_VERBS = ("post", "put", "patch", "postForm", "putForm", "patchForm")

NODE: dict[str, Wait] = {
    **{f"axios{of}": _axios(0, 1) for of in ("", ".request", ".create()", ".create().request")},
    **{f"axios{of}.{verb}": _axios(1) for of in ("", ".create()") for verb in ("get", "delete", "head", "options")},
    **{f"axios{of}.{verb}": _axios(2) for of in ("", ".create()") for verb in _DATA_VERBS},
    "fetch": _GLOBAL_FETCH,
    "globalThis.fetch": _GLOBAL_FETCH,
    **{f"undici.{name}": _UNDICI for name in ("fetch", "request", "stream")},
    **{f"undici.{maker}().request": _UNDICI_CLIENT for maker in ("Client", "Pool", "Agent")},
    "node-fetch": _NODE_FETCH,
    "cross-fetch": _NODE_FETCH,
    "cross-fetch.fetch": _NODE_FETCH,
    "isomorphic-fetch": _NODE_FETCH,
    "isomorphic-unfetch": _NODE_FETCH,
    **{f"got{of}": _GOT for of in ("", ".extend()")},
    **{f"got{of}.{verb}": _GOT for of in ("", ".extend()") for verb in (*_VERBS, "stream", "paginate")},
    **{f"{module}.{name}": _HTTP for module in ("http", "https") for name in ("request", "get")},
    **{
        f"{module}{of}{verb}": _REQUEST
        for module in ("request", "request-promise", "request-promise-native")
        for of in ("", ".defaults()")
        for verb in ("", ".get", ".post", ".put", ".patch", ".del", ".delete", ".head")
    },
    **{f"superagent.{verb}": _SUPERAGENT for verb in (*_VERBS, "del")},
    **{f"superagent.agent().{verb}": _SUPERAGENT for verb in (*_VERBS, "del")},
    "pg.Client": _PG,
    "pg.Pool": _PG,
    "pg-pool": _PG,
}
"""cross-fetch and its like are node-fetch, when they run in Node."""


def wait_of(dotted: str, language: str) -> Wait | None:
    """How the call of that dotted name is told how long to wait; None when it gives up by itself, or is not known."""
    return (PYTHON if language == "python" else NODE).get(dotted)
