"""Functions of numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from yaml.nodes import Node

from slslint.templates.terraform.functions.calling import Call, Function
from slslint.templates.terraform.values import listed, literal, number

MAX_RANGE = 1_024
"""Terraform's own limit."""


def _range(call: Call) -> Node:
    given = [number(argument) for argument in call.arguments]
    if not 1 <= len(given) <= 3 or any(each is None or each != int(each) for each in given):
        return call.unknown()
    bounds = [int(each or 0) for each in given]
    try:
        found = range(*bounds)
    except ValueError:
        return call.unknown()
    if len(found) > MAX_RANGE:
        return call.unknown("it is too long a range")
    return listed([literal(each, call.at) for each in found], call.at)


def _numbers(change: Callable[..., float]) -> Callable[[Call], Node]:
    def apply(call: Call) -> Node:
        found = [number(argument) for argument in call.arguments]
        if not found or None in found:
            return call.unknown()
        return literal(change(*found), call.at)

    return apply


FUNCTIONS: Mapping[str, Function] = {
    "abs": _numbers(abs),
    "ceil": _numbers(lambda value: float(-(-value // 1))),
    "floor": _numbers(lambda value: float(value // 1)),
    "max": _numbers(max),
    "min": _numbers(min),
    "range": _range,
}
"""By name."""
