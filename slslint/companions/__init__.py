"""Other linters, whose findings stand beside ours when they are asked for.

Each is a module of the linter's name with a function `check` like the one here. It is told which files were found and
judges them by itself; what it says is neither suppressed by our comments nor selected by our settings.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import cast

from slslint.finding import Finding
from slslint.record import record
from slslint.result import Tool
from slslint.source import Reader

Progress = Callable[[int, int], None]


@record()
class Said:
    """What another linter said. `hints` are what the user should know, a sentence each."""

    findings: tuple[Finding, ...]
    tool: Tool
    hints: tuple[str, ...] = ()


def require(name: str) -> None:
    """Raises UsageError, with the command that installs it, when the linter is not there."""
    _module(name).require()


def check(
    name: str, templates: Sequence[str], ours: Sequence[Finding], reader: Reader, jobs: int | None, progress: Progress
) -> Said:
    """What the linter says of those of the templates that it understands, and we (`ours`) have not said of them.

    `jobs` and `progress` as for the engine.
    """
    return cast(Said, _module(name).check(templates, ours, reader, jobs, progress))


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
