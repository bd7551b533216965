"""What could not be decided about an application: rules are silent there, and who asks is to hear where that is."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.app import App, JoinState
from slslint.model import Hole, Pattern
from slslint.result import Undecided
from slslint.value import Either, Known, Unknown, Value

SETTINGS = ("runtime", "handler", "timeout", "role")
"""What rules ask of every function."""


def unjoined(app: App) -> Iterator[Undecided]:
    """The functions whose code was not found, or not for sure."""
    for function in app.functions:
        join = app.joins.get(function.id)
        if join is not None and join.state is not JoinState.JOINED:
            yield Undecided(function.at, f"the code of `{function.id}`", join.why)


def values(app: App) -> Iterator[Undecided]:
    """What rules would have needed to know of functions, what invokes them, and queues; and what was not understood."""
    if not app.templated:
        return
    for function in app.functions:
        for name in SETTINGS:
            value = getattr(function, name)
            if not isinstance(value, Known):
                yield from _of(value, f"the {name} of `{function.id}`")
    for trigger in app.deployment.triggers:
        yield from _of(trigger.source, f"what invokes `{trigger.function}`, {trigger.source_kind.value}")
        if trigger.batch is not None:
            named = f"of the mapping that feeds `{trigger.function}`"
            yield from _of(trigger.batch.size, f"the batch size {named}")
            yield from _of(trigger.batch.partial_failures, f"the response types {named}")
            yield from _of(trigger.batch.on_failure, f"the on-failure destination {named}")
        if trigger.dead_letter is not None:
            yield from _of(trigger.dead_letter, f"the dead-letter queue of what invokes `{trigger.function}`")
    for queue in app.deployment.queues:
        yield from _of(queue.visibility_timeout, f"the visibility timeout of `{queue.id}`")
        yield from _of(queue.redrive, f"the redrive policy of `{queue.id}`")
    for gap in app.deployment.gaps:
        yield Undecided(gap.at, "what stands here", gap.why)


def _of(value: Value[object], what: str) -> Iterator[Undecided]:
    """The first branch of a value that cannot be decided."""
    plain = [each for _, each in value.branches] if isinstance(value, Either) else [value]
    for each in plain:
        match each:
            case Unknown(why, at):
                yield Undecided(at, what, why)
                return
            case Known(Pattern((Hole(name),)), at) if name.startswith(("import:", "cf:", "resolve:")):
                yield Undecided(at, what, f"`{name.removeprefix('resolve:')}` is known only when deployed")
                return
