"""The folders where the source of a deployed function may lie."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from enum import Enum

from slslint.link.folders import Folders
from slslint.model import Deployment, Function, Ref
from slslint.record import record, replace
from slslint.source import Reader
from slslint.value import Absent, Known, Unknown, known_values

ARCHIVES = (".zip", ".jar", ".tar.gz", ".tgz", ".whl")

_BUILT = frozenset({".aws-sam", ".build", ".esbuild", ".serverless", ".webpack", "artifacts", "bin", "build", "builds",
                    "built", "cdk.out", "dist", "out", "output", "package", "packages", "packaged", "target", "zip",
                    "zips"})  # fmt: skip
"""Names of folders that a build step fills."""

_COLLECTIONS = ("functions", "handlers", "lambdas")
"""Names of folders that hold one folder for each function."""


class Origin(Enum):
    """How the template comes to a folder."""

    WRITTEN = "written"
    GUESSED = "guessed"
    """The template names no folder, or one that a build step fills; a handler that is not there proves nothing."""


@record()
class Source:
    """One place where a function's source may lie.

    Attributes:
        folder: the code root as a reported path.
        file: the one file that is deployed, when the template names a file.
        beside: other folders to look into: the source that a build step may have started from.
        layers: the code roots of the function's layers.
        entry_points: what a bundler starts from, relative to `folder`.
        why: when the source is not in sight, one clause for people.
        excuse: why a handler that is not found is no mistake. note: a reason to doubt what is found.

    """

    folder: str
    origin: Origin = Origin.WRITTEN
    file: str | None = None
    beside: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    entry_points: tuple[str, ...] = ()
    why: str = ""
    excuse: str = ""
    note: str = ""


def sources_of(function: Function, deployment: Deployment, folders: Folders, reader: Reader) -> Iterator[Source]:
    """Where the source of a function with local files may lie: one for each path that its template may mean."""
    layers = tuple(_layer_roots(function, deployment, folders))
    path = function.package.path
    known = list(dict.fromkeys(each.value for each in known_values(path)))
    if isinstance(path, Absent):
        # SAM takes the template's own folder.
        yield Source(posixpath.dirname(deployment.path) or ".", Origin.GUESSED, layers=layers, excuse=_NOWHERE)
    elif not known:
        yield Source("", why=path.why if isinstance(path, Unknown) else "where its code is depends on conditions")
    for each in known:
        source = replace(_source(each, layers, folders, reader), entry_points=function.package.entry_points)
        maker = function.package.made_by
        if maker and source.origin is Origin.WRITTEN:
            source = replace(source, origin=Origin.GUESSED, excuse=f"{maker} may make it")
        yield source


_NOWHERE = "the template does not say where its code is"


def _source(path: str, layers: tuple[str, ...], folders: Folders, reader: Reader) -> Source:
    if not reader.inside(path):
        return Source(path, why=f"`{path}` lies outside the project, so it is not read")
    if path.endswith(ARCHIVES):
        excuse = f"its code is the archive `{path}`"
        return Source(path, Origin.GUESSED, beside=tuple(_beside(path, folders)), layers=layers, excuse=excuse)
    if folders.is_file(path):
        excuse = f"`{path}` stands in for code that is deployed later" if _stands_in(path) else ""
        origin = Origin.GUESSED if excuse else Origin.WRITTEN
        return Source(posixpath.dirname(path) or ".", origin, path, layers=layers, excuse=excuse)
    # The folder above has mostly been listed, but need not lie in the project.
    if not (folders.is_dir(path) or reader.is_dir(path)):
        excuse = f"`{path}` is not there; perhaps a build step makes it"
        return Source(path, Origin.GUESSED, beside=tuple(_beside(path, folders)), layers=layers, excuse=excuse)
    entries = folders.entries(path)
    if _BUILT.intersection(path.split("/")) or "Makefile" in entries or "Dockerfile" in entries:
        excuse = f"a build step fills `{path}`"
        return Source(path, Origin.GUESSED, beside=tuple(_beside(path, folders)), layers=layers, excuse=excuse)
    # A project that is installed into the package brings its modules from `src`.
    installed = "pyproject.toml" in entries or "setup.py" in entries or "setup.cfg" in entries
    beside = (posixpath.join(path, "src"),) if installed else ()
    return Source(path, beside=beside, layers=layers)


def _stands_in(path: str) -> bool:
    """Whether a file says by its name that it is not what will run."""
    name = posixpath.basename(path).lower()
    return "placeholder" in name or "dummy" in name


def _beside(path: str, folders: Folders) -> Iterator[str]:
    """Where the source of a built folder or archive usually lies."""
    parts = path.split("/")
    stem = parts[-1]
    for suffix in ARCHIVES:
        stem = stem.removesuffix(suffix)
    above = parts[:-1]
    while above and above[-1] in _BUILT:
        above = above[:-1]
    base = "/".join(above)
    collected = (f"{base}/src/{each}/{stem}" for each in _COLLECTIONS)
    for folder in (f"{base}/{stem}", f"{base}/src/{stem}", *collected, f"{base}/{stem}/src", f"{base}/src", base):
        folder = posixpath.normpath(folder.lstrip("/") or ".")
        if folder != path and folders.is_dir(folder):
            yield folder


def _layer_roots(function: Function, deployment: Deployment, folders: Folders) -> Iterator[str]:
    named = {text.id for text in function.layers if isinstance(text, Ref)}
    for layer in deployment.layers:
        if layer.id in named and isinstance(layer.path, Known):
            inner = [posixpath.join(layer.path.value, name) for name in ("python", "nodejs")]
            for root in (*inner, layer.path.value):
                if folders.is_dir(root):
                    folders.layers.add(posixpath.normpath(root))
                    yield posixpath.normpath(root)
