"""Which functions of a source file look like handlers, where no template says so."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.facts import Assign, Attr, Call, Facts, Function, Name, Table, walk

_TESTING = frozenset({"pytest", "unittest", "moto"})

_ELSEWHERE = (
    "@angular/", "@aws-cdk/", "@azure/", "@cloudflare/", "@google-cloud/", "@jest/", "@playwright/", "@pulumi/",
    "@remix-run/", "@sveltejs/", "@vue/", "aws-cdk-lib", "aws-sdk-client-mock", "cdktf", "chai", "cypress", "electron",
    "firebase-", "h3", "jest", "jquery", "mocha", "next", "nitropack", "nuxt", "preact", "react", "sinon", "solid-js",
    "sst", "supertest", "svelte", "vitest", "vue",
)  # fmt: skip
"""Packages of browsers, of other clouds, of tests and of deployments: who imports them runs somewhere else."""

_BROWSER = frozenset({"addEventListener", "document", "localStorage", "window"})

_USUAL = frozenset({"handler", "lambdaHandler", "lambda_handler", "main"})

_TELLTALE = frozenset(
    {
        "Records", "httpMethod", "isBase64Encoded", "multiValueHeaders", "pathParameters", "queryStringParameters",
        "rawPath", "rawQueryString", "requestContext", "triggerSource", "userPoolId",
    }
)  # fmt: skip
"""Parts that only events of AWS have."""

_CONTEXTS = ("_", "__", "ctx", "_ctx")


def python_handlers(facts: Facts) -> Iterator[Function]:
    """Module-level functions of two parameters, named like an event and a context.

    No function of the file calls them, and no table of the file names them where that leaves another one.
    """
    if any(statement.module.partition(".")[0] in _TESTING for _, statement in facts.imports()):
        return
    called = _called(facts)
    found = [
        function
        for key, function in facts.functions.items()
        if key and key not in called and _is_plain(key, function) and _takes_event_and_context(function)
    ]
    listed = {
        value.id
        for function in facts.functions.values()
        for assign in function.assigns
        for table in walk(assign.value)
        if isinstance(table, Table)
        for _, value in table.entries
        if isinstance(value, Name)
    }
    unlisted = [function for function in found if function.name not in listed]
    yield from unlisted or found


def may_hold_javascript(facts: Facts) -> bool:
    """Whether the exports of a file are worth a look: it runs on a server, and one of its functions takes an event."""
    if not facts.exports or any(problem.kind == "bundled" for problem in facts.problems):
        return False
    if any(_is_elsewhere(statement.module) for _, statement in facts.imports()):
        return False
    if any(read.name in _BROWSER for function in facts.functions.values() for read in function.reads):
        return False
    return any(_takes_event(function) for function in facts.functions.values() if function.name)


def is_javascript_handler(facts: Facts, export: str, function: Function) -> bool:
    """Whether an exported function looks like a handler.

    It takes an event, and a context too; or it has a usual name; or it is asynchronous, and the file or the name speaks
    of handlers.
    """
    if not _takes_event(function) or function.name in _called(facts):
        return False
    others = [each.name.lower() for each in function.parameters[1:]]
    if others:
        return others[0] in _CONTEXTS or any("context" in name for name in others)
    if export in _USUAL:
        return True
    if _takes_telltale(function):
        return _answers(function)
    imports = [statement for _, statement in facts.imports()]
    typed = any(each.module == "aws-lambda" and (each.member or "").endswith("Handler") for each in imports)
    named = export.endswith("Handler") and any("aws-" in each.module for each in imports)
    return function.is_async and (typed or named)


def _answers(function: Function) -> bool:
    """Whether the platform would get an answer: of a function that takes the event alone it wants a promise."""
    returned = [leave.value for leave in function.exits if leave.kind == "return"]
    return function.is_async or any(isinstance(value, Call) for value in returned)


def _called(facts: Facts) -> set[str]:
    """The last parts of what the functions of a file call. A module that calls its handler tries it out."""
    return {_last(call.callee) for function in facts.functions.values() if function.name for call in function.calls}


def _last(callee: object) -> str:
    match callee:
        case Name(name) | Attr(_, name):
            return name
        case _:
            return ""


def _is_plain(key: str, function: Function) -> bool:
    return "." not in key and "#" not in key and function.owner is None and not key.startswith(("test_", "_"))


def _takes_event_and_context(function: Function) -> bool:
    required = [each for each in function.parameters if each.kind == "plain" and each.default is None]
    if len(required) != 2 or any(each.kind != "plain" for each in function.parameters):
        return False
    event, context = (each.name.lower() for each in required)
    # Scripts of Systems Manager runbooks take `events`.
    if "event" in event and "events" not in event:
        return "context" in context or context in _CONTEXTS
    return event.startswith("_") and "context" in context


def _is_elsewhere(module: str) -> bool:
    return any(module == each or module.startswith((each if each.endswith(("/", "-")) else f"{each}/", f"{each}-"))
               for each in _ELSEWHERE)  # fmt: skip


def _takes_event(function: Function) -> bool:
    """Whether the first of at most three parameters is named, or taken apart, like an event."""
    if not 1 <= len(function.parameters) <= 3 or function.parameters[0].kind != "plain":
        return False
    first = function.parameters[0].name.lower().lstrip("_")
    if first.startswith("{"):
        return _takes_telltale(function)
    if not first:
        return len(function.parameters) > 1 and "context" in function.parameters[1].name.lower()
    return first == "evt" or ("event" in first and "events" not in first)


def _takes_telltale(function: Function) -> bool:
    """Whether the function takes parts from its first parameter that only events of AWS have."""
    first = function.parameters[0].name
    return any(
        isinstance(part, Attr) and part.name in _TELLTALE and isinstance(part.base, Name) and part.base.id == first
        for assign in function.assigns
        if isinstance(assign, Assign)
        for part in walk(assign.value)
    )
