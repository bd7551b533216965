"""Measured and compiled tables, read once, a part at a time."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any


@cache
def text(name: str) -> str:
    """The file of that name in this folder; who reads it takes the lines it needs."""
    with open(os.path.join(os.path.dirname(__file__), name), encoding="utf-8") as stream:
        return stream.read()


@cache
def table(name: str) -> Any:
    """The table `<name>.json` of this folder. Its shape is described by the script that builds it."""
    import json

    return json.loads(text(f"{name}.json"))


def python_import_costs() -> Mapping[str, Any]:
    """What importing a Python module costs, by dotted name, as `scripts/measure_python_imports.py` measured it.

    Each entry has "ms" (milliseconds, a median; read it as a rank: machines differ), "version" (of the distribution)
    and "brings" (other modules of this table that come along, so that their costs are part of this one).
    """
    modules: Mapping[str, Any] = table("python_import_costs")["modules"]
    return modules


def python_import_cost(module: str) -> int | None:
    """Milliseconds that importing the module takes: its own entry's, or that of the nearest package above it."""
    costs = python_import_costs()
    while module:
        if module in costs:
            return int(costs[module]["ms"])
        module = module.rpartition(".")[0]
    return None
