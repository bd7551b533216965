"""What language runtimes and common libraries do with values: environment, events, frameworks.

Dotted names of any language stand here together, as they cannot be mistaken for one another; what plain names and
methods mean is told apart by language, in a module each.
"""

from __future__ import annotations

ENVIRONMENTS = frozenset({"os.environ", "process.env"})
"""Mappings from names to environment variables; `MAPPING[name]` and `MAPPING.name` read one."""

ENVIRONMENT_GETTERS = frozenset({"os.getenv", "os.environ.get", "os.environ.pop", "os.environ.setdefault"})
"""Called with the name and, sometimes, a default."""

EVENT_CLASSES = "aws_lambda_powertools.utilities.data_classes"
"""Classes of this package wrap the event, or a part of it."""

EVENT_OBJECTS = frozenset({"flask.request", "flask.globals.request", "bottle.request"})
"""Names of packages that stand for the request in hand."""

EVENT_ATTRIBUTES = {
    "current_event": ("aws_lambda_powertools.event_handler",),
    "current_request": ("chalice.",),
}
"""Attributes that hold the event, and the packages whose objects have them."""

BATCH_PROCESSORS = frozenset(
    {
        "aws_lambda_powertools.utilities.batch.process_partial_response",
        "aws_lambda_powertools.utilities.batch.async_process_partial_response",
        "aws_lambda_powertools.utilities.batch.batch_processor",
        "aws_lambda_powertools.utilities.batch.async_batch_processor",
        "@aws-lambda-powertools/batch.processPartialResponse",
        "@aws-lambda-powertools/batch.processPartialResponseSync",
    }
)
"""Given a function for one record, these call it with every record of the event."""

CONTEXT_NAMES = {
    "awsRequestId": "aws_request_id",
    "functionName": "function_name",
    "functionVersion": "function_version",
    "getRemainingTimeInMillis": "get_remaining_time_in_millis",
    "invokedFunctionArn": "invoked_function_arn",
    "logGroupName": "log_group_name",
    "logStreamName": "log_stream_name",
    "memoryLimitInMB": "memory_limit_in_mb",
}
"""What the context's attributes, as JavaScript spells them, are called in Python, and in a ContextPart."""

MIDDLEWARE_FACTORIES = frozenset({"aws_lambda_powertools.middleware_factory.lambda_handler_decorator"})
"""What they decorate is called with the handler, the event and the context."""

NOT_REGISTERING = (
    "aws_lambda_powertools.Tracer", "aws_lambda_powertools.Logger", "aws_lambda_powertools.Metrics",
    "aws_lambda_powertools.tracing", "aws_lambda_powertools.logging", "aws_lambda_powertools.metrics",
    "aws_xray_sdk", "@aws-lambda-powertools/", "tenacity", "pytest", "unittest",
)  # fmt: skip
"""Decorators that are methods of these packages' objects only wrap: the function is not reached through them."""

ROUTE_DECORATORS = frozenset({"All", "Delete", "EventPattern", "Get", "Head", "MessagePattern", "Mutation", "Options",
                              "Patch", "Post", "Put", "Query", "Sse", "SubscribeMessage", "Subscription"})  # fmt: skip
"""Decorators by which frameworks that make objects by themselves (Nest, TypeGraphQL) know what answers requests."""

PLAIN_BASES = frozenset(
    {
        "object", "type", "abc.ABC", "abc.ABCMeta", "typing.Generic", "typing.Protocol",
        "dict", "list", "str", "int", "tuple",
        "Exception", "ValueError", "RuntimeError", "enum.Enum", "enum.StrEnum", "enum.IntEnum",
        "typing.NamedTuple", "typing.TypedDict", "pydantic.BaseModel", "pydantic.main.BaseModel",
        "aws_lambda_powertools.utilities.parser.BaseModel",
        "Error", "TypeError", "RangeError", "Object", "Map", "Set", "Array", "Promise", "EventTarget",
        "events", "events.EventEmitter",
    }
)  # fmt: skip
"""Bases whose machinery does not call the methods of the class by itself."""

ENUMS = frozenset({"enum.Enum", "enum.StrEnum", "enum.IntEnum", "str", "int"})
"""Classes whose subclasses, when called with a value, give that value or the member that stands for it."""

CONTEXT_MANAGERS = frozenset({"contextlib.contextmanager", "contextlib.asynccontextmanager"})

SAME_TEXT = frozenset(
    {
        "lower", "upper", "strip", "lstrip", "rstrip", "casefold", "copy", "encode", "decode", "toLowerCase",
        "toUpperCase", "toLocaleLowerCase", "trim", "trimStart", "trimEnd", "toString", "valueOf", "normalize",
    }
)  # fmt: skip
"""Methods after which a text or dict is still, for our questions, the same one."""
