"""What the configuration of a JavaScript project says: tsconfig.json, package.json, workspaces. Each is read once."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from slslint.record import field, record

Json = Mapping[str, Any]

_DEEPEST = 5
"""Folders that `**` in a workspace pattern goes down."""

_HIGHEST = 30
"""Folders above the working directory in which configuration is looked for."""


@record()
class Files:
    """What may be asked of the file system, each by a reported path.

    Attributes:
        entries: the names in a folder, and whether each is a folder. read: a file's bytes; empty when it is not there.

    """

    is_file: Callable[[str], bool]
    is_dir: Callable[[str], bool]
    entries: Callable[[str], Mapping[str, bool]]
    read: Callable[[str], bytes]


@record()
class Config:
    """What a tsconfig.json or jsconfig.json, with all that it extends, says of modules.

    Attributes:
        folder: where it lies. base: `baseUrl` as a folder.
        paths: the targets of each pattern, relative to `paths_from`, or to `base` when there is one.
        root, out: `rootDir` and `outDir` as folders.

    """

    folder: str
    base: str | None = None
    paths: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    paths_from: str = ""
    root: str | None = None
    out: str | None = None


class Projects:
    """The configuration that holds in each folder."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self._read: dict[str, Json | None] = {}
        self._configs: dict[str, Config | None] = {}
        self._inheriting: dict[tuple[str, str], Config] = {}
        self._packages: dict[str, Mapping[str, str]] = {}

    def above(self, folder: str) -> str | None:
        """The folder around a folder, while that is the project's."""
        above = posixpath.normpath(f"{folder}/..")
        # The root of a file system lies in itself.
        return above if above.count("../") < _HIGHEST and self.files.is_dir(above) else None

    def manifest(self, folder: str) -> Json | None:
        """The package.json that lies in a folder."""
        return self._json(folder, "package.json")

    def lists(self, package: str, folder: str) -> bool:
        """Whether a package.json in the folder or above lists a package, or it is installed there."""
        listed = package in dict(_dependencies(self.manifest(folder) or {}))
        if listed or self.files.is_dir(f"{folder}/node_modules/{package}"):
            return True
        above = self.above(folder)
        return above is not None and self.lists(package, above)

    def config(self, folder: str) -> Config | None:
        """The tsconfig.json or jsconfig.json nearest to a folder, in it or above."""
        if folder not in self._configs:
            found = self._own_config(folder)
            above = self.above(folder) if found is None else None
            self._configs[folder] = found if above is None else self.config(above)
        return self._configs[folder]

    def packages(self, folder: str) -> Mapping[str, str]:
        """The folders of the packages of the repository that a file in `folder` may import, by name."""
        found = self._packages.get(folder)
        if found is None:
            above = self.above(folder)
            outer = {} if above is None else self.packages(above)
            own = dict(self._own_packages(folder))
            found = self._packages[folder] = {**outer, **own} if own else outer
        return found

    def _json(self, folder: str, name: str) -> Json | None:
        path = posixpath.normpath(posixpath.join(folder, name))
        if path not in self._read:
            there = name in self.files.entries(folder)
            self._read[path] = parse(self.files.read(path)) if there else None
        return self._read[path]

    def _own_config(self, folder: str) -> Config | None:
        for name in ("tsconfig.json", "jsconfig.json"):
            if self._json(folder, name) is not None:
                return self._inherited(folder, name, folder)
        return None

    def _inherited(self, folder: str, name: str, leaf: str) -> Config:
        """A configuration on top of what it extends; `leaf` is the folder of the one that is asked about."""
        key = posixpath.join(folder, name), leaf
        if key not in self._inheriting:
            # One that extends itself, by whatever way, finds nothing there.
            self._inheriting[key] = Config(leaf)
            data = self._json(folder, name) or {}
            config = Config(leaf)
            extended = data.get("extends")
            for each in extended if isinstance(extended, list) else [extended]:
                found = self._extended(each, folder) if isinstance(each, str) else None
                if found is not None:
                    config = _over(self._inherited(*found, leaf), config)
            options = data.get("compilerOptions")
            own = _stated(options, folder, leaf) if isinstance(options, dict) else Config(leaf)
            self._inheriting[key] = _over(own, config)
        return self._inheriting[key]

    def _extended(self, named: str, folder: str) -> tuple[str, str] | None:
        """The folder and name of the file that `extends` names; None when it is not the repository's own."""
        if named.startswith((".", "/")):
            path = posixpath.join(folder, named)
        else:
            package, inner = split_package(named)
            own = self.packages(folder).get(package)
            if own is None:
                return None
            path = posixpath.join(own, inner or "tsconfig.json")
        candidates = (path, f"{path}.json", f"{path}/tsconfig.json")
        found = next((each for each in candidates if self.files.is_file(each)), None)
        return None if found is None else (posixpath.dirname(found) or ".", posixpath.basename(found))

    def _own_packages(self, folder: str) -> Iterator[tuple[str, str]]:
        entries = self.files.entries(folder)
        manifest = self.manifest(folder) or {}
        workspaces = manifest.get("workspaces")
        patterns = list(_texts(workspaces.get("packages") if isinstance(workspaces, dict) else workspaces))
        if "lerna.json" in entries:
            patterns += _texts((self._json(folder, "lerna.json") or {}).get("packages"))
        if "pnpm-workspace.yaml" in entries:
            patterns += _pnpm_packages(self.files.read(posixpath.join(folder, "pnpm-workspace.yaml")))
        for pattern in dict.fromkeys(patterns):
            for each in self._matching(folder, re.sub(r"(\*\*/)+", "**/", pattern.strip("/")).split("/")):
                name = (self.manifest(each) or {}).get("name")
                if isinstance(name, str):
                    yield name, each
        for name, version in _dependencies(manifest):
            scheme, _, path = version.partition(":")
            if scheme in ("file", "link", "portal"):
                yield name, posixpath.normpath(posixpath.join(folder, path))
        if isinstance(manifest.get("name"), str) and "exports" in manifest:
            yield manifest["name"], folder

    def _matching(self, folder: str, steps: list[str], depth: int = 0) -> Iterator[str]:
        """The folders that a workspace pattern means."""
        if not steps:
            yield folder
            return
        step, rest = steps[0], steps[1:]
        if step == "." or (step == "**" and depth <= _DEEPEST):
            yield from self._matching(folder, rest, depth)
        if "*" not in step:
            inner = posixpath.normpath(posixpath.join(folder, step))
            if step != "." and not step.startswith("!") and self.files.is_dir(inner):
                yield from self._matching(inner, rest, depth)
            return
        if depth > _DEEPEST:
            return
        from fnmatch import fnmatchcase

        for name, is_dir in self.files.entries(folder).items():
            if is_dir and name != "node_modules" and not name.startswith(".") and fnmatchcase(name, step):
                inner = posixpath.normpath(posixpath.join(folder, name))
                yield from self._matching(inner, steps if step == "**" else rest, depth + 1)


