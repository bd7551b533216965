"""slslint's rules inside cfn-lint: `cfn-lint template.yaml -a slslint.cfnlint`.

cfn-lint takes the severity of a rule from the first letter of its id, so a rule is there once for each of its
severities. The whole check runs when the first of them is asked, once for each template.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.rules import errors as failures  # cfn-lint would take the classes themselves for ours
from cfnlint.template import Template

from slslint import baseline, config, engine, registry
from slslint.data.cfn_lint_ids import number_of
from slslint.errors import SlslintError, told
from slslint.finding import Finding, Severity
from slslint.project import reader_of, reported
from slslint.record import record
from slslint.rule import Rule
from slslint.source import Span

_LETTERS = {Severity.ERROR: "E", Severity.WARNING: "W", Severity.NOTE: "I"}


@record(eq=False)
class _Checked:
    """What came of one template: the findings, with its `path` as they have it; or why the check `failed`."""

    path: str
    findings: tuple[Finding, ...] = ()
    failed: RuleMatch | None = None


_checked: WeakKeyDictionary[Template, _Checked] = WeakKeyDictionary()


class _Judge(CloudFormationLintRule):
    """What is said under one id of cfn-lint."""

    tags = ["serverless", "slslint"]  # noqa: RUF012

    def match(self, cfn: Template) -> list[RuleMatch]:
        if cfn.filename is None:  # a text, of which nobody knows where its code lies
            return []
        if cfn not in _checked:
            _checked[cfn] = _check(cfn.filename)
        found = _checked[cfn]
        if found.failed is not None:
            return [found.failed] if self.id == _id("internal-error", Severity.ERROR) else []
        return [_match(each, cfn, found.path) for each in found.findings if _id(each.rule, each.severity) == self.id]


def _id(rule: str, severity: Severity) -> str:
    return f"{_LETTERS[severity]}{number_of(rule)}"


def _check(filename: str) -> _Checked:
    """Never raises: cfn-lint would say for each rule that it failed."""
    try:
        base, rules = os.getcwd(), registry.installed()
        configuration = config.configuration(registry.vocabulary(rules), given={"with": []})
        path = reported(filename, base)
        reader = reader_of([path], base, {})
        result = engine.check([path], configuration, reader, rules)
        if configuration.run.baseline is not None:
            kept = baseline.load(configuration.run.baseline, [path], reader)
            judge = baseline.judge_of(result, kept.base, [path], configuration, rules, reader)
            result, _ = baseline.marked(result, kept, judge, reader)
    except SlslintError as error:
        failed = RuleMatch([_TOP], f"slslint: {error}", rule=failures.ConfigError())
        return _Checked(filename, failed=failed)
    except Exception as error:
        failed = RuleMatch([_TOP], f"slslint failed on this template: {told(error)}", rule=failures.RuleError())
        return _Checked(filename, failed=failed)
    return _Checked(path, tuple(each for each in result.findings if each.suppressed is None))


# --- findings as matches ---------------------------------------------------------------------------------------------

_TOP = "Resources"
"""The section whose parts may say in their metadata which checks are to ignore them."""


def _match(finding: Finding, cfn: Template, path: str) -> RuleMatch:
    at = finding.at
    said: dict[str, Any] = {"location": (at.line - 1, at.column - 1, at.end_line - 1, at.end_column - 1)}
    way: list[str | int] = [_TOP]
    if at.path == path:
        way = _way_to(cfn.template, at)
    else:
        said["filename"] = os.path.abspath(at.path) if os.path.isabs(cfn.filename or "") else at.path
    if way[:1] != [_TOP] or len(way) < 2:
        way = [_TOP, finding.function] if finding.function in cfn.get_resources() else way or [_TOP]
    return RuleMatch(way, f"{finding.message} [{finding.rule}]", **said)


def _way_to(node: Any, at: Span) -> list[str | int]:
    """The keys and indices on the way to a place, through what cfn-lint has decoded: what starts last before it."""
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    before = [(start, key, value) for key, value in entries if (start := _start(key, value)) <= (at.line, at.column)]
    if not before:
        return []
    _, key, value = max(before, key=lambda each: each[0])
    return [key, *_way_to(value, at)]


def _start(key: object, value: object) -> tuple[float, float]:
    """Line and column, from 1, of an entry; it is nowhere when cfn-lint does not know."""
    mark = getattr(key, "start_mark", None) or getattr(value, "start_mark", None)
    return (float("inf"), 0) if mark is None else (mark.line + 1, mark.column + 1)


# --- the rules that cfn-lint finds here ------------------------------------------------------------------------------


def _judges() -> Iterator[type[_Judge]]:
    """One for each severity of each rule, for settings may give any."""
    rules = registry.load()
    with suppress(SlslintError):  # said where a template is checked
        rules = registry.installed()
    by_number: dict[int, list[Rule]] = {}
    for rule in rules:
        by_number.setdefault(number_of(rule.id), []).append(rule)
    for same in by_number.values():
        words = {
            "shortdesc": ", ".join(rule.id for rule in same),
            "description": " ".join(f"{rule.summary} `slslint rule {rule.id}` says more." for rule in same),
            "source_url": same[0].url,
        }
        for severity in _LETTERS:
            id = _id(same[0].id, severity)
            yield type(id, (_Judge,), {"id": id, **words})


globals().update((judge.__name__, judge) for judge in _judges())
