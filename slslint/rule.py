"""A rule is a value: one pure function, and what the engine must know about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from slslint.config import PRESETS, Option
from slslint.config.vocabulary import KINDS
from slslint.finding import Finding, Severity
from slslint.record import record, replace

Check = Callable[..., Iterator[Finding]]


@record()
class Variant:
    """One form of a rule with a severity and preset of its own."""

    severity: Severity
    preset: str = "default"


@record()
class Rule:
    """A rule, ready to run.

    Attributes:
        id: kebab-case name of the pattern, never of the cure.
        summary: the first line of the check's docstring.
        variants: by name; "" when the rule has one severity for all it finds.
        options: the check's keyword-only parameters. aliases: ids that it had before; they still count.
        yields_to: ids of rules that know more: where one of them speaks of the same function, this one is silent.
        yields_place_to: the same for a place: where one of them shows a place of this one's finding (its own, or one
            that it relates), it takes that along as a related place, and this one is silent.
        security: a severity from 0 to 10 for scanners that sort by it, for rules about permissions and exposure.
        tags: what it is about, for reports.
        by_engine: the engine reports it itself; the check yields nothing.
        origin: who brings it: slslint, or a plug-in's distribution and version.

    """

    id: str
    check: Check
    summary: str
    variants: Mapping[str, Variant]
    options: tuple[Option, ...] = ()
    yields_to: tuple[str, ...] = ()
    yields_place_to: tuple[str, ...] = ()
    security: float | None = None
    tags: tuple[str, ...] = ()
    by_engine: bool = False
    origin: str = "slslint"
    aliases: tuple[str, ...] = ()

    @property
    def severity(self) -> Severity:
        """The most severe of its variants."""
        return max(variant.severity for variant in self.variants.values())

    @property
    def url(self) -> str:
        """Where its page stands on the web; "" for a plug-in's."""
        from slslint import pages  # reports for programs name it

        return pages.of_rule(self.id) if self.origin == "slslint" else ""

    @property
    def preset(self) -> str:
        """The smallest preset in which it can speak."""
        return min((variant.preset for variant in self.variants.values()), key=PRESETS.index)


def rule(
    severity: Severity | None = None,
    *,
    preset: str = "default",
    variants: Mapping[str, Variant] | None = None,
    options: Mapping[str, Option] | None = None,
    yields_to: tuple[str, ...] = (),
    yields_place_to: tuple[str, ...] = (),
    security: float | None = None,
    tags: tuple[str, ...] = (),
    by_engine: bool = False,
    aliases: tuple[str, ...] = (),
) -> Callable[[Check], Rule]:
    """Make a rule of a check: its name is the id, its keyword-only parameters are the options.

        @rule(Severity.WARNING, tags=("timeouts",))
        def missing_timeout(app: App) -> Iterator[Finding]:
            '''A function without an explicit timeout.'''

    Give either a severity (and preset), or named variants. `options` says of each parameter what signatures cannot:

        @rule(Severity.NOTE, options={"seconds": Option("shorter sleeps are left alone", "seconds", least=0)})
        def long_sleep(app: App, *, seconds: float = 1) -> Iterator[Finding]:

    A rule that gets another name keeps the old one in `aliases`.
    """
    if (severity is None) == (variants is None):
        raise TypeError("a rule has a severity or variants")
    forms = variants if severity is None else {"": Variant(severity, preset)}
    assert forms

    def make(check: Check) -> Rule:
        return Rule(
            id=check.__name__.replace("_", "-"),
            check=check,
            summary=(check.__doc__ or "").strip().splitlines()[0],
            variants=forms,
            options=_options(check, options or {}),
            yields_to=yields_to,
            yields_place_to=yields_place_to,
            security=security,
            tags=tags,
            by_engine=by_engine,
            aliases=aliases,
        )

    return make


def _options(check: Check, told: Mapping[str, Option]) -> tuple[Option, ...]:
    """The options of a check: what is told of them, and what its signature says. TypeError when these do not agree."""
    defaults: Mapping[str, object] = getattr(check, "__kwdefaults__", None) or {}
    kinds = getattr(check, "__annotations__", {})
    for name in told:
        if name not in defaults:
            raise TypeError(f"{check.__name__} has no keyword-only parameter `{name}` with a default")
    options = []
    for name, default in defaults.items():
        kind = kinds.get(name, type(default))
        kind = kind if isinstance(kind, str) else getattr(kind, "__name__", str(kind))
        if kind not in KINDS:
            raise TypeError(f"{check.__name__}: an option cannot be a `{kind}`; use one of {', '.join(KINDS)}")
        options.append(replace(told.get(name, Option()), name=name.replace("_", "-"), kind=kind, default=default))
    return tuple(options)
