"""What an expression stands for: names followed through scopes, imports, files, attributes, calls and parameters.

Everything is bounded. An expression is resolved once (per frame); one that needs itself adds nothing to its own
alternatives; nesting, alternatives and sizes have limits past which the answer is Unresolved, never a wrong one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, ParamSpec

from slslint.app import runtime
from slslint.app.place import Place, Sources
from slslint.app.scope import Binding, Scopes
from slslint.app.site import Site
from slslint.app.symbols import (
    CYCLE,
    AnyOf,
    Constant,
    ContextPart,
    Element,
    EnvVar,
    EventPart,
    External,
    Group,
    Joined,
    Key,
    LocalClass,
    LocalFunction,
    LocalInstance,
    LocalModule,
    Member,
    Result,
    Symbol,
    Unresolved,
    any_of,
    bounded,
    dotted,
    joined,
    options,
    unresolved,
)
from slslint.facts import (
    ANY,
    Arithmetic,
    Assign,
    Attr,
    Call,
    Closure,
    Compare,
    Expr,
    Import,
    Item,
    Join,
    Literal,
    Logic,
    Name,
    OneOf,
    Other,
    Sequence,
    Table,
)
from slslint.record import record
from slslint.source import Span

if TYPE_CHECKING:
    from slslint.app.code import Code

P = ParamSpec("P")

_DEEPEST = 60
"""Nested questions; each takes a few Python frames, and the interpreter allows a thousand in all."""

_MOST_FRAMES = 1000
_DEEPEST_FRAME = 2
_LARGEST_FRAMED = 80
"""Calls and assignments of a function that is still resolved anew for each of its calls."""

_MOST_CALLERS = 64


@record(eq=False)
class Arrival:
    """One way in which a function gets its arguments: a call, or what is known of a caller outside the application.

    Attributes:
        place, call, frame: the call; positional argument `index + skip` goes to the parameter `index`.
        given: the first parameters' values, when there is no call whose arguments are passed on.
        partial: the `functools.partial` call that gives what the call does not.
        rest: what other parameters stand for.

    """

    place: Place | None = None
    call: Call | None = None
    frame: Frame | None = None
    skip: int = 0
    given: tuple[Symbol | None, ...] = ()
    rest: Symbol | None = None
    partial: Site | None = None


@record(eq=False)
class Frame:
    """A function seen from one of its calls: its parameters are that call's arguments."""

    place: Place
    arrival: Arrival
    depth: int


