"""What the code itself tells about the events that it gets, where no template does."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.app.code import Code
from slslint.app.symbols import EventPart, options
from slslint.facts import Attr, Call, Expr, Function, Item, Literal

_CUSTOM_RESOURCE = frozenset({"RequestType", "ResourceProperties", "ResponseURL"})
_CONFIG_RULE = frozenset({"invokingEvent", "resultToken", "ruleParameters"})
_ROTATION = frozenset({"ClientRequestToken", "SecretId"})
_ANSWERING = frozenset({"crhelper", "cfn-response", "cfn-response-async", "cfn-response-promise"})
"""Packages that answer custom resources."""

_SELDOM = _CUSTOM_RESOURCE | _CONFIG_RULE | _ROTATION


def seldom_invoked(code: Code) -> bool:
    """Whether the code answers custom resources, Config rules or secret rotations: it reads what only they hold."""
    for place in code.places():
        if any(statement.module in _ANSWERING for statement in place.function.imports):
            return True
        if place.name and code.per_invocation(place):
            for asked in _asked(place.function):
                if any(isinstance(each, EventPart) for each in options(code.resolve(asked, place))):
                    return True
    return False


def _asked(function: Function) -> Iterator[Expr]:
    """What is asked for one of the telling keys."""
    for expr, _ in function.expressions:
        match expr:
            case Item(base, Literal(key)) | Attr(base, key) if key in _SELDOM:
                yield base
            case Call(Attr(base, "get"), (first, *_)) if (
                isinstance(first.value, Literal) and first.value.value in _SELDOM
            ):
                yield base
            case _:
                pass
