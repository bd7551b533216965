"""What a check found: the findings, and how much was looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from slslint.finding import Finding, Severity
from slslint.record import record, replace
from slslint.source import Span


@record()
class Undecided:
    """Something that rules would have asked and that the files do not tell, so that they were silent there.

    `what` names it for people: "the timeout of `Orders`". `why` is one clause.
    """

    at: Span
    what: str
    why: str


@record()
class ToolRule:
    """A rule of another linter, as it describes it. `id` is its own, without the linter's name: "W3005"."""

    id: str
    severity: Severity
    summary: str
    description: str
    url: str


@record()
class Tool:
    """Another linter that ran, and those of its rules that found something, by id."""

    name: str
    version: str
    url: str
    rules: tuple[ToolRule, ...] = ()


@record()
class Summary:
    """Counts for people and programs.

    Attributes:
        files: templates and source files that were read. templates: how many of them are templates.
        functions: functions found in templates, or guessed from source that no template claims.
        joined, ambiguous, missing, elsewhere: how the functions of templates were joined to their code.
        undecided: values that rules would have asked (of functions, triggers and queues) and parts of templates that
            could not be decided.
        errors, warnings, notes: findings that count, by severity. suppressed: findings that do not.
        baselined: those of them that are in the baseline. gone: entries of the baseline of which nothing is found.
        unchanged: findings that are left out because they are about nothing that has changed.

    """

    files: int = 0
    templates: int = 0
    functions: int = 0
    joined: int = 0
    ambiguous: int = 0
    missing: int = 0
    elsewhere: int = 0
    errors: int = 0
    warnings: int = 0
    notes: int = 0
    suppressed: int = 0
    undecided: int = 0
    baselined: int = 0
    gone: int = 0
    unchanged: int = 0


@record()
class Result:
    """The outcome of one check.

    Attributes:
        findings: stamped with rule and severity, sorted by (path, start, rule), no two alike; those that somebody
            suppressed carry why in `suppressed`.
        hints: what the user can do so that more is checked, a sentence each.
        silent: where rules were silent for want of knowing, sorted by place: functions without their code, and what
            else is undecided.
        tools: the other linters whose findings are among these.
        files: what was read together with the template that deploys it, templates too.
        dialects: how many templates there are of each, the most frequent first.

    """

    findings: tuple[Finding, ...]
    summary: Summary
    hints: tuple[str, ...] = ()
    silent: tuple[Undecided, ...] = ()
    tools: tuple[Tool, ...] = ()
    files: frozenset[str] = frozenset()
    dialects: tuple[tuple[str, int], ...] = ()


def with_findings(result: Result, findings: Iterable[Finding], **counts: int) -> Result:
    """The result with other findings, counted anew; `counts` are further counts of the summary that change."""
    findings = tuple(findings)
    severities = Counter(finding.severity for finding in findings if finding.suppressed is None)
    suppressions = [finding.suppressed for finding in findings if finding.suppressed is not None]
    summary = replace(
        result.summary,
        errors=severities[Severity.ERROR],
        warnings=severities[Severity.WARNING],
        notes=severities[Severity.NOTE],
        suppressed=len(suppressions),
        baselined=sum(each.kind == "baseline" for each in suppressions),
        **counts,
    )
    return replace(result, findings=findings, summary=summary)
