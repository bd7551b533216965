"""What the globals and methods of JavaScript do with values and functions."""

from __future__ import annotations

GLOBAL_OBJECTS = frozenset({"globalThis", "global", "window", "self"})
"""Objects that hold the globals."""

SAME_VALUE = frozenset(
    {
        "Object.freeze", "Object.seal", "Object.preventExtensions", "Object.create", "structuredClone",
        "Promise.resolve", "Promise.all", "util.promisify", "promisify", "lodash.cloneDeep", "lodash/cloneDeep",
    }
)  # fmt: skip
"""Called with a value they return the same, as far as anybody asks here where it comes from."""

SAME_LIST = frozenset({"filter", "sort", "toSorted", "reverse", "toReversed", "flat", "slice", "splice", "fill"})
"""Methods of arrays that give an array of some of their items, in some order."""

VALIDATING = frozenset({"parse", "parseAsync", "safeParse", "safeParseAsync", "validate", "validateSync", "cast",
                        "attempt", "assert", "cleanEnv", "Parse", "Decode"})  # fmt: skip
"""What functions and methods of packages are called that give the environment back once they have looked at it."""

VALIDATED = {"safeParse": "data", "safeParseAsync": "data", "validate": "value"}
"""Under which key those of them do that give an object with what is wrong."""

ONE_ITEM = frozenset({"find", "findLast", "at", "pop", "shift"})
"""Methods of arrays that give one item."""

MAPPING = frozenset({"map", "flatMap"})

ELEMENTWISE = MAPPING | {"forEach", "filter", "find", "findLast", "findIndex", "findLastIndex", "some", "every",
                         "each", "mapLimit", "eachLimit", "mapSeries", "eachSeries", "mapValues"}  # fmt: skip
"""Methods that call a function with each element; as functions of a package, with those of the first argument."""

FOLDING = frozenset({"reduce", "reduceRight"})
"""Methods that call a function with what came before and an element."""

ORDERING = frozenset({"sort", "toSorted", "localeCompare"})
"""Methods that call a function with two elements."""

METHODS = (
    ELEMENTWISE | FOLDING | ORDERING | SAME_LIST | ONE_ITEM
    | {"get", "set", "has", "delete", "clear", "add", "keys", "values", "entries", "push", "unshift", "concat",
       "includes", "indexOf", "join", "hasOwnProperty", "toString"}
)  # fmt: skip
"""Methods of arrays, Maps and Sets, and of every object."""

SETTLING = frozenset({"then", "catch", "finally"})
"""Methods of promises that call a function once it is settled."""

TIMERS = frozenset({"setTimeout", "setImmediate", "setInterval", "process.nextTick", "queueMicrotask",
                    "timers.setTimeout", "timers.setInterval", "timers.setImmediate"})  # fmt: skip
"""These call the function they are given first, later on; what follows the delay are its arguments."""

DELAYED = frozenset({"setTimeout", "setInterval", "timers.setTimeout", "timers.setInterval"})
"""Timers whose second argument is the delay."""

LISTENING = frozenset({"on", "once", "addListener", "prependListener", "addEventListener", "off", "removeListener",
                       "subscribe", "pipe"})  # fmt: skip
"""Methods that keep a function for an event of a stream or emitter; it runs if one comes, by whomever caused it."""

IN_BROWSERS = ("@tanstack/react-query.", "@tanstack/vue-query.", "react-query.", "react.useCallback", "react.useEffect")
"""Beginnings of the names of what keeps functions for the page in a browser: no function ever calls them."""

ROUTING = frozenset({"all", "any", "delete", "get", "head", "options", "patch", "post", "put", "route", "use"})
"""Methods of routers that keep the function they are given after a path, for requests."""

AT_ONCE = frozenset({"Promise", "Promise.all", "Promise.allSettled", "Array.from", "JSON.parse", "JSON.stringify",
                     "Object.assign", "Object.freeze", "Object.fromEntries", "util.promisify", "promisify", "Proxy",
                     "console.log", "Object.entries", "Object.keys", "Object.values", "Map", "Set"})  # fmt: skip
"""These call a function they are given at once, or never."""

HANDLER_WRAPPERS = (
    "@middy/core", "middy", "@sentry/", "datadog-lambda-js", "lumigo", "@lumigo/", "@epsagon", "epsagon", "dashbird",
    "@dazn/lambda-powertools-pattern-basic", "@thundra/core", "newrelic.setLambdaHandler",
)  # fmt: skip
"""Packages whose functions wrap a handler: what a module body gives them first gets the event and the context."""

STREAMING = "awslambda.streamifyResponse"
"""Wraps a handler that gets the event, a stream for its answer, and the context."""

REQUEST_HOOKS = ("@middy/core", "middy")
"""Packages whose hooks get `{ event, context, response }`."""

ERROR_NAMES = frozenset({"err", "error", "e", "er", "_", "_err", "_error", "ex"})
"""What the first parameter of a callback is called that gets an error or a result."""
