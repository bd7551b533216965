"""What the actions of a service do, and which of them can be limited to a resource."""

from __future__ import annotations

from enum import Enum
from functools import cache

from slslint import data
from slslint.iam.pattern import is_wild, matches, service
from slslint.record import record


class Level(Enum):
    """AWS's own access levels of actions."""

    READ = "r"
    LIST = "l"
    WRITE = "w"
    TAGGING = "t"
    PERMISSIONS = "p"


@record()
class Action:
    """One action. `limitable`: a policy can name the resource it is for; else only Resource "*" is accepted."""

    name: str
    level: Level
    limitable: bool


@cache
def _exceptions() -> tuple[tuple[str, bool], ...]:
    rows = (line.split(maxsplit=2) for line in data.text("action_exceptions.txt").splitlines())
    return tuple((row[1], row[0] == "can") for row in rows if row and row[0] in ("can", "cannot"))


@cache
def actions_of(prefix: str) -> tuple[Action, ...]:
    """The actions of the service with that prefix; empty when it is not known."""
    text = data.text("actions.txt")
    start = text.find(f"\n{prefix.lower()} ")
    if start < 0:
        return ()
    groups = text[start + 1 : text.index("\n", start + 1)].split(" ")[1:]
    exceptions = [each for each in _exceptions() if service(each[0]) in (prefix.lower(), "*")]
    known: list[Action] = []
    for letter, _, names in (group.partition(":") for group in groups):
        level, limitable = Level(letter.lower()), letter.isupper()
        for name in names.split(","):
            full = f"{prefix.lower()}:{name}"
            excepted = (can for pattern, can in exceptions if matches(pattern, full))
            known.append(Action(full, level, next(excepted, limitable)))
    return tuple(known)


@cache
def expand(pattern: str) -> tuple[Action, ...]:
    """The known actions that the pattern covers, within its one service. Empty for `*` and for what is not known."""
    known = actions_of(service(pattern))
    if is_wild(pattern):
        return tuple(action for action in known if matches(pattern, action.name))
    wanted = pattern.lower()
    return tuple(action for action in known if action.name.lower() == wanted)


def levels(pattern: str) -> frozenset[Level]:
    """The access levels among the actions that the pattern covers."""
    return frozenset(action.level for action in expand(pattern))


def limitable(pattern: str) -> bool:
    """Whether an action can be limited to a resource; for a pattern, whether most of what it covers can."""
    covered = expand(pattern)
    return 2 * sum(action.limitable for action in covered) > len(covered)


IDIOMS = frozenset({"kms:reencrypt*"})
"""Patterns that AWS's own documents write for one operation that has two actions."""


def spans_writes(pattern: str) -> bool:
    """Whether a pattern covers several unlike actions, and changes or permissions are among them.

    Variants of one action are no span unless one of them changes permissions: `kms:GenerateDataKey*`, `firehose:Put*`
    (PutRecord and PutRecordBatch).
    """
    covered = expand(pattern)
    if len(covered) < 2:
        return False
    found = levels(pattern)
    if Level.PERMISSIONS in found:
        return True
    shortest = min((action.name for action in covered), key=len)
    variants = all(action.name.startswith(shortest) for action in covered) or pattern.lower() in IDIOMS
    return Level.WRITE in found and not variants
