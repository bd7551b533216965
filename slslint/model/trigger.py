"""What invokes a function, how, and how long it waits."""

from __future__ import annotations

import re
from enum import Enum

from slslint import late
from slslint.model.delivery import EVERYTHING, Filter
from slslint.model.dialect import Dialect
from slslint.model.reference import Text
from slslint.record import record
from slslint.source import Span
from slslint.value import ALWAYS, Value, When


class Invocation(Enum):
    """How the invoker treats the invocation."""

    WAITS = "waits"
    """The invoker waits for the result; failures reach it."""
    ASYNC = "asynchronous"
    """Lambda queues the event, answers at once, retries twice, then drops it unless a failure setting catches it."""
    POLLED = "polled"
    """An event source mapping reads a queue or stream and waits; failed records go back to the source."""


class Source(Enum):
    """The kind of thing that invokes. The value is its name for people, with its article."""

    REST_API = "a REST API"
    HTTP_API = "an HTTP API"
    WEBSOCKET_API = "a WebSocket API"
    FUNCTION_URL = "a function URL"
    LOAD_BALANCER = "a load balancer"
    GRAPHQL_API = "a GraphQL API"
    AUTHORIZER = "an API authorizer"
    USER_POOL = "a Cognito user pool"
    CHAT = "a chat or voice assistant"
    """Lex, Alexa, Connect, Bedrock agents: they wait for an answer."""
    DELIVERY_STREAM = "a Firehose delivery stream"
    OBJECT_LAMBDA = "an S3 Object Lambda"
    EDGE = "a CloudFront distribution"
    WORKFLOW = "a state machine"
    PIPE = "an EventBridge pipe"
    QUEUE = "a queue"
    DATA_STREAM = "a Kinesis stream"
    TABLE_STREAM = "a table's stream"
    KAFKA = "a Kafka topic"
    BROKER = "a message broker"
    DOCUMENT_STREAM = "a DocumentDB change stream"
    BUCKET = "a bucket"
    TOPIC = "a topic"
    RULE = "an event rule"
    SCHEDULE = "a schedule"
    LOGS = "a log subscription"
    EMAIL = "an email receipt rule"
    IOT = "an IoT rule"
    CONFIG = "a Config rule"
    SECRET_ROTATION = "a secret rotation"
    CUSTOM_RESOURCE = "a custom resource"
    DEPLOYMENT_HOOK = "a deployment hook"
    OTHER = "another service"


_ASYNC = {
    Source.BUCKET, Source.TOPIC, Source.RULE, Source.SCHEDULE, Source.LOGS, Source.EMAIL, Source.IOT, Source.CONFIG,
    Source.CUSTOM_RESOURCE, Source.SECRET_ROTATION,
}  # fmt: skip
_POLLED = {
    Source.QUEUE, Source.DATA_STREAM, Source.TABLE_STREAM, Source.KAFKA, Source.BROKER, Source.DOCUMENT_STREAM,
}  # fmt: skip

REQUEST_SOURCES = frozenset(
    {
        Source.REST_API,
        Source.HTTP_API,
        Source.WEBSOCKET_API,
        Source.FUNCTION_URL,
        Source.LOAD_BALANCER,
        Source.GRAPHQL_API,
    }
)
"""Sources that carry somebody's request and bring back the answer."""


def usual_invocation(source: Source) -> Invocation:
    """How this kind of source invokes when nothing else is said."""
    if source in _ASYNC:
        return Invocation.ASYNC
    return Invocation.POLLED if source in _POLLED else Invocation.WAITS


_PREFIX = late.pattern(r"v\d+(\.\d+)*|api", re.IGNORECASE)
_HEALTH = frozenset({"health", "healthcheck", "healthz", "ping"})

_OF_EVERY_API = {"api-docs", "docs", "favicon.ico", "openapi.json", "redoc", "status", "swagger"} | _HEALTH


def resource_of(path: str) -> str | None:
    """What a request path is about: its first literal segment after a version prefix such as `/v1` or `/api`.

    "/users", "/users/{id}", "/v1/users/:id/posts" are all about "users". None for paths that name no resource:
    "/", "/{proxy+}", "$default", and those that any API has, such as "/health" and "/orders/health".
    """
    if not path.startswith("/") or path.rpartition("/")[2].lower() in _HEALTH:
        return None
    for segment in path.split("/"):
        literal = segment[:1] not in ("", "{", ":", "<", "*", "$")
        if literal and not _PREFIX.fullmatch(segment):
            # An underscore marks what concerns the API itself: `/_docs`, `/_refresh`.
            return None if segment.lower() in _OF_EVERY_API or segment[0] == "_" else segment.lower()
    return None


@record()
class Route:
    """One route of a request API.

    `method` is upper case or "ANY"; `path` as written: "/users/{id}", "$default", "/{proxy+}". For a GraphQL API the
    method is "Query", "Mutation", ... and the path the field name.
    """

    method: str
    path: str


@record()
class Batch:
    """How an event source mapping hands over records. Windows and ages are in seconds."""

    size: Value[int]
    window: Value[int]
    partial_failures: Value[bool]
    """ReportBatchItemFailures is on."""
    bisect: Value[bool]
    retries: Value[int]
    """-1: until the records expire."""
    age: Value[int]
    """How old a record may become; -1: until it expires."""
    concurrency: Value[int]
    """How many batches of a queue are handed over at once at most; Absent: as many as there are instances."""
    on_failure: Value[Text]


@record()
class Trigger:
    """One way in which a function gets invoked.

    Attributes:
        function: the function's id. at: where the trigger is written, at its name when it has one.
        source: the resource or ARN that invokes, where one is named; the id of the resource for its own events.
        caller_waits: seconds that the invoker waits at most; Absent when it does not wait or has no such limit.
        event: which of the source's events: the Cognito trigger's name ("PreSignUp"), the schedule's expression, ...
        filter: which of the source's events come through.
        dead_letter: where what cannot be delivered goes (of a rule's target, a schedule, a subscription to a topic);
            None where this kind of source has no such setting.
        dialect: the words of those who wrote it, where it does not stand in the words of its function: as a resource of
            its own.

    """

    source_kind: Source
    function: str
    at: Span
    source: Value[Text]
    invocation: Invocation
    caller_waits: Value[float]
    route: Value[Route]
    batch: Batch | None = None
    event: str = ""
    filter: Filter = EVERYTHING
    dead_letter: Value[Text] | None = None
    when: When = ALWAYS
    dialect: Dialect | None = None
