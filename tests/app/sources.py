"""Applications written inline in tests."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from textwrap import dedent

from slslint.app import Code, Site
from slslint.app.place import Sources
from slslint.app.symbols import Symbol
from slslint.languages import lower
from slslint.languages.javascript.modules import Modules
from slslint.languages.javascript.projects import Files
from slslint.languages.python.modules import locate
from slslint.source import SourceFile


def code_of(files: Mapping[str, str] | str, handler: str = "handler", entry: str = "app.py") -> Code:
    """The code of a function whose files lie in memory; a lone text is the file `entry`."""
    texts = {entry: files} if isinstance(files, str) else files
    facts = {path: lower(SourceFile(path, dedent(text).encode())) for path, text in texts.items()}
    folders = {"", "."}
    for path in facts:
        while path:
            path = posixpath.dirname(path)
            folders.add(path)

    def entries(folder: str) -> dict[str, bool]:
        inside = "" if folder in ("", ".") else f"{folder}/"
        rest = [path.removeprefix(inside) for path in facts if path.startswith(inside)]
        return {path.partition("/")[0]: "/" in path for path in rest}

    modules = Modules(Files(facts.__contains__, folders.__contains__, entries, lambda path: b""))

    def find(module: str, importer: str) -> str | None:
        if importer.endswith(".py"):
            return locate(module, importer, ("",), facts.__contains__, folders.__contains__)
        return modules.locate(module, importer)

    sources = Sources(facts.__getitem__, find)
    place, module = sources.place(entry, handler), sources.place(entry)
    assert place is not None
    assert module is not None
    return Code(sources, place, module)


def probe(code: Code, name: str = "probe") -> Symbol:
    """What the first argument of the call `probe(...)` stands for."""
    found = probe_site(code, name).argument(0)
    assert found is not None
    return found


def probe_site(code: Code, name: str = "probe") -> Site:
    """The one reached call of `probe`."""
    sites = [site for site in code.sites() if (site.dotted or "").rpartition(".")[2] == name]
    assert len(sites) == 1, sites
    return sites[0]


def reached(code: Code) -> list[str]:
    """What is reached, as path:name, without the module bodies."""
    return [f"{place.path.rpartition('.')[0]}:{place.name}" for place in code.places() if place.name]
