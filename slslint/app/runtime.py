"""What the language runtimes and common libraries do with values: environment, iteration, callbacks, frameworks."""

from __future__ import annotations

ENVIRONMENTS = frozenset({"os.environ"})
"""Mappings from names to environment variables; `MAPPING[name]` and `MAPPING.name` read one."""

ENVIRONMENT_GETTERS = frozenset({"os.getenv", "os.environ.get", "os.environ.pop", "os.environ.setdefault"})
"""Called with the name and, sometimes, a default."""

SAME_VALUE = frozenset(
    {
        "str", "list", "tuple", "set", "frozenset", "sorted", "reversed", "iter", "copy.copy", "copy.deepcopy",
        "typing.cast", "asyncio.run", "os.environ.copy",
    }
)  # fmt: skip
"""Called with a value they return the same, as far as anybody asks here where it comes from."""

SAME_TEXT = frozenset({"lower", "upper", "strip", "lstrip", "rstrip", "casefold", "copy", "encode", "decode"})
"""Methods after which a text or dict is still, for our questions, the same one."""

DICT_GETTERS = frozenset({"get", "pop", "setdefault"})

EVENT_CLASSES = "aws_lambda_powertools.utilities.data_classes"
"""Classes of this package wrap the event, or a part of it."""

EVENT_OBJECTS = frozenset({"flask.request", "flask.globals.request", "bottle.request"})
"""Names of packages that stand for the request in hand."""

EVENT_ATTRIBUTES = {
    "current_event": ("aws_lambda_powertools.event_handler",),
    "current_request": ("chalice.",),
}
"""Attributes that hold the event, and the packages whose objects have them."""

CONTEXT_MANAGERS = frozenset({"contextlib.contextmanager", "contextlib.asynccontextmanager"})

PROPERTIES = frozenset({"property", "functools.cached_property", "abc.abstractproperty"})

ELEMENTWISE = frozenset({"map", "imap", "imap_unordered", "starmap", "filter", "apply", "applymap", "flatmap"})
"""Called with a function first, these call it with the elements of the arguments that follow."""

DEFERRED = frozenset({"submit", "apply_async", "create_task", "call_soon", "spawn", "run_sync", "to_thread"})
"""Called with a function first, these call it with the arguments that follow."""

SYNCHRONOUS = frozenset({"sorted", "min",
                         "max", "sum", "any", "all", "list", "tuple", "set", "dict", "functools.reduce",
                         "itertools.groupby", "re.sub", "json.loads", "json.dumps", "atexit.register",
                         "functools.partial", "functools.lru_cache", "functools.cache", "functools.wraps"})  # fmt: skip
"""These call a function they are given at once, or never again."""

BATCH_PROCESSORS = frozenset(
    {
        "aws_lambda_powertools.utilities.batch.process_partial_response",
        "aws_lambda_powertools.utilities.batch.async_process_partial_response",
        "aws_lambda_powertools.utilities.batch.batch_processor",
        "aws_lambda_powertools.utilities.batch.async_batch_processor",
    }
)
"""Given `record_handler`, these call it with every record of the event."""

MIDDLEWARE_FACTORIES = frozenset({"aws_lambda_powertools.middleware_factory.lambda_handler_decorator"})
"""What they decorate is called with the handler, the event and the context."""

NOT_REGISTERING = (
    "aws_lambda_powertools.Tracer", "aws_lambda_powertools.Logger", "aws_lambda_powertools.Metrics",
    "aws_lambda_powertools.tracing", "aws_lambda_powertools.logging", "aws_lambda_powertools.metrics",
    "aws_xray_sdk", "tenacity", "pytest", "unittest",
)  # fmt: skip
"""Decorators that are methods of these packages' objects only wrap: the function is not reached through them."""

PLAIN_BASES = frozenset({"object", "abc.ABC", "typing.Generic", "typing.Protocol", "dict", "list",
                         "str", "int", "tuple",
                         "Exception", "ValueError", "RuntimeError", "enum.Enum", "enum.StrEnum", "enum.IntEnum",
                         "typing.NamedTuple", "typing.TypedDict", "pydantic.BaseModel", "pydantic.main.BaseModel",
                         "aws_lambda_powertools.utilities.parser.BaseModel"})  # fmt: skip
"""Bases whose machinery does not call the methods of the class by itself."""

ENUMS = frozenset({"enum.Enum", "enum.StrEnum", "enum.IntEnum", "str", "int"})
"""Classes whose subclasses, when called with a value, give that value or the member that stands for it."""

WRAPPING_METHODS = frozenset({"memoize", "memoise", "cached", "cache", "retry", "capture", "wraps", "inject", "setter"})
"""Methods of objects that are decorators but only wrap what they decorate."""
