"""Code that was not seen to run, but may: what looks names up at run time hides who calls it."""

from __future__ import annotations

from slslint.app.code import Code
from slslint.app.site import Site
from slslint.app.symbols import Unresolved, options
from slslint.facts import Function, Item, Literal

_BY_NAME = frozenset({"globals", "import_module", "__import__", "eval"})
"""What finds functions by names that are put together at run time."""


class Mentions:
    """Every name that the loaded files mention, wherever it stands."""

    def __init__(self, code: Code) -> None:
        self._names: set[str] = set()
        for place in code.places():
            if not place.name:
                self._names.update(code.sources.mentioned(place.path))
        self._by_name = bool(self._names & _BY_NAME) or any(_calls_by_name(site) for site in code.sites())

    def may_run(self, function: Function) -> bool:
        """Whether something in the loaded files names a function, and its class if it has one."""
        if self._by_name:
            return True
        parts = [part for part in function.name.split(".") if "<" not in part]
        return all(part in self._names or part.startswith("__") for part in parts)


def _calls_by_name(site: Site) -> bool:
    """Whether a call looks its function up by a name of the moment, nobody knows where: `handlers[event.type]()`."""
    callee = site.call.callee
    if not isinstance(callee, Item) or isinstance(callee.key, Literal):
        return False
    return any(isinstance(each, Unresolved) for each in options(site.symbol))
