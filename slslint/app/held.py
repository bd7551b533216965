"""What lives as long as the instance and is changed by invocations: bindings of modules, classes and their objects."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.app.code import Code, Use
from slslint.app.containers import GROWING, MAKERS, STORING, changed_by
from slslint.app.guards import root
from slslint.app.place import Place, expressions
from slslint.app.symbols import External, LocalClass, options
from slslint.facts import Assign, Attr, Call, Expr, Item, Name, Sequence, Table
from slslint.record import record
from slslint.source import Span


@record(eq=False)
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
    # `from state import QUEUE as queue`: the module that holds it has the other name for it.
    for path in code.files():
        for _, statement in code.sources.facts_of(path).imports():
            if statement.member is not None and statement.binds in names:
                names.add(statement.member)
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
    modules = [place for place in code.places() if not place.name and place.facts.classes]
    if not modules:
        return
    names = {name.rpartition(".")[2] for module in modules for name in module.facts.classes}
    used: dict[tuple[LocalClass, str, bool], list[Use]] = {}
    for place in code.places():
        if place.name and code.per_invocation(place) and not place.name.endswith(".__init__"):
            for of, attribute, shared, use in _attribute_uses(code, place, names):
                used.setdefault((of, attribute, shared), []).append(use)
    made_at_start, made_later = _made(code)
    for (of, attribute, shared), uses in used.items():
        module = code.place(of.path)
        if module is None or all(use.how == "read" for use in uses):
            continue
        own = next((each for each in module.facts.classes[of.name].assigns if _is_named(each.target, attribute)), None)
        # `self.items = []` hides the attribute of the class.
        if own is not None and (shared or not any(use.how == "write" for use in uses)):
            reads = used.get((of, attribute, not shared), [])
            changed = tuple(uses) + tuple(use for use in reads if use.how == "read")
            yield Held(f"{of.name}.{attribute}", own.at, own.value, module, changed)
        elif of in made_at_start and of not in made_later:
            first = _set_by_constructor(code, of, attribute)
            if first is not None:
                yield Held(f"{of.name}.{attribute}", first[1].at, first[1].value, first[0], tuple(uses))


def _made(code: Code) -> tuple[set[LocalClass], set[LocalClass]]:
    """The local classes that objects are made of when the instance starts, and by invocations."""
    at_start: set[LocalClass] = set()
    later: set[LocalClass] = set()
    for site in code.sites():
        for symbol in options(site.symbol):
            if isinstance(symbol, LocalClass):
                (later if site.per_invocation else at_start).add(symbol)
    return at_start, later


def _set_by_constructor(code: Code, of: LocalClass, attribute: str) -> tuple[Place, Assign] | None:
    constructor = code.place(of.path, f"{of.name}.__init__")
    for assign in constructor.function.assigns if constructor is not None else ():
        if isinstance(assign.target, Attr) and assign.target.name == attribute and constructor is not None:
            return constructor, assign
    return None


def _attribute_uses(code: Code, place: Place, names: set[str]) -> Iterator[tuple[LocalClass, str, bool, Use]]:
    """What a function does with attributes of its own object (not shared), and of classes by name (shared)."""
    function = place.function
    receiver = function.receiver
    own = LocalClass(place.path, function.owner) if function.owner is not None else None
    own_is_class = any(_is_named(decorator, "classmethod") for decorator in function.decorators)

    def about(expr: Expr) -> tuple[LocalClass, str, bool] | None:
        while isinstance(expr, Item):
            expr = expr.base
        if not isinstance(expr, Attr) or not isinstance(expr.base, Name):
            return None
        if expr.base.id == receiver and own is not None:
            return own, expr.name, own_is_class
        if expr.base.id in names:
            of = code.resolve(expr.base, place)
            return (of, expr.name, True) if isinstance(of, LocalClass) else None
        return None

    written = set()
    for assign in function.assigns:
        found = about(assign.target)
        if found is not None:
            written.add(id(assign.target))
            how = "write" if isinstance(assign.target, Attr) else "change"
            yield *found, Use(place, how, assign.at, assign.block, assign)
    for call in function.calls:
        changed = changed_by(call)
        if changed is not None:
            found = about(changed)
            if found is not None:
                written.add(id(changed))
                yield *found, Use(place, "change", call.at, call.block, call)
    for expr, block in expressions(function):
        if isinstance(expr, Attr) and isinstance(expr.base, Name) and id(expr) not in written:
            found = about(expr)
            if found is not None:
                yield *found, Use(place, "read", expr.base.at, block)


def _is_named(expr: Expr, name: str) -> bool:
    return isinstance(expr, Name) and expr.id == name


def shares_memory(code: Code) -> bool:
    """Whether invocations that an instance serves at the same time share its memory: in Python each has a process."""
    return code.handler.facts.language != "python"
