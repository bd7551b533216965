"""Measured and compiled tables, read once, a part at a time."""

from __future__ import annotations

import pkgutil
from functools import cache
from typing import Any


@cache
def text(name: str) -> str:
    """The file of that name in this folder; who reads it takes the lines it needs."""
    found = pkgutil.get_data(__name__, name)
    assert found is not None
    return found.decode()


@cache
def table(name: str) -> Any:
    """The table `<name>.json` of this folder. Its shape is described by the script that builds it."""
    import json

    return json.loads(text(f"{name}.json"))
