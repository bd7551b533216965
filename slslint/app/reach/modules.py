"""Which files an import loads, and what a file that is loaded makes known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from slslint.app import runtime
from slslint.app.place import Place
from slslint.app.symbols import LocalClass
from slslint.facts import Attr, Expr, Import, Name
from slslint.source import Span

if TYPE_CHECKING:
    from slslint.app.reach.explore import Reach


def paths_of(reach: Reach, statement: Import, importer: str) -> tuple[str, ...]:
    """The local files that an import loads: the packages on the way, the module, a module that is its member."""
    key = (importer, f"{statement.module} {statement.member}")
    found = reach.loaded.get(key)
    if found is None:
        found = reach.loaded[key] = tuple(dict.fromkeys(_located(reach, statement, importer)))
    return found


def _located(reach: Reach, statement: Import, importer: str) -> Iterator[str]:
    module = statement.module
    if not reach.sources.in_python(importer):
        path = reach.sources.locate(module, importer)
        if path is not None and path != importer:
            yield path
        return
    dots = len(module) - len(module.lstrip("."))
    parts = module[dots:].split(".") if module[dots:] else []
    names = [module[:dots] + ".".join(parts[: n + 1]) for n in range(len(parts))]
    if dots and not parts:
        names = [module]
    if statement.member not in (None, "*"):
        names.append(f"{module}{'' if module.endswith('.') else '.'}{statement.member}")
    for name in names:
        path = reach.sources.locate(name, importer)
        if path is not None and path != importer:
            yield path


def path_of(reach: Reach, statement: Import, importer: str) -> str | None:
    """The local file that an import is about; None when it lies outside the application."""
    found = paths_of(reach, statement, importer)
    return found[-1] if found else None


def load(reach: Reach, path: str, importer: Place | None = None, at: Span | None = None) -> None:
    """Run the body of a file, once, for the import that asks for it."""
    module = reach.sources.place(path)
    if module is None:
        return
    if importer is not None and at is not None:
        reach.step(importer, module, at, "imports")
    if path in reach.resolver.files:
        return
    reach.resolver.files[path] = None
    facts = module.facts
    for key, function in facts.functions.items():
        if function.owner is not None:
            short = key.rpartition(".")[2].partition("#")[0]
            reach.methods.add(short)
            if any(_tail(d) in ("property", "cached_property") for d in function.decorators):
                reach.properties.add(short)
    reach.add(module)
    for name in facts.classes:
        this = LocalClass(path, name)
        for each in list(reach.resolver.lineage(this))[1:]:
            if isinstance(each, LocalClass):
                reach.bases.setdefault(each, []).append(this)
            elif each not in runtime.PLAIN_BASES:
                reach.derived = True


def _tail(expr: Expr) -> str:
    match expr:
        case Name(name) | Attr(_, name):
            return name
        case _:
            return ""
