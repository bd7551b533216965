"""Which rule packs of third parties are installed: distributions with an entry point in the group `slslint.rules`.

`importlib.metadata` would tell, and takes 20 ms to import. Most people have no plug-in, so every start looks for the
group in the files itself: 15 µs for each distribution that is installed beside slslint.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator

from slslint.errors import SlslintError
from slslint.record import record

GROUP = "slslint.rules"


class PluginError(SlslintError):
    """A plug-in cannot be used. Whoever has it installed can mend that."""

    def __init__(self, pack: Pack, why: str) -> None:
        super().__init__(
            f"plug-in `{pack.name}` of {pack.origin}: {why}; update or uninstall it, or leave plug-ins out (--isolated)"
        )


@record()
class Pack:
    """One entry point: `acme = "acme_rules"`.

    Attributes:
        name: with what the ids of its rules begin: "acme". package: what to import: "acme_rules".
        origin: the distribution and its version: "acme-slslint-rules 1.0".

    """

    name: str
    package: str
    origin: str


def installed(folders: Iterable[str] | None = None) -> list[Pack]:
    """Every rule pack that can be imported, by name. `folders`: where to look, else in what Python imports from."""
    found: dict[str, list[Pack]] = {}
    for folder in _importing() if folders is None else folders:
        for origin, text in _entry_points(folder):
            distribution = origin.partition(" ")[0]
            # As with imports, the first folder wins.
            if distribution not in found:
                found[distribution] = [Pack(name, package, origin) for name, package in _packages(text)]
    return sorted((pack for packs in found.values() for pack in packs), key=lambda pack: (pack.name, pack.origin))


def _importing() -> Iterator[str]:
    """The folders and archives that Python imports from, and that something may have been installed into."""
    library = os.path.dirname(os.__file__)
    # The folder that is checked may be the first that Python imports from; what lies there was not installed.
    nothing_installed = {"", os.getcwd(), library, os.path.join(library, "lib-dynload")}
    return (folder for folder in sys.path if folder not in nothing_installed)


def _entry_points(folder: str) -> Iterator[tuple[str, str]]:
    """The distributions in a folder that speak of the group, each with the text of its entry_points.txt."""
    try:
        names = [name for name in os.listdir(folder) if name.endswith((".dist-info", ".egg-info"))]
    except NotADirectoryError:
        yield from _in_archive(folder)
        return
    except OSError:
        return
    for name in sorted(names):
        data = _bytes(f"{folder}/{name}/entry_points.txt")
        if GROUP.encode() in data:
            distribution, _, rest = name.rpartition(".")[0].partition("-")
            version = rest.partition("-")[0]
            yield f"{distribution.replace('_', '-').lower()} {version}".strip(), data.decode(errors="replace")


def _bytes(path: str) -> bytes:
    try:
        file = os.open(path, os.O_RDONLY)
    except OSError:
        return b""
    try:
        return os.read(file, os.fstat(file).st_size)
    finally:
        os.close(file)


def _in_archive(path: str) -> Iterator[tuple[str, str]]:
    """The same for a zip that Python imports from. Its own standard library may be one, and is seldom there."""
    from importlib.metadata import distributions

    for each in distributions(path=[path]):
        text = each.read_text("entry_points.txt") or ""
        if GROUP in text:
            yield f"{each.name.lower()} {each.version}", text


def _packages(text: str) -> Iterator[tuple[str, str]]:
    """(name, package) for each line of the group."""
    inside = False
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            inside = line == f"[{GROUP}]"
        elif inside and "=" in line and not line.startswith("#"):
            name, _, package = line.partition("=")
            yield name.strip(), package.strip()
