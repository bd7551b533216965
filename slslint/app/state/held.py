"""What lives as long as the instance and is changed by invocations: bindings of modules, classes and their objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from slslint.app.bindings import exported_whole
from slslint.app.code import Code, Use
from slslint.app.guards import GLOBAL_OBJECTS, root
from slslint.app.place import Place
from slslint.app.runtime.containers import GROWING, MAKERS, STORING, changed_by
from slslint.app.symbols import External, LocalClass, LocalInstance, options
from slslint.facts import Assign, Attr, Call, Expr, Import, Item, Literal, Logic, Name, Sequence, Table
from slslint.record import record
from slslint.source import Span

T = TypeVar("T")

_CONSTRUCTORS = (".__init__", ".__new__", ".constructor")
_MAKING = (*_CONSTRUCTORS, "=")
"""Ends of the keys of functions that run when an object is made."""


@record(eq=False)
class Held:
    """Something that outlives an invocation, and what reached code does with it after the start.

    Attributes:
        name: as people write it: "orders", "Cart.items". at: where it is made.
        spellings: the names that stand for it somewhere, as others may import it by another one; for an attribute
            its own name.
        initial: its first value. home: the place in which that is written.
        uses: what invocations do with it; for attributes of an object, what the methods of its class do.

    """

    name: str
    spellings: frozenset[str]
    at: Span
    initial: Expr
    home: Place
    uses: tuple[Use, ...]


def held(code: Code) -> Iterator[Held]:
    """Everything that lives as long as the instance and that some invocation changes."""
    touched = _touched_names(code)
    aliases = _aliases(code, touched)
    for module in code.places():
        if module.name:
            continue
        for assign in _first_assigns(module.function.assigns):
            assert isinstance(assign.target, Name)
            name = assign.target.id
            spellings = frozenset({name, *aliases.get(name, ())})
            if not touched.isdisjoint(spellings):
                uses = tuple(use for use in code.users_of(module.path, name) if code.per_invocation(use.place))
                if any(use.how != "read" for use in uses):
                    title = name if name != "exports" else min(spellings - {name}, default=name)
                    yield Held(title, spellings, assign.target.at, assign.value, module, uses)
    yield from _undeclared(code)
    yield from _attributes(code)
    yield from _globals(code)


def _undeclared(code: Code) -> Iterator[Held]:
    """Names that functions assign and nobody declares: in JavaScript they are global."""
    found: dict[tuple[str, str], Place] = {}
    for place in code.places():
        if place.name and code.per_invocation(place):
            for name in place.function.outer_names:
                if not _is_declared(place, name):
                    found.setdefault((place.path, name), place)
    for (path, name), place in found.items():
        module = code.place(path)
        first = next((each for each in place.function.assigns if _is_named(each.target, name)), None)
        if module is not None and first is not None:
            uses = tuple(use for use in code.users_of(path, name) if code.per_invocation(use.place))
            yield Held(name, frozenset({name}), first.at, Literal(None), module, uses)


def _is_declared(place: Place, name: str) -> bool:
    function = place.function
    while function.name:
        function = place.facts.functions[function.outer]
        if name in function.bound:
            return True
    return False


def is_container(code: Code, thing: Held) -> bool:
    """Whether its first value is a list, dict, set or deque without a limit of its own."""
    match thing.initial:
        case Sequence(_, kind):
            return kind in ("list", "set")
        case Table():
            return True
        case Call(callee, args):
            made = code.resolve(callee, thing.home)
            limited = any(argument.name == "maxlen" or argument.spread for argument in args)
            return isinstance(made, External) and made.dotted in MAKERS and not limited
        case _:
            return False


def _touched_names(code: Code) -> set[str]:
    """The names that invocations may change something through: a cheap test before following each."""
    names: set[str] = set()
    for place in code.places():
        if not place.name or not code.per_invocation(place):
            continue
        names |= place.function.outer_names
        for assign in place.function.assigns:
            if not isinstance(assign.target, Name):
                _add_names(names, assign.target)
        for call in place.function.calls:
            changed = changed_by(call, GROWING | STORING)
            if changed is not None:
                _add_names(names, changed)
    return names


def _aliases(code: Code, touched: set[str]) -> dict[str, set[str]]:
    """By a binding's own name: what imports call it that touch it (`from state import QUEUE as queue`)."""
    found: dict[str, set[str]] = {}
    for path in code.files():
        for _, statement in code.sources.facts_of(path).imports():
            if statement.binds in touched:
                for name in _own_names(code, path, statement):
                    found.setdefault(name, set()).add(statement.binds)
    return found


