"""The source that a staged asset was made from: its original folder, or the entry point of a bundle."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator

from slslint.record import record
from slslint.source import Reader, Span
from slslint.templates.cdk.assembly import Assembly

_UNSEARCHED = frozenset(
    {
        ".aws-sam", ".git", ".hg", ".mypy_cache", ".nox", ".pytest_cache", ".ruff_cache", ".serverless", ".terraform",
        ".tox", ".venv", ".yarn", "__pycache__", "bower_components", "cdk.out", "env", "node_modules", "site-packages",
        "venv",
    }
)  # fmt: skip
"""Folders of a project in which nobody's handlers lie."""

_SUFFIXES = (".py", ".js", ".mjs", ".cjs", ".ts", ".mts")
_ENTRIES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
_LEFT_OUT = frozenset({"node_modules", "__pycache__", ".venv", "venv", ".git", ".pytest_cache", ".DS_Store"})
_MOST_FILES = 50_000
_MOST_STAGED = 400
_MOST_READ = 1_000
_LARGEST_BUNDLE = 32 * 1024 * 1024

_MODULE = re.compile(rb"^[ \t]*// ((?!\()[^\n]*?\.[cm]?[jt]sx?)[ \t]*\r?$", re.MULTILINE)
_BUNDLED = re.compile(
    rb"var __(?:defProp|create|getOwnPropNames|commonJS|export)\b ?=|^// (?:src|lambda)/", re.MULTILINE
)
"""What esbuild writes at the start of what it makes of several files."""


@record()
class Found:
    """The source of an asset.

    Attributes:
        path: its folder, or the entry point that a bundle was made from; where neither is in sight, the staged copy
            or None.
        entry: the module that a bundle's handler lies in (`index`), or "" when it is no bundle.
        own: it lies in the project, outside the assembly.
        stale: the staged copy differs from it.
        why: when `path` is None, one clause for people.

    """

    path: str | None
    entry: str = ""
    own: bool = False
    stale: bool = False
    why: str = ""


