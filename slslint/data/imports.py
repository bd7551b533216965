"""What importing a package costs when an instance starts."""

from __future__ import annotations

from slslint.data import table
from slslint.record import record


@record(eq=False)
class ImportCost:
    """The measured cost of one import.

    Attributes:
        module: the module that was measured, which may be a package of the imported one.
        milliseconds: of CPU time, on the machine that measured; take them as ranks.
        brings: other measured modules that it imports itself.

    """

    module: str
    milliseconds: int
    brings: frozenset[str]


def import_cost(module: str, member: str | None = None) -> ImportCost | None:
    """What `import module` or `from module import member` costs; None when nobody measured it."""
    measured = table("python_import_costs")["modules"]
    name = f"{module}.{member}" if member else module
    while name:
        entry = measured.get(name)
        if entry is not None:
            return ImportCost(name, entry["ms"], frozenset(entry["brings"]))
        name = name.rpartition(".")[0]
    return None
