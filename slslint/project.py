"""Where a project begins, above which nothing is read, and what its files are called from here and from there."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping

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
            return base if is_below(path, base) else own
        folder = parent
    return folder


def root_of(path: str, reader: Reader) -> str:
    """The project that a reported path lies in: an absolute folder."""
    whole = os.path.normpath(os.path.join(reader.base, path))
    return max((root for root in reader.roots if is_below(whole, root)), key=len, default=reader.base)


def path_from(folder: str, path: str, reader: Reader) -> str:
    """A reported path as it is called from another folder (absolute)."""
    return os.path.relpath(os.path.join(reader.base, path), folder).replace(os.sep, "/")


def in_repository(path: str, reader: Reader) -> str:
    """A reported path as it is called from the root of its repository, from where code hosts count.

    Where there is no repository, from the working directory. It starts with "../" when the file lies elsewhere.
    """
    return path_from(root_of(path, reader), path, reader)


def is_below(path: str, folder: str) -> bool:
    """Whether an absolute path is a folder or lies in it."""
    return f"{path}{os.sep}".startswith(folder.rstrip(os.sep) + os.sep)


def lies_in(path: str, places: Collection[str]) -> bool:
    """Whether a reported path is one of the places, or in a folder that is."""
    if path in places:
        return True
    folder = os.path.dirname(path)
    while folder and folder != "..":
        if folder in places:
            return True
        folder = os.path.dirname(folder)
    return "." in places and not path.startswith("../")
