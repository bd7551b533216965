"""Which reports tell findings again in another run: a check gives these findings what they stand in."""

import pytest

from slslint.config import FORMATS
from slslint.finding import Context
from slslint.record import replace
from slslint.report import FINGERPRINTED, write
from slslint.result import Result
from slslint.source import Reader


@pytest.mark.parametrize("form", FORMATS)
def test_only_reports_with_fingerprints_ask_what_findings_stand_in(form: str, result: Result, reader: Reader) -> None:
    inside = replace(result, findings=tuple(replace(each, context=Context("there")) for each in result.findings))
    differ = write(form, result, (), reader) != write(form, inside, (), reader)
    assert differ is (form in FINGERPRINTED)
