"""Everything else that is deployed."""

from __future__ import annotations

from enum import Enum

from slslint.model.dialect import Dialect
from slslint.model.reference import Text
from slslint.record import record
from slslint.source import Span
from slslint.value import ALWAYS, Value, When


class Kind(Enum):
    """What a resource is. The value is its name for people."""

    FUNCTION = "function"
    QUEUE = "queue"
    TOPIC = "topic"
    BUCKET = "bucket"
    TABLE = "table"
    STREAM = "stream"
    BUS = "event bus"
    RULE = "event rule"
    SCHEDULE = "schedule"
    DELIVERY_STREAM = "delivery stream"
    API = "API"
    WORKFLOW = "state machine"
    SECRET = "secret"
    PARAMETER = "parameter"
    KEY = "key"
    DATABASE_PROXY = "database proxy"
    USER_POOL = "user pool"
    LOG_GROUP = "log group"
    LAYER = "layer"
    ROLE = "role"
    OTHER = "resource"


@record()
class Resource:
    """Any resource of the unit.

    Attributes:
        type: the provider's own name for it. name: the physical name, or Absent.
        value: what a parameter holds. stream: what a table's stream shows of a change ("NEW_IMAGE", ...), Absent when
            it has none. fifo: a queue or topic keeps the order. Each None for other kinds.
        generated: its id is none that anybody wrote, or would know.

    """

    id: str
    kind: Kind
    type: str
    at: Span
    name: Value[Text]
    when: When = ALWAYS
    value: Value[Text] | None = None
    stream: Value[str] | None = None
    fifo: Value[bool] | None = None
    generated: bool = False


@record()
class Queue:
    """A queue. Times are in seconds.

    `redrive` is where messages go after `max_receives` failed receives; Absent when they never leave.
    """

    id: str
    at: Span
    dialect: Dialect
    name: Value[Text]
    visibility_timeout: Value[int]
    redrive: Value[Text]
    max_receives: Value[int]
    when: When = ALWAYS


@record()
class Layer:
    """A layer that the template defines. `path` is its content as a reported path."""

    id: str
    at: Span
    path: Value[str]
    when: When = ALWAYS
