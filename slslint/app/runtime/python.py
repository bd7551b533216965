"""What the builtins, methods and decorators of Python do with values and functions."""

from __future__ import annotations

import builtins

BUILTINS = frozenset(dir(builtins))
"""The names that every module sees."""

SAME_VALUE = frozenset(
    {
        "str", "list", "tuple", "set", "frozenset", "sorted", "reversed", "iter", "copy.copy", "copy.deepcopy",
        "typing.cast", "asyncio.run", "os.environ.copy",
    }
)  # fmt: skip
"""Called with a value they return the same, as far as anybody asks here where it comes from."""

DICT_GETTERS = frozenset({"get", "pop", "setdefault"})

SETTINGS = frozenset({"pydantic_settings.BaseSettings", "pydantic.BaseSettings", "pydantic.v1.BaseSettings"})
"""Classes whose subclasses take their fields from environment variables of the same names."""

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

WRAPPING_METHODS = frozenset({"memoize", "memoise", "cached", "cache", "retry", "capture", "wraps", "inject", "setter"})
"""Methods of objects that are decorators but only wrap what they decorate."""
