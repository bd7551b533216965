"""Which calls of JavaScript start requests, and what becomes of their promises."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slslint.app.callgraph import CallGraph
from slslint.app.code import Code
from slslint.app.place import Place
from slslint.app.runtime.javascript import LISTENING
from slslint.app.site import Site
from slslint.app.symbols import (
    Element,
    EventPart,
    Group,
    LocalFunction,
    Member,
    Result,
    Symbol,
    Unresolved,
    dotted,
    options,
)
from slslint.app.waiting.promises import SETTLING, Fate, Promises, beginning
from slslint.app.waiting.unawaited import Unawaited
from slslint.facts import Attr, Call, Closure, Expr, Function, Name, Sequence

_EVENTED = frozenset({"http.get", "http.request", "https.get", "https.request"})

_SENDING = _EVENTED | {
    "axios", "axios.create()", "cross-fetch", "fetch", "got", "got.extend()", "isomorphic-fetch", "ky", "ky.create()",
    "needle", "node-fetch", "undici.fetch", "undici.request",
}  # fmt: skip
"""What sends a request as soon as it is called. Superagent's wait until somebody asks for the answer."""

_VERBS = frozenset({"delete", "get", "head", "options", "patch", "post", "put", "request"})

_WITH_VERBS = frozenset({"axios", "axios.create()", "got", "got.extend()", "ky", "ky.create()", "needle"})
"""What has a method for each verb of HTTP, which sends as well."""

_EACH = frozenset({"forEach", "map", "flatMap"})
"""Methods of an array that call a function with every element, and wait for none of the promises that it gives."""

_AT_ONCE = _EACH | {"every", "filter", "find", "reduce", "some", "sort"}
"""Methods of an array that have called a function before they return."""

_TIMERS = frozenset({"setTimeout", "setImmediate", "process.nextTick", "queueMicrotask"})

_GIVING_ARRAYS = frozenset({"concat", "entries", "filter", "flat", "from", "keys", "map", "parse", "reverse", "slice",
                            "sort", "split", "values"})  # fmt: skip

_COLLECTIONS = frozenset({"Array", "Map", "Set"})

_CALLBACK = r"(?i)(cb|callback|done|next|resolve|reject|fulfil+|.*callback)"
"""Names of parameters that are called when something has ended."""

_RESPONSE = r"(?i)res|resp|response|reply"
"""Names of parameters that a framework gives for the answer: the invocation ends when it has been sent."""

_DEEPEST = 8
"""Through how many functions what a call starts is followed."""


def search(code: Code) -> Iterator[Unawaited]:
    """The requests of JavaScript for which nobody waits; see `unawaited`."""
    yield from _Search(code).found()


