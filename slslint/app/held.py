"""What lives as long as the instance and is changed by invocations: bindings of modules, classes and their objects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from slslint.app.code import Code, Use
from slslint.app.guards import root
from slslint.app.place import Place, expressions
from slslint.app.symbols import External, LocalClass, options
from slslint.facts import Assign, Attr, Call, Expr, Item, Name, Sequence, Table
from slslint.source import Span

GROWING = frozenset({"append", "appendleft", "add", "extend", "insert", "update", "setdefault"})
SHRINKING = frozenset({"clear", "pop", "popitem", "popleft", "remove", "discard"})

_CONTAINERS = frozenset(
    {"list", "dict", "set", "collections.defaultdict", "collections.OrderedDict", "collections.Counter"}
    | {"collections.deque", "defaultdict", "OrderedDict", "deque", "Counter"}
)


@dataclass(frozen=True, slots=True)
class Held:
    """Something that outlives an invocation, and what reached code does with it after the start.

    Attributes:
        name: as people write it: "orders", "Cart.items". at: where it is made.
        initial: its first value. home: the place in which that is written.
        uses: what invocations do with it; for attributes of an object, what the methods of its class do.

    """

    name: str
    at: Span
    initial: Expr
    home: Place
    uses: tuple[Use, ...]


def held(code: Code) -> Iterator[Held]:
    """Everything that lives as long as the instance and that some invocation changes."""
    touched = _touched_names(code)
    for module in code.places():
        if module.name:
            continue
        for assign in _first_assigns(module.function.assigns):
            assert isinstance(assign.target, Name)
            name = assign.target.id
            if name in touched:
                uses = tuple(use for use in code.users_of(module.path, name) if code.per_invocation(use.place))
                if any(use.how != "read" for use in uses):
                    yield Held(name, assign.target.at, assign.value, module, uses)
    yield from _attributes(code)


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
            return isinstance(made, External) and made.dotted in _CONTAINERS and not limited
        case _:
            return False


def changes_by(use: Use, methods: frozenset[str]) -> bool:
    """Whether a use calls one of these methods of the thing itself."""
    return isinstance(use.by, Call) and isinstance(use.by.callee, Attr) and use.by.callee.name in methods


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
            if isinstance(call.callee, Attr) and call.callee.name in GROWING:
                _add_names(names, call.callee)
    return names


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
    made_at_start, made_later = _made(code)
    for module in code.places():
        if module.name:
            continue
        for name, found in module.facts.classes.items():
            this = LocalClass(module.path, name)
            methods = [
                place
                for each in found.methods
                if (place := code.place(module.path, f"{name}.{each}")) is not None and code.per_invocation(place)
            ]
            own = {each.target.id: each for each in found.assigns if isinstance(each.target, Name)}
            for attribute, uses in _attribute_uses(methods).items():
                replaced = any(use.how == "write" and isinstance(use.by, Assign) and use.by.op == "=" for use in uses)
                if attribute in own and not replaced and any(use.how == "change" for use in uses):
                    assign = own[attribute]
                    yield Held(f"{name}.{attribute}", assign.at, assign.value, module, tuple(uses))
                elif this in made_at_start and this not in made_later:
                    first = _set_by_constructor(code, module, name, attribute)
                    if first is not None and any(use.how != "read" for use in uses):
                        home, assign = first
                        yield Held(f"{name}.{attribute}", assign.at, assign.value, home, tuple(uses))


def _made(code: Code) -> tuple[set[LocalClass], set[LocalClass]]:
    """The local classes that objects are made of when the instance starts, and by invocations."""
    at_start: set[LocalClass] = set()
    later: set[LocalClass] = set()
    for site in code.sites():
        for symbol in options(site.symbol):
            if isinstance(symbol, LocalClass):
                (later if site.per_invocation else at_start).add(symbol)
    return at_start, later


def _set_by_constructor(code: Code, module: Place, name: str, attribute: str) -> tuple[Place, Assign] | None:
    constructor = code.place(module.path, f"{name}.__init__")
    for assign in constructor.function.assigns if constructor is not None else ():
        if isinstance(assign.target, Attr) and assign.target.name == attribute and constructor is not None:
            return constructor, assign
    return None


def _attribute_uses(methods: list[Place]) -> dict[str, list[Use]]:
    """What methods do with the attributes of their own object or class."""
    found: dict[str, list[Use]] = {}
    for place in methods:
        function = place.function
        if function.receiver is None or function.name.endswith(".__init__"):
            continue
        for assign in function.assigns:
            attribute = _own_attribute(assign.target, function.receiver)
            if attribute is not None:
                how = "write" if isinstance(assign.target, Attr) else "change"
                found.setdefault(attribute, []).append(Use(place, how, assign.at, assign.block, assign))
        changed = set()
        for call in function.calls:
            if isinstance(call.callee, Attr) and call.callee.name in GROWING | SHRINKING:
                attribute = _own_attribute(call.callee.base, function.receiver)
                if attribute is not None:
                    changed.add(id(call.callee.base))
                    found.setdefault(attribute, []).append(Use(place, "change", call.at, call.block, call))
        targets = {id(assign.target) for assign in function.assigns}
        for expr, block in expressions(function):
            if isinstance(expr, Attr) and id(expr) not in targets and id(expr) not in changed:
                attribute = _own_attribute(expr, function.receiver)
                if attribute is not None and isinstance(expr.base, Name):
                    found.setdefault(attribute, []).append(Use(place, "read", expr.base.at, block))
    return found


def _own_attribute(expr: Expr, receiver: str) -> str | None:
    """The attribute in `self.items`, `self.items[k]`."""
    while isinstance(expr, Item):
        expr = expr.base
    if isinstance(expr, Attr) and isinstance(expr.base, Name) and expr.base.id == receiver:
        return expr.name
    return None
