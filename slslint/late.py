"""Patterns that are compiled when something is first asked of them: most runs need few of those that there are."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

_compile = re.compile


class Late:
    """Stands for a pattern; every method of it is looked up once."""

    def __init__(self, pattern: str | bytes, flags: int = 0) -> None:
        self._given = pattern, flags

    def __getattr__(self, name: str) -> Any:
        pattern, flags = self._given
        found = self.__dict__[name] = getattr(_compile(pattern, flags), name)
        return found


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` makes of a text, later."""
    return cast("re.Pattern[AnyStr]", Late(text, flags))