class _Search:
    def __init__(self, code: Code) -> None:
        self.code = code
        self.promises = Promises(code)
        self.sites: dict[Place, list[Site]] = {}
        for site in code.sites():
            self.sites.setdefault(site.place, []).append(site)
        self._outlived: dict[Place, bool] = {}

    def found(self) -> Iterator[Unawaited]:
        for place, sites in self.sites.items():
            if place.name and self.code.per_invocation(place):
                for site in sites:
                    lost = self._lost(place, site)
                    if lost is not None and self._ends_early(place):
                        yield lost

    def _lost(self, place: Place, site: Site) -> Unawaited | None:
        how = self._how(site)
        if how == "call" and not self._may_start(site):
            return None
        fate = self._fate(site, how)
        if fate in (Fate.DROPPED, Fate.AWAITED) and self._is_unsent(site):
            return Unawaited(site, (site,), "unsent")
        if fate is not Fate.DROPPED and not (site.call.awaited and _gives_no_promise(site)):
            return None
        work = self._started(site, how, frozenset())
        if work == (site,) and _gives_no_promise(site):
            how = "evented"
        if not work or self._is_told(place, site.call) or self._is_answered(place, site) or self._is_seen(place, site):
            return None
        return Unawaited(site, work, how)

    def _may_start(self, site: Site) -> bool:
        """Whether a call may be a request, or run what makes one: a cheap test before its fate is asked."""
        if site.sdk is not None or site.dotted == "Promise" or _is_request(site, self.promises):
            return True
        return any(isinstance(each, LocalFunction) for each in options(site.symbol))

    def _is_unsent(self, site: Site) -> bool:
        """Whether nothing sends a request of aws-sdk v2: it is only made, or is itself awaited, which it ignores."""
        alone = site.call.awaited or site.call.discarded
        if not alone and not isinstance(self.promises.holders(site.place).of(site.call), Sequence):
            return False
        if not _is_lazy(site) or _has_callback(site) or site.call.open:
            return False
        return not self.promises.is_asked(site.place, site.call)

    def _fate(self, site: Site, how: str) -> Fate:
        callee = site.call.callee
        if how == "timer":
            return Fate.DROPPED if site.call.discarded else Fate.ELSEWHERE
        if how == "each" and isinstance(callee, Attr) and callee.name == "forEach":
            return Fate.DROPPED
        return self.promises.fate(site.place, site.call, several=how == "each")

    # --- what a call starts ------------------------------------------------------------------------------------------

    def _how(self, site: Site) -> str:
        callee = site.call.callee
        if isinstance(callee, Attr):
            if callee.name in _EACH and _is_array(self.code.resolve(callee.base, site.place), site.call.awaited):
                return "each"
            if callee.name in SETTLING:
                return "after"
        return "timer" if site.dotted in _TIMERS else "call"

    def _started(self, site: Site, how: str, asked: frozenset[Place]) -> tuple[Site, ...]:
        """The requests that are under way when the call returns; empty when there are none, or not surely."""
        given = [argument.value for argument in site.call.args]
        if how in ("each", "timer"):
            return self._under_way_after(given[0], site, asked) if given else ()
        if how == "after":
            # Where the chain begins with a request, that is what it is about.
            begins = beginning(site.call)
            if begins is not None and self._begins(begins, site.place, asked):
                return ()
            return tuple(found for each in given for found in self._under_way_after(each, site, asked))
        if _is_request(site, self.promises):
            return (site,)
        if site.dotted == "Promise" and given:
            return self._inside(given[0], site)
        return self._under_way_after(site.call.callee, site, asked)

    def _begins(self, call: Call, place: Place, asked: frozenset[Place]) -> bool:
        first = self.code.resolver.site(call, place)
        return bool(self._started(first, self._how(first), asked))

    def _under_way_after(self, function: Expr, site: Site, asked: frozenset[Place]) -> tuple[Site, ...]:
        """The requests of a local function that its promise waits for; what it drops itself is another matter."""
        work: list[Site] = []
        for place in self._places(function, site):
            if place is None or place in asked or len(asked) > _DEEPEST:
                return ()
            inner = self._waited_for(place, asked | {place})
            if not inner:
                return ()
            work += inner
        return tuple(work)

    def _places(self, function: Expr, site: Site) -> Iterator[Place | None]:
        for symbol in options(self.code.resolve(function, site.place)):
            yield self.code.place(symbol.path, symbol.name) if isinstance(symbol, LocalFunction) else None

    def _waited_for(self, place: Place, asked: frozenset[Place]) -> list[Site]:
        found: list[Site] = []
        # What a generator does, it does when it is asked for the next value.
        if any(leave.kind == "yield" for leave in place.function.exits):
            return found
        for site in self.sites.get(place, ()):
            how = self._how(site)
            if self._fate(site, how) in (Fate.AWAITED, Fate.RETURNED):
                found += self._started(site, how, asked)
        return found

    def _inside(self, executor: Expr, site: Site) -> tuple[Site, ...]:
        """The requests of a promise that is made by hand: those of its executor."""
        return tuple(
            each
            for place in self._places(executor, site)
            if place is not None
            for each in self.sites.get(place, ())
            if _is_request(each, self.promises)
        )

    # --- whether anything waits --------------------------------------------------------------------------------------

    def _ends_early(self, place: Place) -> bool:
        """Whether the invocation may end while something that the place has started and dropped is under way."""
        found = self._outlived.get(place)
        if found is None:
            # Who calls itself adds nothing.
            self._outlived[place] = False
            found = self._outlived[place] = self._promises_an_end(place) or any(self._callers(place))
        return found

    def _promises_an_end(self, place: Place) -> bool:
        """Whether the platform, or a framework, waits for the promise of the place and for nothing else."""
        if place is self.code.handler and not place.function.is_async:
            return self._returns_promise(place)
        return place.function.is_async and (place is self.code.handler or place in self.code.reach.registered)

    def _callers(self, place: Place) -> Iterator[bool]:
        this = LocalFunction(place.path, place.name)
        for edge in self.code.keep(CallGraph).callers(place):
            site = edge.site
            if site is not None and (this in options(site.symbol) or _calls_at_once(site) or _asks(site, place)):
                yield self._ends_early(edge.source)

    def _returns_promise(self, handler: Place) -> bool:
        """Whether a handler that is not async gives the platform a promise to wait for, and takes no callback."""
        if len(handler.function.parameters) > 2:
            return False
        values = [leave.value for leave in handler.function.exits if leave.kind == "return"]
        return any(isinstance(value, Call) and self._is_promise(value, handler) for value in values)

    def _is_promise(self, call: Call, place: Place) -> bool:
        if isinstance(call.callee, Attr) and call.callee.name in SETTLING | {"promise"}:
            return True
        site = self.code.resolver.site(call, place)
        called = [each for each in self._places(call.callee, site) if each is not None]
        return (site.dotted or "").partition(".")[0] == "Promise" or any(each.function.is_async for each in called)

    def _is_told(self, place: Place, call: Call) -> bool:
        """Whether the end of the work is told to a function that a caller has given: `send(command).then(done)`."""
        given: set[str] = set()
        here: Place | None = place
        while here is not None and here.name:
            # The platform listens to the handler's callback no longer when its promise has ended.
            if here is not self.code.handler:
                given.update(parameter.name for parameter in here.function.parameters)
            here = self.code.place(here.path, here.function.outer)
        return any(self._tells(step, place, given) for step in self.promises.chain(place, call)) if given else False

    def _is_answered(self, place: Place, site: Site) -> bool:
        """Whether what is called gets the response and sends it: `users.create(req, res)`."""
        for index, argument in enumerate(site.call.args):
            if isinstance(argument.value, Name) and re.fullmatch(_RESPONSE, argument.value.id):
                for called in self._places(site.call.callee, site):
                    parameters = called.function.parameters if called is not None else ()
                    if called is not None and index < len(parameters):
                        answering = (_root(call.callee) for call in _calls_inside(called, called.name))
                        if parameters[index].name in answering:
                            return True
        return False

    def _is_seen(self, place: Place, site: Site) -> bool:
        """Whether a loop asks for what is set at the end: `save().then(() => (state.done = true))`."""
        steps = self.promises.chain(place, site.call)
        keys = [each.value.function for step in steps for each in step.args if isinstance(each.value, Closure)]
        names = {name for key in keys for name in _set_outside(place, key)}
        here: Place | None = place
        while names and here is not None and here.name:
            asked = (block for expr, block in here.function.expressions if isinstance(expr, Name) and expr.id in names)
            if any(_in_a_loop(here.function, block) for block in asked):
                return True
            here = self.code.place(here.path, here.function.outer)
        return False

    def _tells(self, step: Call, place: Place, given: set[str]) -> bool:
        settling = isinstance(step.callee, Attr) and step.callee.name in SETTLING
        for argument in step.args:
            match argument.value:
                case Name(name) if name in given and (settling or re.fullmatch(_CALLBACK, name)):
                    return True
                case Closure(key):
                    if any(_root(call.callee) in given for call in _calls_inside(place, key)):
                        return True
                case _:
                    pass
        return False


