"""Who reads, writes or changes a module-level binding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from slslint.app.place import Place
from slslint.app.runtime.containers import changed_by, looked_up
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


class Binding:
    """A module-level binding: the name `name` of the file `path`.

    Attributes:
        public: the names by which importers may ask for it. imported: the names that imports give it, by their file.

    """

    def __init__(self, code: Code, path: str, name: str) -> None:
        self.code = code
        self.path = path
        self.name = name
        self.public = code.resolver.public_names(path, name)
        self.imported = code.imported.get((path, name), {})

    def names(self) -> Iterator[str]:
        """Every name by which anybody may ask for it, some perhaps twice."""
        yield self.name
        yield from self.public
        for names in self.imported.values():
            yield from names


def imported(code: Code) -> dict[tuple[str, str], dict[str, list[str]]]:
    """By the file and the name of a binding: the names that imports of other files give it, wherever they stand."""
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for importer in code.files():
        for _, statement in code.sources.facts_of(importer).imports():
            if not statement.typing_only:
                for of in _bound_by(code, statement, importer):
                    found.setdefault(of, {}).setdefault(importer, []).append(statement.binds)
    return found


def _bound_by(code: Code, statement: Import, importer: str) -> set[tuple[str, str]]:
    """The bindings, by file and name, that an import may bind."""
    paths, member = code.sources.paths_of(statement, importer), statement.member
    if code.sources.in_python(importer):
        return {(path, member) for path in paths if member is not None}
    if member is None:
        whole = ((path, exported_whole(code.sources.facts_of(path))) for path in paths)
        return {(path, name) for path, name in whole if name is not None}
    return {found for path in paths if (found := code.resolver.binding_of(path, member)) is not None}


def uses(binding: Binding, place: Place) -> Iterator[Use]:
    """The uses of a module-level binding in one place, in textual order."""
    stands_for = _Spelling(binding, place)
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
    for expr, block in function.expressions:
        if isinstance(expr, Name | Attr) and id(expr) not in changed and stands_for(expr):
            found.append(Use(place, "read", _span(expr), block))
    seen = {(use.at.line, use.at.column) for use in found}
    if stands_for.local is not None:
        for read in function.reads:
            if read.name == stands_for.local and (read.at.line, read.at.column) not in seen:
                if not any(use.how == "change" and use.at.line == read.at.line for use in found):
                    found.append(Use(place, "read", read.at, read.block))
    dead = binding.code.sources.scopes(place.path).dead(function)
    found.sort(key=lambda use: (use.at.line, use.at.column))
    yield from (use for use in found if use.block not in dead)


class _Spelling:
    """How one place spells the binding: by a name of its own, or as an attribute of a module."""

    def __init__(self, binding: Binding, place: Place) -> None:
        self.binding = binding
        self.code = binding.code
        self.place = place
        self.at_home = place.path == binding.path
        mentioned = self.code.sources.mentions(place)
        self.local = self._local_name(mentioned)
        abroad = not self.at_home and not mentioned.isdisjoint(binding.public)
        self.possible = self.local is not None or abroad

    def _local_name(self, mentioned: frozenset[str]) -> str | None:
        """The name by which the place asks for the binding; None when it does not, or has hidden it by its own."""
        if self.at_home:
            name = self.binding.name
            return name if name in mentioned and self._is_global(name) else None
        names = self.binding.imported.get(self.place.path, ())
        found = next((name for name in names if self._visible(name)), None)
        return found if found in mentioned else None

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
            case Attr(Name() | Attr() as base, name) if name in self.binding.public and not self.at_home:
                return self.code.resolve(base, self.place) == LocalModule(self.binding.path)
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
    inner: Expr | None = expr
    while inner is not None:
        inner = inner.base if isinstance(inner, Attr | Item) else looked_up(inner)
        if inner is not None and stands_for(inner):
            return inner
    return None


def _span(expr: Expr) -> Span:
    while isinstance(expr, Attr):
        expr = expr.base
    assert isinstance(expr, Name)
    return expr.at
