"""Measured and compiled tables, read once, a part at a time."""

from __future__ import annotations

import os
from functools import cache
from typing import Any


@cache
def text(name: str) -> str:
    """The file of that name in this folder; who reads it takes the lines it needs."""
    # As pkgutil.get_data does, whose import takes a millisecond.
    loader: Any = __spec__.loader
    data: bytes = loader.get_data(os.path.join(*__path__, name))
    return data.decode()


@cache
def table(name: str) -> Any:
    """The table `<name>.json` of this folder. Its shape is described by the script that builds it."""
    import json

    return json.loads(text(f"{name}.json"))
