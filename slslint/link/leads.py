"""Which of the files that are there may hold a handler: in the code folder, behind a build, in a layer."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from slslint.link.candidates import NODE, candidates, entry_point, split
from slslint.link.folders import Folders
from slslint.link.packages import Source
from slslint.record import record

_TOOLS = ("babel", "bundle", "esbuild", "gulp", "ncc ", "nest build", "parcel", "rollup", "swc", "tsc", "tsup",
          "tsx build", "turbo", "vite", "webpack")  # fmt: skip
"""What scripts of a package.json run that make other files than those that are written."""


@record()
class Lead:
    """A file that is there and may hold the handler.

    Attributes:
        export: the name of the handler in it. folder: the code root that its modules come from.
        note: a reason to doubt that it is the one.
        others: files that may be the one just as well.

    """

    path: str
    export: str
    folder: str
    note: str = ""
    others: tuple[str, ...] = ()


def leads(source: Source, handler: str, language: str, folders: Folders) -> Iterator[Lead]:
    """The leads to a handler, the likeliest first."""
    if language == "javascript":
        yield from _entry_points(source, handler, folders)
    for path, export in candidates(language, handler, source.folder, source.file):
        if folders.is_file(path):
            if language == "javascript":
                for each in folders.modules.compiled_from(path):
                    yield Lead(each, export, source.folder)
            yield Lead(path, export, source.folder)
    if language == "javascript" and source.file is None:
        yield from _mirrored(source, handler, folders)
    for folder in source.beside:
        for path, export in candidates(language, handler, folder, None):
            if folders.is_file(path):
                yield Lead(path, export, folder, _note(path, source.folder))
    for folder in source.layers:
        for path, export in candidates(language, handler, folder, None):
            if folders.is_file(path):
                yield Lead(path, export, source.folder)


def looked_for(source: Source, handler: str, language: str) -> tuple[str, ...]:
    """The paths at which the platform looks for the handler's file, as far as people want to know them."""
    if language == "python":
        return tuple(path for path, _ in candidates(language, handler, source.folder, source.file))
    module, export = split(handler)
    base = posixpath.normpath(posixpath.join(source.folder, module))
    return tuple(base + extension for extension in NODE) if export and source.file is None else ()


def excuse(source: Source, handler: str, language: str, folders: Folders) -> str:
    """Why the handler's file may be missing where it is deployed from, and yet nothing be wrong; or ""."""
    if language != "javascript":
        return ""
    base = posixpath.join(source.folder, split(handler)[0])
    if folders.modules.built(base):
        return f"a build step makes `{posixpath.normpath(base)}.js`"
    folder: str | None = source.folder
    while folder is not None:
        manifest = folders.modules.projects.manifest(folder)
        if manifest is not None:
            scripts = manifest.get("scripts")
            commands = scripts.values() if isinstance(scripts, dict) else ()
            builds = any(tool in str(command) for command in commands for tool in _TOOLS)
            path = posixpath.normpath(posixpath.join(folder, "package.json"))
            if builds:
                return f"a script of `{path}` may make it"
        folder = folders.modules.projects.above(folder)
    return ""


def _entry_points(source: Source, handler: str, folders: Folders) -> Iterator[Lead]:
    point = entry_point(handler, source.entry_points)
    path = None if point is None else folders.modules.file(posixpath.join(source.folder, point.lstrip("/")))
    if path is not None:
        yield Lead(path, split(handler)[1], source.folder)


def _mirrored(source: Source, handler: str, folders: Folders) -> Iterator[Lead]:
    """The sources of a file that a build makes, which lie in another folder as that does in its own."""
    module, export = split(handler)
    base = posixpath.normpath(posixpath.join(source.folder, module))
    found = folders.modules.sources_of(base) if export else []
    if found:
        yield Lead(found[0], export, source.folder, _note(found[0], f"{base}.js"), tuple(found[1:]))


def _note(path: str, built: str) -> str:
    return f"`{path}` is taken for the source of `{built}`"
