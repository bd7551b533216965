"""Every example on every rule's page does what the page says."""

from pathlib import Path

import pytest

from slslint import registry, testing

PAGES = Path(__file__).parent.parent / "rules" / "slslint_rules"
RULES = registry.load()
CASES = [
    pytest.param(case, id=f"{case.rule}: {case.name}")
    for page in sorted(PAGES.glob("*.md"))
    for case in testing.cases(str(page))
]


@pytest.mark.parametrize("case", CASES)
def test_example(case: testing.Case) -> None:
    assert testing.run(case, RULES) == []
