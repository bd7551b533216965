"""Findings for people: each with its lines of code, or one line each when there are many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from slslint.errors import UnreadableFileError
from slslint.finding import Confidence, Finding, Severity, counted, listed
from slslint.report.reasons import suppressed_by
from slslint.report.snippet import rows
from slslint.report.tally import by_rule, sentence
from slslint.report.terminal import (
    BLUE,
    BOLD,
    CYAN,
    DIM,
    RED,
    YELLOW,
    Paint,
    clip,
    coloured,
    uncoloured,
    visible,
    wrap,
)
from slslint.report.view import View
from slslint.result import Result
from slslint.rule import Rule
from slslint.source import Reader, Span

MANY = 50
"""From more findings than this, each gets one line."""

PAGE = 100
"""Columns where there is no terminal to ask."""

COLOURS = {Severity.ERROR: RED, Severity.WARNING: YELLOW, Severity.NOTE: CYAN}


def write(result: Result, rules: Iterable[Rule], reader: Reader, view: View) -> str:
    """The findings, and the summary; suppressed findings only when they are asked for, dimmed, with the reason."""
    paint = coloured if view.colour else uncoloured
    findings = [finding for finding in result.findings if finding.suppressed is None or view.suppressed]
    if len(findings) > MANY and not view.full:
        blocks = _by_file(findings, rules, paint, view.width)
    else:
        blocks = ("\n".join(_whole(finding, reader, paint, view.width or PAGE)) for finding in findings)
    closing = [
        _summary(result, paint),
        *(f"Note: {hint}" for hint in map(visible, result.hints)),
    ]
    return "\n\n".join([*blocks, "\n".join(closing)]) + "\n"


# --- one finding with its code ---------------------------------------------------------------------------------------


def _whole(finding: Finding, reader: Reader, paint: Paint, width: int) -> Iterator[str]:
    if finding.suppressed is not None:
        head = f"{_place(finding.at)}: {finding.severity}[{visible(finding.rule)}]"
        yield paint(head, DIM)
        for text in (visible(finding.message), suppressed_by(finding.suppressed)):
            yield from (paint(f"  {line}", DIM) for line in wrap(text, width - 2))
        return
    spans = [finding.at, *(related.at for related in finding.related)]
    gutter = max(len(str(span.end_line)) for span in spans) + 1
    bar, pad = paint("|", BLUE), " " * gutter
    colour = COLOURS[finding.severity]
    doubt = "" if finding.confidence is Confidence.HIGH else f" ({finding.confidence} confidence)"
    kind = paint(f"{finding.severity}[{visible(finding.rule)}]", colour)
    yield f"{paint(_place(finding.at), BOLD)}: {kind}{doubt}"
    for line in wrap(visible(finding.message), width - 2):
        yield f"  {paint(line, BOLD)}"

    def code(span: Span, mark: str, style: str) -> Iterator[str]:
        for row in rows(_lines(reader, span.path), span, width - gutter - 3):
            if not row.number:
                yield f"{paint('...'.rjust(gutter + 1), BLUE)}"
                continue
            yield f"{paint(str(row.number).rjust(gutter), BLUE)} {bar} {row.text}"
            yield f"{pad} {bar} {' ' * row.start}{paint(mark * row.length, style)}"

    yield f"{pad} {bar}"
    yield from code(finding.at, "^", colour)
    for related in finding.related:
        yield f"{pad} {bar}"
        first, *more = wrap(f"{_place(related.at)}: {visible(related.message)}", width - gutter - 5)
        yield f"{pad}{paint(':::', BLUE)} {first}"
        yield from (f"{pad}    {line}" for line in more)
        yield from code(related.at, "-", BLUE)
    if finding.path or finding.also or finding.help:
        yield f"{pad} {bar}"
    if finding.path:
        yield from _note("path", _steps(finding), pad, paint, width)
    if finding.also:
        yield from _note("also", [f"the same is true of {listed(finding.also)}"], pad, paint, width)
    if finding.help:
        yield from _note("help", finding.help.split("\n"), pad, paint, width)


def _steps(finding: Finding) -> list[str]:
    return [f"{number}. {_place(step.at)}: {step.message}" for number, step in enumerate(finding.path, 1)]


def _note(title: str, lines: Sequence[str], pad: str, paint: Paint, width: int) -> Iterator[str]:
    hang = " " * (len(pad) + len(title) + 5)
    start = f"{pad} {paint('=', BLUE)} {paint(title + ':', BOLD)} "
    for line in lines:
        indent = line[: len(line) - len(line.lstrip(" "))]
        for piece in wrap(visible(line[len(indent) :]), width - len(hang) - len(indent)):
            yield f"{start}{indent}{piece}".rstrip()
            start = hang


def _lines(reader: Reader, path: str) -> Sequence[str]:
    try:
        return reader.read(path).lines
    except UnreadableFileError:
        return ()


def _place(span: Span) -> str:
    return f"{visible(span.path)}:{span.line}:{span.column}"


# --- one line each ---------------------------------------------------------------------------------------------------


def _by_file(findings: list[Finding], rules: Iterable[Rule], paint: Paint, width: int | None) -> Iterator[str]:
    files: dict[str, list[Finding]] = {}
    for finding in findings:
        files.setdefault(finding.at.path, []).append(finding)
    longest = max(len(finding.rule) for finding in findings)
    for path, here in files.items():
        places = [f"{finding.at.line}:{finding.at.column}" for finding in here]
        room = max(map(len, places))
        lines = [paint(visible(path), BOLD)]
        for place, finding in zip(places, here, strict=True):
            severity = paint(f"{finding.severity!s:7}", COLOURS[finding.severity])
            message = visible(finding.message)
            if finding.suppressed is not None:
                severity = paint(f"{finding.severity!s:7}", DIM)
                message = f"({suppressed_by(finding.suppressed)}) {message}"
            start = f"  {place:>{room}}  {severity}  {paint(f'{finding.rule:{longest}}', DIM)}  "
            left = room + longest + 15
            lines.append(start + (clip(message, max(width - left, 20)) if width else message))
        yield "\n".join(lines)
    counting = [finding for finding in findings if finding.suppressed is None]
    if counting:
        yield "\n".join(_table(counting, rules, paint, width))


def _table(findings: list[Finding], rules: Iterable[Rule], paint: Paint, width: int | None) -> Iterator[str]:
    summaries = {rule.id: rule.summary for rule in rules}
    rows = by_rule(findings)
    longest = max(len(rule) for _, rule, _ in rows)
    digits = max(len(str(count)) for _, _, count in rows)
    for severity, rule, count in rows:
        kind = paint(f"{severity!s:7}", COLOURS[severity])
        text = clip(summaries.get(rule, ""), max((width or PAGE) - digits - longest - 15, 20))
        yield f"  {count:>{digits}}  {kind}  {rule:{longest}}  {paint(text, DIM)}"
    rule = max(rows, key=lambda row: row[2])[1]
    yield ""
    yield "There are many, so each got one line. `--format full` shows the code of all of them,"
    yield f"`--select {rule}` one rule alone; `slslint rule {rule}` explains it."


# --- the end ---------------------------------------------------------------------------------------------------------


def _summary(result: Result, paint: Paint) -> str:
    summary = result.summary
    found = sum(finding.suppressed is None for finding in result.findings)
    line = sentence(summary, found, lambda text, severity: paint(text, COLOURS[severity]))
    unjoined = summary.ambiguous + summary.missing
    apart = [
        *([f"{counted(unjoined, 'function')} not joined to code"] if unjoined else ()),
        *([f"{counted(summary.elsewhere, 'function')} with code that is not in sight"] if summary.elsewhere else ()),
        *([f"{counted(summary.undecided, 'value')} not decided"] if summary.undecided else ()),
    ]
    if apart:
        line += f"\n{', '.join(apart)}: `--verbose` says why"
    return line