def _own_names(code: Code, importer: str, statement: Import) -> Iterator[str]:
    """What the modules that an import loads call the thing that it binds."""
    if statement.member is not None:
        yield statement.member
    for path in code.sources.paths_of(statement, importer):
        facts = code.sources.facts_of(path)
        if facts.exports is not None:
            found = code.resolver.binding_of(path, statement.member) if statement.member is not None else None
            name = exported_whole(facts) if statement.member is None else found and found[1]
            if name is not None:
                yield name


def _add_names(names: set[str], expr: Expr) -> None:
    """The name an expression starts from, and for `module.name[...]` the attributes on the way."""
    while isinstance(expr, Attr | Item):
        if isinstance(expr, Attr):
            names.add(expr.name)
        expr = expr.base
    start = root(expr)
    if start is not None:
        names.add(start.id)


def _first_assigns(assigns: tuple[Assign, ...]) -> Iterator[Assign]:
    seen = set()
    for assign in assigns:
        if isinstance(assign.target, Name) and assign.op == "=" and assign.target.id not in seen:
            seen.add(assign.target.id)
            yield assign


def _attributes(code: Code) -> Iterator[Held]:
    """Attributes of classes, and of the objects that a module makes when it is loaded."""
    modules = [place for place in code.places() if not place.name and place.facts.classes]
    if not modules:
        return
    classes = {name.rpartition(".")[2] for module in modules for name in module.facts.classes}
    names = classes | set(_instances(code, classes))
    used: dict[tuple[LocalClass, str, bool], list[Use]] = {}
    for place in code.places():
        if place.name and code.per_invocation(place) and not place.name.endswith(_MAKING):
            for (of, attribute, shared), use in _member_uses(code, place, _Owners(code, place, names)):
                used.setdefault((of, attribute, shared), []).append(use)
    made_at_start, made_later = _made(code)
    for (of, attribute, shared), uses in used.items():
        module = code.place(of.path)
        if module is None or all(use.how == "read" for use in uses):
            continue
        own = next((each for each in module.facts.classes[of.name].assigns if _is_named(each.target, attribute)), None)
        # `self.items = []` hides the attribute of the class.
        made = _set_at_once(code, of, attribute)
        each_has_one = made is not None or any(use.how == "write" for use in uses)
        if own is not None and (shared or not each_has_one):
            reads = used.get((of, attribute, not shared), [])
            changed = tuple(uses) + tuple(use for use in reads if use.how == "read")
            yield Held(f"{of.name}.{attribute}", frozenset({attribute}), own.at, own.value, module, changed)
        elif shared:
            at = module.facts.classes[of.name].at
            yield Held(f"{of.name}.{attribute}", frozenset({attribute}), at, Literal(None), module, tuple(uses))
        elif of in made_at_start and of not in made_later:
            name, spellings = f"{of.name}.{attribute}", frozenset({attribute})
            home, first = made or (module, own)
            if first is None:
                at = module.facts.classes[of.name].at
                yield Held(name, spellings, at, Literal(None), module, tuple(uses))
            else:
                yield Held(name, spellings, first.at, first.value, home, tuple(uses))


def _instances(code: Code, classes: set[str]) -> Iterator[str]:
    """The names that may stand for objects of the application's classes, made when a module is loaded."""
    for path in code.files():
        facts = code.sources.facts_of(path)
        for assign in facts.module.assigns:
            match assign:
                case Assign(Name(name), Call(Name(made) | Attr(_, made))) if made in classes:
                    yield name
        for statement in facts.module.imports:
            if code.sources.path_of(statement, path) is not None:
                yield statement.binds


def _made(code: Code) -> tuple[set[LocalClass], set[LocalClass]]:
    """The local classes that objects are made of when the instance starts, and by invocations."""
    at_start: set[LocalClass] = set()
    later: set[LocalClass] = set()
    for site in code.sites():
        for symbol in options(site.symbol):
            if isinstance(symbol, LocalClass):
                (later if site.per_invocation else at_start).add(symbol)
    return at_start, later


def _set_at_once(code: Code, of: LocalClass, attribute: str) -> tuple[Place, Assign] | None:
    """What gives an attribute its first value when an object is made, and the function in which that stands."""
    fields = code.sources.facts_of(of.path).classes[of.name].fields
    for key in (*(f"{of.name}{name}" for name in _CONSTRUCTORS), *fields):
        place = code.place(of.path, key)
        for assign in place.function.assigns if place is not None else ():
            if isinstance(assign.target, Attr) and assign.target.name == attribute and place is not None:
                return place, assign
    return None


