"""The files under a folder that may matter: what .gitignore leaves, without vendored and built trees."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Container, Iterable, Iterator

from slslint.config import Configuration
from slslint.config.layers import NAMES
from slslint.patterns import Decide, compile_patterns
from slslint.source import Reader
from slslint.templates.cdk.layout import is_app, is_assembly, output_of

DOCUMENT_SUFFIXES = (".yaml", ".yml", ".json", ".template")
TEMPLATE_SUFFIXES = (*DOCUMENT_SUFFIXES, ".tf", ".tofu")
SOURCE_SUFFIXES = (".py", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
SUFFIXES = TEMPLATE_SUFFIXES + SOURCE_SUFFIXES

SKIPPED = frozenset(
    {
        ".aws-sam", ".build", ".bzr", ".eggs", ".esbuild", ".git", ".hg", ".idea", ".mypy_cache", ".next", ".nox",
        ".nuxt", ".nyc_output", ".output", ".pytest_cache", ".ruff_cache", ".serverless", ".sst", ".svelte-kit", ".svn",
        ".terraform", ".tox", ".turbo", ".venv", ".vscode", ".webpack", ".yarn", "__pycache__", "bower_components",
        "cdk.out", "dist", "node_modules", "site-packages", "venv",
    }
)  # fmt: skip
"""Folders that hold what others wrote, or what a build made."""

NO_TEMPLATES = frozenset(
    {
        "cdk.json", "jest.config.json", "jsconfig.json", "npm-shrinkwrap.json", "package-lock.json", "package.json",
        "pnpm-lock.yaml", "tsconfig.json",
    }
)  # fmt: skip
"""Names of other programs' files, which need not be opened to know that; in some trees every fourth is one."""

Ignores = tuple[tuple[str, Decide], ...]
"""What the ignore files say that hold in a folder, innermost first, each with the way from its own folder to this one:
"" or `a/b/`."""


def files_below(top: str, reader: Reader, configuration: Configuration) -> Iterator[str]:
    """Every file below a folder that has a suffix of interest and that nothing leaves out, there or above."""
    ignores: Ignores = (*_ignores_above(top, reader), *_excluding(top, reader, configuration))
    stack = [(top, reader.real(top), ignores)]
    visited = set()
    while stack:
        folder, real, ignores = stack.pop()
        # A link may lead back up, or out of the project.
        if real is None or real in visited:
            continue
        visited.add(real)
        try:
            with os.scandir(real) as found:
                entries = {entry.name: entry for entry in found}
        except OSError:
            continue
        listing = reader.note(folder, entries.values())
        if "pyvenv.cfg" in entries:
            continue
        if ".gitignore" in entries:
            ignores = (("", _gitignore(folder, reader)), *ignores)
        if folder != top and not entries.keys().isdisjoint(NAMES):
            ignores = (*_own_excludes(folder, reader, configuration), *ignores)
        if "cdk.out" in entries or "cdk.json" in entries:
            yield from _left_by_cdk(folder, reader)
            if is_assembly(folder, reader):
                continue
        vendored = _vendored(folder, entries, reader)
        start = "" if folder == "." else f"{folder}/"
        for name, is_dir in listing.items():
            wanted = name.endswith(SUFFIXES) and name not in NO_TEMPLATES
            is_dir = not wanted and is_dir and name not in SKIPPED
            if not (wanted or is_dir) or name not in entries or name in vendored:
                continue
            if _left_out(f"{name}/" if is_dir else name, ignores):
                continue
            entry = entries[name]
            path = start + name
            if is_dir:
                inside = reader.real(path) if entry.is_symlink() else os.path.join(real, name)
                stack.append((path, inside, tuple((f"{way}{name}/", decide) for way, decide in ignores)))
            elif _is_file(entry) and not (entry.is_symlink() and _is_again(real, name, entries, ignores)):
                yield path


def folders_above(path: str, reader: Reader) -> Iterator[str]:
    """The folders above a path, innermost first, up to the project's root."""
    below, folder = reader.real(path), posixpath.join(path, "..")
    # The root of a file system lies in itself.
    while reader.is_dir(folder) and (real := reader.real(folder)) != below:
        yield posixpath.normpath(folder)
        below, folder = real, posixpath.join(folder, "..")


def _excluding(folder: str, reader: Reader, configuration: Configuration) -> Ignores:
    """What the settings that hold in a folder leave out there."""
    excluded = configuration.excluded(folder, reader)
    return tuple((_way(root, folder, reader), compile_patterns(patterns)) for root, patterns in excluded)


def _own_excludes(folder: str, reader: Reader, configuration: Configuration) -> Ignores:
    """What a folder's own file with settings leaves out there."""
    own = os.path.realpath(configuration.domain(folder, reader).plain.root)
    return _excluding(folder, reader, configuration)[:1] if own == reader.real(folder) else ()


def _left_by_cdk(folder: str, reader: Reader) -> Iterator[str]:
    """The manifest of the assembly that an application of the CDK has left, ignored or not; else its `cdk.json`."""
    output = folder if is_assembly(folder, reader) else output_of(folder, reader)
    if is_assembly(output, reader):
        yield posixpath.join(output, "manifest.json")
    elif is_app(folder, reader):
        yield posixpath.join(folder, "cdk.json")


def _is_again(real: str, name: str, entries: Container[str], ignores: Ignores) -> bool:
    """Whether a link in a folder is another name of a template beside it, which is looked at itself."""
    folder, target = os.path.split(os.path.realpath(os.path.join(real, name)))
    if folder != real or target not in entries or not target.endswith(DOCUMENT_SUFFIXES):
        return False
    return target not in NO_TEMPLATES and not _left_out(target, ignores)


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False


def _left_out(name: str, ignores: Ignores) -> bool:
    """Whether an entry is ignored: the innermost ignore file that says anything decides."""
    for way, decide in ignores:
        left_out = decide(way + name)
        if left_out is not None:
            return left_out
    return False


def _vendored(folder: str, names: Iterable[str], reader: Reader) -> frozenset[str]:
    """The names in a folder that installed distributions brought, as their own records say."""
    found: set[str] = set()
    for name in names:
        if not name.endswith(".dist-info"):
            continue
        record = reader.peek(posixpath.join(folder, name, "RECORD")).decode(errors="replace")
        found.update(line.partition(",")[0].partition("/")[0] for line in record.splitlines())
        found.update({name, name.partition("-")[0], name.partition("-")[0].lower()})
    return frozenset(found)


def _ignores_above(top: str, reader: Reader) -> Ignores:
    """What the ignore files say between `top`, which is left out, and the project's root."""
    return tuple(
        (_way(reader.real(folder) or "", top, reader), _gitignore(folder, reader))
        for folder in folders_above(top, reader)
        if reader.is_file(posixpath.join(folder, ".gitignore"))
    )


def _way(base: str, top: str, reader: Reader) -> str:
    """The way from a real folder to `top`."""
    way = os.path.relpath(reader.real(top) or "", base).replace(os.sep, "/")
    return "" if way == "." else f"{way}/"


def _gitignore(folder: str, reader: Reader) -> Decide:
    data = reader.peek(posixpath.join(folder, ".gitignore"))
    return compile_patterns(tuple(data.decode(errors="replace").splitlines()))
