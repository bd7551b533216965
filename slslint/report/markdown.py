"""Findings as Markdown, for the page of a CI job: `--output "markdown:$GITHUB_STEP_SUMMARY"`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from slslint.finding import Finding, Severity, counted, listed
from slslint.project import in_repository
from slslint.report.reasons import suppressed_by
from slslint.report.tally import by_rule, sentence
from slslint.report.terminal import visible
from slslint.report.view import View
from slslint.result import Result
from slslint.rule import Rule
from slslint.source import Reader, Span

LARGEST = 1024 * 1024
"""Bytes that GitHub takes as the summary of a step; of a larger one it shows nothing."""

_RESERVE = 1024
"""Bytes for saying what was cut."""

_HEADINGS = {Severity.ERROR: "Errors", Severity.WARNING: "Warnings", Severity.NOTE: "Notes"}


def write(result: Result, rules: Iterable[Rule], reader: Reader, view: View) -> str:
    """How many findings each rule has, then each finding, the most severe first, as many as there is room for."""
    urls = {rule.id: rule.url for rule in rules if rule.url}
    urls |= {f"{tool.name}:{rule.id}": rule.url for tool in result.tools for rule in tool.rules if rule.url}
    findings = [finding for finding in result.findings if finding.suppressed is None]
    blocks = ["## slslint", prose(sentence(result.summary, len(findings)))]
    if findings:
        blocks.append("\n".join(_table(findings, urls)))
    blocks += (f"> {prose(visible(hint))}" for hint in result.hints)
    sections = [
        (heading, [finding for finding in findings if finding.severity is severity])
        for severity, heading in _HEADINGS.items()
    ]
    if view.suppressed:
        sections.append(("Suppressed", [finding for finding in result.findings if finding.suppressed is not None]))
    room = LARGEST - _RESERVE - sum(len(block.encode("utf-8", "replace")) + 2 for block in blocks)
    cut = 0
    for heading, inside in sections:
        entries = []
        for finding in inside:
            entry = "\n".join(_entry(finding, urls, reader, view))
            room -= len(entry.encode("utf-8", "replace")) + 1
            if room >= 0:
                entries.append(entry)
        cut += len(inside) - len(entries)
        if entries:
            blocks += [f"### {heading}", "\n".join(entries)]
    if cut:
        blocks.append(f"{counted(cut, 'more finding')} had no room here: a summary may have 1 MiB.")
    return "\n\n".join(blocks) + "\n"


def _table(findings: Iterable[Finding], urls: dict[str, str]) -> Iterator[str]:
    yield "| Findings | Severity | Rule |"
    yield "| ---: | --- | --- |"
    for severity, rule, count in by_rule(findings):
        yield f"| {count} | {severity} | {_rule(rule, urls)} |"


def _rule(rule: str, urls: dict[str, str]) -> str:
    return f"[{prose(visible(rule))}]({urls[rule]})" if rule in urls else prose(visible(rule))


def _entry(finding: Finding, urls: dict[str, str], reader: Reader, view: View) -> Iterator[str]:
    yield f"- {_place(finding.at, reader, view)} {_rule(finding.rule, urls)}: {prose(visible(finding.message))}"
    if finding.suppressed is not None:
        yield f"  <br>{prose(suppressed_by(finding.suppressed))}"
    more = [f"- {_place(each.at, reader, view)}: {prose(visible(each.message))}" for each in finding.related]
    if finding.also:
        more.append(f"- the same is true of {prose(visible(listed(finding.also)))}")
    if finding.help:
        fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", finding.help))])
        more += ["", f"{fence}text", *map(visible, finding.help.split("\n")), fence]
    if more:
        lines = ["", "<details><summary>more</summary>", *([] if more[0] == "" else [""]), *more, "", "</details>", ""]
        yield from (f"  {line}".rstrip() for line in lines)


def _place(span: Span, reader: Reader, view: View) -> str:
    path = in_repository(span.path, reader)
    shown = prose(f"{visible(path)}:{span.line}")
    if not view.blobs or path.startswith("../"):
        return f"**{shown}**"
    return f"[**{shown}**]({view.blobs}{quote(os.fsencode(path))}#L{span.line})"


def prose(text: str) -> str:
    """A text so that Markdown shows it as it is, but for what stands between backticks, which becomes code."""
    parts = re.split(r"(?<!`)`([^`]+)`(?!`)", text)
    return "".join(f"`{part}`" if number % 2 else _plain(part) for number, part in enumerate(parts))


def _plain(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>|~#&])", r"\\\1", text)
