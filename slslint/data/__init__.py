"""Measured and compiled tables, read once, a part at a time."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any


@cache
def table(name: str) -> Any:
    """The table `<name>.json` of this folder. Its shape is described by the script that builds it."""
    return json.loads(Path(__file__).with_name(f"{name}.json").read_bytes())
