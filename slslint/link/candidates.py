"""The files that a handler's name may mean, with the name of the export in each, in the order in which they are tried.

Lambda finds `a/b/orders.api.create` in Python as `create` of the module `a.b.orders.api`, in JavaScript as the member
`create` of the export `api` of the file `a/b/orders`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

NODE = (".js", ".mjs", ".cjs", ".ts")
"""The extensions that are named when nothing was found: what Node loads, and what a build most often starts from."""


def candidates(language: str, handler: str, folder: str, file: str | None) -> Iterator[tuple[str, str]]:
    """Paths with exports. `folder` is the code root; `file` is the one file that is deployed, or None."""
    return _python(handler, folder, file) if language == "python" else _javascript(handler, folder, file)


def _python(handler: str, folder: str, file: str | None) -> Iterator[tuple[str, str]]:
    parts = handler.replace("/", ".").strip(".").split(".")
    for count in range(len(parts) - 1, 0, -1):
        export = ".".join(parts[count:])
        if file is not None:
            if posixpath.basename(file) == f"{parts[count - 1]}.py":
                yield file, export
            continue
        base = posixpath.normpath(posixpath.join(folder, *parts[:count]))
        yield f"{base}.py", export
        yield f"{base}/__init__.py", export


def _javascript(handler: str, folder: str, file: str | None) -> Iterator[tuple[str, str]]:
    from slslint.languages.javascript.modules import EXTENSIONS, stem_of

    module, export = split(handler)
    if not export:
        return
    if file is not None:
        if posixpath.basename(stem_of(file)) == posixpath.basename(module):
            yield file, export
        return
    base = posixpath.normpath(posixpath.join(folder, module))
    for extension in EXTENSIONS:
        yield base + extension, export


def split(handler: str) -> tuple[str, str]:
    """The module and the export that a handler names for Node: at the first dot of the last part of the path."""
    folders, slash, name = handler.strip("/").rpartition("/")
    module, _, export = name.partition(".")
    return f"{folders}{slash}{module}", export


def module_of(language: str, handler: str) -> str:
    """The module that a handler names, for people."""
    return (handler.rpartition(".")[0] or handler) if language == "python" else split(handler)[0]


def entry_point(handler: str, entry_points: tuple[str, ...]) -> str | None:
    """Which of a bundler's entry points the handler's module is made from.

    esbuild writes them as they lie below the folder that they share, and `out=in` under another name.
    """
    if not entry_points:
        return None
    from slslint.languages.javascript.modules import stem_of

    module = posixpath.normpath(split(handler)[0])
    stems: dict[str, str] = {}
    for each in entry_points:
        out, _, point = each.rpartition("=")
        stems[out or stem_of(posixpath.normpath(point.lstrip("/")))] = point
    shared = posixpath.commonpath([posixpath.dirname(stem) for stem in stems])
    for stem, point in stems.items():
        if posixpath.relpath(stem, shared or ".") == module:
            return point
    named = [point for stem, point in stems.items() if posixpath.basename(stem) == posixpath.basename(module)]
    return named[0] if len(named) == 1 else None