class Assets:
    """Finds the sources of one assembly's assets; the project is listed at most once."""

    def __init__(self, assembly: Assembly, reader: Reader) -> None:
        self.assembly = assembly
        self.reader = reader
        self._named: dict[str, list[str]] | None = None
        self._folders: dict[str, Found] = {}

    def source(self, asset: str, handler: str, construct: str, place: Span | None) -> Found:
        """The source of an asset by its hash or its path; `handler` as deployed, "" for a layer.

        `construct` is the id of the construct that it belongs to, `place` where that is made.
        """
        path = self._staged(asset)
        if path is None:
            return Found(None, why="its asset is not in the assembly; synthesise it again")
        root = self.assembly.root
        if path != root and not path.startswith("" if root == "." else f"{root}/"):
            # Assets that are not staged are named where they are.
            return Found(path, own=True)
        if not self.reader.is_dir(path):
            return Found(None, why=f"its asset `{path}` is an archive")
        module = handler.rpartition(".")[0].replace(".", "/") if handler else ""
        key = self._key(path, module)
        if key is None:
            return Found(path)
        found = self._origin(path, key)
        if found.own:
            return found
        bundle = self._entry(path, key, handler.rpartition(".")[2], construct, place)
        return bundle or found

    def holding(self, code: bytes) -> str | None:
        """The file of the project that holds just this code, which its author read into the template."""
        code = code.strip()
        self._project_files("")
        assert self._named is not None
        files = sorted(file for files in self._named.values() for file in files if file.endswith(_SUFFIXES))
        return next((file for file in files[:_MOST_READ] if self.reader.peek(file).strip() == code), None)

    # --- the staged copy ---------------------------------------------------------------------------------------------

    def _staged(self, asset: str) -> str | None:
        """Where an asset lies, by its hash or as the template's metadata name it."""
        written = self.assembly.assets.get(asset, asset if "." in asset or "/" in asset else f"asset.{asset}")
        written = written.replace("\\", "/")
        if posixpath.isabs(written):
            return None
        path = posixpath.normpath(posixpath.join(self.assembly.folder, written))
        return path if self.reader.is_dir(path) or self.reader.is_file(path) else None

    def _key(self, folder: str, module: str) -> str | None:
        """The file, relative to a staged folder, by which its origin is recognised: the handler's, else any source."""
        for suffix in _SUFFIXES:
            if module and self.reader.is_file(posixpath.join(folder, module + suffix)):
                return module + suffix
        return next((each for each in self._files(folder) if each.endswith(_SUFFIXES)), None)

    def _files(self, folder: str) -> Iterator[str]:
        """The files in a folder, relative to it; those on top first."""
        pending = [""]
        count = 0
        for start in pending:
            for name, is_dir in self.reader.entries(posixpath.join(folder, start)).items():
                count += 1
                if count > _MOST_STAGED:
                    return
                if not is_dir:
                    yield posixpath.join(start, name)
                elif name not in _UNSEARCHED:
                    pending.append(posixpath.join(start, name))

    # --- its origin --------------------------------------------------------------------------------------------------

    def _origin(self, staged: str, key: str) -> Found:
        """The folder that a staged folder is a copy of; itself where there is none in sight."""
        cached = self._folders.get(f"{staged}:{key}")
        if cached is not None:
            return cached
        content = self.reader.peek(posixpath.join(staged, key))
        names = self._names(staged)
        exact: list[tuple[int, int, str]] = []
        alike: list[str] = []
        for file in self._project_files(posixpath.basename(key)):
            if file != key and not file.endswith(f"/{key}"):
                continue
            folder = file.removesuffix(key).rstrip("/") or "."
            others = self._names(folder)
            if self.reader.peek(file) == content:
                exact.append((len(others - names), len(names - others), folder))
            elif others == names:
                alike.append(folder)
        found = Found(staged)
        if exact:
            found = Found(min(exact)[2], own=True)
        elif len(alike) == 1:
            found = Found(alike[0], own=True, stale=True)
        self._folders[f"{staged}:{key}"] = found
        return found

    def _names(self, folder: str) -> set[str]:
        return {name for name in self.reader.entries(folder) if name not in _LEFT_OUT and not name.endswith(".pyc")}

    def _project_files(self, name: str) -> list[str]:
        """The files of the project of one name."""
        if self._named is None:
            self._named = {}
            pending = [self.assembly.project]
            count = 0
            for folder in pending:
                for each, is_dir in self.reader.entries(folder).items():
                    path = each if folder == "." else f"{folder}/{each}"
                    count += 1
                    if is_dir and each not in _UNSEARCHED and path != self.assembly.root:
                        pending.append(path)
                    elif not is_dir and each.endswith(_ENTRIES + _SUFFIXES):
                        self._named.setdefault(each, []).append(path)
                if count > _MOST_FILES:
                    break
        return self._named.get(name, [])

    # --- bundles -----------------------------------------------------------------------------------------------------

    def _entry(self, staged: str, key: str, export: str, construct: str, place: Span | None) -> Found | None:
        """The entry point of a bundle, by its own words, its source map, or the rule for the entry of a construct."""
        if key.endswith(".py"):
            return None
        # A bundle's entry point comes last.
        data = self.reader.peek(posixpath.join(staged, key), _LARGEST_BUNDLE)
        module = posixpath.splitext(key)[0]
        for written in reversed(_MODULE.findall(data)):
            path = self._in_project(written.decode(errors="replace"))
            if path is not None:
                return Found(path, module, own=True)
        mapped = self._mapped(staged, key, export)
        if mapped is not None:
            return Found(mapped, module, own=True)
        usual = self._usual(construct, place)
        if usual is not None:
            return Found(usual, module, own=True)
        if _BUNDLED.search(data) is not None or data.count(b"\n") < len(data) // 500:
            return Found(None, module, why="its asset is a bundle, and nothing in sight tells what it was made from")
        return None

    def _in_project(self, written: str) -> str | None:
        """A module of a bundle, which is named from the folder of the lock file: the project's or one above."""
        if "node_modules/" in written or written.startswith("<"):
            return None
        folder = self.assembly.project
        for _ in range(6):
            path = posixpath.normpath(posixpath.join(folder, written))
            if self.reader.is_file(path):
                return path
            folder = posixpath.join(folder, "..")
        return None

    def _mapped(self, staged: str, key: str, export: str) -> str | None:
        """The one file in a bundle's source map that lies in the project and exports the handler."""
        try:
            sources = json.loads(self.reader.peek(posixpath.join(staged, f"{key}.map"), _LARGEST_BUNDLE))["sources"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
        found: list[str] = []
        for source in sources if isinstance(sources, list) else ():
            path = posixpath.normpath(posixpath.join(staged, str(source)))
            if "node_modules" not in path and self.reader.is_file(path):
                found.append(path)
        exporting = [path for path in found if self._exports(path, export)]
        return (found if len(found) == 1 else exporting)[0] if len(found) == 1 or len(exporting) == 1 else None

    def _exports(self, path: str, export: str) -> bool:
        pattern = rb"\bexports?\b[^\n]*\b%s\b" % re.escape(export.encode())
        return re.search(pattern, self.reader.peek(path)) is not None

    def _usual(self, construct: str, place: Span | None) -> str | None:
        """`<file of the construct>.<its id>.ts`, the entry of a NodejsFunction that is given none."""
        if place is not None:
            stem = posixpath.splitext(place.path)[0]
            beside = (f"{stem}.{construct}{suffix}" for suffix in _ENTRIES)
            return next((path for path in beside if self.reader.is_file(path)), None)
        self._project_files("")
        assert self._named is not None
        ends = tuple(f".{construct}{suffix}" for suffix in _ENTRIES)
        found = [path for name, paths in self._named.items() if name.endswith(ends) for path in paths]
        return found[0] if len(found) == 1 else None
