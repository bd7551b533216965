"""Where commands write: a file, or a terminal that may show colours."""

from __future__ import annotations

from slslint.errors import UsageError


def write(path: str, text: str) -> None:
    """Write a file. UsageError when that cannot be."""
    try:
        with open(path, "w", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(text)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise UsageError(f"{path}: {why}; choose another place for --output") from None
