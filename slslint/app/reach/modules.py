"""What a file that is loaded makes known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slslint.app import runtime
from slslint.app.place import Place
from slslint.app.resolve import LOADED
from slslint.app.symbols import LocalClass
from slslint.facts import Attr, Expr, Name
from slslint.source import Span

if TYPE_CHECKING:
    from slslint.app.reach.explore import Reach


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
    reach.resolver.change(LOADED)
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
                reach.resolver.change((each.path, each.name))
            elif each not in runtime.PLAIN_BASES:
                reach.derived = True


def _tail(expr: Expr) -> str:
    match expr:
        case Name(name) | Attr(_, name):
            return name
        case _:
            return ""
