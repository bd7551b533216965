"""What the documentation shows is what happens, and its site holds together."""

import subprocess
import sys
from pathlib import Path

import pytest

from slslint import registry
from tests.docs import walk

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs").glob("*.md"))
CHECKED_ELSEWHERE = {"plugins.md": {"sh", "text"}}
"""Languages of blocks by page, and for each a test of its own."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_shows_is_what_happens(page: Path, tmp_path: Path) -> None:
    assert not walk.differences(page, tmp_path / "orders")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_block_of_a_page_is_run_or_checked(page: Path) -> None:
    left = {block.language for block in walk.blocks(page) if not block.file and block.language != walk.TRANSCRIPT}
    assert left <= CHECKED_ELSEWHERE.get(page.name, set())


def test_the_site_is_built_and_every_link_leads_somewhere() -> None:
    subprocess.run([sys.executable, "scripts/build_docs.py"], cwd=ROOT, check=True)
    built = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict", "--clean"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    site = ROOT / "build" / "site"
    assert all((site / "rules" / rule.id / "index.html").is_file() for rule in registry.load())
    assert "slslint check [OPTIONS]" in (site / "reference" / "commands" / "index.html").read_text()
