"""What makes clients of AWS and connections to databases, by dotted name."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from slslint.app.packages import packages_of
from slslint.data.service_names import service_of_class
from slslint.record import record

if TYPE_CHECKING:
    from slslint.app.code import Code

SDK = "sdk"
SHARING = "sdk-sharing"
CONNECTION = "connection"


@record()
class Maker:
    """What a call makes.

    Attributes:
        what: for people: "an SDK client".
        kind: SDK, a client with connections of its own; SHARING, one of those that share them; CONNECTION, which the
            other side has to hold.
        kept_until: the package keeps what it made, and makes another only after one of these calls; None: it makes a
            new one each time.

    """

    what: str
    kind: str
    kept_until: frozenset[str] | None = None


_SDK = {
    "boto3.client": "an SDK client",
    "boto3.resource": "an SDK resource",
    "boto3.Session().client": "an SDK client",
    "boto3.Session().resource": "an SDK resource",
    "boto3.session.Session().client": "an SDK client",
    "boto3.session.Session().resource": "an SDK resource",
    "boto3._get_default_session().client": "an SDK client",
    "botocore.session.get_session().create_client": "an SDK client",
    "botocore.session.Session().create_client": "an SDK client",
    "aioboto3.Session": "an SDK session",
}
"""Clients of aioboto3 belong to one event loop and cannot be kept. Packages of JavaScript: see `_sdk_class`."""

_CONNECTIONS = {
    "mysql.connector.connect": "a database connection",
    "pg8000.connect": "a database connection",
    "psycopg.connect": "a database connection",
    "psycopg2.connect": "a database connection",
    "pymongo.MongoClient": "a database client",
    "pymongo.mongo_client.MongoClient": "a database client",
    "pymysql.connect": "a database connection",
    "redis.Redis": "a cache connection",
    "redis.StrictRedis": "a cache connection",
    "redis.from_url": "a cache connection",
    "redis.Redis.from_url": "a cache connection",
    "sqlalchemy.create_engine": "a database engine",
    "@elastic/elasticsearch.Client": "a search client",
    "@opensearch-project/opensearch.Client": "a search client",
    "@prisma/client.PrismaClient": "a database client",
    "elasticsearch.Client": "a search client",
    "ioredis": "a cache connection",
    "ioredis.Cluster": "a cache connection",
    "ioredis.Redis": "a cache connection",
    "kafkajs.Kafka": "a Kafka client",
    "knex": "a database pool",
    "knex.knex": "a database pool",
    "mongodb.MongoClient": "a database client",
    "mongodb.MongoClient.connect": "a database client",
    "mongoose.createConnection": "a database connection",
    "mysql.createConnection": "a database connection",
    "mysql.createPool": "a database pool",
    "mysql2.createConnection": "a database connection",
    "mysql2.createPool": "a database pool",
    "mysql2/promise.createConnection": "a database connection",
    "mysql2/promise.createPool": "a database pool",
    "pg.Client": "a database connection",
    "pg.Pool": "a database pool",
    "redis.createClient": "a cache connection",
    "redis.createCluster": "a cache connection",
    "sequelize": "a database pool",
    "sequelize.Sequelize": "a database pool",
    "typeorm.DataSource": "a database pool",
}

_KEPT = {
    "mongoose.connect": frozenset(
        {"mongoose.disconnect", "mongoose.connection.close", "mongoose.connect().disconnect"}
        | {"mongoose.connect().connection.close"}
    ),
    "typeorm.createConnection": frozenset({"typeorm.createConnection().close", "typeorm.getConnection().close"}),
}

_VERSION_2 = ("aws-sdk.", "aws-sdk/clients/")

_NO_CLIENTS = ("Command", "Exception", "Error")
"""Ends of the names of classes of the SDK that are no clients."""

_STEADY = frozenset(
    {
        "botocore.config.Config", "botocore.client.Config", "json.loads", "int", "str", "bool", "float",
        "JSON.parse", "parseInt", "Number", "String", "Boolean", "URL",
        "http.Agent", "https.Agent", "aws-sdk.Endpoint", "aws-sdk.EnvironmentCredentials",
        "@aws-sdk/node-http-handler.NodeHttpHandler", "@smithy/node-http-handler.NodeHttpHandler",
        "@aws-sdk/credential-provider-node.defaultProvider", "@aws-sdk/credential-providers.fromNodeProviderChain",
        "@aws-sdk/credential-providers.fromEnv", "@aws-sdk/credential-provider-env.fromEnv",
        "@prisma/adapter-pg.PrismaPg",
    }
)  # fmt: skip
"""Calls that give the same for the same arguments."""


_MAKING = packages_of((*_CONNECTIONS, *_KEPT))


def may_make(code: Code) -> bool:
    """Whether code names anything that makes a client or a connection."""
    return code.imports_sdk or not code.packages.isdisjoint(_MAKING)


def steady(name: str) -> bool:
    """Whether a call of that dotted name gives the same for the same arguments."""
    return name in _STEADY or (name.startswith("@aws-sdk/") and name.endswith("Command"))


@cache
def maker(name: str) -> Maker | None:
    """What a call of that dotted name makes; None when it makes no client and no connection."""
    if name in _CONNECTIONS:
        return Maker(_CONNECTIONS[name], CONNECTION)
    if name in _KEPT:
        return Maker("a database connection", CONNECTION, _KEPT[name])
    if name in _SDK:
        return Maker(_SDK[name], SDK)
    return _sdk_class(name)


def _sdk_class(name: str) -> Maker | None:
    """A client class of the SDK for JavaScript: of version 3, one of its aggregated clients, a service of version 2."""
    if name.startswith("@aws-sdk/client-"):
        own = name.rpartition(".")[2]
        made = own[:1].isupper() and not own.endswith(_NO_CLIENTS)
        return Maker("an SDK client", SDK) if made else None
    path = name.rpartition(".captureAWS().")[2]
    if path == name and not name.startswith(_VERSION_2):
        return None
    path = path.removeprefix("aws-sdk").removeprefix("/clients/all").removeprefix("/clients/").lstrip(".")
    known = service_of_class(path.removesuffix(".DocumentClient")) is not None
    return Maker("an SDK client", SHARING) if known else None