class _Owners:
    """Whose attribute an expression is, in one place: (class, attribute, whether all objects share it)."""

    def __init__(self, code: Code, place: Place, names: set[str]) -> None:
        self.code = code
        self.place = place
        self.names = names
        function, self.receiver = place.function, ""
        # An arrow function sees the `this` of the method around it.
        while function.name and function.receiver is None:
            function = place.facts.functions[function.outer]
        self.own = None
        if function.receiver is not None and function.owner is not None:
            self.receiver, self.own = function.receiver, LocalClass(place.path, function.owner)
        self.own_is_class = any(_is_named(decorator, "classmethod") for decorator in function.decorators)

    def __call__(self, expr: Attr, name: str) -> tuple[LocalClass, str, bool] | None:
        if name == self.receiver and self.own is not None:
            return self.own, expr.name, self.own_is_class
        if name not in self.names:
            return None
        match self.code.resolve(expr.base, self.place):
            case LocalClass() as of:
                return of, expr.name, True
            case LocalInstance(of):
                return of, expr.name, False
            case _:
                return None


def _globals(code: Code) -> Iterator[Held]:
    """What invocations change in the object of global variables."""
    if code.packages.isdisjoint(GLOBAL_OBJECTS):
        return
    used: dict[str, list[Use]] = {}
    for place in code.places():
        names_them = any(read.name in GLOBAL_OBJECTS for read in place.function.reads)
        if names_them and place.name and code.per_invocation(place):
            for name, use in _member_uses(code, place, lambda expr, of: expr.name if of in GLOBAL_OBJECTS else None):
                used.setdefault(name, []).append(use)
    for name, uses in used.items():
        if any(use.how != "read" for use in uses):
            at, first, home = _made_global(code, name) or (uses[0].at, Literal(None), code.entry)
            yield Held(f"global.{name}", frozenset({name}), at, first, home, tuple(uses))


def _made_global(code: Code, name: str) -> tuple[Span, Expr, Place] | None:
    """Where a module makes a global when it is loaded, and of what: `global.users = global.users || []`."""
    for place in code.places():
        for assign in place.function.assigns if not place.name else ():
            match assign:
                case Assign(Attr(Name(of), attribute), value) if of in GLOBAL_OBJECTS and attribute == name:
                    return assign.at, value.operands[-1] if isinstance(value, Logic) else value, place
    return None


def _member_uses(code: Code, place: Place, owner: Callable[[Attr, str], T | None]) -> Iterator[tuple[T, Use]]:
    """What a function does with the attributes `name.attribute` that have an owner."""
    dead = code.sources.scopes(place.path).dead(place.function)
    yield from ((found, use) for found, use in _all_member_uses(place, owner) if use.block not in dead)


def _all_member_uses(place: Place, owner: Callable[[Attr, str], T | None]) -> Iterator[tuple[T, Use]]:
    function = place.function

    def about(expr: Expr) -> T | None:
        while isinstance(expr, Item | Attr) and not (isinstance(expr, Attr) and isinstance(expr.base, Name)):
            expr = expr.base
        return owner(expr, expr.base.id) if isinstance(expr, Attr) and isinstance(expr.base, Name) else None

    written = set()
    for assign in function.assigns:
        found = about(assign.target)
        if found is not None:
            written.add(id(assign.target))
            whole = isinstance(assign.target, Attr) and isinstance(assign.target.base, Name)
            yield found, Use(place, "write" if whole else "change", assign.at, assign.block, assign)
    for call in function.calls:
        changed = changed_by(call)
        if changed is not None:
            found = about(changed)
            if found is not None:
                written.add(id(changed))
                yield found, Use(place, "change", call.at, call.block, call)
    for expr, block in function.expressions:
        if isinstance(expr, Attr) and isinstance(expr.base, Name) and id(expr) not in written:
            found = owner(expr, expr.base.id)
            if found is not None:
                yield found, Use(place, "read", expr.base.at, block)


def _is_named(expr: Expr, name: str) -> bool:
    return isinstance(expr, Name) and expr.id == name


def shares_memory(code: Code) -> bool:
    """Whether invocations that an instance serves at the same time share its memory: in Python each has a process."""
    return code.handler.facts.language != "python"
