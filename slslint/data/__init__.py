"""Measured and compiled tables, read once, a part at a time."""

from __future__ import annotations

import os
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
