"""Where the file of an imported module lies: as Node, TypeScript and bundlers agree, for a repository's own files."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from slslint.languages.javascript.projects import Config, Files, Projects, split_package

EXTENSIONS = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
"""Of source files, in the order in which they are taken: what a build makes lies beside what it is made of."""

_WRITTEN = {".js": (".ts", ".tsx"), ".mjs": (".mts",), ".cjs": (".cts",), ".jsx": (".tsx",)}
"""The extensions of what a file is compiled from."""

_BUILT = frozenset({".aws-sam", ".build", ".esbuild", ".webpack", "build", "built", "bundle", "compiled", "dist",
                    "lib", "out", "output"})  # fmt: skip
"""Names of folders that a build may fill."""

_SURELY_BUILT = _BUILT - {"bundle", "lib", "output"}

_FORMATS = frozenset({"cjs", "commonjs", "es", "esm", "mjs"})
"""Folders of a build that hold the same modules in several formats."""

_BUILTINS = frozenset(
    {
        "assert", "assert/strict", "async_hooks", "buffer", "child_process", "cluster", "console", "constants",
        "crypto", "dgram", "diagnostics_channel", "dns", "dns/promises", "domain", "events", "fs", "fs/promises",
        "http", "http2", "https", "inspector", "inspector/promises", "module", "net", "os", "path", "path/posix",
        "path/win32", "perf_hooks", "process", "punycode", "querystring", "readline", "readline/promises", "repl",
        "stream", "stream/consumers", "stream/promises", "stream/web", "string_decoder", "sys", "timers",
        "timers/promises", "tls", "trace_events", "tty", "url", "util", "util/types", "v8", "vm", "wasi",
        "worker_threads", "zlib",
    }
)  # fmt: skip

_MAIN = ("source", "module", "main", "types", "typings")

_DEEPEST = 8
"""Conditions in conditions that an entry of `exports` may have."""


class Modules:
    """Finds the files of modules; asks the file system as little as possible."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.projects = Projects(files)

    def locate(self, specifier: str, importer: str, layers: tuple[str, ...] = ()) -> str | None:
        """The file of a module of the repository; None for all others, for data, and for declarations of types.

        Args:
            specifier: as written in the import, less "node:".
            importer: path of the importing file.
            layers: the folders that become `/opt/nodejs`, or `/opt`, when the function runs.

        """
        folder = posixpath.dirname(importer) or "."
        return next(self._search(specifier, folder, layers), None)

    def file(self, path: str) -> str | None:
        """The source file that `path`, with or without an extension or an index, stands for."""
        path = posixpath.normpath(path)
        if "node_modules" in path.split("/"):
            return None
        found = next((each for each in written_as(path) if self.files.is_file(each)), None)
        if found is None and not path.endswith(".json") and self.files.is_dir(path):
            found = self._folder(path)
        return found

    def compiled_from(self, path: str) -> list[str]:
        """The TypeScript that a JavaScript file in a folder of build products is surely compiled from."""
        if not path.endswith(EXTENSIONS[4:]) or not self.built(path):
            return []
        return [each for each in self.sources_of(path) if each.endswith(EXTENSIONS[:4])]

    def built(self, path: str) -> bool:
        """Whether a file at `path` would surely be the product of a build."""
        return not _SURELY_BUILT.isdisjoint(path.split("/")) or self._emitter(path) is not None

    def sources_of(self, path: str) -> list[str]:
        """The files, of those that are there, that a build may have made the file at `path` from, the likeliest first.

        A tsconfig.json that says what it makes decides alone.
        """
        stem = stem_of(path)
        found: dict[str, None] = {}
        for base in self._mirrors(stem):
            source = next((each for each in _with_extensions(base) if each != path and self.files.is_file(each)), None)
            if source is not None:
                found[source] = None
        return list(found)

    # --- the ways of a specifier -------------------------------------------------------------------------------------

    def _search(self, specifier: str, folder: str, layers: tuple[str, ...]) -> Iterator[str]:
        """The files that a specifier may stand for, in the order in which they are tried."""
        if specifier in (".", "..") or specifier.startswith(("./", "../")):
            yield from self._built_or_not(posixpath.join(folder, specifier))
        elif specifier.startswith("/opt/"):
            yield from self._in_layers(specifier.removeprefix("/opt/"), layers)
        elif specifier and not specifier.startswith("/") and specifier not in _BUILTINS:
            config = self.projects.config(folder)
            if config is not None:
                yield from self._mapped(config, specifier)
            if specifier.startswith("#"):
                yield from self._internal(specifier, folder, layers)
            package, inner = split_package(specifier)
            own = self.projects.packages(folder).get(package)
            if own is not None:
                yield from self._in_package(own, inner)
            for layer in layers:
                yield from self._brought(layer, package, inner)

    def _built_or_not(self, path: str) -> Iterator[str]:
        """The file at `path`, its source before what a build made of it."""
        found = self.file(path)
        if found is None:
            yield from self.sources_of(posixpath.normpath(path))
        else:
            yield from self.compiled_from(found)
            yield found

    def _in_layers(self, path: str, layers: tuple[str, ...]) -> Iterator[str]:
        for layer in layers:
            for inner in (path, path.removeprefix("nodejs/")):
                found = self.file(posixpath.join(layer, inner))
                if found is not None:
                    yield found

    def _brought(self, layer: str, package: str, inner: str) -> Iterator[str]:
        """A package of the author's own that a layer brings: what was installed is described, and not private."""
        folder = posixpath.join(layer, "node_modules", package)
        if not self.files.is_dir(folder) or ".package-lock.json" in self.files.entries(f"{layer}/node_modules"):
            return
        manifest = self.projects.manifest(folder)
        if manifest is None or manifest.get("private") is True:
            main = (manifest or {}).get("main")
            base = posixpath.join(folder, inner or (main if isinstance(main, str) else "index"))
            yield from (each for each in written_as(posixpath.normpath(base)) if self.files.is_file(each))

    def _mapped(self, config: Config, specifier: str) -> Iterator[str]:
        """What `paths` and `baseUrl` of a tsconfig.json make of a bare specifier."""
        for target in _matched(config.paths, specifier):
            inner = target.removeprefix("${configDir}")
            base = config.base or config.paths_from
            yield from self._built_or_not(posixpath.join(base, target) if inner == target else config.folder + inner)
        if config.base is not None:
            found = self.file(posixpath.join(config.base, specifier))
            if found is not None:
                yield found

    def _internal(self, specifier: str, folder: str, layers: tuple[str, ...]) -> Iterator[str]:
        """What the `imports` of the nearest package.json make of `#name`."""
        while (manifest := self.projects.manifest(folder)) is None:
            above = self.projects.above(folder)
            if above is None:
                return
            folder = above
        imports = manifest.get("imports")
        if isinstance(imports, dict):
            for target in _matched({key: tuple(_targets(value)) for key, value in imports.items()}, specifier):
                if not target.startswith("#"):
                    yield from self._search(target, folder, layers)

    def _in_package(self, folder: str, inner: str) -> Iterator[str]:
        """A file of a package of the repository, as its `exports` or its `main` say."""
        manifest = self.projects.manifest(folder) or {}
        exports = manifest.get("exports")
        if exports is not None:
            plain = not isinstance(exports, dict) or not any(key.startswith(".") for key in exports)
            table = {".": exports} if plain else exports
            targets = {key: tuple(_targets(value)) for key, value in table.items()}
            for target in _matched(targets, f"./{inner}" if inner else "."):
                yield from self._built_or_not(posixpath.join(folder, target))
        if inner:
            for base in (inner, f"src/{inner}"):
                yield from self._built_or_not(posixpath.join(folder, base))
            return
        found = self._folder(folder) or self.file(posixpath.join(folder, "src"))
        if found is not None:
            yield found

    def _folder(self, folder: str) -> str | None:
        """The file that a folder, imported as a module, stands for."""
        manifest = self.projects.manifest(folder) or {}
        for name in _MAIN:
            main = manifest.get(name)
            if isinstance(main, str) and posixpath.normpath(main) != ".":
                found = next(self._built_or_not(posixpath.join(folder, main)), None)
                if found is not None:
                    return found
        index = posixpath.join(folder, "index")
        return next((each for each in _with_extensions(index) if self.files.is_file(each)), None)

    # --- builds ------------------------------------------------------------------------------------------------------

    def _mirrors(self, stem: str) -> Iterator[str]:
        """Where the source of a built file may lie, without its extension."""
        config = self._emitter(stem)
        if config is not None:
            inner = stem.removeprefix(f"{config.out}/")
            for root in (config.root,) if config.root else (f"{config.folder}/src", config.folder):
                yield posixpath.normpath(f"{root}/{inner}")
            return
        parts = stem.split("/")
        for index in range(len(parts) - 2, -1, -1):
            if parts[index] in _BUILT:
                rest = parts[index + 1 :]
                while len(rest) > 1 and rest[0] in _FORMATS:
                    rest = rest[1:]
                yield "/".join([*parts[:index], "src", *rest])
                yield "/".join([*parts[:index], *rest])

    def _emitter(self, path: str) -> Config | None:
        """The configuration whose `outDir` holds a path."""
        folder = posixpath.dirname(path) or "."
        while not self.files.is_dir(folder) and folder not in (".", ".."):
            folder = posixpath.dirname(folder) or "."
        config = self.projects.config(folder)
        return config if config is not None and config.out and path.startswith(f"{config.out}/") else None


