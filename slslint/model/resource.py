"""Everything else that is deployed."""

from __future__ import annotations

from enum import Enum

from slslint.model.dialect import Dialect
from slslint.model.reference import Text
from slslint.source import Span, record
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
    API = "API"
    WORKFLOW = "state machine"
    SECRET = "secret"
    PARAMETER = "parameter"
    KEY = "key"
    USER_POOL = "user pool"
    LOG_GROUP = "log group"
    LAYER = "layer"
    ROLE = "role"
    OTHER = "resource"


@record()
class Resource:
    """Any resource of the unit. `type` is the provider's own name for it; `name` the physical name or Absent."""

    id: str
    kind: Kind
    type: str
    at: Span
    name: Value[Text]
    when: When = ALWAYS


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
