"""Where a file lies in its repository: code hosts count paths from there, wherever slslint ran."""

from __future__ import annotations

from slslint.fingerprint import path_from, root_of
from slslint.source import Reader


def in_repository(path: str, reader: Reader) -> str:
    """A reported path as it is called from the root of its repository, with `/`.

    Where there is no repository, from the working directory. It starts with "../" when the file lies elsewhere.
    """
    return path_from(root_of(path, reader), path, reader)