def parse(data: bytes) -> Json | None:
    """The object of a JSON file that may hold comments and trailing commas; None when it does not parse."""
    import json

    text = data.decode(errors="replace").removeprefix("\ufeff")
    try:
        try:
            found = json.loads(text)
        except json.JSONDecodeError:
            text = re.sub(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*[\s\S]*?\*/', r"\1", text)
            found = json.loads(re.sub(r'("(?:[^"\\\n]|\\.)*")|,(?=\s*[}\]])', r"\1", text), strict=False)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def split_package(specifier: str) -> tuple[str, str]:
    """The name of the package that a bare specifier starts with, and what follows: "@a/b/c/d" is ("@a/b", "c/d")."""
    parts = specifier.split("/")
    count = 2 if specifier.startswith("@") else 1
    return "/".join(parts[:count]), "/".join(parts[count:])


def _over(upper: Config, lower: Config) -> Config:
    """One configuration laid over another: of each setting, the upper one's counts when it says anything."""
    return Config(
        lower.folder,
        upper.base or lower.base,
        upper.paths or lower.paths,
        upper.paths_from if upper.paths else lower.paths_from,
        upper.root or lower.root,
        upper.out or lower.out,
    )


def _stated(options: Json, folder: str, leaf: str) -> Config:
    def place(name: str) -> str | None:
        written = options.get(name)
        if not isinstance(written, str):
            return None
        own = written.removeprefix("${configDir}")
        return posixpath.normpath(posixpath.join(folder, written) if own == written else f"{leaf}/{own}")

    written = options.get("paths")
    paths = {key: tuple(_texts(targets)) for key, targets in written.items()} if isinstance(written, dict) else {}
    return Config(leaf, place("baseUrl"), paths, folder, place("rootDir"), place("outDir"))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, list):
        yield from (each for each in value if isinstance(each, str))


def _pnpm_packages(data: bytes) -> Iterator[str]:
    """The patterns under `packages:` of a pnpm-workspace.yaml."""
    inside = False
    for line in data.decode(errors="replace").splitlines():
        text = line.strip()
        if line[:1].isalpha():
            inside = text.startswith("packages:")
        elif inside and text.startswith("- "):
            yield text[2:].partition(" #")[0].strip(" '\"")


def _dependencies(manifest: Json) -> Iterator[tuple[str, str]]:
    for kind in ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies"):
        listed = manifest.get(kind)
        for name, version in listed.items() if isinstance(listed, dict) else ():
            if isinstance(version, str):
                yield name, version
