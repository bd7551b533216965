"""The search through what runs, from the handler on: one place after the other, until nothing new is found."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from slslint.app.place import Place, Sources
from slslint.app.reach import callbacks, decorators, modules
from slslint.app.reach.step import Step
from slslint.app.resolve import Arrival, Resolver
from slslint.app.symbols import (
    ContextPart,
    Element,
    EventPart,
    External,
    LocalClass,
    LocalFunction,
    LocalInstance,
    LocalModule,
    Member,
    Result,
    Symbol,
    options,
)
from slslint.facts import Attr, Call, Closure, Expr, Function, Item, Name
from slslint.source import Span

if TYPE_CHECKING:
    from slslint.app.code import Code

_NAMING = (Name, Attr, Closure)
"""What may stand for a function."""

_MOST_ROUNDS = 4
"""Arguments that are functions or objects can make new calls known; real code settles in two or three rounds."""


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
        self._queue: deque[Place] = deque()
        self.known: set[tuple[Place, Place, str, int, int]] = set()
        self._open_calls: list[tuple[Place, Call, int]] = []
        self.waiting: dict[Place, list[tuple[Step, Arrival | None]]] = {}
        self.given: set[tuple[Call, Place]] = set()
        self._made: set[tuple[Place, LocalClass, Call]] = set()
        self.wrappers: set[Place] = set()
        self.bases: dict[LocalClass, list[LocalClass]] = {}
        self.properties: set[str] = set()
        self.methods: set[str] = set()
        self.handed: set[int] = set()
        self.derived = False
        """Some loaded class is derived from one of a package, which may call its methods."""

    load = modules.load
    decorated = decorators.decorated
    handed_on = callbacks.handed_on
    handed_over = callbacks.handed_over
    partial_called = callbacks.partial_called

    def explore(self, handler: Place, entry: Place) -> None:
        """Find everything that runs, from the handler and from the file that the platform loads."""
        resolver = self.resolver
        given: tuple[Symbol, ...] = (EventPart(), ContextPart())
        if not handler.in_python:
            given = (*given, External("callback"))
        resolver.arrivals[handler.path, handler.name] = [Arrival(given=given)]
        self.add(handler)
        self.load(entry.path)
        if handler.path != entry.path:
            self.load(handler.path)
        for _ in range(_MOST_ROUNDS):
            self._drain()
            before = len(self.known)
            changed = resolver.forget()
            retry, self._open_calls = self._open_calls, []
            for place, call, depends_on in retry:
                if depends_on & changed:
                    self._call(place, call)
                else:
                    self._open_calls.append((place, call, depends_on))
            if not self._queue and len(self.known) == before:
                break
        self._drain()
        resolver.settle()

    def subclasses(self, of: LocalClass) -> list[LocalClass]:
        """The loaded classes below a class."""
        found: list[LocalClass] = []
        stack = list(self.bases.get(of, ()))
        while stack and len(found) < 16:
            here = stack.pop(0)
            if here not in found and here != of:
                found.append(here)
                stack.extend(self.bases.get(here, ()))
        return found

    def _drain(self) -> None:
        while self._queue:
            self._visit(self._queue.popleft())

    def add(self, place: Place) -> None:
        if place in self.places:
            return
        self.places[place] = None
        self._queue.append(place)
        for step, arrival in self.waiting.pop(place, ()):
            if self.step(step.source, step.target, step.at, step.verb) and arrival is not None:
                self.arrive(step.target, arrival)

    def step(self, source: Place, target: Place, at: Span, verb: str) -> bool:
        """Record that `source` makes `target` run; False when that was known."""
        key = (source, target, verb, at.line, at.column)
        if key in self.known:
            return False
        self.known.add(key)
        self.steps.setdefault(source, []).append(Step(source, target, at, verb))
        self.add(target)
        return True

    def arrive(self, target: Place, arrival: Arrival) -> None:
        self.resolver.arrive(target.path, target.name, arrival)

    def function(self, symbol: LocalFunction) -> Place | None:
        return self.sources.place(symbol.path, symbol.name)

    def _visit(self, place: Place) -> None:
        function = place.function
        scopes = self.sources.scopes(place.path)
        dead = scopes.dead(function)
        for statement in function.imports:
            if not statement.typing_only and statement.block not in dead:
                for path in self.sources.paths_of(statement, place.path):
                    self.load(path, place, statement.at)
        for key in scopes.decorated(place.name):
            self.decorated(place, key)
        for call in function.calls:
            if call.block not in dead:
                self._call(place, call)
        names = self.callable_names(place)
        if self._may_pass_on(place, names):
            for expr in self._mentioning(place):
                if id(expr) not in self.handed:
                    self._mention(place, expr, names)
        for each in function.blocks:
            if each.kind == "with" and each.test is not None:
                self._entered(place, each.test)

    def callable_names(self, place: Place) -> set[str]:
        """The names of a file that may stand for a local function: a cheap test before resolving."""
        found = self.sources.callables.get(place.path)
        if found is None:
            found = {key.rpartition(".")[2].partition("#")[0] for key in place.facts.functions}
            found.update(
                statement.binds
                for _, statement in place.facts.imports()
                if (statement.member is not None or not place.in_python)
                and self.sources.paths_of(statement, place.path)
            )
            if not place.in_python:
                found |= _named_objects(place)
            self.sources.callables[place.path] = found
        return found

    def _mentioning(self, place: Place) -> tuple[Expr, ...]:
        """The expressions of a place that may hand on a function, neither called nor defined where they stand."""
        found = self.sources.mentioning.get(place)
        if found is None:
            function = place.function
            dead = self.sources.scopes(place.path).dead(function)
            aside = {id(call.callee) for call in function.calls}
            if not place.in_python:
                aside |= _definitions(function)
            found = self.sources.mentioning[place] = tuple(
                expr
                for expr, block in function.expressions
                if isinstance(expr, _NAMING) and block not in dead and id(expr) not in aside
            )
        return found

    def _may_pass_on(self, place: Place, names: set[str]) -> bool:
        """Whether a function may be passed on as a value, or a property read: whether it is worth looking closely."""
        if self.methods or self.sources.scopes(place.path).children.get(place.name):
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
        if isinstance(expr, Name):
            if expr.id in names:
                self._passed(place, expr, expr.at)
        elif isinstance(expr, Closure):
            function = self.sources.place(place.path, expr.function)
            if function is not None:
                self.step(place, function, function.function.at, "passes on")
        elif isinstance(expr, Attr) and expr.name in self.methods:
            if expr.name in self.properties:
                self._property(place, expr.base, expr.name)
            else:
                self._passed(place, expr, _at(expr))

    def _passed(self, place: Place, expr: Expr, at: Span | None) -> None:
        if at is None:
            return
        for symbol in options(self.resolver.resolve(expr, place)):
            if isinstance(symbol, LocalFunction):
                function = self.function(symbol)
                if function is not None and function is not place:
                    self.step(place, function, at, "passes on")

    def _property(self, place: Place, base: Expr, name: str) -> None:
        at = _at(base)
        for symbol in options(self.resolver.resolve(base, place)):
            if isinstance(symbol, LocalInstance) and at is not None:
                method = self.resolver.method(symbol.of, name)
                if method is not None:
                    self.step(place, method, at, "calls")

    def _entered(self, place: Place, test: Expr) -> None:
        at = _at(test)
        for symbol in options(self.resolver.resolve(test, place)):
            if isinstance(symbol, LocalInstance) and at is not None:
                for name in ("__enter__", "__exit__", "__aenter__", "__aexit__"):
                    method = self.resolver.method(symbol.of, name)
                    if method is not None:
                        self.step(place, method, at, "calls")

    def _call(self, place: Place, call: Call) -> None:
        resolver = self.resolver
        resolver.touched = 0
        callee = resolver.resolve(call.callee, place)
        is_open = bool(resolver.touched)
        for symbol in options(callee):
            self._target(place, call, symbol)
        if is_open:
            self._open_calls.append((place, call, resolver.touched))

    def _target(self, place: Place, call: Call, symbol: Symbol, skip: int = 0) -> None:
        resolver = self.resolver
        match symbol:
            case LocalFunction():
                function = self.function(symbol)
                if function is not None:
                    skip += resolver.skip(function, call, place, None)
                    self._called(place, call, function, skip)
            case LocalClass():
                self._constructed(place, call, symbol, skip)
            case LocalInstance(of):
                method = resolver.method(of, "__call__")
                if method is not None:
                    self._called(place, call, method, skip)
            case LocalModule(path):
                for each in options(resolver.as_a_whole(path)):
                    if not isinstance(each, LocalModule):
                        self._target(place, call, each, skip)
            case Member(LocalFunction() as of, "call"):
                self._target(place, call, of, skip + 1)
            case Result(External("functools.partial"), made):
                self.partial_called(place, call, made)
            case External() | Result() | Member() | Element():
                if call.args:
                    self._hand_on(place, call, symbol)
                if isinstance(symbol, External) and "()." in symbol.dotted and isinstance(call.callee, Attr):
                    # `worker.start()`, inherited from a package, runs what the class overrides.
                    for base in options(resolver.resolve(call.callee.base, place)):
                        if isinstance(base, LocalInstance):
                            self.handed_over(place, call, base)
            case _ if call.args and not place.in_python:
                self._hand_on(place, call, symbol)
            case _:
                pass

    def _hand_on(self, place: Place, call: Call, symbol: Symbol) -> None:
        if place.in_python:
            self.handed_on(place, call, symbol)
        else:
            _handed_on()(self, place, call, symbol)

    def _called(self, place: Place, call: Call, function: Place, skip: int) -> None:
        if place in self.wrappers and function not in self.places:
            # A wrapper calls what it wraps; which of the wrapped functions run is for others to say.
            waiting = Step(place, function, call.at, "calls"), Arrival(place, call, skip=skip)
            self.waiting.setdefault(function, []).append(waiting)
            return
        if self.step(place, function, call.at, "calls"):
            self.arrive(function, Arrival(place, call, skip=skip))

    def _constructed(self, place: Place, call: Call, of: LocalClass, skip: int) -> None:
        resolver = self.resolver
        if (place, of, call) in self._made:
            return
        self._made.add((place, of, call))
        for field in resolver.fields(of):
            self._called(place, call, field, skip)
        constructor = resolver.constructor(of)
        if constructor is not None:
            self._called(place, call, constructor, skip)
        else:
            resolver.arrive(of.path, of.name, Arrival(place, call))
            after = resolver.method(of, "__post_init__")
            if after is not None:
                self.step(place, after, call.at, "calls")


@cache
def _handed_on() -> Callable[[Reach, Place, Call, Symbol], None]:
    from slslint.app.reach.javascript import handed_on

    return handed_on


def _definitions(function: Function) -> set[int]:
    from slslint.app.reach.javascript import definitions

    return definitions(function)


def _named_objects(place: Place) -> set[str]:
    from slslint.app.reach.javascript import named_objects

    return named_objects(place)


def _at(expr: Expr) -> Span | None:
    """Where an expression stands, as far as its innermost name or call tells."""
    while isinstance(expr, Attr | Item):
        expr = expr.base
    return expr.at if isinstance(expr, Name | Call) else None
