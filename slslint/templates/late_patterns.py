"""PyYAML without the patterns of its own scanner: nothing here asks for one, and to compile them takes 8 ms each start.

Documents are read by LibYAML; but importing it imports all of PyYAML.
"""

from __future__ import annotations

import re
from typing import Any

_compile = re.compile


class _Late:
    """A pattern that is compiled when something is asked of it."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._given = pattern, flags

    def __getattr__(self, name: str) -> Any:
        found = self.__dict__[name] = getattr(_compile(*self._given), name)
        return found


re.compile = _Late  # type: ignore[assignment]
try:
    import yaml  # noqa: F401
finally:
    re.compile = _compile
