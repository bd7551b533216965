"""Where the file of an imported module lies."""

from __future__ import annotations

import posixpath
import sys
from collections.abc import Callable


def locate(
    module: str,
    importer: str,
    roots: tuple[str, ...],
    is_file: Callable[[str], bool],
    is_dir: Callable[[str], bool],
) -> str | None:
    """The file of a module of the application; None for all others and for folders without `__init__.py`.

    For `from a import b` ask for "a.b" first: b may be a module of the package or namespace package a.

    Args:
        module: as written in the import: "a.b", or relative to the importer: ".b", "..".
        importer: path of the importing file.
        roots: the folders that Python searches, in order: the function's code, then its layers' `python` folders.
        is_file: whether there is a file at a path.
        is_dir: whether there is a folder at a path.

    """
    folder = posixpath.dirname(importer)
    name = module.lstrip(".")
    dots = len(module) - len(name)
    parts = name.split(".") if name else []
    if dots:
        base = posixpath.normpath(posixpath.join(folder, *[".."] * (dots - 1)))
        return _in(base, parts, is_file, is_dir)
    for root in roots:
        found = _in(root, parts, is_file, is_dir)
        if found is not None:
            return found
    # The folder of a handler that lies deeper than the code root is often made importable by other means (PYTHONPATH,
    # a build step); but a file beside the importer does not hide the standard library.
    if folder in roots or not parts or parts[0] in sys.stdlib_module_names:
        return None
    return _in(folder, parts, is_file, is_dir)


def _in(folder: str, parts: list[str], is_file: Callable[[str], bool], is_dir: Callable[[str], bool]) -> str | None:
    for part in parts[:-1]:
        folder = posixpath.join(folder, part)
        if not is_dir(folder):
            return None
    path = posixpath.join(folder, *parts[-1:])
    candidates = (f"{path}/__init__.py", f"{path}.py") if parts else (posixpath.join(folder, "__init__.py"),)
    return next((posixpath.normpath(candidate) for candidate in candidates if is_file(candidate)), None)
