"""Functions of numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

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


def _of_one(change: Callable[[float], float]) -> Function:
    return _of_all(lambda found: change(found[0]), 1)


def _of_all(change: Callable[[Sequence[float]], float], most: int | None = None) -> Function:
    def apply(call: Call) -> Node:
        found = [each for argument in call.arguments if (each := number(argument)) is not None]
        if not found or len(found) < len(call.arguments) or (most is not None and len(found) > most):
            return call.unknown()
        return literal(change(found), call.at)

    return apply


FUNCTIONS: Mapping[str, Function] = {
    "abs": _of_one(abs),
    "ceil": _of_one(lambda value: float(-(-value // 1))),
    "floor": _of_one(lambda value: float(value // 1)),
    "max": _of_all(max),
    "min": _of_all(min),
    "range": _range,
}
"""By name."""
