"""The source that a staged asset was made from: its original folder, or the entry point of a bundle."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator

from slslint.record import record
from slslint.source import Reader, Span
from slslint.templates.cdk.assembly import Assembly
from slslint.templates.cdk.layout import is_assembly
from slslint.templates.cdk.project import HANDLERS, UNSEARCHED, files_in

_ENTRIES = (".ts", ".tsx", ".js", ".jsx", ".mts", ".mjs", ".cts", ".cjs")
_LEFT_OUT = frozenset({"node_modules", "__pycache__", ".venv", "venv", ".git", ".pytest_cache", ".DS_Store"})
_LEVELS = 2
"""Folders above the application in which the source of an asset is looked for too."""
_MOST_STAGED = 400
_MOST_READ = 1_000
_LARGEST_BUNDLE = 32 * 1024 * 1024

_MODULE = re.compile(rb"^[ \t]*// ((?!\()[^\n]*?\.[cm]?[jt]sx?)[ \t]*\r?$", re.MULTILINE)
"""How esbuild names each module in what it makes of several."""


@record()
class Found:
    """The source of an asset.

    Attributes:
        path: its folder, or the entry point that a bundle was made from; None where it is not in sight. The staged
            copy is nobody's to edit, so it is no source.
        entry: the module that a bundle's handler lies in (`index`), or "" when it is no bundle.
        stale: the staged copy differs from it.
        why: when `path` is None, one clause for people.

    """

    path: str | None
    entry: str = ""
    stale: bool = False
    why: str = ""


class Assets:
    """Finds the sources of one assembly's assets."""

    def __init__(self, assembly: Assembly, reader: Reader) -> None:
        self.assembly = assembly
        self.reader = reader
        self._folders: dict[str, Found | None] = {}

    def source(self, asset: str, handler: str, construct: str, place: Span | None) -> Found:
        """The source of an asset by its hash or its path; `handler` as deployed, "" for a layer.

        `construct` is the id of the construct that it belongs to, `place` where that is made.
        """
        path = self._staged(asset)
        if path is None and not is_assembly(self.assembly.folder, self.reader):
            return Found(None, why="this template says where its code is only together with the `cdk.out` around it")
        if path is None:
            return Found(None, why="its asset is not in the assembly; synthesise it again")
        root = self.assembly.root
        if path != root and not path.startswith("" if root == "." else f"{root}/"):
            # Assets that are not staged are named where they are.
            return Found(path)
        if not self.reader.is_dir(path):
            return Found(None, why=f"its asset `{path}` is an archive")
        module = handler.rpartition(".")[0].replace(".", "/") if handler else ""
        key = self._key(path, module)
        if key is None:
            return Found(None, why=f"its asset `{path}` holds no source that slslint reads")
        return (
            self._origin(path, key)
            or self._entry(path, key, handler.rpartition(".")[2], construct, place)
            or Found(None, why="nothing in sight tells what its asset was made from")
        )

    def holding(self, code: bytes) -> str | None:
        """The file of the project that holds just this code, which its author read into the template."""
        code = code.strip()
        named = files_in(self.assembly.project, self.reader).values()
        files = sorted(file for files in named for file in files if file.endswith(HANDLERS))
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
        for suffix in HANDLERS:
            if module and self.reader.is_file(posixpath.join(folder, module + suffix)):
                return module + suffix
        sources = [each for each in self._files(folder) if each.endswith(HANDLERS)]
        return next((each for each in sources if posixpath.basename(each) != "__init__.py"), None)

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
                elif name not in UNSEARCHED:
                    pending.append(posixpath.join(start, name))

    # --- its origin --------------------------------------------------------------------------------------------------

    def _origin(self, staged: str, key: str) -> Found | None:
        """The folder that a staged folder is a copy of."""
        known = f"{staged}:{key}"
        if known not in self._folders:
            origins = (self._origin_in(folder, staged, key, level > 0) for level, folder in enumerate(self._around()))
            self._folders[known] = next((each for each in origins if each is not None), None)
        return self._folders[known]

    def _around(self) -> Iterator[str]:
        """The project and the folders above it, nearest first."""
        folder = self.assembly.project
        yield folder
        for _ in range(_LEVELS):
            above = posixpath.normpath(posixpath.join(folder, ".."))
            if not self.reader.is_dir(above) or ".git" in self.reader.entries(folder):
                return
            folder = above
            yield folder

    def _origin_in(self, around: str, staged: str, key: str, alone: bool) -> Found | None:
        """The folder below `around` that a staged folder is a copy of; `alone`: only if there is one such."""
        content = self.reader.peek(posixpath.join(staged, key))
        names = self._names(staged)
        exact: list[tuple[int, str]] = []
        alike: list[str] = []
        for file in files_in(around, self.reader).get(posixpath.basename(key), ()):
            if file != key and not file.endswith(f"/{key}"):
                continue
            folder = file.removesuffix(key).rstrip("/") or "."
            others = self._names(folder)
            if content.strip() and self.reader.peek(file) == content:
                exact.append((len(others ^ names), folder))
            elif others == names and _alike(self.reader.peek(file), content):
                alike.append(folder)
        exact.sort()
        if exact and not (alone and len(exact) > 1):
            return Found(exact[0][1])
        return Found(alike[0], stale=True) if len(alike) == 1 and not exact else None

    def _names(self, folder: str) -> set[str]:
        return {name for name in self.reader.entries(folder) if name not in _LEFT_OUT and not name.endswith(".pyc")}

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
                return Found(path, module) if self._exports(path, export) else None
        path = self._mapped(staged, key, export) or self._usual(construct, place)
        return None if path is None else Found(path, module)

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
        alone = found if len(found) == 1 else exporting
        return alone[0] if len(alone) == 1 else None

    def _exports(self, path: str, export: str) -> bool:
        """Whether a file may export a name."""
        pattern = rb"\bexport\s*\*|\bexports?\b[^;]{0,2000}?\b%s\b" % re.escape(export.encode())
        return re.search(pattern, self.reader.peek(path)) is not None

    def _usual(self, construct: str, place: Span | None) -> str | None:
        """`<file of the construct>.<its id>.ts`, the entry of a NodejsFunction that is given none."""
        if place is not None:
            stem = posixpath.splitext(place.path)[0]
            beside = (f"{stem}.{construct}{suffix}" for suffix in _ENTRIES)
            return next((path for path in beside if self.reader.is_file(path)), None)
        named = files_in(self.assembly.project, self.reader)
        ends = tuple(f".{construct}{suffix}" for suffix in _ENTRIES)
        found = [path for name, paths in named.items() if name.endswith(ends) for path in paths]
        return found[0] if len(found) == 1 else None


def _alike(some: bytes, others: bytes) -> bool:
    """Whether two files can be one at different times: most of their lines are the same."""
    lines, known = ({line.strip() for line in each.split(b"\n")} - {b""} for each in (some, others))
    return 2 * len(lines & known) > max(len(lines), len(known))
