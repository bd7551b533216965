"""Every example on every rule's page does what the page says."""

import shutil
import subprocess
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


@pytest.mark.skipif(shutil.which("terraform") is None, reason="needs terraform")
def test_terraform_finds_nothing_to_put_right_in_examples(tmp_path: Path) -> None:
    for number, each in enumerate(CASES):
        (case,) = each.values
        for path, text in case.files.items():
            place = tmp_path / f"{case.rule}-{number}" / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
    command = ["terraform", "fmt", "-check", "-diff", "-recursive", str(tmp_path)]
    formatted = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (formatted.returncode, formatted.stdout) == (0, "")
