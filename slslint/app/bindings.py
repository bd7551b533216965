"""Who reads, writes or changes a module-level binding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from slslint.app.containers import changed_by
from slslint.app.place import Place, expressions
from slslint.app.symbols import LocalModule
from slslint.facts import Assign, Attr, Call, Expr, Facts, Import, Item, Name
from slslint.record import record
from slslint.source import Span

if TYPE_CHECKING:
    from slslint.app.code import Code


@record(eq=False)
class Use:
    """One use of a module-level binding.

    Attributes:
        how: "read"; "write" (the name gets another value: `global x; x = 1`, `x += 1`, `m.x = 1`); or "change" (what it
            holds is changed: `x[k] = v`, `x.y = v`, `x.append(v)`, `del x[k]`).
        at: the name for a read, else the statement or call.
        block: index into the blocks of `place.function`.
        by: the assignment or call that writes or changes; None for a read.

    """

    place: Place
    how: str
    at: Span
    block: int
    by: Assign | Call | None = None


def uses(code: Code, place: Place, path: str, name: str) -> Iterator[Use]:
    """The uses in one place of the module-level binding `name` of the file `path`, in textual order."""
    stands_for = _Spelling(code, place, path, name)
    if not stands_for.possible:
        return
    function = place.function
    found: list[Use] = []
    changed: set[int] = set()
    for assign in function.assigns:
        if stands_for(assign.target):
            found.append(Use(place, "write", assign.at, assign.block, assign))
            changed.add(id(assign.target))
            if assign.op not in ("=", "for", "del"):
                found.append(Use(place, "read", assign.at, assign.block))
        elif isinstance(assign.target, Attr | Item):
            holder = _holder(assign.target, stands_for)
            if holder is not None:
                found.append(Use(place, "change", assign.at, assign.block, assign))
                changed.add(id(holder))
    for call in function.calls:
        container = changed_by(call)
        if container is not None:
            holder = container if stands_for(container) else _holder(container, stands_for)
            if holder is not None:
                found.append(Use(place, "change", call.at, call.block, call))
                changed.add(id(holder))
    for expr, block in expressions(function):
        if isinstance(expr, Name | Attr) and id(expr) not in changed and stands_for(expr):
            found.append(Use(place, "read", _span(expr), block))
    seen = {(use.at.line, use.at.column) for use in found}
    if stands_for.local is not None:
        for read in function.reads:
            if read.name == stands_for.local and (read.at.line, read.at.column) not in seen:
                if not any(use.how == "change" and use.at.line == read.at.line for use in found):
                    found.append(Use(place, "read", read.at, read.block))
    found.sort(key=lambda use: (use.at.line, use.at.column))
    yield from found


class _Spelling:
    """How one place spells the binding: by a name of its own, or as an attribute of a module."""

    def __init__(self, code: Code, place: Place, path: str, name: str) -> None:
        self.code = code
        self.place = place
        self.path = path
        self.name = name
        self.public = code.resolver.public_names(path, name)
        self.local = self._local_name()
        mentioned = code.sources.mentions(place)
        self.possible = self.local in mentioned or (place.path != path and not mentioned.isdisjoint(self.public))

    def _local_name(self) -> str | None:
        """The name by which the place sees the binding; None when it does not, or hides it with a name of its own."""
        if self.place.path == self.path:
            return self.name if self._is_global(self.name) else None
        for _, statement in self.place.facts.imports():
            if not statement.typing_only and self._is_imported(statement):
                if self._visible(statement.binds):
                    return statement.binds
        return None

    def _is_imported(self, statement: Import) -> bool:
        paths = self.code.reach.paths_of(statement, self.place.path)
        if self.place.in_python:
            return statement.member == self.name and self.path in paths
        if statement.member is None:
            return self.path in paths and exported_whole(self.code.sources.facts_of(self.path)) == self.name
        binding_of = self.code.resolver.binding_of
        return any(binding_of(path, statement.member or "") == (self.path, self.name) for path in paths)

    def _is_global(self, name: str) -> bool:
        scopes = self.code.sources.scopes(self.place.path)
        key = self.place.name
        while key:
            function = self.place.facts.functions[key]
            if name not in function.outer_names and name in scopes.bindings(function):
                return False
            key = scopes.parents[key]
        return True

    def _visible(self, name: str) -> bool:
        scopes = self.code.sources.scopes(self.place.path)
        bindings = scopes.bindings(self.place.function).get(name, [])
        return all(binding.by == "import" for binding in bindings)

    def __call__(self, expr: Expr) -> bool:
        match expr:
            case Name(name):
                return name == self.local
            case Attr(Name() | Attr() as base, name) if name in self.public and self.place.path != self.path:
                return self.code.resolve(base, self.place) == LocalModule(self.path)
            case _:
                return False


def exported_whole(facts: Facts) -> str | None:
    """The binding that a JavaScript module is as a whole: `queue` of `module.exports = queue`, else `exports`."""
    values = (facts.exports or {}).get("export=", ())
    if not values:
        return None
    return values[0].id if len(values) == 1 and isinstance(values[0], Name) else "exports"


def _holder(expr: Expr, stands_for: _Spelling) -> Expr | None:
    """The part of `x.a["b"].c` that stands for the binding, when it is not the whole."""
    while isinstance(expr, Attr | Item):
        expr = expr.base
        if stands_for(expr):
            return expr
    return None


def _span(expr: Expr) -> Span:
    while isinstance(expr, Attr):
        expr = expr.base
    assert isinstance(expr, Name)
    return expr.at
