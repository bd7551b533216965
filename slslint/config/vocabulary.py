"""What may be configured: rules, their variants, and their options with types and bounds."""

from __future__ import annotations

from collections.abc import Mapping

from slslint.config.settings import COMPANIONS
from slslint.errors import SettingError, UsageError, nearest, one_of
from slslint.record import record


@record()
class Option:
    """A setting of a rule: a keyword-only parameter of its check.

    A rule says what signatures cannot; name, kind and default are those of the parameter.

    Attributes:
        about: what it decides, one clause. unit: of a number.
        least, most: what a number may be.
        name: kebab-case. kind: a name in `KINDS`. default: the parameter's.

    """

    about: str = ""
    unit: str = ""
    least: float | None = None
    most: float | None = None
    name: str = ""
    kind: str = "str"
    default: object = None

    @property
    def parameter(self) -> str:
        return self.name.replace("-", "_")

    @property
    def range(self) -> str:
        """What a number may be, for people: "from 2 to 100 routes"; or the unit alone."""
        least, most = ("" if bound is None else f"{bound:,g}" for bound in (self.least, self.most))
        if least and most:
            return f"from {least} to {most} {self.unit}".strip()
        unit = f" {self.unit}" if self.unit else ""
        return f"from {least}{unit} on" if least else f"to {most}{unit}" if most else self.unit

    def read(self, given: object, where: str) -> object:
        """The value as the check wants it. Raises SettingError for one that it cannot have."""
        kind = KINDS[self.kind]
        if kind is tuple or kind is frozenset:
            if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
                raise SettingError(where, f"`{where}` must be an array of strings")
            return kind(given)
        if kind is float and type(given) is int:
            given = float(given)
        elif kind is int and isinstance(given, float) and given.is_integer():
            given = int(given)
        if type(given) is not kind:
            raise SettingError(where, f"`{where}` must be {_NAMES[kind]}, not {given!r}")
        if isinstance(given, int | float) and not self._allows(given):
            raise SettingError(where, f"`{where}` cannot be {given:g}; use a number {self.range}")
        return given

    def _allows(self, number: float) -> bool:
        # Nothing is more or less than NaN, so what is allowed is asked, not what is not.
        return (self.least is None or number >= self.least) and (self.most is None or number <= self.most)


KINDS: Mapping[str, type] = {
    "bool": bool,
    "int": int,
    "float": float,
    "str": str,
    "tuple[str, ...]": tuple,
    "frozenset[str]": frozenset,
}
"""What an option may be, by the annotation of its parameter."""
_NAMES = {bool: "true or false", int: "a whole number", float: "a number", str: "a string"}


@record()
class Words:
    """What settings may say about one rule: its variants and options. `aliases` are names that it had."""

    variants: tuple[str, ...]
    options: Mapping[str, Option]
    aliases: tuple[str, ...] = ()
    summary: str = ""


Vocabulary = Mapping[str, Words]
"""What may be configured, by rule id."""


def known_rule(name: str, vocabulary: Vocabulary) -> str:
    """The rule or variant of that name, under the name it has now.

    Raises UsageError with the nearest one when there is no such rule.
    """
    rule, _, variant = name.partition(":")
    if rule not in vocabulary:
        if rule in COMPANIONS:
            raise UsageError(f"`{name}` is not ours; `per-path-ignores` or the settings of {rule} leave it out")
        now = next((id for id, words in vocabulary.items() if rule in words.aliases), None)
        if now is None:
            raise UsageError(f"there is no rule `{rule}`{nearest(rule, vocabulary)}; `slslint rules` lists them")
        rule = now
    if variant and variant not in vocabulary[rule].variants:
        raise UsageError(f"`{rule}` has no variant `{variant}`; {one_of(filter(None, vocabulary[rule].variants))}")
    return f"{rule}:{variant}" if variant else rule
