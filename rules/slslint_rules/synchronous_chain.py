"""Functions that invoke other functions and wait for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slslint.api import (
    App,
    Finding,
    Function,
    Known,
    Related,
    Severity,
    Variant,
    Waiting,
    furthest,
    longest,
    rule,
)

ONE_BY_ONE = (
    "when the answer is not needed, send a message instead: a queue, a bus, or at least `InvocationType: Event`; when "
    "it is, let a Step Functions state machine invoke one after the other, or call what both need as a library"
)

FAN_OUT = "let a Map state of Step Functions invoke them: a state machine costs nothing while it waits"


@rule(
    variants={
        "waiting": Variant(Severity.WARNING),
        "fan-out": Variant(Severity.NOTE),
    },
    yields_place_to=("orchestration-in-code", "recursive-invocation"),
    tags=("orchestration", "cost"),
)
def synchronous_chain(app: App) -> Iterator[Finding]:
    """A function invokes another function and waits for it."""
    begins = furthest(app.waits)
    for waits in app.waits.values():
        calls: dict[int, list[Waiting]] = {}
        for waiting in waits:
            calls.setdefault(id(waiting.site.call), []).append(waiting)
        for same in calls.values():
            # What one call may invoke is one finding, about the longest way on.
            chain = max((longest(each, begins) for each in same), key=len)
            yield _finding(chain, list(dict.fromkeys(each.title for each in same)))


def _finding(chain: Sequence[Waiting], titles: list[str]) -> Finding:
    first = chain[0]
    return Finding(
        at=first.site.call.at,
        message=_message(chain, len(titles) - 1),
        help=FAN_OUT if first.together else ONE_BY_ONE,
        function=first.function.id,
        related=tuple(Related(each.at, f"`{each.id}` is paid for meanwhile") for each in _targets(chain)),
        path=_path(chain),
        confidence=min(each.confidence for each in chain),
        variant="fan-out" if first.together else "waiting",
    )


def _targets(chain: Sequence[Waiting]) -> list[Function]:
    return [each.target for each in chain if each.target is not None]


def _path(chain: Sequence[Waiting]) -> tuple[Related, ...]:
    """Each call on the way, and between two calls the function that is invoked."""
    steps: list[Related] = []
    for each in chain:
        steps += each.path
        if each.target is not None:
            steps.append(Related(each.target.at, f"`{each.target.id}` runs"))
    return tuple(steps)


def _message(chain: Sequence[Waiting], others: int) -> str:
    """What is wrong with a chain whose first call may invoke so many other functions instead."""
    first = chain[0]
    through = f" (or {others} other{'s' * (others > 1)})" if others else ""
    through += f" through `{first.through}`" if first.through else ""
    if first.together:
        does = f"invokes {first.title}{through} in parallel with other calls and waits for all"
    elif first.repeated:
        does = f"invokes {first.title}{through} in a loop and waits for each"
    else:
        does = f"invokes {first.title}{through} and waits for it"
    further = "".join(f", and `{each.function.id}` waits for {each.title}" for each in chain[1:])
    return f"`{first.function.id}` {does}{further}: {_harm(chain)}; {_cure(first)}"


def _harm(chain: Sequence[Waiting]) -> str:
    seconds = [_timeout(each) for each in (chain[0].function, *_targets(chain))]
    known = [each for each in seconds if each is not None]
    many = "both are" if len(chain) == 1 else f"all {len(chain) + 1} are"
    bill = ""
    if len(known) == len(chain) + 1:
        once = ", with one call of each" if any(each.together or each.repeated for each in chain) else ""
        bill = f" (up to {' + '.join(map(str, known))} = {sum(known)} s{once})"
    return (
        f"{many} paid for while one works{bill}, and what fails in one fails in {'both' if len(chain) == 1 else 'all'}"
    )


def _timeout(function: Function) -> int | None:
    return function.timeout.value if isinstance(function.timeout, Known) else None


def _cure(first: Waiting) -> str:
    if first.together:
        return "a state machine can do that and costs nothing while it waits"
    return "send a message, or let a state machine invoke them"