class Resolver:
    """Resolves expressions of one deployed function's code.

    Attributes:
        arrivals: how each function, by (path, key), gets its arguments; a class without a constructor of its own is
            there under its own key. Filled while reachability is explored.
        wraps: for a wrapper that a decorator returns: the functions that it stands in for.
        files: the paths that were loaded.

    """

    def __init__(self, code: Code, sources: Sources) -> None:
        self.code = code
        self.sources = sources
        self.arrivals: dict[tuple[str, str], list[Arrival]] = {}
        self.wraps: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self.files: dict[str, None] = {}
        self.settled = False
        """Reachability is known, so that answers that depend on callers may be kept for good."""
        self.touched = False
        """Whether the answer being made depends on callers or loaded files."""
        self._memo: dict[object, Symbol] = {}
        self._provisional: set[object] = set()
        self._active: set[object] = set()
        self._depth = 0
        self._sites: dict[int, Site] = {}
        self._frames: dict[tuple[int, str, int], Frame] = {}
        self._namespaces: set[str] = set()

    # --- the question ------------------------------------------------------------------------------------------------

    def resolve(self, expr: Expr, place: Place, frame: Frame | None = None) -> Symbol:
        """What `expr`, which stands in `place`, stands for; in a frame, its function's parameters are the call's."""
        if isinstance(expr, Literal):
            return Constant(expr.value)
        key = (id(expr), place, frame)
        found = self._kept(key)
        if found is not None:
            return found
        return self._once(key, self._expression, expr, place, frame)

    def forget(self) -> None:
        """Drop the answers that depend on callers, because new ones have been found."""
        for key in self._provisional:
            self._memo.pop(key, None)
        self._provisional.clear()

    def site(self, call: Call, place: Place, frame: Frame | None = None) -> Site:
        """The site of a call; one object per call outside frames."""
        if frame is not None:
            return Site(self.code, place, call, frame)
        found = self._sites.get(id(call))
        if found is None:
            found = self._sites[id(call)] = Site(self.code, place, call)
        return found

    def _kept(self, key: object) -> Symbol | None:
        found = self._memo.get(key)
        if found is not None and key in self._provisional:
            self.touched = True
        return found

    def _once(self, key: object, make: Callable[P, Symbol], *args: P.args, **options: P.kwargs) -> Symbol:
        if key in self._active or self._depth > _DEEPEST:
            self.touched = self.touched or not self.settled
            return CYCLE
        before, self.touched = self.touched, False
        self._active.add(key)
        self._depth += 1
        try:
            found = make(*args, **options)
        finally:
            self._depth -= 1
            self._active.discard(key)
        self._memo[key] = found
        if self.touched and not self.settled:
            self._provisional.add(key)
        self.touched = self.touched or before
        return found

    def _expression(self, expr: Expr, place: Place, frame: Frame | None) -> Symbol:
        match expr:
            case Name(name, at):
                return self._name(name, at, place, frame)
            case Attr(base, name):
                return self.member(self.resolve(base, place, frame), name, place.path)
            case Item(base, key):
                return self.item(self.resolve(base, place, frame), self._key(key, place, frame))
            case Call():
                return self._returned(expr, place, frame)
            case Join(parts):
                return joined(self.resolve(part, place, frame) for part in parts)
            case OneOf(alternatives, _):
                return any_of(self.resolve(each, place, frame) for each in alternatives)
            case Logic("and", operands):
                return self.resolve(operands[-1], place, frame)
            case Logic("not", operands):
                return unresolved(self.resolve(each, place, frame) for each in operands)
            case Logic(_, operands):
                return any_of(self.resolve(each, place, frame) for each in operands)
            case Arithmetic(left, op, right):
                return _arithmetic(self.resolve(left, place, frame), op, self.resolve(right, place, frame))
            case Compare(left, _, right):
                return unresolved((self.resolve(left, place, frame), self.resolve(right, place, frame)))
            case Sequence(items, _):
                return bounded(Group(tuple(self.resolve(each, place, frame) for each in items)))
            case Table(entries):
                return self._table(entries, place, frame)
            case Closure(function):
                return LocalFunction(place.path, function)
            case Other(parts):
                return unresolved(self.resolve(part, place, frame) for part in parts)
            case _:
                return Unresolved()

    def _table(self, entries: Iterable[tuple[Expr | None, Expr]], place: Place, frame: Frame | None) -> Symbol:
        keys: list[Key | None] = []
        items: list[Symbol] = []
        for key, value in entries:
            found = self.resolve(value, place, frame)
            if key is None and isinstance(found, Group) and found.keys is not None:
                keys.extend(found.keys)
                items.extend(found.items)
                continue
            keys.append(None if key is None else _key(self.resolve(key, place, frame)))
            items.append(found)
        return bounded(Group(tuple(items), tuple(keys)))

    def _key(self, key: Expr, place: Place, frame: Frame | None) -> Symbol | None:
        """What an item is asked for by; None for any element."""
        if key is ANY or key == ANY:
            return None
        return self.resolve(key, place, frame)

    # --- names -------------------------------------------------------------------------------------------------------

    def _name(self, name: str, at: Span, place: Place, frame: Frame | None) -> Symbol:
        scopes = self.sources.scopes(place.path)
        function = place.function
        found = scopes.reaching(function, name, at)
        if name in function.outer_names:
            local = [self._bound(binding, name, place, frame) for binding in found]
            return any_of((*local, self._outer(name, place, scopes)))
        if name == function.receiver and not found:
            return self._receiver(place)
        if found:
            return self._bindings(found, name, place, frame)
        return self._enclosing(name, place, frame, scopes)

    def _enclosing(self, name: str, place: Place, frame: Frame | None, scopes: Scopes) -> Symbol:
        key = place.name
        while key:
            key = scopes.parents[key]
            outer = self.sources.place(place.path, key)
            assert outer is not None
            if not key:
                break
            if name == outer.function.receiver:
                return self._receiver(outer)
            found = scopes.reaching(outer.function, name, None)
            if found and name not in outer.function.outer_names:
                inner = frame if frame is not None and frame.place is outer else None
                return self._bindings(found, name, outer, inner)
        return self.module_name(place.path, name)

    def _outer(self, name: str, place: Place, scopes: Scopes) -> Symbol:
        """A name that the function declares global or nonlocal, as others left it."""
        key = scopes.parents.get(place.name, "")
        while key:
            outer = self.sources.place(place.path, key)
            if outer is not None and name in scopes.bindings(outer.function) and name not in outer.function.outer_names:
                return self._bindings(scopes.reaching(outer.function, name, None), name, outer, None)
            key = scopes.parents.get(key, "")
        return self.module_name(place.path, name)

    def module_name(self, path: str, name: str) -> Symbol:
        """What a name of a module stands for once the module has been loaded; a builtin when it binds no such name."""
        found = self.exported(path, name)
        return External(name) if found is None else found

    def exported(self, path: str, name: str) -> Symbol | None:
        """What the module binds the name to, star imports included; None when it does not."""
        key = ("module", path, name)
        found = self._kept(key)
        if found is not None:
            return found
        place = self.sources.place(path)
        if place is None:
            return None
        scopes = self.sources.scopes(path)
        bindings = scopes.reaching(place.function, name, None)
        writes = scopes.global_writes.get(name, ())
        if bindings or writes:
            return self._once(key, self._module_value, place, scopes, name, bindings)
        if key in self._active:
            return None
        self._active.add(key)
        try:
            return self._starred(place, scopes, name)
        finally:
            self._active.discard(key)

    def _module_value(self, place: Place, scopes: Scopes, name: str, bindings: list[Binding]) -> Symbol:
        found = [self._bindings(bindings, name, place, None)] if bindings else []
        for key, assign in scopes.global_writes.get(name, ()):
            writer = self.sources.place(place.path, key)
            if writer is not None and assign.op != "del":
                found.append(self._assigned(assign, writer, None))
        return any_of(found)

    def _starred(self, place: Place, scopes: Scopes, name: str) -> Symbol | None:
        outside: list[str] = []
        for binding in scopes.bindings(place.function).get("*", ()):
            assert isinstance(binding.what, Import)
            module = binding.what.module
            path = self.sources.locate(module, place.path)
            if path is not None:
                found = self.exported(path, name)
                if found is not None:
                    return found
            elif not module.startswith("."):
                outside.append(module)
        if len(outside) == 1 and name not in _BUILTINS:
            return External(f"{outside[0]}.{name}")
        return None

    def _bindings(self, found: list[Binding], name: str, place: Place, frame: Frame | None) -> Symbol:
        symbol = any_of(self._bound(binding, name, place, frame) for binding in found)
        if any(isinstance(each, Group) for each in options(symbol)):
            return self._filled(symbol, name, place, frame)
        return symbol

    def _filled(self, symbol: Symbol, name: str, place: Place, frame: Frame | None) -> Symbol:
        """The dict or list with what the same function puts into it later."""
        mutations = self.sources.scopes(place.path).mutations(place.function, name)
        if not mutations:
            return symbol
        key = ("filled", place, name, frame)
        if key in self._active:
            return symbol
        self._active.add(key)
        try:
            keys: list[Key | None] = []
            items: list[Symbol] = []
            for mutation in mutations:
                value = self.resolve(mutation.value, place, frame)
                if mutation.merges and isinstance(value, Group):
                    items.extend(value.items)
                    keys.extend(value.keys or (None,) * len(value.items))
                    continue
                items.append(value)
                keys.append(None if mutation.key is None else _key(self.resolve(mutation.key, place, frame)))
        finally:
            self._active.discard(key)
        return any_of(_extended(each, items, keys) for each in options(symbol))

    def _bound(self, binding: Binding, name: str, place: Place, frame: Frame | None) -> Symbol:
        match binding.what:
            case Assign() as assign:
                return self._assigned(assign, place, frame)
            case Import() as statement:
                return self.imported(statement, place.path)
            case int(index):
                return self._parameter(place, index, frame)
            case str(key):
                return LocalClass(place.path, key) if binding.by == "class" else LocalFunction(place.path, key)

    def _assigned(self, assign: Assign, place: Place, frame: Frame | None) -> Symbol:
        value = self.resolve(assign.value, place, frame)
        if assign.op in ("=", "for"):
            return value
        return unresolved((value,))

    def _receiver(self, place: Place) -> Symbol:
        owner = place.function.owner
        assert owner is not None
        this = LocalClass(place.path, owner)
        self.touched = self.touched or not self.settled
        classes = [this, *self.code.reach.subclasses(this)]
        if self._is_classmethod(place):
            return any_of(classes)
        return any_of(LocalInstance(each) for each in classes)

    def _is_classmethod(self, place: Place) -> bool:
        return any(isinstance(d, Name) and d.id == "classmethod" for d in place.function.decorators)

    # --- imports -----------------------------------------------------------------------------------------------------

    def imported(self, statement: Import, path: str) -> Symbol:
        """What an import in the file `path` binds its name to."""
        locate = self.sources.locate
        module, member = statement.module, statement.member
        if member == "*":
            return Unresolved()
        if member is not None:
            return self._imported_member(module, member, path)
        if statement.aliased or "." not in module:
            found = locate(module, path)
            return External(module) if found is None else LocalModule(found)
        top = module.partition(".")[0]
        found = locate(top, path)
        if found is not None:
            return LocalModule(found)
        if locate(module, path) is not None:
            # A namespace package has no file of its own; its modules are found one attribute at a time.
            self._namespaces.add(top)
        return External(top)

    def _imported_member(self, module: str, member: str, path: str) -> Symbol:
        locate = self.sources.locate
        found = locate(module, path)
        if found is not None and found != path:
            exported = self.exported(found, member)
            if exported is not None:
                return exported
        inner = locate(module + member if module.endswith(".") else f"{module}.{member}", path)
        if inner is not None:
            return LocalModule(inner)
        if found is not None or module.startswith("."):
            return Unresolved()
        full = f"{module}.{member}"
        return EventPart() if full in runtime.EVENT_OBJECTS else External(full)

    # --- attributes and items ----------------------------------------------------------------------------------------

    def member(self, base: Symbol, name: str, path: str) -> Symbol:
        """The attribute `name` of a symbol; `path` is the file that asks."""
        match base:
            case AnyOf(alternatives):
                return any_of(self.member(each, name, path) for each in _present(alternatives))
            case External(outer):
                full = f"{outer}.{name}"
                if outer.partition(".")[0] in self._namespaces:
                    found = self.sources.locate(full, path)
                    if found is not None:
                        return LocalModule(found)
                return EventPart() if full in runtime.EVENT_OBJECTS else External(full)
            case Result() | Member() | Element():
                owners = runtime.EVENT_ATTRIBUTES.get(name)
                if owners is not None and (dotted(base) or "").startswith(owners):
                    return EventPart()
                return bounded(Member(base, name))
            case EventPart(parts):
                return EventPart((*parts, name))
            case ContextPart(steps):
                return ContextPart((*steps, name))
            case LocalModule(module):
                found_here = self.exported(module, name)
                if found_here is not None:
                    return found_here
                inner = self.sources.locate(f".{name}", module)
                return Unresolved() if inner is None else LocalModule(inner)
            case LocalClass():
                return self._class_member(base, name)
            case LocalInstance(of):
                return self._instance_member(of, name)
            case Constant(value) if name == "value" and value is not None:
                return base
            case Constant(None):
                return Unresolved()
            case Constant() | EnvVar() | Joined() | Group():
                return Member(base, name)
            case LocalFunction():
                return Unresolved()
            case _:
                return base

    def item(self, base: Symbol, key: Symbol | None) -> Symbol:
        """The item of a symbol; any element when `key` is None."""
        match base:
            case AnyOf(alternatives):
                return any_of(self.item(each, key) for each in _present(alternatives))
            case EventPart(path):
                return EventPart((*path, _text(key)))
            case External(name) if name in runtime.ENVIRONMENTS:
                return self._environment(key, None) or Element(base, None)
            case External() | Result() | Member() | Element() | ContextPart():
                return bounded(Element(base, _constant_key(key)))
            case Group(items, None):
                if isinstance(key, Constant) and isinstance(key.value, int) and -len(items) <= key.value < len(items):
                    return items[key.value]
                return any_of(items) if items else Unresolved()
            case Group(items, keys) if keys is not None:
                wanted = None if key is None else _key(key)
                exact = [value for value, own in zip(items, keys, strict=True) if own == wanted and own is not None]
                if exact:
                    return exact[-1]
                if wanted is not None:
                    return any_of(value for value, own in zip(items, keys, strict=True) if own is None)
                if key is None:
                    return any_of(_symbol(own) for own in keys if own is not None)
                return any_of(items) if items else Unresolved()
            case LocalInstance(of):
                method = self.method(of, "__getitem__")
                return Unresolved() if method is None else self.returns(method)
            case EnvVar() | Joined():
                return unresolved((base,))
            case Unresolved():
                return base
            case _:
                return Unresolved()

    def _environment(self, name: Symbol | None, default: Symbol | None) -> Symbol | None:
        if name is None:
            return None
        texts = [_text(each) for each in options(name)]
        if any(text is None for text in texts):
            return None
        return any_of(EnvVar(text, default) for text in texts if text is not None)

    # --- classes -----------------------------------------------------------------------------------------------------

    def lineage(self, start: LocalClass) -> Iterator[LocalClass | str]:
        """The class and its bases, nearest first; bases outside the application by their dotted name."""
        stack: list[LocalClass | str] = [start]
        seen: set[LocalClass | str] = set()
        while stack and len(seen) < 40:
            here = stack.pop()
            if here in seen:
                continue
            seen.add(here)
            yield here
            if isinstance(here, str):
                continue
            facts = self.sources.facts_of(here.path)
            place = self.sources.place(here.path)
            each = facts.classes.get(here.name)
            if each is None or place is None:
                continue
            bases: list[LocalClass | str] = []
            for base in each.bases:
                # `Generic[T]` is Generic.
                expr = base.base if isinstance(base, Item) else base
                for found in options(self.resolve(expr, place)):
                    if isinstance(found, LocalClass):
                        bases.append(found)
                    else:
                        name = dotted(found)
                        if name is not None:
                            bases.append(name)
            stack.extend(reversed(bases))

    def method(self, of: LocalClass, name: str) -> Place | None:
        """The method of that name, inherited ones included."""
        for each in self.lineage(of):
            if isinstance(each, LocalClass):
                found = self.sources.place(each.path, f"{each.name}.{name}")
                if found is not None:
                    return found
        return None

    def is_property(self, place: Place) -> bool:
        """Whether the method is read like an attribute."""
        return self.decorated_by(place, runtime.PROPERTIES)

    def decorated_by(self, place: Place, names: frozenset[str]) -> bool:
        """Whether one of the decorators has one of these dotted names."""
        if not place.function.decorators:
            return False
        outer = self.sources.place(place.path, self.sources.scopes(place.path).parents.get(place.name, ""))
        assert outer is not None
        return any(dotted(self.resolve(decorator, outer)) in names for decorator in place.function.decorators)

    def _instance_member(self, of: LocalClass, name: str) -> Symbol:
        key = ("instance", of, name)
        found = self._kept(key)
        if found is not None:
            return found
        return self._once(key, self._attribute, of, name, instance=True)

    def _class_member(self, of: LocalClass, name: str) -> Symbol:
        return self._attribute(of, name, instance=False)

    def _attribute(self, of: LocalClass, name: str, *, instance: bool) -> Symbol:
        outside: list[str] = []
        for each in self.lineage(of):
            if isinstance(each, str):
                if each not in runtime.PLAIN_BASES:
                    outside.append(each)
                continue
            method = self.sources.place(each.path, f"{each.name}.{name}")
            if method is not None:
                if instance and self.is_property(method):
                    return self.returns(method)
                return LocalFunction(each.path, method.name)
            scopes = self.sources.scopes(each.path)
            assigns = scopes.attributes(each.name).get(name, ())
            values: list[Symbol] = []
            for key, assign in assigns:
                place = self.sources.place(each.path, key)
                if place is not None:
                    values.append(self._assigned(assign, place, None))
            if values:
                return any_of(values)
            inner = f"{each.name}.{name}"
            if inner in scopes.facts.classes:
                return LocalClass(each.path, inner)
        if instance and not outside:
            field = self._field(of, name)
            if field is not None:
                return field
        if len(outside) == 1:
            return External(f"{outside[0]}().{name}" if instance else f"{outside[0]}.{name}")
        return any_of(self._set_from_outside(of, name)) if instance else Unresolved()

    def _set_from_outside(self, of: LocalClass, name: str) -> Iterator[Symbol]:
        """What code outside the class gives an attribute of its instances: `order.id = event["id"]`."""
        self.touched = self.touched or not self.settled
        for path in self.files:
            for key, assign in self.sources.scopes(path).attribute_writes.get(name, ()):
                place = self.sources.place(path, key)
                assert isinstance(assign.target, Attr)
                if place is not None and LocalInstance(of) in options(self.resolve(assign.target.base, place)):
                    yield self._assigned(assign, place, None)

    def _field(self, of: LocalClass, name: str) -> Symbol | None:
        """A field of a dataclass or model, from the calls that make its instances."""
        if self.method(of, "__init__") is not None:
            return None
        self.touched = self.touched or not self.settled
        found: list[Symbol] = []
        for arrival in self.arrivals.get((of.path, of.name), ())[:_MOST_CALLERS]:
            if arrival.call is None or arrival.place is None:
                continue
            given = self.argument(arrival.call, arrival.place, arrival.frame, None, name)
            if given is None:
                plain = [each.value for each in arrival.call.args if each.name is None]
                if not plain:
                    continue
                given = unresolved(self.resolve(value, arrival.place, arrival.frame) for value in plain)
            found.append(given)
        return any_of(found) if found else None

    # --- calls -------------------------------------------------------------------------------------------------------

    def argument(
        self, call: Call, place: Place, frame: Frame | None, position: int | None, name: str | None
    ) -> Symbol | None:
        """What an argument of a call stands for, by position or name; spreads of known content are looked into."""
        if name is not None:
            value = call.keyword(name)
            if value is not None:
                return self.resolve(value, place, frame)
        if position is not None and position >= 0:
            index = 0
            for each in call.args:
                if each.name is not None:
                    continue
                if each.spread:
                    spread = self.resolve(each.value, place, frame)
                    if not isinstance(spread, Group) or spread.keys is not None:
                        break
                    if position < index + len(spread.items):
                        return spread.items[position - index]
                    index += len(spread.items)
                    continue
                if index == position:
                    return self.resolve(each.value, place, frame)
                index += 1
        if name is None:
            return None
        for each in call.args:
            if each.spread:
                spread = self.resolve(each.value, place, frame)
                if isinstance(spread, Group) and spread.keys is not None and name in spread.keys:
                    return spread.items[len(spread.keys) - 1 - spread.keys[::-1].index(name)]
                if isinstance(spread, EventPart):
                    return EventPart((*spread.path, name))
        return None

    def _parameter(self, place: Place, index: int, frame: Frame | None) -> Symbol:
        if frame is not None and frame.place is place:
            return self._argument_of(frame.arrival, place, index)
        key = ("parameter", place, index)
        found = self._kept(key)
        if found is not None:
            return found
        return self._once(key, self._from_callers, place, index)

    def _from_callers(self, place: Place, index: int) -> Symbol:
        self.touched = self.touched or not self.settled
        mine = (place.path, place.name)
        found: list[Symbol] = []
        for key in (mine, *self.wraps.get(mine, ())):
            arrivals = self.arrivals.get(key, [])
            found.extend(self._argument_of(arrival, place, index) for arrival in arrivals[:_MOST_CALLERS])
            if len(arrivals) > _MOST_CALLERS:
                found.append(Unresolved())
        return any_of(found)

    def _argument_of(self, arrival: Arrival, place: Place, index: int) -> Symbol:
        parameters = place.function.parameters
        parameter = parameters[index]
        if arrival.call is None or arrival.place is None:
            if parameter.kind == "*":
                rest = [each for each in arrival.given[index:] if each is not None]
                return Group(tuple(rest)) if rest else arrival.rest or Unresolved()
            if index < len(arrival.given):
                given = arrival.given[index]
                if given is not None:
                    return given
            if parameter.default is None:
                return arrival.rest or Unresolved()
            default = self._default(place, index)
            return default if arrival.rest is None else any_of((arrival.rest, default))
        call, caller, frame = arrival.call, arrival.place, arrival.frame
        if parameter.kind == "*":
            plain = [a for a in call.args if a.name is None][max(0, index + arrival.skip) :]
            return bounded(Group(tuple(self._spreadable(a.value, a.spread, caller, frame) for a in plain)))
        if parameter.kind == "**":
            names = {each.name for each in parameters if each.kind == "plain"}
            named = [a for a in call.args if a.name is not None and a.name not in names]
            values = tuple(self.resolve(a.value, caller, frame) for a in named)
            return bounded(Group(values, tuple(a.name for a in named)))
        if arrival.partial is not None:
            early = arrival.partial.argument(index + 1 if index < -arrival.skip else None, parameter.name)
            if early is not None:
                return early
        by_name_only = any(each.kind == "*" for each in parameters[:index])
        position = None if by_name_only else index + arrival.skip
        found = self.argument(call, caller, frame, position, parameter.name)
        if found is not None:
            return found
        if call.open:
            spreads = [self.resolve(a.value, caller, frame) for a in call.args if a.spread]
            if not all(isinstance(each, Group) for each in spreads):
                return unresolved(spreads)
        if arrival.rest is not None:
            return arrival.rest
        return self._default(place, index)

    def _spreadable(self, value: Expr, spread: bool, caller: Place, frame: Frame | None) -> Symbol:
        found = self.resolve(value, caller, frame)
        return self.item(found, None) if spread else found

    def _default(self, place: Place, index: int) -> Symbol:
        default = place.function.parameters[index].default
        if default is None:
            return Unresolved()
        outer = self.sources.place(place.path, self.sources.scopes(place.path).parents.get(place.name, ""))
        return Unresolved() if outer is None else self.resolve(default, outer)

    def _returned(self, call: Call, place: Place, frame: Frame | None) -> Symbol:
        if isinstance(call.callee, Name) and call.callee.id == "super" and place.function.owner is not None:
            return self._super(place)
        callee = self.resolve(call.callee, place, frame)
        if isinstance(callee, AnyOf):
            return any_of(self._result(each, call, place, frame) for each in _present(callee.options))
        return self._result(callee, call, place, frame)

    def _super(self, place: Place) -> Symbol:
        owner = place.function.owner
        assert owner is not None
        bases = list(self.lineage(LocalClass(place.path, owner)))[1:]
        local = [LocalInstance(each) for each in bases if isinstance(each, LocalClass)]
        if local:
            return local[0]
        outside = [each for each in bases if isinstance(each, str)]
        return External(f"{outside[0]}()") if len(outside) == 1 else Unresolved()

    def _result(self, callee: Symbol, call: Call, place: Place, frame: Frame | None) -> Symbol:
        match callee:
            case LocalFunction(path, name):
                function = self.sources.place(path, name)
                return Unresolved() if function is None else self.returns(function, call, place, frame)
            case LocalClass():
                # `Action("create")` is the member of that value.
                value = call.positional(0) if len(call.args) == 1 else None
                if value is not None and any(base in runtime.ENUMS for base in self.lineage(callee)):
                    return self.resolve(value, place, frame)
                return LocalInstance(callee)
            case LocalInstance(of):
                method = self.method(of, "__call__")
                return Unresolved() if method is None else self.returns(method, call, place, frame)
            case External(name):
                special = self._builtin(name, call, place, frame)
                return Result(callee, self.site(call, place, frame)) if special is None else special
            case Result(External("functools.partial"), made):
                return self._partial(made, call, place, frame)
            case Member(Group() as group, name):
                return self._group_method(group, name, call, place, frame)
            case Member(of, name) if name in runtime.SAME_TEXT and not isinstance(of, Result | Member | Element):
                return of
            case EventPart(path):
                return self._event_method(path, call, place, frame)
            case Member() | Result() | Element() | ContextPart():
                return bounded(Result(callee, self.site(call, place, frame)))
            case _:
                return unresolved((callee, *(self.resolve(a.value, place, frame) for a in call.args)))

    def _partial(self, made: Site, call: Call, place: Place, frame: Frame | None) -> Symbol:
        target = made.argument(0)
        if isinstance(target, LocalFunction):
            function = self.sources.place(target.path, target.name)
            return Unresolved() if function is None else self.returns(function, call, place, frame, made)
        return unresolved((*made.argument_symbols(), *(self.resolve(a.value, place, frame) for a in call.args)))

    def _event_method(self, path: tuple[str | None, ...], call: Call, place: Place, frame: Frame | None) -> Symbol:
        *outer, method = path or (None,)
        whole = tuple(outer)
        if method in runtime.DICT_GETTERS and call.args:
            return EventPart((*whole, _text(self.argument(call, place, frame, 0, None))))
        if method in runtime.SAME_TEXT:
            return EventPart(whole)
        element = EventPart((*whole, None))
        if method == "items":
            return Group((Group((element, element)),))
        if method in ("values", "keys"):
            return Group((element,))
        return Result(EventPart(path), self.site(call, place, frame))

    def _group_method(self, group: Group, name: str, call: Call, place: Place, frame: Frame | None) -> Symbol:
        if group.keys is not None:
            if name in runtime.DICT_GETTERS and call.args:
                default = self.argument(call, place, frame, 1, None)
                found = self.item(group, self.argument(call, place, frame, 0, None) or Unresolved())
                return any_of((found, default)) if default is not None else found
            if name == "items":
                pairs = zip(group.keys, group.items, strict=True)
                return bounded(Group(tuple(Group((Unresolved() if k is None else _symbol(k), v)) for k, v in pairs)))
            if name == "values":
                return Group(group.items)
            if name == "keys":
                return Group(tuple(_symbol(key) for key in group.keys if key is not None))
        if name == "copy":
            return group
        if name == "pop":
            return self.item(group, None)
        return unresolved((group, *(self.resolve(a.value, place, frame) for a in call.args)))

    def _builtin(self, name: str, call: Call, place: Place, frame: Frame | None) -> Symbol | None:
        if name in runtime.ENVIRONMENT_GETTERS:
            default = self.argument(call, place, frame, 1, "default")
            return self._environment(self.argument(call, place, frame, 0, "key"), default)
        if not call.args:
            return Group((), ()) if name == "dict" else Group(()) if name in ("list", "set", "tuple") else None
        if name in runtime.SAME_VALUE:
            position = 1 if name == "typing.cast" else 0
            found = self.argument(call, place, frame, position, None)
            if found is None or (name == "str" and not isinstance(found, EventPart | EnvVar | ContextPart | Joined)):
                return None
            return found
        if name == "dict":
            first = call.positional(0)
            if first is not None and len(call.args) == 1:
                return self.resolve(first, place, frame)
            if all(each.name is not None for each in call.args):
                values = tuple(self.resolve(each.value, place, frame) for each in call.args)
                return bounded(Group(values, tuple(each.name for each in call.args)))
            return None
        if name in ("enumerate", "zip"):
            elements = tuple(self.item(self.resolve(each.value, place, frame), None) for each in call.args)
            return Group((Group((Unresolved(), elements[0]) if name == "enumerate" else elements),))
        if name == "next":
            found = self.argument(call, place, frame, 0, None)
            return None if found is None else self.item(found, None)
        if name == "getattr":
            of, attribute = (self.argument(call, place, frame, index, None) for index in (0, 1))
            text = _text(attribute)
            return self.member(of, text, place.path) if of is not None and text is not None else None
        if name.startswith(runtime.EVENT_CLASSES):
            found = self.argument(call, place, frame, 0, "data")
            return found if isinstance(found, EventPart) else None
        return None

    def returns(
        self,
        function: Place,
        call: Call | None = None,
        place: Place | None = None,
        frame: Frame | None = None,
        partial: Site | None = None,
    ) -> Symbol:
        """What a local function returns: to any caller, or to one call when it is small enough to be looked at anew."""
        inner = None
        if call is not None and place is not None and function.function.parameters:
            inner = self._frame(function, call, place, frame, partial)
        key = ("returns", function, inner)
        found = self._kept(key)
        if found is not None:
            return found
        return self._once(key, self._exits, function, inner)

    def _frame(
        self, function: Place, call: Call, place: Place, frame: Frame | None, partial: Site | None
    ) -> Frame | None:
        depth = 1 if frame is None else frame.depth + 1
        facts = function.function
        if depth > _DEEPEST_FRAME or len(facts.calls) + len(facts.assigns) > _LARGEST_FRAMED:
            return None
        key = (id(call), f"{function.path}:{function.name}", id(frame))
        found = self._frames.get(key)
        if found is None:
            if len(self._frames) >= _MOST_FRAMES:
                return None
            skip = self.skip(function, call, place, frame) if partial is None else -bound_by(partial)
            found = self._frames[key] = Frame(function, Arrival(place, call, frame, skip, partial=partial), depth)
        return found

    def skip(self, function: Place, call: Call, place: Place, frame: Frame | None) -> int:
        """How many leading arguments of a call go to the receiver: one for `Class.method(instance, ...)`."""
        if function.function.receiver is None or not isinstance(call.callee, Attr):
            return 0
        if self._is_classmethod(function):
            return 0
        return int(isinstance(self.resolve(call.callee.base, place, frame), LocalClass))

    def _exits(self, function: Place, frame: Frame | None) -> Symbol:
        exits = function.function.exits
        yields = [each.value for each in exits if each.kind == "yield"]
        if yields:
            values = [self.resolve(value, function, frame) for value in yields if value is not None]
            if self.decorated_by(function, runtime.CONTEXT_MANAGERS):
                return any_of(values)
            return bounded(Group((any_of(values),)))
        found = [
            Constant(None) if each.value is None else self.resolve(each.value, function, frame)
            for each in exits
            if each.kind == "return"
        ]
        return any_of(found) if found else Constant(None)


