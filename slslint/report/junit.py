"""Findings as failed tests in the XML of JUnit, which Jenkins, GitLab, CodeBuild and most others read.

What GitLab reads of it: https://docs.gitlab.com/ci/testing/unit_test_reports/#junit-xml-format-specification
The schema that Jenkins names: https://github.com/jenkinsci/xunit-plugin (junit-10.xsd)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from slslint.finding import Finding, Severity
from slslint.project import in_repository
from slslint.report.reasons import suppressed_by
from slslint.report.tally import sentence
from slslint.report.terminal import visible
from slslint.report.view import View
from slslint.result import Result
from slslint.rule import Rule
from slslint.source import Reader


def write(result: Result, rules: Iterable[Rule], reader: Reader, view: View) -> str:
    """A suite for each file with findings; a suite with one passed test when there are none.

    A finding that makes the check fail is a failed test, a lesser one a skipped one, for those servers that fail a
    build of their own when a test has failed. The name of a test has no line in it: servers compare it with that of
    other runs, and GitLab takes only one test of a name.
    """
    suites: dict[str, list[Finding]] = {}
    for finding in result.findings:
        if finding.suppressed is None or view.suppressed:
            suites.setdefault(visible(in_repository(finding.at.path, reader)), []).append(finding)
    root = Element("testsuites", {"name": "slslint"})
    for path, findings in suites.items():
        _suite(root, path, findings, view.fail_on)
    if not suites:
        suite = SubElement(root, "testsuite", {"name": "slslint"})
        SubElement(suite, "testcase", {"classname": "slslint", "name": "nothing found", "time": "0"})
        SubElement(suite, "system-out").text = sentence(result.summary, 0)
    for each in (*root, root):
        _count(each)
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=False).join(('<?xml version="1.0"?>\n', "\n"))


def _suite(root: Element, path: str, findings: Iterable[Finding], fail_on: Severity | None) -> None:
    suite = SubElement(root, "testsuite", {"name": path})
    seen: Counter[str] = Counter()
    for finding in findings:
        name = visible(f"{finding.rule} ({finding.function})" if finding.function else finding.rule)
        seen[name] += 1
        if seen[name] > 1:
            name = f"{name} #{seen[name]}"
        case = SubElement(suite, "testcase", {"classname": path, "name": name, "file": path, "time": "0"})
        message = visible(finding.message)
        if finding.suppressed is not None:
            SubElement(case, "skipped", {"message": suppressed_by(finding.suppressed)}).text = _body(finding, path)
        elif finding.rule == "internal-error":
            SubElement(case, "error", {"message": message, "type": "error"}).text = _body(finding, path)
        elif fail_on is not None and finding.severity >= fail_on:
            kind = {"message": message, "type": str(finding.severity)}
            SubElement(case, "failure", kind).text = _body(finding, path)
        else:
            SubElement(case, "skipped", {"message": message}).text = _body(finding, path)


def _body(finding: Finding, path: str) -> str:
    """Place, message and help: GitLab shows nothing else of a failure."""
    place = f"{path}:{finding.at.line}:{finding.at.column}"
    advice = f"\nhelp: {finding.help}" if finding.help else ""
    lines = f"{finding.severity}[{finding.rule}] {finding.message}{advice}".split("\n")
    return "\n".join([place, *map(visible, lines)])


def _count(element: Element) -> None:
    counts = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
    for name, tag in counts.items():
        # The whole has no number of skipped tests in the schema.
        if element.tag == "testsuite" or name != "skipped":
            element.set(name, str(sum(1 for _ in element.iter(tag))))
