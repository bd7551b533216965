"""The numbers alone."""

import json

import pytest

from slslint.errors import UsageError
from slslint.finding import Edit, Fix, Safety
from slslint.record import replace
from slslint.report.statistics import known_form, write
from slslint.result import Result
from slslint.source import Span


def test_a_table_or_a_list(result: Result) -> None:
    fix = Fix("set it", Safety.SAFE, (Edit(Span("template.yaml", 7, 16, 7, 18), "30"),))
    timeout, queue, _ = result.findings
    result = replace(result, findings=(timeout, queue, replace(queue, fix=fix)))
    assert write("text", result).split("\n") == [
        "     2  error    queue-redelivers-in-flight",
        "     1  warning  call-without-timeout",
        "",
    ]
    assert json.loads(write("json", result)) == [
        {"rule": "queue-redelivers-in-flight", "severity": "error", "count": 2, "fixable": 1},
        {"rule": "call-without-timeout", "severity": "warning", "count": 1, "fixable": 0},
    ]


def test_other_forms_have_no_numbers() -> None:
    with pytest.raises(UsageError, match="use text or json"):
        known_form("sarif")
