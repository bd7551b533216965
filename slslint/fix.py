"""Makes the edits of fixes: in memory, round after round, until nothing is left to mend. Nothing is written here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate

from slslint.finding import Edit, Finding, Fix, Safety
from slslint.languages import language_of, lower
from slslint.record import record
from slslint.result import Result
from slslint.source import MAX_BYTES, Problem, Reader, SourceFile, Span
from slslint.templates.document import compose
from slslint.templates.terraform.files import is_hcl

MOST_ROUNDS = 10
"""Fixes that undo each other are stopped after so many rounds."""

_MARK = b"\xef\xbb\xbf"

Check = Callable[[Reader], Result]
Counted = Callable[[Result, Reader], Result]
"""The result with the findings marked that do not count for another reason than a suppression."""
Refusal = Callable[[str], str]
"""Why a file, by its path, is not to be changed, as a clause for people; "" when it may be."""


_Key = tuple[str, str, str, str]


@record()
class Change:
    """A file as it was and as it is to be, byte for byte."""

    path: str
    before: bytes
    after: bytes


@record()
class Mended:
    """What mending came to.

    Attributes:
        changes: by path, sorted; none is empty.
        fixed: how many findings of each rule were mended.
        result: what is found afterwards. reader: reads the files as they are to be.
        notes: which fixes were not made, and why, a sentence each.

    """

    changes: tuple[Change, ...]
    fixed: Mapping[str, int]
    result: Result
    reader: Reader
    notes: tuple[str, ...]


def mend(check: Check, counted: Counted, reader: Reader, most: Safety, refusal: Refusal) -> Mended:
    """Make every fix up to `most` of findings that count, as long as there are any.

    The whole application is checked again after each round, for what one fix changes may be what another is about.
    """
    before: dict[str, bytes] = {}
    fixed = Counter[str]()
    refused: dict[_Key, str] = {}
    result = check(reader)
    for _ in range(MOST_ROUNDS):
        chosen = _chosen(counted(result, reader).findings, most, refused, refusal)
        texts, made = _made(chosen, reader, refused)
        if not made:
            break
        for path in texts:
            before.setdefault(path, _bytes(path, reader))
        fixed.update(finding.rule for finding in made)
        reader = Reader(reader.base, reader.roots, {**reader.overlay, **texts})
        result = check(reader)
    else:
        return _mended(
            before, fixed, result, reader, [*refused.values(), "some fixes undo each other; look at the rest"]
        )
    return _mended(before, fixed, result, reader, refused.values())


def _mended(
    before: Mapping[str, bytes], fixed: Counter[str], result: Result, reader: Reader, notes: Iterable[str]
) -> Mended:
    changes = (Change(path, data, reader.overlay[path]) for path, data in sorted(before.items()))
    changed = tuple(change for change in changes if change.before != change.after)
    return Mended(changed, dict(fixed), result, reader, tuple(dict.fromkeys(filter(None, notes))))


# --- one round -------------------------------------------------------------------------------------------------------


def _chosen(
    findings: Iterable[Finding], most: Safety, refused: dict[_Key, str], refusal: Refusal
) -> list[tuple[Finding, Fix]]:
    """The findings to be mended in one round: of edits that overlap the first ones are made, the others wait."""
    chosen: list[tuple[Finding, Fix]] = []
    taken: list[Span] = []
    for finding in findings:
        fix = finding.fix
        if fix is None or finding.suppressed is not None or fix.safety > most or _key(finding, fix) in refused:
            continue
        why = next(filter(None, (refusal(edit.at.path) for edit in fix.edits)), "")
        if why:
            refused[_key(finding, fix)] = f"{finding.at.path}:{finding.at.line}: `{finding.rule}` was not mended: {why}"
        elif not any(_overlap(edit.at, other) for edit in fix.edits for other in taken):
            chosen.append((finding, fix))
            taken += (edit.at for edit in fix.edits)
    return chosen


def _key(finding: Finding, fix: Fix) -> _Key:
    """What a fix is known by from one round to the next, though lines move."""
    return finding.at.path, finding.rule, finding.message, fix.title


def _overlap(one: Span, other: Span) -> bool:
    """Whether two edits meet. Two insertions at one place do: nobody knows which is to be first."""
    if one.path != other.path:
        return False
    start, end = (one.line, one.column), (one.end_line, one.end_column)
    first, last = (other.line, other.column), (other.end_line, other.end_column)
    return start == first or (start < last and first < end)


def _made(
    chosen: Sequence[tuple[Finding, Fix]], reader: Reader, refused: dict[_Key, str]
) -> tuple[dict[str, bytes], list[Finding]]:
    """The changed files, all of which parse, and the findings that are mended in them."""
    texts = _texts([fix for _, fix in chosen], reader)
    if not _broken(texts, reader):
        return texts, [finding for finding, _ in chosen]
    # Some fix breaks a file: every one is tried with those before it.
    sound: list[tuple[Finding, Fix]] = []
    texts = {}
    for finding, fix in chosen:
        tried = _texts([*(each for _, each in sound), fix], reader)
        broken = _broken(tried, reader)
        if broken:
            why = f"{broken} would not parse any more; please report it"
            refused[_key(finding, fix)] = f"{finding.at.path}:{finding.at.line}: `{finding.rule}` was not mended: {why}"
        else:
            sound.append((finding, fix))
            texts = tried
    return texts, [finding for finding, _ in sound]


def _texts(fixes: Iterable[Fix], reader: Reader) -> dict[str, bytes]:
    edits: dict[str, list[Edit]] = {}
    for fix in fixes:
        for edit in fix.edits:
            edits.setdefault(edit.at.path, []).append(edit)
    return {path: edited(_bytes(path, reader), each) for path, each in edits.items()}


def _bytes(path: str, reader: Reader) -> bytes:
    """A file with its byte-order mark, if it has one."""
    reader.read(path)  # Raises UnreadableFileError; peek does not.
    return reader.peek(path, MAX_BYTES + 1)


def edited(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The bytes of a file with edits made that do not overlap. New lines end as the others in the file do."""
    mark = _MARK if data.startswith(_MARK) else b""
    text = data.removeprefix(_MARK).decode()
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    ends = "\r\n" if "\r\n" in text else "\n"
    pieces: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: edit.at):
        at = edit.at
        pieces += text[done : starts[at.line - 1] + at.column - 1], edit.text.replace("\r\n", "\n").replace("\n", ends)
        done = starts[at.end_line - 1] + at.end_column - 1
    return mark + "".join([*pieces, text[done:]]).encode()


# --- whether it still parses -----------------------------------------------------------------------------------------


def _broken(texts: Mapping[str, bytes], reader: Reader) -> str:
    """The first file that parsed before and does not parse now, or ""."""
    for path, data in texts.items():
        after = SourceFile(path, data.removeprefix(_MARK))
        if not parses(after) and parses(reader.read(path)):
            return path
    return ""


def parses(file: SourceFile) -> bool:
    """Whether slslint reads a source file or template without stumbling."""
    if language_of(file.path):
        return not lower(file).problems
    if is_hcl(file.path):
        from slslint.templates.terraform.grammar import GRAMMAR

        return not GRAMMAR.parser.parse(file.data).root_node.has_error
    return not isinstance(compose(file), Problem)


# --- what to show ----------------------------------------------------------------------------------------------------


def diff(changes: Iterable[Change]) -> str:
    """The changes as a unified diff."""
    import difflib

    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for change in changes
        for line in difflib.unified_diff(_lines(change.before), _lines(change.after), change.path, change.path)
    )


def _lines(data: bytes) -> list[str]:
    lines = data.decode().split("\n")
    return [*(f"{line}\n" for line in lines[:-1]), *filter(None, lines[-1:])]
