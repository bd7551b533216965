"""Findings that were there before somebody began to look: kept in a file, told again by fingerprint, not counted."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from slslint import registry
from slslint.config import Configuration
from slslint.errors import UnreadableFileError, UsageError
from slslint.finding import Finding, Suppression
from slslint.fingerprint import fingerprints
from slslint.languages import language_of
from slslint.project import is_below, lies_in, path_from, root_of
from slslint.record import record, replace
from slslint.result import Result, with_findings
from slslint.rule import Rule
from slslint.source import Reader, whole_disk

FILE = "slslint-baseline.json"
VERSION = 1


@record(order=True)
class Entry:
    """One finding of a baseline.

    Attributes:
        path: its file as it lies from the folder that the baseline counts from; see `Baseline.base`.
        rule: its id, or `id:variant`. message: for people.

    """

    path: str
    rule: str
    fingerprint: str
    message: str


@record()
class Baseline:
    """A baseline as it is kept.

    Attributes:
        file: where, absolute.
        base: the folder that its paths and fingerprints count from: its own when that lies in the project, so that it
            does not matter where slslint runs or where the project lies, else the project's.

    """

    file: str
    base: str
    entries: tuple[Entry, ...] = ()


Judge = Callable[[Entry], bool]
"""Whether a finding would have been found again in this run, if it were still there."""


# --- the file --------------------------------------------------------------------------------------------------------


def empty(file: str, paths: Sequence[str], reader: Reader) -> Baseline:
    """A baseline without entries that is to be kept in `file`, for a check of `paths`."""
    file = os.path.join(reader.base, file)
    folder, project = os.path.dirname(os.path.realpath(file)), root_of(paths[0], reader)
    return Baseline(file, folder if is_below(folder, project) else project)


def load(file: str, paths: Sequence[str], reader: Reader) -> Baseline:
    """The baseline in a file. UsageError when there is none in it, with what to do."""
    found = empty(file, paths, reader)
    try:
        text = whole_disk(reader.base).read(found.file).text
    except UnreadableFileError as error:
        raise UsageError(f"{file}: {error.why}; `slslint check --write-baseline {file}` makes a baseline") from None
    try:
        return replace(found, entries=_entries(text))
    except ValueError as error:
        raise UsageError(f"{file}: {error}") from None


def _entries(text: str) -> tuple[Entry, ...]:
    """What the text of a baseline holds. Raises ValueError that says what is wrong with it."""
    import json

    anew = "delete the file and make it anew with `slslint check --write-baseline`"
    none = "it is no baseline of slslint; name another file, and PATHS before the option"
    try:
        document = json.loads(text)
    except ValueError as error:
        if any(line.startswith(("<<<<<<< ", ">>>>>>> ")) for line in text.splitlines()):
            what = "keep the entries of both sides; `slslint check --prune-baseline` drops those that are gone"
            raise ValueError(f"it holds the conflict markers of a merge; {what}") from None
        if '"fingerprint"' not in text:
            raise ValueError(none) from None
        raise ValueError(f"it is no valid JSON ({error}); mend it, or {anew}") from None
    version = document.get("version") if isinstance(document, dict) else None
    if not isinstance(version, int) or not isinstance(document.get("findings"), list):
        raise ValueError(none)
    if version > VERSION:
        raise ValueError(f"a newer slslint wrote it (version {version}); update slslint, or {anew}")
    return tuple(sorted({_entry(number, each) for number, each in enumerate(document["findings"], 1)}))


def _entry(number: int, written: Any) -> Entry:
    given = written if isinstance(written, dict) else {}
    values = [given.get(key, "" if key == "message" else None) for key in Entry.__match_args__]
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) < len(values):
        raise ValueError(f"entry {number} needs `path`, `rule` and `fingerprint`, each a text; mend it or take it out")
    return Entry(*texts)


def written(baseline: Baseline) -> str:
    """The text of the file: one line for each entry, sorted, so that it is compared and merged by lines."""
    import json

    rows = [{key: getattr(entry, key) for key in Entry.__match_args__} for entry in sorted(baseline.entries)]
    lines = ",".join(f"\n  {json.dumps(row)}" for row in rows)
    return f'{{"version": {VERSION},\n "findings": [{lines}\n ]}}\n'


# --- what it does to a result ----------------------------------------------------------------------------------------


def marked(result: Result, baseline: Baseline, judge: Judge, reader: Reader) -> tuple[Result, tuple[Entry, ...]]:
    """The result with the findings of the baseline marked, and the entries that are gone.

    Equal findings are told apart by nothing but their number: of three where the baseline has two, the last is new.
    """
    kept: dict[str, list[Entry]] = {}
    for entry in baseline.entries:
        kept.setdefault(_hash(entry.fingerprint), []).append(entry)
    left = Counter({key: len(entries) for key, entries in kept.items()})
    findings = []
    for finding, fingerprint in _told(result.findings, baseline, reader):
        key = _hash(fingerprint)
        if finding.suppressed is None and left[key]:
            left[key] -= 1
            finding = replace(finding, suppressed=Suppression("baseline", ""))
        findings.append(finding)
    over = [entry for key, number in left.items() if number for entry in kept[key][-number:]]
    gone = tuple(sorted(filter(judge, over)))
    return with_findings(result, findings, gone=len(gone)), gone


def of(result: Result, before: Baseline, judge: Judge, reader: Reader) -> Baseline:
    """The baseline of a result: what counts in it, and of the one before what this run cannot judge.

    That something was not checked is not kept: it would hide whatever else is wrong there.
    """
    entries = {entry.fingerprint: entry for entry in before.entries if not judge(entry)}
    for finding, fingerprint in _told(result.findings, before, reader):
        if finding.suppressed is None and finding.rule not in registry.UNCHECKED:
            path = path_from(before.base, finding.at.path, reader)
            entries[fingerprint] = Entry(path, _name(finding), fingerprint, finding.message)
    return replace(before, entries=tuple(sorted(entries.values())))


def without(baseline: Baseline, gone: Collection[Entry]) -> Baseline:
    """The baseline without some entries."""
    return replace(baseline, entries=tuple(entry for entry in baseline.entries if entry not in gone))


def _told(findings: Iterable[Finding], baseline: Baseline, reader: Reader) -> Iterable[tuple[Finding, str]]:
    findings = tuple(findings)
    return zip(findings, fingerprints(findings, reader, baseline.base), strict=True)


def _hash(fingerprint: str) -> str:
    return fingerprint.rpartition(":")[0]


def _name(finding: Finding) -> str:
    return f"{finding.rule}:{finding.variant}" if finding.variant else finding.rule


# --- what a run can judge --------------------------------------------------------------------------------------------


def judge_of(
    result: Result, base: str, paths: Sequence[str], configuration: Configuration, rules: Sequence[Rule], reader: Reader
) -> Judge:
    """What a run can judge: nothing of rules that did not speak or files that it did not see with all that is theirs.

    Part of a project is seen in full where its template was read too, or where a file is no longer there.
    """
    known = {rule.id: rule for rule in rules}
    tools = {tool.name for tool in result.tools}
    asked = {os.path.normpath(path).replace(os.sep, "/") for path in paths}
    everything = lies_in(path_from(reader.base, base, reader), asked)
    # A template that cannot be read hides what it deploys.
    broken = [each.at.path for each in result.findings if each.rule in registry.UNCHECKED]
    hidden = {path if language_of(path) else os.path.dirname(path) or "." for path in broken}
    failed = any(each.rule == "internal-error" for each in result.findings)

    def spoke(entry: Entry, path: str) -> bool:
        name, _, variant = entry.rule.partition(":")
        if name not in known:
            return name in tools
        return registry.severity(known[name], variant, configuration.of(path, reader)) is not None

    def judge(entry: Entry) -> bool:
        path = path_from(reader.base, os.path.join(base, entry.path), reader)
        if failed or not spoke(entry, path) or not lies_in(path, asked) or lies_in(path, hidden):
            return False
        if configuration.excludes(path, reader):
            return False
        return everything or path in result.files or not reader.is_file(path)

    return judge
