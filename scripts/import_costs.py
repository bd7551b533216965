"""What the scripts that measure imports share: samples that survive an interruption, and the table they end in."""

from __future__ import annotations

import datetime
import json
import platform
import statistics
import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any


def sample(modules: Iterable[str], runs: int, kept: Path, cost: Callable[[str], float]) -> dict[str, list[float]]:
    """Milliseconds of `runs` cold imports of each module, in rounds; a module that cannot be imported is left out.

    `cost` measures one; the first of each warms the disk cache and does not count. What `kept` holds is not measured
    again.
    """
    samples: dict[str, list[float]] = json.loads(kept.read_text()) if kept.exists() else {}
    ready = list(modules)
    for _ in range(runs + 1):
        for module in list(ready):
            taken = samples.get(module)
            if taken is not None and len(taken) >= runs:
                continue
            try:
                milliseconds = cost(module)
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
                print(f"{module}: not imported: {str(error.stderr).strip().splitlines()[-1:]}", flush=True)
                ready.remove(module)
                continue
            if taken is None:
                samples[module] = []
            else:
                taken.append(round(milliseconds, 2))
            kept.write_text(json.dumps(samples))
    return {module: samples[module] for module in ready}


def typical(milliseconds: list[float]) -> int:
    """The median of the faster half: other work on the machine only adds."""
    return round(statistics.median(sorted(milliseconds)[: (len(milliseconds) + 1) // 2]))


def write(table: Path, entries: Mapping[str, Mapping[str, Any]], runs: int, measured_with: Mapping[str, str]) -> None:
    """Put what was measured into a table; entries of other modules stay."""
    before = json.loads(table.read_text())["modules"] if table.exists() else {}
    modules: dict[str, Mapping[str, Any]] = {**before, **entries}
    measured = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        **measured_with,
        "cpu": platform.machine(),
        "runs": runs,
    }
    lines = ",\n".join(f"  {json.dumps(module)}: {json.dumps(modules[module])}" for module in sorted(modules))
    table.write_text(f'{{"measured": {json.dumps(measured)},\n "modules": {{\n{lines}\n}}}}\n')
