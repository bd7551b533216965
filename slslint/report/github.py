"""Findings as workflow commands, of which GitHub Actions makes annotations beside the code.

The commands: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
What is escaped: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
The limits: https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md#limitations
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from slslint.finding import Finding, Severity, counted, listed
from slslint.project import in_repository
from slslint.report.tally import by_severity, sentence
from slslint.report.terminal import visible
from slslint.report.view import View
from slslint.result import Result
from slslint.rule import Rule
from slslint.source import Reader

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}

SHOWN = 10
"""Annotations of each kind that GitHub shows for one step of a job."""


def write(result: Result, rules: Iterable[Rule], reader: Reader, view: View) -> str:
    """Annotations for as many findings as GitHub shows, a folded list of the others, and how many there are."""
    findings = by_severity(each for each in result.findings if each.suppressed is None)
    seen: Counter[Severity] = Counter()
    lines, left = [], []
    for finding in findings:
        seen[finding.severity] += 1
        if seen[finding.severity] <= SHOWN:
            lines.append(_annotation(finding, reader))
        else:
            left.append(f"{finding.severity}: {_said(finding, reader)}")
    if left:
        lines += [f"::group::{counted(len(left), 'more finding')}", *map(_plain, left), "::endgroup::"]
    lines.append(sentence(result.summary, len(findings)))
    lines += (f"Note: {_plain(visible(hint))}" for hint in result.hints)
    if left:
        lines.append(f"GitHub shows {SHOWN} annotations of each kind in a step; not shown: {len(left)}, listed above")
    return "\n".join(lines) + "\n"


def _annotation(finding: Finding, reader: Reader) -> str:
    at = finding.at
    properties = {
        "title": visible(finding.rule if ":" in finding.rule else f"{finding.tool}: {finding.rule}"),
        "file": visible(in_repository(at.path, reader)),
        "line": str(at.line),
        "endLine": str(at.end_line),
    }
    if at.line == at.end_line:
        # Only within one line are columns heeded.
        properties |= {"col": str(at.column), "endColumn": str(at.end_column)}
    given = ",".join(f"{name}={escaped_property(value)}" for name, value in properties.items())
    return f"::{COMMANDS[finding.severity]} {given}::{escaped(chr(10).join(_message(finding, reader)))}"


def _message(finding: Finding, reader: Reader) -> Iterator[str]:
    """The lines of an annotation. The log shows nothing else of it, so the first says where."""
    yield _said(finding, reader)
    for related in finding.related:
        place = f"{visible(in_repository(related.at.path, reader))}:{related.at.line}"
        yield f"see {place}: {visible(related.message)}"
    if finding.also:
        yield f"the same is true of {visible(listed(finding.also))}"
    if finding.help:
        yield from map(visible, f"help: {finding.help}".split("\n"))


def _said(finding: Finding, reader: Reader) -> str:
    at = finding.at
    place = f"{visible(in_repository(at.path, reader))}:{at.line}:{at.column}"
    return f"{place}: {visible(finding.message)} [{visible(finding.rule)}]"


def escaped(text: str) -> str:
    """A text as the message of a command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escaped_property(text: str) -> str:
    """A text as the value of a command's property."""
    return escaped(text).replace(":", "%3A").replace(",", "%2C")


def _plain(line: str) -> str:
    """A line of the log that is no command: the older ones may stand anywhere in a line."""
    return line.replace("##[", "## [")
