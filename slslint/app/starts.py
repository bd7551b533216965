"""What a start of an instance loads, and whether it makes anybody wait."""

from __future__ import annotations

from slslint.app.application import App
from slslint.app.events import seldom_invoked
from slslint.facts import Facts
from slslint.model import Function, Invocation
from slslint.value import Absent, Known, Value


def kept_warm(app: App, function: Function) -> bool:
    """Whether instances start from a snapshot or are started ahead, or nobody can say."""
    return any(_may_be_set(app, setting) for setting in (function.snap_start, function.provisioned_concurrency))


def _may_be_set(app: App, setting: Value[bool] | Value[int] | None) -> bool:
    if setting is None or isinstance(setting, Absent):
        return False
    return bool(setting.value) if isinstance(setting, Known) else app.templated


def is_bundled(function: Function, file: Facts) -> bool:
    """Whether a bundler packs the file, and leaves out what nothing uses: TypeScript, or what esbuild builds."""
    return bool(function.package.entry_points) or file.language == "typescript"


def in_background(app: App, function: Function) -> bool:
    """Whether nobody waits for the function, so that a slow start hurts less."""
    triggers = app.triggers(function)
    if triggers:
        return all(trigger.invocation is not Invocation.WAITS for trigger in triggers)
    code = app.code(function)
    return code is not None and seldom_invoked(code)
