"""The HCL that this repository shows and ships is as `terraform fmt` writes it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from slslint.testing import cases

ROOT = Path(__file__).parents[2]
TERRAFORM = shutil.which("terraform")


@pytest.mark.skipif(
    TERRAFORM is None, reason="the `terraform` binary, which no Python or Node package brings, is not here"
)
def test_hcl_is_formatted(tmp_path: Path) -> None:
    for number, path in enumerate(sorted((ROOT / "slslint" / "data" / "terraform").glob("*.tf"))):
        _place(tmp_path / "shipped" / str(number) / path.name, path.read_text())
    for number, path in enumerate(sorted((ROOT / "tests" / "fixtures").rglob("*.tf"))):
        _place(tmp_path / "fixtures" / str(number) / path.name, path.read_text())
    for page in sorted((ROOT / "rules" / "slslint_rules").glob("*.md")):
        for number, case in enumerate(cases(str(page))):
            for name, text in case.files.items():
                # A page may show how a file that does not parse is told.
                if name.endswith((".tf", ".tofu", ".tfvars")) and page.stem != "syntax_error":
                    _place(tmp_path / page.stem / str(number) / name, text)
    assert TERRAFORM is not None
    done = subprocess.run(
        [TERRAFORM, "fmt", "-check", "-recursive", "-diff", "-no-color", "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _place(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