def bound_by(partial: Site) -> int:
    """How many positional arguments a `functools.partial` call gives to its function."""
    return sum(1 for each in partial.call.args if each.name is None) - 1


_BUILTINS = frozenset(dir(__builtins__) if not isinstance(__builtins__, Mapping) else __builtins__)


def _present(alternatives: Iterable[Symbol]) -> Iterator[Symbol]:
    """The alternatives without None, of which nobody can ask an attribute or item."""
    return (each for each in alternatives if each != Constant(None))


def _text(symbol: Symbol | None) -> str | None:
    return symbol.value if isinstance(symbol, Constant) and isinstance(symbol.value, str) else None


def _key(symbol: Symbol) -> Key | None:
    """The key of a dict's item: a text, or the texts of a tuple."""
    if isinstance(symbol, Group) and symbol.keys is None:
        texts = [_text(item) for item in symbol.items]
        return None if None in texts else tuple(text for text in texts if text is not None)
    return _text(symbol)


def _symbol(key: Key) -> Symbol:
    return Constant(key) if isinstance(key, str) else Group(tuple(Constant(text) for text in key))


def _constant_key(symbol: Symbol | None) -> str | int | None:
    if isinstance(symbol, Constant) and isinstance(symbol.value, str | int):
        return symbol.value
    return None


def _extended(symbol: Symbol, items: list[Symbol], keys: list[Key | None]) -> Symbol:
    if not isinstance(symbol, Group):
        return symbol
    if symbol.keys is None:
        return bounded(Group((*symbol.items, *items)))
    return bounded(Group((*symbol.items, *items), (*symbol.keys, *keys)))


def _arithmetic(left: Symbol, op: str, right: Symbol) -> Symbol:
    if isinstance(left, Constant) and isinstance(right, Constant):
        a, b = left.value, right.value
        if isinstance(a, int | float) and isinstance(b, int | float) and abs(a) < 1e12 and abs(b) < 1e12:
            match op:
                case "+":
                    return Constant(a + b)
                case "-":
                    return Constant(a - b)
                case "*":
                    return Constant(a * b)
                case "/" if b:
                    return Constant(a / b)
    return unresolved((left, right))
