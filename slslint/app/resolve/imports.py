"""What an import binds its name to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slslint.app import runtime
from slslint.app.symbols import EventPart, External, LocalModule, Symbol, Unresolved
from slslint.facts import Import

if TYPE_CHECKING:
    from slslint.app.resolve.resolver import Resolver

_OWN = (".", "/", "@/", "~", "#")
"""How the specifiers of modules begin that are no package's."""


def imported(resolver: Resolver, statement: Import, path: str) -> Symbol:
    """What an import in the file `path` binds its name to."""
    module, member = statement.module, statement.member
    if member == "*":
        return Unresolved()
    if not resolver.sources.in_python(path):
        return _required(resolver, module, member, path)
    if member is not None:
        return _member(resolver, module, member, path)
    locate = resolver.sources.locate
    if statement.aliased or "." not in module:
        found = locate(module, path)
        return External(module) if found is None else LocalModule(found)
    top = module.partition(".")[0]
    found = locate(top, path)
    if found is not None:
        return LocalModule(found)
    if locate(module, path) is not None:
        # A namespace package has no file of its own; its modules are found one attribute at a time.
        resolver.sources.namespaces.add(top)
    return External(top)


def _member(resolver: Resolver, module: str, member: str, path: str) -> Symbol:
    locate = resolver.sources.locate
    found = locate(module, path)
    if found is not None and found != path:
        exported = resolver.exported(found, member)
        if exported is not None:
            return exported
    inner = locate(module + member if module.endswith(".") else f"{module}.{member}", path)
    if inner is not None:
        return LocalModule(inner)
    if found is not None or module.startswith("."):
        return Unresolved()
    full = f"{module}.{member}"
    return EventPart() if full in runtime.EVENT_OBJECTS else External(full)


def _required(resolver: Resolver, module: str, member: str | None, path: str) -> Symbol:
    """What JavaScript imports; the default export of a package is the package itself."""
    found = resolver.sources.locate(module, path)
    if found is None:
        if module.startswith(_OWN):
            return Unresolved()
        return External(module if member in (None, "default") else f"{module}.{member}")
    if member is None:
        return resolver.module(found)
    exported = resolver.exported(found, member)
    return Unresolved() if exported is None else exported
