"""Workflows that are written as code: functions invoked one after the other, each told by the answer of one before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from slslint.app.application import App
from slslint.app.place import Place
from slslint.app.site import Site
from slslint.facts import Block
from slslint.finding import Confidence
from slslint.model import Function, Json
from slslint.record import field, record
from slslint.source import Span
from slslint.value import Known


@record(eq=False, frozen=False)
class Step:
    """One invocation of another function, as the function that puts the steps in order sees it.

    Attributes:
        at: the call there. invocation: the invocation itself, which may stand in a helper.
        name: of the other function: its id, its name or the variable that names it; "" when it is not told.
        target: the function, when it is in sight. waits: the answer is waited for.
        fed_by: the steps whose results it gets. told_by: the steps whose results decide whether it is invoked, each
            with the branch. after_failure: the step that has failed when it is invoked.
        repeated: it is invoked in a loop.

    """

    at: Span
    invocation: Site
    name: str
    target: Function | None
    waits: bool
    confidence: Confidence
    fed_by: list[Step] = field(default_factory=list)
    told_by: list[tuple[Step, Block]] = field(default_factory=list)
    after_failure: Step | None = None
    repeated: bool = False

    def excludes(self, other: Step) -> bool:
        """Whether the answers that decide on both never lead to both."""
        pairs = ((one, another) for _, one in self.told_by for _, another in other.told_by)
        return any(_exclude_each_other(one, another) for one, another in pairs)

    @property
    def before(self) -> tuple[Step, ...]:
        """The steps that it depends on."""
        failed = () if self.after_failure is None else (self.after_failure,)
        return (*self.fed_by, *(step for step, _ in self.told_by), *failed)


def _exclude_each_other(one: Block, other: Block) -> bool:
    kinds = {one.kind, other.kind}
    if kinds == {"case"}:
        return one.parent == other.parent and one.whole != other.whole
    return kinds == {"if", "else"} and one.test is not None and one.test is other.test


@record(eq=False)
class Orchestration:
    """Steps that depend on each other, in order. `place` is the function that puts them in order."""

    function: Function
    place: Place
    steps: tuple[Step, ...]

    @property
    def chooses(self) -> bool:
        """Whether some steps are never taken together."""
        return any(one.excludes(other) for one in self.steps for other in self.steps)

    @property
    def seconds(self) -> int | None:
        """How long it waits at most, by the timeouts of those that it waits for; None when that cannot be told."""
        waited = [step for step in self.steps if step.waits]
        if any(step.repeated or _timeout(step) is None for step in waited):
            return None
        return _longest(waited)

    def skeleton(self) -> Mapping[str, Json]:
        """A definition in the Amazon States Language to start from."""
        from slslint.app.orchestration.skeleton import skeleton

        return skeleton(self)


def _timeout(step: Step) -> int | None:
    timeout = None if step.target is None else step.target.timeout
    return timeout.value if isinstance(timeout, Known) else None


def _longest(steps: Sequence[Step]) -> int:
    """The timeouts of the steps that may be taken together and take longest."""
    if not steps:
        return 0
    first, *others = steps
    together = [each for each in others if not first.excludes(each)]
    own = (_timeout(first) or 0) + _longest(together)
    return own if len(together) == len(others) else max(own, _longest(others))


def orchestrations(app: App) -> Iterator[Orchestration]:
    """Every workflow that is written as code: at least two functions, one of which is told by the answer of another."""
    if any(not each.through for waits in app.waits.values() for each in waits):
        # In few applications a function waits for others: how such calls depend on each other is loaded for those.
        from slslint.app.orchestration.search import search

        yield from search(app)
