"""Where code only lets time pass: sleeps, timers that it awaits, waiters of the SDK, and loops that ask until an answer
changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from slslint.app.application import App
from slslint.app.callgraph import CallGraph
from slslint.app.code import Code
from slslint.app.failures import after_failure
from slslint.app.packages import packages_of
from slslint.app.place import Place
from slslint.app.resolve.frames import Arrival, Chain, Frame, frame_of
from slslint.app.site import Site
from slslint.app.symbols import AnyOf, Constant, EnvVar, External, LocalFunction, Member, Result, Symbol, options
from slslint.app.waiting.parallel import loop_around
from slslint.app.waiting.promises import Fate, Promises
from slslint.facts import Arithmetic, Call, Expr, Name, walk
from slslint.finding import Related
from slslint.model import Function
from slslint.record import record
from slslint.value import Absent, Known

_SLEEPS = {
    **dict.fromkeys(("time.sleep", "gevent.sleep", "eventlet.sleep"), (0, 1.0, False)),
    **dict.fromkeys(("asyncio.sleep", "anyio.sleep", "trio.sleep"), (0, 1.0, True)),
    "Atomics.wait": (3, 0.001, False),
    "sleep.sleep": (0, 1.0, False),
    "sleep.msleep": (0, 0.001, False),
    **dict.fromkeys(
        ("timers/promises.setTimeout", "timers/promises.scheduler.wait", "delay", "delay.default", "sleep-promise",
         "await-sleep", "bluebird.delay"),
        (0, 0.001, True),
    ),
}  # fmt: skip
"""By dotted name: which argument says how long, in what part of a second, and whether somebody has to await it."""

_TIMERS = frozenset({"setTimeout", "timers.setTimeout"})

_INTERVALS = frozenset({"setInterval", "timers.setInterval"})

_PAUSING = packages_of((*_SLEEPS, *_TIMERS, *_INTERVALS))

_RACES = frozenset({"Promise.race", "Promise.any"})

_NUMBERS = frozenset({"int", "float", "str", "Number", "parseInt", "parseFloat", "Number.parseInt", "String"})
"""Calls that only read a number, or spell one."""

_DEEPEST = 4
"""Through how many functions a delay is followed to who decides on it."""


@record(eq=False)
class Pause:
    """A call that lets time pass, on an invocation.

    Attributes:
        site: the call that says how long: of a helper of the application's own, the call of the helper.
        kind: "sleep"; "poll": until the answer to a question changes; "waiter": the SDK asks until it does.
        seconds: how long at least, each time; None when that is not known.
        repeated: it stands in a loop.
        asks: what is asked again and again, for people: "athena:GetQueryExecution".
        asked: the call that asks.
        path: the steps from the handler to it.

    """

    site: Site
    kind: str
    seconds: float | None
    repeated: bool
    path: tuple[Related, ...]
    asks: str = ""
    asked: Site | None = None


def pauses(app: App, function: Function, code: Code) -> Iterator[Pause]:
    """Every call that lets time pass on an invocation, each once; not where it only follows a failure."""
    if code.imports_sdk or not code.packages.isdisjoint(_PAUSING):
        yield from _Search(app, function, code).found()


class _Search:
    def __init__(self, app: App, function: Function, code: Code) -> None:
        self.app = app
        self.function = function
        self.code = code
        self.promises = Promises(code)

    @property
    def graph(self) -> CallGraph:
        return self.code.keep(CallGraph)

    def found(self) -> Iterator[Pause]:
        best: dict[Call, Pause] = {}
        for site in self.code.sites():
            if site.place.name:
                for pause in (*self._sleeps(site), *_waiter(site)):
                    before = best.get(pause.site.call)
                    if before is None or (before.seconds or 0) < (pause.seconds or 0):
                        best[pause.site.call] = pause
        yield from (pause for pause in best.values() if pause.site.per_invocation)

    # --- sleeps ------------------------------------------------------------------------------------------------------

    def _sleeps(self, site: Site) -> Iterator[Pause]:
        name = site.dotted or ""
        if name in _SLEEPS:
            position, part, promised = _SLEEPS[name]
            yield from self._followed(site, position, part, site.place, site.call, promised, ())
        elif name in _TIMERS:
            promise = self._promise(site)
            if promise is not None:
                yield from self._followed(site, 1, 0.001, *promise, True, ())
            elif self._answers(site):
                yield from self._followed(site, 1, 0.001, site.place, site.call, False, ())
            elif isinstance(site.argument(0), Constant):
                # `util.promisify(setTimeout)` is told how long alone.
                yield from self._followed(site, 0, 0.001, site.place, site.call, True, ())

        elif name in _INTERVALS:
            yield from self._asked_in_turn(site)

    def _asked_in_turn(self, timer: Site) -> Iterator[Pause]:
        """A timer that asks until an answer keeps the promise that is waited for."""
        from slslint.app.waiting.asking import question_of

        promise = self._promise(timer)
        if promise is None or not self._waited_for(*promise, _DEEPEST):
            return
        for each in options(timer.argument(0) or Constant(None)):
            place = self.code.place(each.path, each.name) if isinstance(each, LocalFunction) else None
            asked = None if place is None else question_of(self.graph, place)
            if asked is not None:
                amount = self._number(_argument(timer, 1), timer.place, None)
                seconds = None if amount is None else amount / 1000
                yield Pause(timer, "poll", seconds, True, timer.path(), asks=asked[0], asked=asked[1])
                return

    def _waited_for(self, place: Place, call: Call, left: int) -> bool:
        """Whether a promise is awaited, or returned to who awaits it, or to the platform."""
        fate = self._fate(place, call)
        if fate is not Fate.RETURNED:
            return fate is Fate.AWAITED
        if place is self.code.handler:
            return True
        callers = self._callers(place) if left else []
        return any(self._waited_for(caller, each.call, left - 1) for caller, each in callers if each.call is not None)

    def _promise(self, timer: Site) -> tuple[Place, Call] | None:
        """The promise that is kept when the time is over, with the place it is made in: `new Promise(r => ...)`."""
        executor = timer.place
        outer = self.code.place(executor.path, executor.function.outer)
        if outer is None or not self._keeps(timer):
            return None
        own = LocalFunction(executor.path, executor.name)
        for call in outer.function.calls:
            site = self.code.resolver.site(call, outer)
            if site.dotted == "Promise" and site.argument(0) == own:
                return outer, call
        return None

    def _answers(self, timer: Site) -> bool:
        """Whether the function answers only when the time is over: `setTimeout(() => callback(null, reply), 5000)`."""
        handler, given = self.code.handler.function, timer.argument(0)
        if handler.is_async or len(handler.parameters) < 3 or timer.place.path != self.code.handler.path:
            return False
        place = self.code.place(given.path, given.name) if isinstance(given, LocalFunction) else None
        calls = () if place is None else place.function.calls
        return any(isinstance(call.callee, Name) and call.callee.id == handler.parameters[2].name for call in calls)

    def _keeps(self, timer: Site) -> bool:
        resolve = External("resolve")
        for each in options(timer.argument(0) or Constant(None)):
            if each == resolve:
                return True
            place = self.code.place(each.path, each.name) if isinstance(each, LocalFunction) else None
            calls = () if place is None else place.function.calls
            if place is not None and any(self.code.resolve(call.callee, place) == resolve for call in calls):
                return True
        return False

    def _followed(
        self,
        sleep: Site,
        position: int,
        part: float,
        place: Place,
        call: Call,
        promised: bool,
        calls: Chain,
    ) -> Iterator[Pause]:
        """The pauses that a sleep comes to, where `call`, which stands in `place`, makes it.

        `calls` are the calls on the way there, innermost first.
        """
        # Few applications sleep: what tells why they do is loaded for those.
        from slslint.app.waiting.asking import question_in, tries_again

        fate = self._fate(place, call) if promised else Fate.AWAITED
        if fate not in (Fate.AWAITED, Fate.RETURNED) or after_failure(place, call):
            return
        loop = loop_around(place, call)
        asked = None if loop is None else question_in(self.graph, place, loop, call)
        given = asked is None and (fate is Fate.RETURNED or self._given(sleep, position, place, calls))
        if given and len(calls) < _DEEPEST:
            callers = self._callers(place)
            for caller, arrival in callers:
                assert arrival.call is not None
                above = place.function.is_async or promised
                chain = (*calls, (arrival, place))
                yield from self._followed(sleep, position, part, caller, arrival.call, above, chain)
            # The platform waits for what the handler returns.
            if callers or (fate is Fate.RETURNED and place is not self.code.handler):
                return
        if asked is None and tries_again(place, call):
            return
        site = self.code.resolver.site(call, place)
        amount = self._number(_argument(sleep, position), sleep.place, frame_of(self.code.resolver, calls))
        path = site.path()
        if site.call is not sleep.call:
            path = (*path, Related(sleep.call.at, "which waits here"))
        yield Pause(
            site=site,
            kind="sleep" if asked is None else "poll",
            seconds=None if amount is None else amount * part,
            repeated=loop is not None,
            path=path,
            asks="" if asked is None else asked[0],
            asked=None if asked is None else asked[1],
        )

    def _callers(self, place: Place) -> list[tuple[Place, Arrival]]:
        arrivals = self.code.resolver.arrivals.get((place.path, place.name), ())
        return [(each.place, each) for each in arrivals if each.call is not None and each.place is not None]

    def _fate(self, place: Place, call: Call) -> Fate:
        if place.in_python:
            returned = any(leave.kind == "return" and leave.value is call for leave in place.function.exits)
            return Fate.AWAITED if call.awaited else Fate.RETURNED if returned else Fate.ELSEWHERE
        fate = self.promises.fate(place, call)
        return Fate.ELSEWHERE if fate in (Fate.AWAITED, Fate.RETURNED) and self._raced(place, call) else fate

    def _raced(self, place: Place, call: Call) -> bool:
        """Whether a promise is only one of several that are raced: then it is a limit for the others."""
        names = {
            assign.target.id
            for assign in place.function.assigns
            if isinstance(assign.target, Name) and any(part is call for part in walk(assign.value))
        }
        for race in place.function.calls:
            if self.code.resolver.site(race, place).dotted in _RACES and race is not call:
                for part in walk(race):
                    if part is call or (isinstance(part, Name) and part.id in names):
                        return True
        return False

    # --- how long ----------------------------------------------------------------------------------------------------

    def _given(self, sleep: Site, position: int, place: Place, calls: Chain) -> bool:
        """Whether a parameter of `place` says how long."""
        asked = [_argument(sleep, position)]
        inner = sleep.place
        for arrival, called in calls:
            asked = _handed(called, arrival, _parameters(inner, called, asked))
            inner = arrival.place or inner
        return bool(_parameters(inner, place, asked))

    def _number(self, expr: Expr | None, place: Place, frame: Frame | None) -> float | None:
        """The number that an expression comes to; of several the least."""
        if expr is None:
            return None
        if isinstance(expr, Arithmetic):
            left = self._number(expr.left, place, frame)
            right = self._number(expr.right, place, frame)
            if left is not None and right is not None:
                match expr.op:
                    case "+":
                        return left + right
                    case "-":
                        return left - right
                    case "*":
                        return left * right
                    case "/" if right:
                        return left / right
            return None
        return self._value(self.code.resolver.resolve(expr, place, frame))

    def _value(self, symbol: Symbol | None) -> float | None:
        match symbol:
            case Constant(bool() | None):
                return None
            case Constant(int() | float() as number):
                return float(number)
            case Constant(str() as text):
                return float(text) if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text) else None
            case EnvVar(name, default):
                match self.app.environment(self.function, name):
                    case Absent():
                        return self._value(default)
                    case Known(str() as text):
                        return self._value(Constant(text))
                    case _:
                        return None
            case Result(External(name), site) if name in _NUMBERS:
                return self._value(site.argument(0))
            case AnyOf(choices):
                found = [self._value(each) for each in choices]
                return min((each for each in found if each is not None), default=None) if None not in found else None
            case _:
                return None


def _argument(sleep: Site, position: int) -> Expr | None:
    found = sleep.call.positional(position)
    return found if found is not None else next((each.value for each in sleep.call.args if each.name), None)


def _handed(called: Place, arrival: Arrival, names: set[str]) -> list[Expr | None]:
    """What a call gives to the parameters of these names."""
    found: list[Expr | None] = []
    for index, parameter in enumerate(called.function.parameters):
        if parameter.name in names and arrival.call is not None:
            named = arrival.call.keyword(parameter.name)
            at = index + arrival.skip
            found.append(named if named is not None else arrival.call.positional(at) if at >= 0 else None)
    return found


def _parameters(inner: Place, place: Place, exprs: list[Expr | None]) -> set[str]:
    """The parameters of `place` that expressions, which stand in it or in a function inside it, are made of."""
    names = {part.id for expr in exprs if expr is not None for part in walk(expr) if isinstance(part, Name)}
    for function in (inner.function, place.function):
        for assign in reversed(function.assigns):
            if isinstance(assign.target, Name) and assign.target.id in names:
                names |= {part.id for part in walk(assign.value) if isinstance(part, Name)}
    return names & {parameter.name for parameter in place.function.parameters}


# --- waiters ---------------------------------------------------------------------------------------------------------


def _waiter(site: Site) -> Iterator[Pause]:
    """A waiter of the SDK: it asks every few seconds until something is as it should be."""
    name = site.dotted or ""
    what: object = None
    if name.endswith(".get_waiter().wait") and isinstance(site.symbol, Member) and isinstance(site.symbol.of, Result):
        made = site.symbol.of.site.argument(0, "waiter_name")
        what = made.value if isinstance(made, Constant) else "it is so"
    elif name.startswith("boto3.resource()") and ".wait_until_" in name:
        what = name.rpartition(".wait_until_")[2]
    elif name.startswith("@aws-sdk/client-") and re.search(r"\.waitUntil[A-Z]", name):
        what = name.rpartition(".waitUntil")[2]
    elif site.sdk is not None and name.endswith("().waitFor"):
        state = site.argument(0)
        what = state.value if isinstance(state, Constant) else "it is so"
    if what is not None:
        yield Pause(site, "waiter", None, False, site.path(), asks=str(what))
