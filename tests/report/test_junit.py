"""The report of tests, read by a library that CI tools read it with."""

from typing import Any

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped

from slslint.finding import Finding, Severity
from slslint.record import replace
from slslint.report import View, write
from slslint.result import Result, Summary
from slslint.source import Reader, Span


def read(result: Result, reader: Reader, view: View | None = None) -> Any:
    return JUnitXml.fromstring(write("junit", result, (), reader, view or View()).encode())


def test_each_file_is_a_suite_and_each_finding_a_failed_test(result: Result, reader: Reader) -> None:
    xml = read(result, reader)
    assert (xml.tests, xml.failures, xml.errors) == (2, 2, 0)
    code, template = xml
    assert (code.name, template.name, template.tests, template.failures) == ("src dir/app.py", "template.yaml", 1, 1)
    (case,) = template
    assert (case.classname, case.name) == ("template.yaml", "queue-redelivers-in-flight (Bill)")
    assert case._elem.get("file") == "template.yaml"
    (failure,) = case.result
    assert isinstance(failure, Failure)
    assert failure.type == "error"
    assert failure.message.startswith("messages reappear")
    assert failure.text.splitlines()[0] == "template.yaml:2:3"
    assert failure.text.splitlines()[2:] == ["help: on `Orders`, set", "  VisibilityTimeout: 360"]


@pytest.mark.parametrize(
    ("fail_on", "kinds"),
    [
        (Severity.WARNING, [Skipped, Failure, Failure, Error]),
        (Severity.ERROR, [Skipped, Skipped, Failure, Error]),
        (None, [Skipped, Skipped, Skipped, Error]),
    ],
)
def test_a_test_fails_where_the_check_fails(fail_on: Severity | None, kinds: list[type], reader: Reader) -> None:
    finding = Finding(Span("template.yaml", 2, 3, 2, 9), "x", rule="a")
    many = [*(replace(finding, severity=severity) for severity in Severity), replace(finding, rule="internal-error")]
    (suite,) = read(Result(tuple(many), Summary(files=1)), reader, View(fail_on=fail_on))
    assert [type(case.result[0]) for case in suite] == kinds
    assert (suite.failures, suite.errors, suite.skipped) == (kinds.count(Failure), 1, kinds.count(Skipped))
    assert [case.name for case in suite] == ["a", "a #2", "a #3", "internal-error"]


def test_a_suppressed_finding_is_a_skipped_test(result: Result, reader: Reader) -> None:
    _, template = read(result, reader, View(suppressed=True))
    skipped = [case.result[0] for case in template if isinstance(case.result[0], Skipped)]
    assert [each.message for each in skipped] == ["suppressed by a comment at template.yaml:4: decided in 2025"]


def test_nothing_found_is_a_passed_test(reader: Reader) -> None:
    xml = read(Result((), Summary(files=3, functions=2)), reader)
    ((case,),) = xml
    assert (xml.tests, xml.failures, case.result) == (1, 0, [])


def test_what_xml_cannot_hold_is_written_out() -> None:
    evil = "\x00\x0b\ud800\ufffe <&>\"']]>"
    reader = Reader("/", (), {})
    finding = Finding(Span(f"{evil}.py", 1, 1, 1, 2), evil, help=evil, rule=evil, function=evil)
    ((case,),) = read(Result((finding,), Summary(files=1)), reader)
    assert case.result[0].message == "\\x00\\x0b\\ud800\\ufffe <&>\"']]>"