def written_as(path: str) -> Iterator[str]:
    """The source files that a module at `path` may be, which may have an extension or not, the likeliest first."""
    stem, extension = posixpath.splitext(path)
    yield from (stem + each for each in _WRITTEN.get(extension, ()))
    if extension in EXTENSIONS:
        if not stem.endswith(".d"):
            yield path
    elif extension != ".json":
        yield from _with_extensions(path)


def stem_of(path: str) -> str:
    """A path without the extension of a source file or declaration."""
    stem, extension = posixpath.splitext(path)
    return stem.removesuffix(".d") if extension in EXTENSIONS else path


def _with_extensions(stem: str) -> Iterator[str]:
    # `types.d` with `.ts` would be a declaration.
    return (stem + extension for extension in EXTENSIONS if not stem.endswith(".d"))


def _matched(patterns: Mapping[str, tuple[str, ...]], specifier: str) -> Iterator[str]:
    """The targets of the pattern that fits best: the very name, or the longest text before a `*`."""
    best: tuple[str, str] | None = None
    if specifier in patterns:
        best = specifier, ""
    else:
        for pattern in patterns:
            start, star, end = pattern.partition("*")
            fits = star and specifier.startswith(start) and specifier.endswith(end)
            if fits and len(specifier) >= len(start) + len(end) and (best is None or len(start) > best[0].index("*")):
                best = pattern, specifier[len(start) : len(specifier) - len(end)]
    if best is not None:
        yield from (target.replace("*", best[1]) for target in patterns[best[0]])


def _targets(value: object, depth: int = 0) -> Iterator[str]:
    """The files that an entry of `exports` or `imports` names under any condition, types last."""
    match value:
        case str():
            yield value
        case list() if depth < _DEEPEST:
            for each in value:
                yield from _targets(each, depth + 1)
        case dict() if depth < _DEEPEST:
            for key in sorted(value, key=lambda key: key.startswith("types")):
                yield from _targets(value[key], depth + 1)
