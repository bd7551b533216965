"""What rules must go on finding, and leave alone, beyond what their pages show."""

from pathlib import Path

import pytest

from slslint import registry, testing

RULES = registry.load()
CASES = [
    pytest.param(case, id=f"{case.rule}: {case.name}")
    for page in sorted((Path(__file__).parents[1] / "fixtures" / "regressions").glob("*.md"))
    for case in testing.cases(str(page))
]


@pytest.mark.parametrize("case", CASES)
def test_regression(case: testing.Case) -> None:
    assert testing.run(case, RULES) == []
