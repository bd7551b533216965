"""What a rule reports, and how it can be mended."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from slslint.record import record
from slslint.source import Span


class Severity(IntEnum):
    """How bad it is when the finding is right. `str()` gives the name users write."""

    NOTE = 1
    WARNING = 2
    """Will hurt under load, in failure or at the end of the month."""
    ERROR = 3
    """Money, data or security is at stake in the deployed system."""

    def __str__(self) -> str:
        return self.name.lower()


class Confidence(IntEnum):
    """How sure slslint is that the finding is right."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    def __str__(self) -> str:
        return self.name.lower()


@record()
class Related:
    """Another place that the reader of a finding should see, and why."""

    at: Span
    message: str


@record()
class Suppression:
    """Why a finding is not counted: `kind`: comment, metadata, config, baseline; `reason`: the author's, or ""."""

    kind: str
    reason: str
    at: Span | None = None


class Safety(IntEnum):
    """What a fix does to what the program means. `str()` gives the name users write."""

    SAFE = 1
    """Nothing that is deployed behaves otherwise."""
    UNSAFE = 2
    """Probably right, but somebody should look at it."""

    def __str__(self) -> str:
        return self.name.lower()


@record()
class Edit:
    """What stands at a place gives way to `text`; where the place is empty, `text` is put in."""

    at: Span
    text: str


@record()
class Fix:
    """How slslint itself can mend what a finding is about: all of the edits, or none.

    `title` is for people, in the imperative: "set `Timeout` to 30". The edits may lie in several files, such as the
    template and the code, and never overlap.
    """

    title: str
    safety: Safety
    edits: tuple[Edit, ...]


@record()
class Context:
    """What a finding stands in: its rule need not say.

    Attributes:
        name: the function or resource around it as it is called in the file, or "".
        around: the whole functions of the source and resources of the template in which it and its related places lie.
            One that stands in a deployed function has all of that around it: its resource, what that inherits, its
            handler.

    """

    name: str = ""
    around: tuple[Span, ...] = ()


@record()
class Finding:
    """One mistake at one place.

    A rule fills in `at`, `message` and what else it knows; the engine stamps `rule`, `severity` and `context`.

    Attributes:
        message: what, why, what to do, with the numbers; lower case, no full stop, names in backticks.
        help: the suggested fix in the words of the reader's own template dialect or language; may have several lines.
        function: the logical name of the function it is about, or None.
        related: the other end of the fault, the trigger, the grant, ...
        path: from a cause to its effect (trigger, handler, helper, call, resource), in order; empty when there is none.
        variant: the rule's named variant, or "" when the rule has none.
        also: the other functions of which the rule says the same at this place; the engine gathers them.
        fix: how `--fix` can mend it, or None.
        tool: who found it. The rule of another linter bears its name: "cfn-lint:W3005" is W3005 of cfn-lint.
        fingerprint: what tells it again in another run, once somebody has asked (`fingerprint.stamped`).

    """

    at: Span
    message: str
    help: str = ""
    function: str | None = None
    related: tuple[Related, ...] = ()
    path: tuple[Related, ...] = ()
    confidence: Confidence = Confidence.HIGH
    variant: str = ""
    rule: str = ""
    severity: Severity = Severity.WARNING
    suppressed: Suppression | None = None
    also: tuple[str, ...] = ()
    fix: Fix | None = None
    tool: str = "slslint"
    context: Context = Context()
    fingerprint: str = ""


def listed(names: Sequence[str], most: int = 4) -> str:
    """The names for a message: "`a`, `b` and `c`", or "`a`, `b`, `c` and 5 more" when there are more than `most`."""
    shown = [f"`{name}`" for name in (names if len(names) <= most else names[: most - 1])]
    if len(names) > most:
        shown.append(f"{len(names) - len(shown)} more")
    return " and ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))


def counted(number: int, word: str) -> str:
    """Such as "1 file" and "2 files"."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
