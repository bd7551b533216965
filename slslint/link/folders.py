"""The folders a function's modules come from, listed once each."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from slslint.source import Reader, halves

if TYPE_CHECKING:
    from slslint.languages.javascript.modules import Modules

_NEVER_LOCAL = frozenset(
    {
        "aws_lambda_powertools", "aws_xray_sdk", "boto3", "botocore", "certifi", "charset_normalizer", "chardet",
        "cryptography", "dateutil", "idna", "jmespath", "numpy", "pandas", "pydantic", "pymysql", "redis", "requests",
        "s3transfer", "simplejson", "six", "sqlalchemy", "typing_extensions", "urllib3", "yaml",
    }
)  # fmt: skip
"""Packages whose copy in a code folder is vendored, also when the installer's records have been removed."""


class Folders:
    """Asks the file system as little as possible: every folder is listed at most once."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.layers: set[str] = set()
        """Code roots of layers: beside one installed package, everything there is installed."""
        self._vendored: dict[str, frozenset[str]] = {}

    def entries(self, folder: str) -> Mapping[str, bool]:
        """The names in a folder, and whether each is a folder; nothing when it cannot be listed."""
        return self.reader.entries(folder or ".")

    def is_file(self, path: str) -> bool:
        # Most paths that are looked for are in order.
        folder, name = halves(posixpath.normpath(path) if "./" in path or "//" in path else path)
        return self.entries(folder).get(name) is False

    def is_dir(self, path: str) -> bool:
        path = posixpath.normpath(path)
        if path in (".", "..") or path.endswith("/.."):
            return self.reader.is_dir(path)
        folder, name = halves(path)
        return self.entries(folder).get(name) is True

    def locator(self, roots: tuple[str, ...]) -> Callable[[str, str], str | None]:
        """What `Sources.locate` wants: the file of a module of the application; vendored packages are outside."""
        known: dict[tuple[str, str, bool], str | None] = {}
        roots = tuple(posixpath.normpath(root or ".") for root in roots)
        return partial(self._locate, roots, known)

    def lists(self, package: str, importer: str) -> bool:
        """What `Sources.lists` wants."""
        return self.modules.projects.lists(package, posixpath.dirname(importer) or ".")

    @property
    def modules(self) -> Modules:
        """Where JavaScript finds its modules."""
        return self.reader.keep(_modules)

    def _locate(
        self, roots: tuple[str, ...], known: dict[tuple[str, str, bool], str | None], module: str, importer: str
    ) -> str | None:
        folder = halves(importer)[0]
        python = importer.endswith(".py")
        key = (module, folder, python)
        if key not in known:
            found = (
                self._python(roots, module, importer, folder)
                if python
                else self.modules.locate(module, importer, roots[1:])
            )
            # A link in the code folder may lead out of the project, where nothing is read.
            known[key] = found if found is None or self.reader.inside(found) else None
        return known[key]

    def _python(self, roots: tuple[str, ...], module: str, importer: str, folder: str) -> str | None:
        from slslint.languages.python.modules import locate

        if not module.startswith("."):
            top = module.partition(".")[0]
            if top in _NEVER_LOCAL or not any(self._offers(root, top) for root in (*roots, folder)):
                return None
        return locate(module, importer, roots, self.is_file, self.is_dir)

    def _offers(self, folder: str, top: str) -> bool:
        entries = self.entries(folder)
        return (top in entries or f"{top}.py" in entries) and top not in self._installed(folder, entries)

    def _installed(self, folder: str, entries: Mapping[str, bool]) -> frozenset[str]:
        """The top-level names that an installer put into a folder, by its own records."""
        found = self._vendored.get(folder)
        if found is None:
            names: set[str] = set()
            for entry in entries:
                if entry.endswith((".dist-info", ".egg-info")):
                    record = self.reader.peek(posixpath.join(folder, entry, "RECORD")).decode(errors="replace")
                    names.update(line.partition(",")[0].partition("/")[0] for line in record.splitlines())
                    names.add(entry.partition("-")[0].lower())
            if names and folder in self.layers:
                names.update(entries)
            found = self._vendored[folder] = frozenset(name.removesuffix(".py") for name in names)
        return found


def _modules(reader: Reader) -> Modules:
    from slslint.languages.javascript.modules import Modules
    from slslint.languages.javascript.projects import Files

    folders = Folders(reader)
    return Modules(Files(folders.is_file, folders.is_dir, folders.entries, reader.peek))