def _is_request(site: Site, promises: Promises) -> bool:
    """Whether a call sends a request to AWS or over HTTP, and returns before the answer is there."""
    if site.sdk is not None:
        return not _is_lazy(site) or _has_callback(site) or promises.is_asked(site.place, site.call)
    name = site.dotted
    if name is None:
        return False
    of, _, verb = name.rpartition(".")
    return name in _SENDING or (verb in _VERBS and of in _WITH_VERBS)


def _is_lazy(site: Site) -> bool:
    """Whether it is a call of aws-sdk v2, which sends nothing without a callback, `.promise()` or `.send()`."""
    if site.sdk is None or site.sdk.client is None or not isinstance(site.symbol, Member):
        return False
    # What `util.promisify` made of a method goes by another name.
    method = site.call.callee
    written = isinstance(method, Attr) and method.name == site.symbol.name
    return written and (site.sdk.client.dotted or "").startswith("aws-sdk")


def _gives_no_promise(site: Site) -> bool:
    """Whether it is a request to listen to, so that to await it waits for nothing."""
    return site.dotted in _EVENTED or (_is_lazy(site) and _has_callback(site))


def _has_callback(site: Site) -> bool:
    arguments = [argument.value for argument in site.call.args]
    if len(arguments) != 1:
        return bool(arguments)
    if isinstance(arguments[0], Name) and re.fullmatch(_CALLBACK, arguments[0].id):
        return True
    return isinstance(arguments[0], Closure) or isinstance(site.argument(0), LocalFunction)


