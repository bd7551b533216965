"""Where a project begins: nothing above it is read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from slslint.errors import UsageError
from slslint.source import Reader


def reported(path: str, base: str) -> str:
    """A path as reports show it: relative to `base`, with `/`. UsageError for one on another drive."""
    try:
        return os.path.relpath(path, base).replace(os.sep, "/")
    except ValueError:
        raise UsageError(f"{path}: it lies on another drive; run slslint there") from None


def reader_of(paths: Iterable[str], base: str, overlay: Mapping[str, bytes]) -> Reader:
    """A reader that goes no further than the projects that the paths lie in; see `Reader` for base and overlay."""
    roots = (_root(os.path.realpath(os.path.join(base, path)), base) for path in paths)
    return Reader(base, tuple(dict.fromkeys(roots)), overlay)


def _root(path: str, base: str) -> str:
    """The project that a path lies in: its repository, else `base`, else the path's own folder."""
    folder = own = path if os.path.isdir(path) else os.path.dirname(path)
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return base if f"{path}{os.sep}".startswith(base.rstrip(os.sep) + os.sep) else own
        folder = parent
    return folder
