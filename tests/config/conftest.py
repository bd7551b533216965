"""Trees of files for the tests of settings."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Place = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Write files into a scratch repository; its folder."""
    (tmp_path / ".git").mkdir()

    def write(files: Mapping[str, str]) -> Path:
        for path, text in files.items():
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        return tmp_path

    return write
