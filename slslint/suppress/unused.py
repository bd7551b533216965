"""What is to be said of suppressions themselves: those that do nothing, and those without a reason."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from slslint import registry
from slslint.config import Settings
from slslint.errors import closest, nearest
from slslint.finding import Edit, Finding, Fix, Safety, Severity, listed
from slslint.record import replace
from slslint.rule import Rule
from slslint.source import Reader
from slslint.suppress import Mark, context
from slslint.suppress.notation import USAGE
from slslint.suppress.removal import removal

UNUSED = "unused-suppression"
REASONLESS = "suppression-without-reason"


def findings(
    marks: Iterable[Mark],
    used: Collection[Mark],
    spared: Collection[Mark],
    rules: Mapping[str, Rule],
    settings_of: Callable[[str], Settings],
    reader: Reader,
) -> Iterator[Finding]:
    """The findings about suppressions, under the settings of their files.

    `used` cover a finding; of those that are `spared` it cannot be told.
    """
    marks = tuple(dict.fromkeys(marks))
    needed = {_identity(mark) for mark in (*used, *spared)}
    working = {_identity(mark) for mark in used}
    for written in _as_written(marks):
        settings = settings_of(written[0].at.path)
        unused = _severity(UNUSED, rules, settings)
        reasonless = _severity(REASONLESS, rules, settings)
        said: list[Finding] = []
        if unused is not None:
            said += (_stamped(each, UNUSED, unused) for each in _unused(written, needed, rules, settings, reader))
        if reasonless is not None:
            at_work = [mark for mark in written if _identity(mark) in working]
            said += (_stamped(each, REASONLESS, reasonless) for each in _reasonless(at_work))
        about = context(written[0])
        yield from (_marked(replace(each, context=about), marks) for each in said)


def _severity(id: str, rules: Mapping[str, Rule], settings: Settings) -> Severity | None:
    rule = rules.get(id)
    if rule is None:
        return None
    severity = registry.severity(rule, "", settings)
    if severity is None and id == REASONLESS and settings.require_reason:
        return settings.severities.get(id) or rule.severity
    return severity


def _stamped(finding: Finding, rule: str, severity: Severity) -> Finding:
    return replace(finding, rule=rule, severity=severity)


def _marked(finding: Finding, marks: Iterable[Mark]) -> Finding:
    """The finding, suppressed by who names its rule; what ignores everything is not to hide that it ignores nothing."""
    from slslint.suppress import mark

    return mark(finding, [each for each in marks if each.rule is not None and each.covers(finding)])


def _identity(mark: Mark) -> tuple[object, ...]:
    """What one suppression is known by: an anchor's is met wherever its alias stands, an `ignore` for each resource."""
    return mark.at, mark.rule, mark.name


def _as_written(marks: Iterable[Mark]) -> Iterable[list[Mark]]:
    """The marks of each comment, and of each list in metadata."""
    groups: dict[object, dict[object, Mark]] = {}
    for mark in marks:
        groups.setdefault(mark.at, {}).setdefault(_identity(mark), mark)
    return [list(group.values()) for group in groups.values()]


def _reasonless(written: Sequence[Mark]) -> Iterator[Finding]:
    for mark in written:
        if mark.reason:
            continue
        if mark.kind == "comment":
            # All that stands in one comment has one reason.
            yield Finding(mark.at, "this suppression gives no reason; say behind the bracket why it is right")
            return
        how = f"write it as `{{rule: {mark.rule}, reason: ...}}`"
        yield Finding(mark.name or mark.at, f"the suppression of `{mark.rule}` gives no reason; {how}")


def _unused(
    written: Sequence[Mark],
    needed: Collection[object],
    rules: Mapping[str, Rule],
    settings: Settings,
    reader: Reader,
) -> Iterator[Finding]:
    dead: list[Mark] = []
    for mark in written:
        if mark.fault:
            yield Finding(mark.name or mark.at, f"{mark.fault}, so nothing is ignored", USAGE)
        elif mark.rule is not None and (unknown := _unknown(mark.rule, rules)):
            yield Finding(mark.name or mark.at, unknown, "name a rule", fix=_renamed(mark, rules))
        elif _identity(mark) not in needed and _would_be_needed(mark, rules, settings):
            dead.append(mark)
    if not dead:
        return
    whole = len(dead) == len(written)
    edits = removal(reader.read(dead[0].at.path), written, dead)
    names = listed([str(mark.rule) for mark in dead])
    title = "remove the suppression" if whole else f"remove {names} from the suppression"
    fix = Fix(title, Safety.SAFE, edits) if edits else None
    place = dead[0].at if whole and dead[0].kind == "comment" else dead[0].name or dead[0].at
    finds = "finds" if len(dead) == 1 else "find"
    said = f"{names} {finds} nothing here" if dead[0].rule is not None else "nothing is found here"
    yield Finding(place, f"{said}, so there is nothing to ignore", "remove it", fix=fix)


def _unknown(name: str, rules: Mapping[str, Rule]) -> str:
    """Why no rule has that name, or ""."""
    id, _, variant = name.partition(":")
    if id not in rules:
        return f"there is no rule `{id}`{nearest(id, rules)}, so nothing is ignored"
    if variant and variant not in rules[id].variants:
        close = nearest(variant, rules[id].variants)
        return f"`{id}` has no variant `{variant}`{close}, so nothing is ignored"
    return ""


def _renamed(mark: Mark, rules: Mapping[str, Rule]) -> Fix | None:
    id, colon, variant = str(mark.rule).partition(":")
    if id not in rules:
        id = closest(id, rules)
    elif variant:
        variant = closest(variant, filter(None, rules[id].variants))
    meant = id + colon + variant
    if not id or (colon and not variant) or mark.name is None or mark.kind != "comment":
        return None
    return Fix(f"name `{meant}`", Safety.UNSAFE, (Edit(mark.name, meant),))


def _would_be_needed(mark: Mark, rules: Mapping[str, Rule], settings: Settings) -> bool:
    """Whether it would be needed if there were anything to ignore: all rules that it names have run."""
    if mark.rule is None:
        return all(registry.speaks(rule, settings) or rule.by_engine for rule in rules.values())
    rule = rules[mark.rule.partition(":")[0]]
    return not rule.by_engine and registry.speaks(rule, settings)
