"""The rules there are, their pages, and which of them speak under the reader's settings."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable

from slslint import plugins
from slslint.config import PRESETS, Settings, Vocabulary, Words
from slslint.errors import told
from slslint.finding import Severity
from slslint.plugins import Pack, PluginError
from slslint.record import replace
from slslint.rule import Rule

BUILT_IN = "slslint_rules"

UNCHECKED = frozenset({"internal-error", "syntax-error", "unreadable-file"})
"""What says that something was not checked. Selecting other rules does not silence these; they can be ignored."""


def installed(*, isolated: bool = False) -> tuple[Rule, ...]:
    """The rules that slslint brings, then, unless `isolated`, those of every plug-in.

    Raises PluginError, which names the plug-in, for one that cannot be used.
    """
    rules = load()
    owners = {name: rule.origin for rule in rules for name in (rule.id, *rule.aliases)}
    for pack in () if isolated else plugins.installed():
        brought = _brought_by(pack)
        for name in (name for rule in brought for name in (rule.id, *rule.aliases)):
            if name in owners:
                raise PluginError(pack, f"its rule `{name}` is also one of {owners[name]}")
            owners[name] = pack.origin
        rules += brought
    return rules


def _brought_by(pack: Pack) -> tuple[Rule, ...]:
    try:
        rules = load(pack.package)
    except (Exception, SystemExit) as error:  # whatever a third party's code may do when it is imported
        raise PluginError(pack, f"`{pack.package}` cannot be loaded: {told(error)}") from error
    for name in (name for rule in rules for name in (rule.id, *rule.aliases)):
        if not name.startswith(f"{pack.name}-"):
            raise PluginError(pack, f"its rule `{name}` must be called `{pack.name}-{name}`, as nobody else's is")
    return tuple(replace(rule, origin=pack.origin) for rule in rules)


def load(package: str = BUILT_IN) -> tuple[Rule, ...]:
    """Every rule of a rule pack, by id. A module holds one rule, of the module's name; TypeError when it does not."""
    return tuple(at(f"{package}.{name}", name) for name in sorted(_modules(package)))


def _modules(package: str) -> Iterable[str]:
    # Not by pkgutil.iter_modules: it imports `inspect`, which takes 7 ms.
    folders = getattr(importlib.import_module(package), "__path__", None)
    if folders is None:
        raise TypeError(f"{package} must be a package, with a module for each rule")
    names = (name for folder in folders for name in os.listdir(folder))
    return (name.removesuffix(".py") for name in names if name.endswith(".py") and not name.startswith("_"))


def at(module: str, name: str) -> Rule:
    """The rule of that name in a module. TypeError when that is no rule."""
    rule = getattr(importlib.import_module(module), name, None)
    if not isinstance(rule, Rule):
        raise TypeError(f"{module} must hold a rule called `{name}`")
    return rule


def page(rule: Rule) -> str:
    """The Markdown page of a rule: the file beside its module. A plug-in's rule may have none, but a summary."""
    import pkgutil

    package, _, name = rule.check.__module__.rpartition(".")
    try:
        data = pkgutil.get_data(package, f"{name}.md")
    except FileNotFoundError:
        data = None
    return f"# {rule.id}\n\n{rule.summary}\n" if data is None else data.decode()


def vocabulary(rules: Iterable[Rule]) -> Vocabulary:
    """What settings may say about the rules."""
    return {
        rule.id: Words(
            tuple(rule.variants), {option.name: option for option in rule.options}, rule.aliases, rule.summary
        )
        for rule in rules
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
    if {rule.id, f"{rule.id}:{variant}"} & {*settings.extend_select}:
        return True
    if not settings.select or rule.id in UNCHECKED:
        return in_preset
    if f"{rule.id}:{variant}" in settings.select:
        return True
    # Who selects by name a rule that the preset leaves out altogether, wants to hear it.
    return rule.id in settings.select and (in_preset or PRESETS.index(rule.preset) > within)


def speaks(rule: Rule, settings: Settings) -> bool:
    """Whether any variant of the rule may speak."""
    return any(severity(rule, variant, settings) is not None for variant in rule.variants)
