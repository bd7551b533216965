"""The rules there are, their pages, and which of them speak under the reader's settings."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable

from slslint.config import PRESETS, Settings, Vocabulary, Words
from slslint.finding import Severity
from slslint.rule import Rule

BUILT_IN = "slslint_rules"

ALWAYS_ON = frozenset({"internal-error", "syntax-error", "unreadable-file"})
"""Selecting other rules does not silence these: what could not be read was not checked. They can be ignored."""


def load(package: str = BUILT_IN) -> tuple[Rule, ...]:
    """Every rule of a rule pack, by id. A module holds one rule, of the module's name; TypeError when it does not."""
    return tuple(at(f"{package}.{name}", name) for name in sorted(_modules(package)))


def _modules(package: str) -> Iterable[str]:
    # Not by pkgutil.iter_modules: it imports `inspect`, which takes 7 ms.
    names = (name for folder in importlib.import_module(package).__path__ for name in os.listdir(folder))
    return (name.removesuffix(".py") for name in names if name.endswith(".py") and not name.startswith("_"))


def at(module: str, name: str) -> Rule:
    """The rule of that name in a module. TypeError when that is no rule."""
    rule = getattr(importlib.import_module(module), name, None)
    if not isinstance(rule, Rule):
        raise TypeError(f"{module} must hold a rule called `{name}`")
    return rule


def page(rule_id: str, package: str = BUILT_IN) -> str:
    """The Markdown page of a rule. Raises FileNotFoundError when it has none."""
    import pkgutil

    data = pkgutil.get_data(package, rule_id.replace("-", "_") + ".md")
    assert data is not None
    return data.decode()


def vocabulary(rules: Iterable[Rule]) -> Vocabulary:
    """What settings may say about the rules."""
    return {
        rule.id: Words(tuple(rule.variants), {option.name: option.default for option in rule.options}) for rule in rules
    }


def severity(rule: Rule, variant: str, settings: Settings) -> Severity | None:
    """How severe this variant of the rule is for this reader; None when it is not to speak."""
    names = (f"{rule.id}:{variant}", rule.id)
    if any(name in settings.ignore for name in names):
        return None
    for name in names:
        if name in settings.severities:
            return settings.severities[name]
    form = rule.variants[variant]
    return form.severity if _chosen(rule, variant, settings) else None


def _chosen(rule: Rule, variant: str, settings: Settings) -> bool:
    within = PRESETS.index(settings.preset)
    in_preset = PRESETS.index(rule.variants[variant].preset) <= within
    if not settings.select or rule.id in ALWAYS_ON:
        return in_preset
    if f"{rule.id}:{variant}" in settings.select:
        return True
    # Who selects by name a rule that the preset leaves out altogether, wants to hear it.
    return rule.id in settings.select and (in_preset or PRESETS.index(rule.preset) > within)


def speaks(rule: Rule, settings: Settings) -> bool:
    """Whether any variant of the rule may speak."""
    return any(severity(rule, variant, settings) is not None for variant in rule.variants)


def speaks_fully(rule: Rule, settings: Settings) -> bool:
    """Whether every variant of the rule may speak, so that its silence means that there is nothing."""
    return all(severity(rule, variant, settings) is not None for variant in rule.variants)
