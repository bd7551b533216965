"""Code that was not seen to run, but may: what looks names up at run time hides who calls it."""

from __future__ import annotations

from slslint.app.code import Code
from slslint.app.mentions import mentioned
from slslint.facts import Function

_BY_NAME = frozenset({"globals", "import_module", "__import__"})
"""What finds functions by names that are put together at run time."""


class Mentions:
    """Every name that the loaded files mention, wherever it stands."""

    def __init__(self, code: Code) -> None:
        self._names: set[str] = set()
        for place in code.places():
            if not place.name:
                self._names.update(mentioned(place.facts))

    def may_run(self, function: Function) -> bool:
        """Whether something in the loaded files names a function, and its class if it has one."""
        if self._names & _BY_NAME:
            return True
        parts = [part for part in function.name.split(".") if "<" not in part]
        return all(part in self._names or part.startswith("__") for part in parts)
