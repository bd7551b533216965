"""What the handler reaches: module bodies that are loaded, functions that are called, passed on or registered."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from slslint.app import runtime
from slslint.app.place import Place, Sources, expressions
from slslint.app.resolve import Arrival, Resolver, bound_by
from slslint.app.runtime import python
from slslint.app.site import Site
from slslint.app.symbols import (
    ContextPart,
    Element,
    EventPart,
    External,
    LocalClass,
    LocalFunction,
    LocalInstance,
    Member,
    Result,
    Symbol,
    Unresolved,
    dotted,
    options,
    unresolved,
)
from slslint.facts import Attr, Call, Closure, Expr, Import, Item, Name
from slslint.record import record
from slslint.source import Span

if TYPE_CHECKING:
    from slslint.app.code import Code

_MOST_ROUNDS = 4
"""Arguments that are functions or objects can make new calls known; real code settles in two or three rounds."""

_TAKES_FUNCTIONS = python.ELEMENTWISE | python.DEFERRED | {"run_in_executor", "partial", "Thread", "Timer"}
_FUNCTION_NAMES = frozenset({"target", "key", "func", "function", "callback", "record_handler", "view_func"})

FROM_EVENT = EventPart((None,))
"""Some part of the event: what a framework hands to the functions registered with it."""


@record(eq=False)
class Step:
    """One place makes another run: `verb` is calls, imports, passes on, registers or is wrapped by."""

    source: Place
    target: Place
    at: Span
    verb: str


class Reach:
    """Explores a function's code from its handler.

    Attributes:
        places: what is reached, in the order of discovery.
        steps: from each place to those it makes run, in the order they were found.
        registered: the functions that something outside the application will call on an invocation.

    """

    def __init__(self, code: Code, sources: Sources, resolver: Resolver) -> None:
        self.code = code
        self.sources = sources
        self.resolver = resolver
        self.places: dict[Place, None] = {}
        self.steps: dict[Place, list[Step]] = {}
        self.registered: dict[Place, None] = {}
        self.loaded: dict[tuple[str, str], tuple[str, ...]] = {}
        self._queue: deque[Place] = deque()
        self._known: set[tuple[Place, Place, str, int, int]] = set()
        self._open_calls: dict[Place, list[Call]] = {}
        self._waiting: dict[Place, list[tuple[Step, Arrival | None]]] = {}
        self._given: set[tuple[Call, Place]] = set()
        self._made: set[tuple[Place, LocalClass, Call]] = set()
        self._wrappers: set[Place] = set()
        self._bases: dict[LocalClass, list[LocalClass]] = {}
        self._short_names: dict[str, set[str]] = {}
        self._properties: set[str] = set()
        self._methods: set[str] = set()
        self._derived = False
        """Some loaded class is derived from one of a package, which may call its methods."""

    def explore(self, handler: Place, entry: Place) -> None:
        """Find everything that runs, from the handler and from the file that the platform loads."""
        resolver = self.resolver
        resolver.arrivals[handler.path, handler.name] = [Arrival(given=(EventPart(), ContextPart()))]
        self._add(handler)
        self._load(entry.path)
        if handler.path != entry.path:
            self._load(handler.path)
        for _ in range(_MOST_ROUNDS):
            self._drain()
            before = len(self._known)
            resolver.forget()
            retry, self._open_calls = self._open_calls, {}
            for place, calls in retry.items():
                for call in calls:
                    self._call(place, call)
            if not self._queue and len(self._known) == before:
                break
        self._drain()
        resolver.forget()
        resolver.settled = True

    def subclasses(self, of: LocalClass) -> list[LocalClass]:
        """The loaded classes below a class."""
        found: list[LocalClass] = []
        stack = list(self._bases.get(of, ()))
        while stack and len(found) < 16:
            here = stack.pop(0)
            if here not in found and here != of:
                found.append(here)
                stack.extend(self._bases.get(here, ()))
        return found

    # --- bookkeeping -------------------------------------------------------------------------------------------------

    def _drain(self) -> None:
        while self._queue:
            self._visit(self._queue.popleft())

    def _add(self, place: Place) -> None:
        if place in self.places:
            return
        self.places[place] = None
        self._queue.append(place)
        for step, arrival in self._waiting.pop(place, ()):
            if self._step(step.source, step.target, step.at, step.verb) and arrival is not None:
                self._arrive(step.target, arrival)

    def _step(self, source: Place, target: Place, at: Span, verb: str) -> bool:
        """Record that `source` makes `target` run; False when that was known."""
        key = (source, target, verb, at.line, at.column)
        if key in self._known:
            return False
        self._known.add(key)
        self.steps.setdefault(source, []).append(Step(source, target, at, verb))
        self._add(target)
        return True

    def _arrive(self, target: Place, arrival: Arrival) -> None:
        self.resolver.arrivals.setdefault((target.path, target.name), []).append(arrival)

    def _function(self, symbol: LocalFunction) -> Place | None:
        return self.sources.place(symbol.path, symbol.name)

    # --- one place ---------------------------------------------------------------------------------------------------

    def _visit(self, place: Place) -> None:
        function = place.function
        scopes = self.sources.scopes(place.path)
        dead = scopes.dead(function)
        for statement in function.imports:
            if not statement.typing_only and statement.block not in dead:
                for path in self.paths_of(statement, place.path):
                    self._load(path, place, statement.at)
        for key in scopes.children.get(place.name, ()):
            self._decorators(place, key)
        for call in function.calls:
            if call.block not in dead:
                self._call(place, call)
        names = self._callable_names(place)
        if self._may_pass_on(place, names):
            callees = {id(call.callee) for call in function.calls}
            for expr, block in expressions(function):
                if block not in dead and id(expr) not in callees:
                    self._mention(place, expr, names)
        for each in function.blocks:
            if each.kind == "with" and each.test is not None:
                self._entered(place, each.test)

    def _callable_names(self, place: Place) -> set[str]:
        """The names of a file that may stand for a local function: a cheap test before resolving."""
        found = self._short_names.get(place.path)
        if found is None:
            found = {key.rpartition(".")[2] for key in place.facts.functions}
            found.update(
                statement.binds
                for _, statement in place.facts.imports()
                if statement.member is not None and self.paths_of(statement, place.path)
            )
            self._short_names[place.path] = found
        return found

    def _may_pass_on(self, place: Place, names: set[str]) -> bool:
        """Whether a function may be passed on as a value, or a property read: whether it is worth looking closely."""
        if self._methods or self.sources.scopes(place.path).children.get(place.name):
            return True
        reads = Counter(read.name for read in place.function.reads if read.name in names)
        if not place.name:
            return bool(names)
        for call in place.function.calls:
            if isinstance(call.callee, Name) and call.callee.id in reads:
                reads[call.callee.id] -= 1
        return any(count > 0 for count in reads.values())

    def _mention(self, place: Place, expr: Expr, names: set[str]) -> None:
        """A function that is passed on as a value will be called by somebody; a property that is read runs."""
        match expr:
            case Name(name, at) if name in names:
                self._passed(place, expr, at)
            case Closure(key):
                function = self.sources.place(place.path, key)
                if function is not None:
                    self._step(place, function, function.function.at, "passes on")
            case Attr(base, name) if name in self._methods:
                if name in self._properties:
                    self._property(place, base, name)
                else:
                    self._passed(place, expr, _at(expr))
            case _:
                pass

    def _passed(self, place: Place, expr: Expr, at: Span | None) -> None:
        if at is None:
            return
        for symbol in options(self.resolver.resolve(expr, place)):
            if isinstance(symbol, LocalFunction):
                function = self._function(symbol)
                if function is not None and function is not place:
                    self._step(place, function, at, "passes on")

    def _property(self, place: Place, base: Expr, name: str) -> None:
        at = _at(base)
        for symbol in options(self.resolver.resolve(base, place)):
            if isinstance(symbol, LocalInstance) and at is not None:
                method = self.resolver.method(symbol.of, name)
                if method is not None:
                    self._step(place, method, at, "calls")

    def _entered(self, place: Place, test: Expr) -> None:
        at = _at(test)
        for symbol in options(self.resolver.resolve(test, place)):
            if isinstance(symbol, LocalInstance) and at is not None:
                for name in ("__enter__", "__exit__", "__aenter__", "__aexit__"):
                    method = self.resolver.method(symbol.of, name)
                    if method is not None:
                        self._step(place, method, at, "calls")

    # --- modules -----------------------------------------------------------------------------------------------------

    def paths_of(self, statement: Import, importer: str) -> tuple[str, ...]:
        """The local files that an import loads: the packages on the way, the module, a module that is its member."""
        key = (importer, f"{statement.module} {statement.member}")
        found = self.loaded.get(key)
        if found is None:
            found = self.loaded[key] = tuple(dict.fromkeys(self._located(statement, importer)))
        return found

    def _located(self, statement: Import, importer: str) -> Iterator[str]:
        module = statement.module
        dots = len(module) - len(module.lstrip("."))
        parts = module[dots:].split(".") if module[dots:] else []
        names = [module[:dots] + ".".join(parts[: n + 1]) for n in range(len(parts))]
        if dots and not parts:
            names = [module]
        if statement.member not in (None, "*"):
            names.append(f"{module}{'' if module.endswith('.') else '.'}{statement.member}")
        for name in names:
            path = self.sources.locate(name, importer)
            if path is not None and path != importer:
                yield path

    def path_of(self, statement: Import, importer: str) -> str | None:
        """The local file that an import is about; None when it lies outside the application."""
        found = self.paths_of(statement, importer)
        return found[-1] if found else None

    def _load(self, path: str, importer: Place | None = None, at: Span | None = None) -> None:
        module = self.sources.place(path)
        if module is None:
            return
        if importer is not None and at is not None:
            self._step(importer, module, at, "imports")
        if path in self.resolver.files:
            return
        self.resolver.files[path] = None
        facts = module.facts
        for key, function in facts.functions.items():
            if function.owner is not None:
                short = key.rpartition(".")[2].partition("#")[0]
                self._methods.add(short)
                if any(_tail(d) in ("property", "cached_property") for d in function.decorators):
                    self._properties.add(short)
        self._add(module)
        for name in facts.classes:
            this = LocalClass(path, name)
            for each in list(self.resolver.lineage(this))[1:]:
                if isinstance(each, LocalClass):
                    self._bases.setdefault(each, []).append(this)
                elif each not in runtime.PLAIN_BASES:
                    self._derived = True

    # --- decorators --------------------------------------------------------------------------------------------------

    def _decorators(self, place: Place, key: str) -> None:
        """What the decorators of a function do when the body around it runs."""
        function = self.sources.place(place.path, key)
        if function is None:
            return
        for decorator in function.function.decorators:
            factory = decorator.callee if isinstance(decorator, Call) else decorator
            at = function.function.at
            for symbol in options(self.resolver.resolve(factory, place)):
                if isinstance(symbol, LocalFunction):
                    self._local_decorator(place, function, symbol, decorator)
                elif _registers(symbol, decorator):
                    self.registered[function] = None
                    self._arrive(function, Arrival(rest=FROM_EVENT))
                    self._step(place, function, at, "registers")
                elif dotted(symbol) in runtime.MIDDLEWARE_FACTORIES:
                    self._arrive(function, Arrival(given=(None, EventPart(), ContextPart()), rest=Unresolved()))

    def _local_decorator(self, place: Place, function: Place, symbol: LocalFunction, decorator: Expr) -> None:
        taken = self._function(symbol)
        if taken is None:
            return
        at = function.function.at
        if isinstance(decorator, Call):
            made = self.resolver.resolve(decorator, place)
            takers = [self._function(each) for each in options(made) if isinstance(each, LocalFunction)]
        else:
            takers = [taken]
        for taker in takers:
            if taker is None:
                continue
            self._arrive(taker, Arrival(given=(LocalFunction(function.path, function.name),)))
            self._step(place, taker, at, "calls")
            if _keeps_argument(taker):
                self.registered[function] = None
                self._arrive(function, Arrival(rest=FROM_EVENT))
                self._step(place, function, at, "registers")
            for wrapper in options(self.resolver.returns(taker)):
                if isinstance(wrapper, LocalFunction):
                    found = self._function(wrapper)
                    if found is not None and found is not function:
                        key = (found.path, found.name)
                        self._wrappers.add(found)
                        wrapped = self.resolver.wraps.setdefault(key, [])
                        if (function.path, function.name) not in wrapped:
                            wrapped.append((function.path, function.name))
                        self._wrapped(function, found, at)
            if self.resolver.decorated_by(taker, runtime.MIDDLEWARE_FACTORIES):
                self._wrapped(function, taker, at)

    def _wrapped(self, function: Place, wrapper: Place, at: Span) -> None:
        step = Step(function, wrapper, at, "is wrapped by")
        if function in self.places:
            self._step(step.source, step.target, at, step.verb)
        else:
            self._waiting.setdefault(function, []).append((step, None))

    # --- calls -------------------------------------------------------------------------------------------------------

    def _call(self, place: Place, call: Call) -> None:
        resolver = self.resolver
        resolver.touched = False
        callee = resolver.resolve(call.callee, place)
        if resolver.touched:
            self._open_calls.setdefault(place, []).append(call)
        for symbol in options(callee):
            self._target(place, call, symbol)

    def _target(self, place: Place, call: Call, symbol: Symbol, skip: int = 0) -> None:
        resolver = self.resolver
        match symbol:
            case LocalFunction():
                function = self._function(symbol)
                if function is not None:
                    skip += resolver.skip(function, call, place, None)
                    self._called(place, call, function, skip)
            case LocalClass():
                self._constructed(place, call, symbol, skip)
            case LocalInstance(of):
                method = resolver.method(of, "__call__")
                if method is not None:
                    self._called(place, call, method, skip)
            case Result(External("functools.partial"), made):
                self._partial(place, call, made)
            case External() | Result() | Member() | Element():
                if call.args:
                    self._callback(place, call, symbol)
                if self._derived and isinstance(symbol, External) and isinstance(call.callee, Attr):
                    # `worker.start()`, inherited from a package, runs what the class overrides.
                    for base in options(resolver.resolve(call.callee.base, place)):
                        if isinstance(base, LocalInstance):
                            self._handed_over(place, call, base)
            case _:
                pass

    def _called(self, place: Place, call: Call, function: Place, skip: int) -> None:
        if place in self._wrappers and function not in self.places:
            # A wrapper calls what it wraps; which of the wrapped functions run is for others to say.
            waiting = Step(place, function, call.at, "calls"), Arrival(place, call, skip=skip)
            self._waiting.setdefault(function, []).append(waiting)
            return
        if self._step(place, function, call.at, "calls"):
            self._arrive(function, Arrival(place, call, skip=skip))

    def _constructed(self, place: Place, call: Call, of: LocalClass, skip: int) -> None:
        resolver = self.resolver
        if (place, of, call) in self._made:
            return
        self._made.add((place, of, call))
        constructor = resolver.method(of, "__init__")
        if constructor is not None:
            self._called(place, call, constructor, skip)
        else:
            resolver.arrivals.setdefault((of.path, of.name), []).append(Arrival(place, call))
            after = resolver.method(of, "__post_init__")
            if after is not None:
                self._step(place, after, call.at, "calls")

    def _partial(self, place: Place, call: Call, made: Site) -> None:
        target = made.argument(0)
        for symbol in options(target) if target is not None else ():
            if isinstance(symbol, LocalFunction):
                function = self._function(symbol)
                if function is not None and self._step(place, function, call.at, "calls"):
                    self._arrive(function, Arrival(place, call, skip=-bound_by(made), partial=made))

    def _callback(self, place: Place, call: Call, callee: Symbol) -> None:
        """Local functions and objects that are given to something outside the application."""
        resolver = self.resolver
        name = dotted(callee) or ""
        last = name.rpartition(".")[2]
        names = self._callable_names(place)
        expected = last in _TAKES_FUNCTIONS or name in runtime.BATCH_PROCESSORS
        for position, argument in enumerate(call.args):
            if not (expected or argument.name in _FUNCTION_NAMES or self._may_be_function(argument.value, names)):
                continue
            for symbol in options(resolver.resolve(argument.value, place)):
                if isinstance(symbol, LocalFunction):
                    function = self._function(symbol)
                    if function is None:
                        continue
                    if not self._step(place, function, call.at, "passes on") and (call, function) in self._given:
                        continue
                    self._given.add((call, function))
                    self._arrive(function, self._given_by(place, call, callee, name, last, position, argument.name))
                    if not place.name and name not in python.SYNCHRONOUS and last not in python.ELEMENTWISE:
                        self.registered[function] = None
                elif isinstance(symbol, LocalClass | LocalInstance):
                    self._handed_over(place, call, symbol)

    def _may_be_function(self, value: Expr, names: set[str]) -> bool:
        """A cheap test before resolving: whether an argument may be a local function, class or instance."""
        match value:
            case Closure():
                return True
            case Name(name):
                return name in names or self._derived
            case Attr(_, name):
                return name in self._methods or name in names
            case Call():
                return self._derived
            case _:
                return False

    def _given_by(
        self, place: Place, call: Call, callee: Symbol, name: str, last: str, position: int, keyword: str | None
    ) -> Arrival:
        resolver = self.resolver
        if name in runtime.BATCH_PROCESSORS:
            return Arrival(given=(EventPart(("Records", None)),), rest=FROM_EVENT)
        if last in python.ELEMENTWISE and position == 0:
            rest = [resolver.argument(call, place, None, index, None) for index in range(1, len(call.args))]
            if rest:
                return Arrival(given=tuple(None if s is None else resolver.item(s, None) for s in rest))
        if last in python.DEFERRED and position == 0 and keyword is None:
            return Arrival(place, call, skip=1)
        if last == "run_in_executor" and position == 1:
            return Arrival(place, call, skip=2)
        if keyword == "target":
            values = resolver.argument(call, place, None, None, "args")
            return Arrival(given=tuple(getattr(values, "items", ())) if values is not None else ())
        if name == "functools.partial" and position == 0:
            return Arrival(place, call, skip=1, rest=Unresolved())
        if name in ("sorted", "min", "max", "functools.reduce"):
            first = resolver.argument(call, place, None, 1 if name == "functools.reduce" else 0, None)
            return Arrival(rest=None if first is None else resolver.item(first, None))
        if not place.name and name not in python.SYNCHRONOUS:
            return Arrival(rest=FROM_EVENT)
        others = [resolver.resolve(each.value, place) for index, each in enumerate(call.args) if index != position]
        return Arrival(rest=unresolved((callee, *others)))

    def _handed_over(self, place: Place, call: Call, symbol: LocalClass | LocalInstance) -> None:
        """A framework calls the methods of a class that is derived from one of its own."""
        of = symbol.of if isinstance(symbol, LocalInstance) else symbol
        lineage = list(self.resolver.lineage(of))
        if not any(isinstance(each, str) and each not in runtime.PLAIN_BASES for each in lineage):
            return
        for each in lineage:
            if not isinstance(each, LocalClass):
                continue
            facts = self.sources.facts_of(each.path)
            for method in sorted(facts.classes[each.name].methods):
                function = self.sources.place(each.path, f"{each.name}.{method}")
                if function is not None and self._step(place, function, call.at, "passes on"):
                    self._arrive(function, Arrival(rest=FROM_EVENT))
                    self.registered[function] = None


def _registers(symbol: Symbol, decorator: Expr) -> bool:
    """Whether a decorator is a method of an object that a package made: `@app.get("/users")`."""
    if not isinstance(symbol, Member):
        return False
    name = dotted(symbol)
    if name is None or name.startswith(runtime.NOT_REGISTERING):
        return False
    return symbol.name not in python.WRAPPING_METHODS


def _keeps_argument(decorator: Place) -> bool:
    """Whether a local decorator keeps the function that it is given: `ROUTES[path] = function`."""
    if not decorator.function.parameters:
        return False
    name = decorator.function.parameters[0].name
    for assign in decorator.function.assigns:
        if isinstance(assign.target, Item | Attr) and isinstance(assign.value, Name) and assign.value.id == name:
            return True
    return any(
        isinstance(call.callee, Attr) and any(isinstance(a.value, Name) and a.value.id == name for a in call.args)
        for call in decorator.function.calls
    )


def _tail(expr: Expr) -> str:
    match expr:
        case Name(name) | Attr(_, name):
            return name
        case _:
            return ""


def _at(expr: Expr) -> Span | None:
    """Where an expression stands, as far as its innermost name or call tells."""
    while isinstance(expr, Attr | Item):
        expr = expr.base
    return expr.at if isinstance(expr, Name | Call) else None