def _is_array(symbol: Symbol, awaited: bool) -> bool:
    """Whether `forEach` and `map` of it are the array's; an awaited `forEach` of something unknown may be its own."""
    for each in options(symbol):
        match each:
            case EventPart() | Group() | Member() | Element():
                continue
            case Unresolved() if not awaited:
                continue
            case Result(of) if (dotted(of) or "").rpartition(".")[2] in _GIVING_ARRAYS | _COLLECTIONS:
                continue
            case Result(Member(_, name)) if name in _GIVING_ARRAYS:
                continue
            case _:
                return False
    return True


def _calls_at_once(site: Site) -> bool:
    """Whether a function that the call is given runs as part of what surrounds the call, or after it."""
    callee = site.call.callee
    return site.dotted in _TIMERS or (isinstance(callee, Attr) and callee.name in _AT_ONCE | SETTLING)


def _asks(site: Site, place: Place) -> bool:
    """Whether what is given an async function of ours can at most wait for its promise: `pMap(items, save)`.

    A promise made by hand, or an emitter, may wait for what its callbacks do in a way of its own.
    """
    callee = site.call.callee
    by_hand = site.dotted == "Promise" or (isinstance(callee, Attr) and callee.name in LISTENING)
    return place.function.is_async and not by_hand


def _calls_inside(place: Place, key: str) -> Iterator[Call]:
    """The calls of a function and of those inside it."""
    for function in place.facts.functions.values():
        here = function
        while here.name and here.name != key:
            here = place.facts.functions[here.outer]
        if here.name:
            yield from function.calls


def _set_outside(place: Place, key: str) -> Iterator[str]:
    """The names of what a function sets, or sets a part of, that are not its own."""
    function = place.facts.functions[key]
    for assign in function.assigns:
        name = _root(assign.target)
        if name is not None and name not in function.bound:
            yield name


def _in_a_loop(function: Function, block: int) -> bool:
    return any(each.kind == "loop" for each in function.enclosing(block))


def _root(expr: Expr) -> str | None:
    while isinstance(expr, Attr):
        expr = expr.base
    return expr.id if isinstance(expr, Name) else None
