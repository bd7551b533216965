"""Runs the examples of rule pages: what a page shows is what its rule is tested with. For any rule pack.

A file name in backticks with a colon, then a fenced block, is a file. Files under one heading are one application,
until a file name comes again: that starts the next. A comment on a line says what must be found there, and nothing
else may be found:

    `template.yaml`:

    ```yaml
    Orders: # warning: [missing-timeout] "part of the message"
    ```

JSON has no comments: `<!-- warning: [missing-timeout] "part of the message" line 7 -->` after its block. An example
may come with a `slslint.toml`; without one, everything speaks (preset strict). What a fix makes of the files stands
below a line of its own, "After `slslint check --fix`:" (or `--fix --unsafe-fixes`), each with its name again; there the
comments above may stay, or not. With pytest:

    @pytest.mark.parametrize("case", testing.cases_of("acme_rules"), ids=str)
    def test_example(case: testing.Case) -> None:
        assert testing.run(case) == []
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from slslint import config, engine, fix, registry
from slslint.finding import Finding, Safety
from slslint.record import record, replace
from slslint.result import Result
from slslint.rule import Rule
from slslint.source import Reader

_FILE = re.compile(r"`([^`]+)`:\s*")
_FENCE = re.compile(r"(`{3,}|~{3,})")
_AFTER = re.compile(r"After `slslint check --fix( --unsafe-fixes)?`:\s*")
_HEADING = re.compile(r"(#{1,6}) (.*)")
_MARK = re.compile(r'(?:#|//|<!--)\s*(error|warning|note): \[([\w-]+)\](?: "((?:[^"\\]|\\.)*)")?(?: line (\d+) -->)?')


@record()
class Expected:
    """A finding that must be there. `part` is in its message."""

    path: str
    line: int
    severity: str
    rule: str
    part: str


@record()
class Case:
    """One application of a page, and what its rule must say of it.

    Attributes:
        name: for people: "Bad, line 20".
        fixed: the files that fixes change, as they are to be afterwards. unsafe: with those that are not safe.

    """

    name: str
    rule: str
    files: Mapping[str, str]
    expected: tuple[Expected, ...]
    fixed: Mapping[str, str] = {}
    unsafe: bool = False

    def __str__(self) -> str:
        return f"{self.rule}: {self.name}"


def cases_of(package: str) -> list[Case]:
    """The examples of every page of a rule pack that can be imported: of the Markdown files beside its modules."""
    import importlib

    folders = importlib.import_module(package).__path__
    pages = sorted(os.path.join(folder, name) for folder in folders for name in os.listdir(folder))
    return [case for page in pages if page.endswith(".md") for case in cases(page)]


def cases(page: str) -> list[Case]:
    """The examples of the page at that path. The page's heading is the rule's id."""
    folder, name = os.path.split(os.path.realpath(page))
    lines = Reader(folder, (folder,)).read(name).lines
    rule = lines[0].removeprefix("# ").strip()
    found: list[Case] = []
    section = rule
    current: Case | None = None
    for piece in _pieces(lines):
        if piece.kind == "heading":
            section, current = piece.text, None
        elif piece.kind == "mark" and current is not None:
            path = list(current.files)[-1]
            current = found[-1] = replace(current, expected=(*current.expected, *_expected(path, 0, piece.text)))
        elif piece.kind.startswith("after") and current is not None:
            fixed = {**current.fixed, piece.name: piece.text}
            current = found[-1] = replace(current, fixed=fixed, unsafe=piece.kind == "after-unsafe")
        elif piece.kind == "file":
            rows = enumerate(piece.text.split("\n"), 1)
            marks = tuple(mark for row, line in rows for mark in _expected(piece.name, row, line))
            if current is None or current.fixed or piece.name in current.files:
                current = Case(f"{section}, line {piece.line}", rule, {piece.name: piece.text}, marks)
                found.append(current)
            else:
                files = {**current.files, piece.name: piece.text}
                current = found[-1] = replace(current, files=files, expected=(*current.expected, *marks))
    return found


def run(case: Case, rules: Sequence[Rule] = ()) -> list[str]:
    """What the case's rule says differently from what the page says, one line each; empty when they agree.

    `rules` are those there are; without any, those that are installed. The page's rule runs alone, unless the engine
    itself reports it: then all run.
    """
    rules = rules or registry.installed()
    own = [rule for rule in rules if rule.id == case.rule]
    if not own:
        return [f"there is no rule `{case.rule}`; is its distribution installed?"]
    with tempfile.TemporaryDirectory() as folder:
        base = os.path.realpath(folder)
        for path, text in case.files.items():
            _place(base, path, text)
        settings = config.Settings(root=base, preset="strict")
        if "slslint.toml" in case.files:
            settings = config.load(registry.vocabulary(rules), os.path.join(base, "slslint.toml"))
        running = rules if own[0].by_engine else own

        def check(reader: Reader) -> Result:
            return engine.check(["."], settings, reader, running)

        reader = Reader(base, (base,))
        result = check(reader)
        unmended = _unmended(case, check, reader) if case.fixed else ()
        concerned = (case.rule, "internal-error")
        said = [each for each in result.findings if each.rule in concerned and each.suppressed is None]
        return sorted((*_differences(said, case.expected), *unmended))


def _unmended(case: Case, check: fix.Check, reader: Reader) -> Iterator[str]:
    """Where the fixes of the case's rule make something else of the files than the page says."""

    def own(result: Result, reader: Reader) -> Result:
        return replace(result, findings=tuple(each for each in result.findings if each.rule == case.rule))

    mended = fix.mend(check, own, reader, Safety.UNSAFE if case.unsafe else Safety.SAFE, lambda path: "")
    yield from mended.notes
    made = {change.path: change.after.decode() for change in mended.changes}
    for path in sorted({*made, *case.fixed}):
        text, wanted = made.get(path), case.fixed.get(path)
        if text is None or wanted is None or _unmarked(text) != _unmarked(wanted):
            shown = "".join(fix.diff([fix.Change(path, (wanted or "").encode(), (text or "").encode())]))
            yield f"{path} is not fixed as shown:\n{shown}"


