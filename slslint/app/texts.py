"""Which texts of the template an expression of the code stands for: what an argument names when the code runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from slslint.app.symbols import (
    OWN_NAMES,
    Constant,
    ContextPart,
    Element,
    EnvVar,
    EventPart,
    External,
    Joined,
    Member,
    Result,
    Symbol,
    options,
)
from slslint.model import Function, Hole, Kind, Pattern, Ref, Text, pattern, pieces_of
from slslint.record import record
from slslint.value import ALWAYS, Absent, Either, Known, When, agree

if TYPE_CHECKING:
    from slslint.app.application import App
    from slslint.app.site import Site

Path = tuple[str | None, ...]


@record()
class Said:
    """One thing that an expression may stand for.

    Attributes:
        text: as the template would write it; None when it cannot be told.
        event: the part of the event that it is taken from, when it is.
        when: the conditions of the template under which it is that.

    """

    text: Text | None
    event: Path | None = None
    when: When = ALWAYS


UNTOLD = Said(None)

_DEEPEST = 12
"""How often an answer is looked for behind another one."""

_MOST = 8
"""Alternatives of one expression that are told apart."""

_PARSERS = frozenset({"json.loads", "JSON.parse", "ujson.loads", "simplejson.loads", "orjson.loads"})

_DECODERS = frozenset({"urllib.parse.unquote_plus", "urllib.parse.unquote", "decodeURIComponent", "str", "String"})

_LAST = frozenset({-1, 1, 5, 6})
"""Where the name stands among the parts of an ARN: last, sixth of all, seventh of a function's; in a table's second."""


def texts(app: App, function: Function, symbol: Symbol) -> tuple[Said, ...]:
    """What an expression in the function's code may stand for, each once; `UNTOLD` for what cannot be told.

    An environment variable stands for what the template sets it to; the context's function name and ARN for the
    function; a name that is cut out of an ARN, or looked up at the service, for what the ARN or the name stands for.
    Nothing for an expression that is surely None or empty.
    """
    found = tuple(dict.fromkeys(_texts(app, function, symbol, _DEEPEST)))
    return found if len(found) <= _MOST else (*found[: _MOST - 1], UNTOLD)


def _texts(app: App, function: Function, symbol: Symbol, left: int) -> Iterator[Said]:
    if not left:
        yield UNTOLD
        return
    left -= 1
    for option in options(symbol):
        match option:
            case Constant(None | ""):
                pass
            case Constant(str() as text):
                yield Said(text)
            case ContextPart((name,)) if name in OWN_NAMES:
                yield Said(Ref(function.id))
            case ContextPart(("log_group_name" | "logGroupName",)) | EnvVar("AWS_LAMBDA_LOG_GROUP_NAME"):
                yield Said(log_group(function))
            case EnvVar("AWS_LAMBDA_FUNCTION_NAME"):
                yield Said(Ref(function.id))
            case EnvVar(name, default):
                yield from _variable(app, function, name, default, left)
            case EventPart(path):
                yield Said(None, path)
            case Joined(parts):
                yield from _joined(app, function, parts, left)
            case Result() | Element() | Member():
                yield from _asked(app, function, option, left)
            case _:
                yield UNTOLD


def _variable(app: App, function: Function, name: str, default: Symbol | None, left: int) -> Iterator[Said]:
    value = app.environment(function, name)
    branches = value.branches if isinstance(value, Either) else ((ALWAYS, value),)
    for when, plain in branches:
        if isinstance(plain, Known):
            yield Said(plain.value, when=when)
        elif isinstance(plain, Absent) and default is not None:
            yield from _texts(app, function, default, left)
        elif not isinstance(plain, Absent):
            yield UNTOLD


def _joined(app: App, function: Function, parts: tuple[Symbol, ...], left: int) -> Iterator[Said]:
    """Every combination of what the parts may stand for, in which a part that is not told is a hole."""
    found: list[tuple[tuple[str | Ref | Hole, ...], Path | None, When]] = [((), None, ALWAYS)]
    for part in parts:
        said = list(_texts(app, function, part, left)) or [UNTOLD]
        longer = [
            ((*pieces, *_pieces(each.text)), event or each.event, when | each.when)
            for pieces, event, when in found
            for each in said
            if agree(when, each.when)
        ]
        if len(longer) > _MOST:
            yield UNTOLD
            return
        found = longer
    for pieces, event, when in found:
        if event is not None and len(parts) > 1:
            # What the event says is only part of it.
            event = None if not _is_address(pieces) else event
        untold = event is not None or all(piece == Hole("?") for piece in pieces)
        yield Said(None if untold else pattern(pieces), event, when)


def _is_address(pieces: tuple[str | Ref | Hole, ...]) -> bool:
    """Whether a text is an ARN or address that ends in a hole, so that the hole is the name."""
    first = pieces[0]
    return isinstance(first, str) and first.startswith(("arn:", "https://sqs.")) and isinstance(pieces[-1], Hole)


def _pieces(text: Text | None) -> tuple[str | Ref | Hole, ...]:
    if text is None:
        return (Hole("?"),)
    return pieces_of(text)


# --- what is cut out of texts, parsed, and looked up ------------------------------------------------------------------


def _asked(app: App, function: Function, symbol: Result | Element | Member, left: int) -> Iterator[Said]:
    """What a call returns, or a part of that."""
    cut = _cut(symbol)
    if cut is not None:
        for said in _texts(app, function, cut, left):
            yield _name_of(said)
        return
    own = _identifier(symbol)
    if own is not None:
        yield from _texts(app, function, own, left)
        return
    base, path = _base(symbol)
    if isinstance(base, EventPart):
        yield Said(None, (*base.path, *path))
        return
    if not isinstance(base, Result):
        yield UNTOLD
        return
    site = base.site
    if site.dotted in _PARSERS or site.dotted in _DECODERS:
        given = site.argument(0)
        for said in _texts(app, function, given, left) if given is not None else (UNTOLD,):
            whole = said.event is not None or not path
            yield Said(said.text, None if said.event is None else (*said.event, *path), said.when) if whole else UNTOLD
        return
    yield from _looked_up(app, function, site, path, left)


def _identifier(symbol: Symbol) -> Symbol | None:
    """What a resource object of boto3 was made with: `table.name`."""
    if not isinstance(symbol, Member) or not isinstance(symbol.of, Result) or not symbol.of.site.in_python:
        return None
    from slslint.app.sdk.python import identifier

    return identifier(symbol)


def _base(symbol: Symbol) -> tuple[Symbol, Path]:
    """What a symbol is a part of, and which: `answer["Parameter"]["Value"]`."""
    path: list[str | None] = []
    while True:
        match symbol:
            case Element(of, key):
                path.append(key if isinstance(key, str) else None)
            case Member(of, name):
                path.append(name)
            case Result(Member(Result() as of, "get"), site):
                asked = site.argument(0)
                if not isinstance(asked, Constant) or not isinstance(asked.value, str):
                    return symbol, tuple(reversed(path))
                path.append(asked.value)
            case _:
                return symbol, tuple(reversed(path))
        symbol = of


def _cut(symbol: Symbol) -> Symbol | None:
    """The ARN, address or name that a symbol is the last part of: `arn.split(":")[-1]`, `url.rpartition("/")[2]`."""
    match symbol:
        case Element(parts, int() as key) if key in _LAST or (key == 2 and _method(parts) == "rpartition"):
            return _split(parts)
        case Element(Result(Member(parts, "slice"), site), int() as key):
            start = site.argument(0)
            counted = isinstance(start, Constant) and isinstance(start.value, int) and start.value + key in _LAST
            return _split(parts) if counted else None
        case Element(Element(parts, None), 2):
            # `region, account, name = arn.split(":")[3:]`
            return _split(parts)
        case Result(Member(parts, "pop" | "at"), _):
            return _split(parts)
        case _:
            return None


def _split(parts: Symbol) -> Symbol | None:
    if _method(parts) not in ("split", "rsplit", "rpartition") or not isinstance(parts, Result):
        return None
    match parts.of:
        case EventPart((*path, _)):
            return EventPart(tuple(path))
        case ContextPart((*steps, _)):
            return ContextPart(tuple(str(step) for step in steps))
        case Member(of, _):
            return of
        case _:
            return None


def _method(symbol: Symbol) -> str | None:
    match symbol:
        case Result(EventPart((*_, str(name))) | ContextPart((*_, name)) | Member(_, name)):
            return name
        case _:
            return None


def _name_of(said: Said) -> Said:
    """The last part of an ARN or address; a reference to a resource still refers to it."""
    match said.text:
        case str() as text:
            return Said(text.rpartition("/")[2].rpartition(":")[2], said.event, said.when)
        case Pattern(parts) if isinstance(parts[-1], str):
            tail = parts[-1].rpartition("/")[2].rpartition(":")[2]
            return Said(tail if tail != parts[-1] else None, said.event, said.when)
        case _:
            return said


def _looked_up(app: App, function: Function, site: Site, path: Path, left: int) -> Iterator[Said]:
    """What a service or a library answers for a name: a queue's address, a parameter's value."""
    call = site.sdk
    if call is not None:
        operation, field = call.operation.lower(), path[-1] if path else None
        name: Symbol | None = None
        if call.service == "sqs" and operation in ("getqueueurl", "createqueue") and field in ("QueueUrl", "url"):
            name = call.argument("QueueName")
        elif call.service == "sns" and operation == "createtopic" and field in ("TopicArn", "arn"):
            name = call.argument("Name")
        elif call.service == "ssm" and operation == "getparameter" and path == ("Parameter", "Value"):
            named = call.argument("Name")
            for said in _texts(app, function, named, left) if named is not None else (UNTOLD,):
                yield _stored(app, said)
            return
        if name is not None:
            yield from _texts(app, function, name, left)
            return
    elif isinstance(site.symbol, External) and site.symbol.dotted in _PARAMETERS and not path:
        named = site.argument(0, "name")
        for said in _texts(app, function, named, left) if named is not None else (UNTOLD,):
            yield _stored(app, said)
        return
    yield UNTOLD


_PARAMETERS = frozenset(
    {
        "aws_lambda_powertools.utilities.parameters.get_parameter",
        "aws_lambda_powertools.utilities.parameters.ssm.get_parameter",
        "@aws-lambda-powertools/parameters/ssm.getParameter",
    }
)


def _stored(app: App, name: Said) -> Said:
    """What the parameter of that name holds, when the unit sets it."""
    parameter = None if name.text is None else app.target(name.text, Kind.PARAMETER)
    value = None if parameter is None else parameter.value
    return Said(value.value, when=name.when) if isinstance(value, Known) else UNTOLD


def log_group(function: Function) -> Text:
    """The name of the log group that the function writes to."""
    given = function.log_group
    if isinstance(given, Known):
        return given.value
    name = function.name.value if isinstance(function.name, Known) else Ref(function.id)
    parts = pieces_of(name)
    return pattern(("/aws/lambda/", *parts))
