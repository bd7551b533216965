"""What importing a package costs when an instance starts."""

from __future__ import annotations

from slslint.data import table
from slslint.record import record


@record(eq=False)
class ImportCost:
    """The measured cost of one import.

    Attributes:
        module: the module that was measured; in Python it may be a package of the imported one.
        language: of the file that imports it.
        milliseconds: of CPU time, on the machine that measured; take them as ranks.
        brings: all other measured modules that are loaded with it.
        pure: its package says that loading it does nothing else, so that bundlers leave it out when nothing uses it.

    """

    module: str
    language: str
    milliseconds: int
    brings: frozenset[str]
    pure: bool = False

    def beyond(self, loaded: set[str]) -> int:
        """The milliseconds that it still costs when the modules in `loaded` are loaded anyway."""
        shared = [cost for name in self.brings & loaded if (cost := import_cost(name, self.language)) is not None]
        inner = {name for each in shared for name in each.brings}
        return max(self.milliseconds - sum(each.milliseconds for each in shared if each.module not in inner), 0)


def import_cost(module: str, language: str, member: str | None = None) -> ImportCost | None:
    """What importing `module`, or `member` of it, costs in a file of that language; None when nobody measured it.

    A member of a Python package may be a module of it, and with a module come the packages it is in. In Node a member
    is no module, and a subpath (`lodash/get`) loads itself alone.
    """
    if language != "python":
        measured = table("node_import_costs")["modules"]
        name = module if module in measured else module.removesuffix(".js")
    else:
        measured, name = table("python_import_costs")["modules"], f"{module}.{member}" if member else module
        while name and name not in measured:
            name = name.rpartition(".")[0]
    entry = measured.get(name)
    if entry is None:
        return None
    return ImportCost(name, language, entry["ms"], frozenset(entry["brings"]), entry.get("pure", False))