def _unmarked(text: str) -> list[str]:
    """The lines without the comments that say what is found there; one that holds nothing else is left out."""
    lines = ((line, _MARK.sub("", line).rstrip()) for line in text.split("\n"))
    return [rest for line, rest in lines if rest or not line.strip()]


class _Piece(NamedTuple):
    """A part of a page: a "heading" or "mark" with its text, a "file", or one "after" fixes ("after-unsafe")."""

    line: int
    kind: str
    text: str
    name: str = ""


def _pieces(lines: Sequence[str]) -> Iterator[_Piece]:
    name: str | None = None
    kind = "file"
    fence = top = ""
    block: list[str] = []
    for number, line in enumerate(lines, 1):
        if fence:
            if line.strip() == fence:
                if name is not None:
                    yield _Piece(number - len(block), kind, "\n".join([*block, ""]), name)
                fence, name = "", None
            else:
                block.append(line)
        elif opening := _FENCE.match(line):
            fence, block = opening[1], []
        elif heading := _HEADING.fullmatch(line):
            name, kind = None, "file"
            top = heading[2] if len(heading[1]) < 3 else top
            yield _Piece(number, "heading", top if heading[2] == top else f"{top}, {heading[2]}")
        elif named := _FILE.fullmatch(line):
            name = named[1]
        elif after := _AFTER.fullmatch(line):
            kind = "after-unsafe" if after[1] else "after"
        elif line.startswith("<!--"):
            yield _Piece(number, "mark", line)
        elif line.strip():
            name, kind = None, "file"


def _expected(path: str, line: int, text: str) -> Iterator[Expected]:
    for mark in _MARK.finditer(text):
        severity, rule, part, at = mark.groups()
        yield Expected(path, int(at or line), severity, rule, (part or "").replace('\\"', '"'))


def _place(base: str, path: str, text: str) -> None:
    target = os.path.normpath(os.path.join(base, path))
    if not target.startswith(base + os.sep):
        raise ValueError(f"{path} is no place inside the example")
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "w", encoding="utf-8", newline="") as stream:
        stream.write(text)


def _differences(said: Sequence[Finding], expected: Sequence[Expected]) -> Iterator[str]:
    left = list(said)
    for each in expected:
        match = next((finding for finding in left if _agrees(finding, each)), None)
        if match is None:
            yield f'{each.path}:{each.line}: expected {each.severity}[{each.rule}] "{each.part}", which is not said'
        else:
            left.remove(match)
    for finding in left:
        at = finding.at
        yield f"{at.path}:{at.line}: unexpected {finding.severity}[{finding.rule}] {finding.message}"


def _agrees(finding: Finding, expected: Expected) -> bool:
    return (
        (finding.at.path, finding.at.line) == (expected.path, expected.line)
        and (str(finding.severity), finding.rule) == (expected.severity, expected.rule)
        and expected.part in finding.message
    )
