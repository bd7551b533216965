"""Network calls that wait for ever."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from slslint.api import (
    App,
    CallGraph,
    Code,
    Constant,
    EnvVar,
    External,
    Finding,
    Function,
    Group,
    Joined,
    Known,
    LocalFunction,
    Member,
    Place,
    Result,
    Severity,
    Site,
    Symbol,
    Wait,
    dotted,
    facts,
    is_open,
    options,
    parts_of_symbol,
    rule,
)

NEAR = ("127.0.0.1", "localhost", "169.254.", "sandbox.localdomain")
"""Hosts inside the sandbox: the runtime API, whose long poll must not end, extensions, the daemon for traces."""

VENDORED = ("cfnresponse.py", "crhelper/", "cfn-response", "cfnresponse.js")
"""Copies of other people's files, which nobody edits."""


REQUESTS = {"Request", "node-fetch.Request", "undici.Request"}
"""What makes requests that carry options of their own."""

RACES = r"\brace|Race|(?<!set)(?<!clear)(?<!Signal\.)[tT]imeout|wait_for"
"""What functions are called that give up on a promise."""

COPYING = r"(?i)assign|merge|extend|default|update|^set"
"""What functions are called that write to an argument."""

NO_OPTIONS = r"(?i)ur[il]|href|endpoint|link|host|path|callback|^cb$|^done$|resolve"
"""How people call addresses and callbacks, which are no objects with options."""


_NO_OBJECTS = {"URL()", "url.URL()", "url.parse()", "resolve", "reject"}
"""What makes addresses, and what the function that makes a promise is given."""


@rule(Severity.WARNING, tags=("timeouts",))
def call_without_timeout(app: App) -> Iterator[Finding]:
    """A network call that the handler reaches has no timeout."""
    seen: set[facts.Call] = set()
    for function, code in app.functions_with_code():
        limits = _Limits(code)
        for site in code.sites():
            wait = site.wait
            if wait is None or site.call in seen or any(copied in site.place.path for copied in VENDORED):
                continue
            if _waits(site, wait) and not _stays_near(site) and not limits.hold(site, wait):
                seen.add(site.call)
                yield _finding(function, site, wait)


def _waits(site: Site, wait: Wait) -> bool:
    if _may_hold_more(site, wait, wait.objects):
        return False
    said = _given(site, wait.names)
    if wait.position is not None and (placed := site.argument(wait.position)) is not None:
        said.append(placed)
    if wait.address:
        if any(_mentions_timeout(each) for each in site.argument_symbols()):
            return False
        said = [each for each in said if not isinstance(each, Group) and not _is_text(each)]
    if said:
        off = all(_is_off(each, wait) for each in said)
        # A read or connect limit stays when only the total is lifted.
        return off and (not wait.lifted or len(site.call.args) == 1)
    if not wait.default or any(_may_be_limited(agent, wait) for agent in _given(site, wait.agents)):
        return False
    return not any(
        _may_hold_more(maker, wait, tuple(range(len(maker.call.args)))) or _given(maker, wait.maker)
        for maker in _makers(site)
    )


def _given(site: Site, names: tuple[str, ...]) -> list[Symbol]:
    return [given for name in names if (given := site.argument(name=name)) is not None]


def _may_hold_more(site: Site, wait: Wait, objects: tuple[int, ...]) -> bool:
    """Whether the call may be given what is not in sight: by a spread, or by an object from elsewhere."""
    second = site.call.positional(1) if objects == (0, 1) else None
    for position, argument in enumerate(site.call.args):
        if position == 0 and isinstance(second, facts.Table):
            # Options behind it leave the first an address.
            continue
        if argument.spread or (position in objects and argument.name is None):
            plain = not argument.spread and _holds_no_options(site, argument.value)
            if not plain and not _in_sight(site, argument.value, wait):
                return True
    return False


def _holds_no_options(site: Site, expr: facts.Expr) -> bool:
    """Whether it is an address, a callback, or a request that was signed: headers and a body."""
    match expr:
        case facts.Name(name) | facts.Attr(_, name) if re.search(NO_OPTIONS, name):
            return True
        case facts.Item(_, facts.Literal(str() as name)) if re.search(NO_OPTIONS, name):
            return True
        case _:
            made = dotted(site.code.resolve(expr, site.place)) or ""
            return made in _NO_OBJECTS or made.endswith(".sign()")


def _in_sight(site: Site, expr: facts.Expr, wait: Wait) -> bool:
    """Whether all that an argument holds is written where it is made."""
    if isinstance(expr, facts.Name) and not _made_once(site, expr.id, wait):
        return False
    if isinstance(expr, facts.Table):
        spread = (value for key, value in expr.entries if key is None)
        return all(key is None or isinstance(key, facts.Literal) for key, _ in expr.entries) and all(
            _holds_no_options(site, each) or _in_sight(site, each, wait) for each in spread
        )
    return not is_open(site.code.resolve(expr, site.place))


def _made_once(site: Site, name: str, wait: Wait) -> bool:
    """Whether a variable has one value, which nobody puts a limit into later."""
    functions = site.place.facts.functions
    home = site.place.function
    while home.name and name not in home.bound:
        home = functions[home.outer]
    made = [each for each in home.assigns if isinstance(each.target, facts.Name) and each.target.id == name]
    if len(made) != 1:
        return False
    around = [each for each in functions.values() if each is home or name not in each.bound]
    return not any(_is_written_to(each, site, name, wait) for each in around)


def _is_written_to(function: facts.Function, site: Site, name: str, wait: Wait) -> bool:
    for assign in function.assigns:
        match assign.target:
            case facts.Attr(facts.Name(id=holder), key) | facts.Item(facts.Name(id=holder), facts.Literal(key)):
                if holder == name and key in (*wait.names, *wait.agents, *wait.maker):
                    return True
            case facts.Item(facts.Name(id=holder), _) if holder == name:
                return True
    for call in function.calls:
        base = call.callee.base if isinstance(call.callee, facts.Attr) else None
        held = [base, *(each.value for each in call.args if not each.spread)]
        if call is not site.call and any(isinstance(each, facts.Name) and each.id == name for each in held):
            place = site.code.place(site.place.path, function.name)
            callee = None if place is None else dotted(site.code.resolve(call.callee, place))
            # Who else gets it may put something into it; what is no function of the application hardly does.
            if callee is None or (isinstance(base, facts.Name) and base.id == name) or re.search(COPYING, callee):
                return True
    return False


def _mentions_timeout(symbol: Symbol) -> bool:
    """Whether an address holds the limit itself: `redis://cache?socket_timeout=5`."""
    return any(
        isinstance(part, Constant) and isinstance(part.value, str) and "timeout" in part.value
        for part in parts_of_symbol(symbol)
    )


def _is_text(symbol: Symbol) -> bool:
    """Whether an address is written out, at least from its start: `host=... dbname=...`."""
    starts = (each.parts[0] if isinstance(each, Joined) and each.parts else each for each in options(symbol))
    return all(isinstance(start, Constant) and isinstance(start.value, str) for start in starts)


def _is_off(symbol: Symbol, wait: Wait) -> bool:
    return all(isinstance(each, Constant) and each.value in wait.forever for each in options(symbol))


def _may_be_limited(agent: Symbol, wait: Wait) -> bool:
    """Whether an agent or dispatcher may have a limit of its own."""
    for each in options(agent):
        if isinstance(each, Result):
            if each.site.open or _given(each.site, ("timeout", "headersTimeout", "bodyTimeout")):
                return True
        elif not _is_off(each, wait):
            return True
    return False


def _makers(site: Site) -> Iterator[Site]:
    """The calls that made the session, pool or instance that is called, or whose method is, and the request if any."""
    for each in options(site.symbol):
        maker = each.of if isinstance(each, Member) else each
        if isinstance(maker, Result):
            yield maker.site
    request = site.argument(0)
    for each in () if request is None else options(request):
        if isinstance(each, Result) and dotted(each.of) in REQUESTS:
            yield each.site


class _Limits:
    """What limits calls in ways that they do not show; looked up once for all calls of a function's code."""

    def __init__(self, code: Code) -> None:
        self.code = code

    def hold(self, site: Site, wait: Wait) -> bool:
        """Whether a limit is set elsewhere for a call."""
        set_up = (each for name in wait.elsewhere for each in self._sites.get(name, ()))
        if any(not _is_plain_mount(each) and not _on_another(each, site) for each in set_up):
            return True
        if wait.after and any(_is_after(each, site, wait) for each in self.code.sites()):
            return True
        return not wait.replaced.isdisjoint(self._replaced) or any(
            _is_raced(self._graph, race, site) for race in self._races
        )

    @cached_property
    def _sites(self) -> dict[str, list[Site]]:
        found: dict[str, list[Site]] = {}
        for each in self.code.sites():
            if each.dotted is not None:
                found.setdefault(each.dotted, []).append(each)
        return found

    @cached_property
    def _replaced(self) -> set[str]:
        """Attributes that are set, and methods of derived classes, which may carry a default for a client.

        What an adapter does holds for the sessions that it is mounted on.
        """
        names: set[str] = set()
        for place in self.code.places():
            classes = place.facts.classes
            if place.function.owner is None or not _is_adapter(classes[place.function.owner]):
                names.update(name for assign in place.function.assigns for name in _spellings(assign.target))
            if not place.name:
                names.update(*(each.methods for each in classes.values() if each.bases and not _is_adapter(each)))
        return names

    @cached_property
    def _races(self) -> list[Site]:
        races = re.compile(RACES)
        return [each for each in self.code.sites() if races.search(each.title)]

    @cached_property
    def _graph(self) -> CallGraph:
        return self.code.keep(CallGraph)


def _is_adapter(of: facts.Class) -> bool:
    """Whether a class is an adapter of requests, by its base."""
    return any(isinstance(base, facts.Name | facts.Attr) and _last(base) == "HTTPAdapter" for base in of.bases)


def _last(name: facts.Name | facts.Attr) -> str:
    return name.id if isinstance(name, facts.Name) else name.name


def _is_plain_mount(site: Site) -> bool:
    """Whether a session is only given another adapter of requests itself, which has no default either."""
    adapter = site.argument(1, "adapter")
    return isinstance(adapter, Result) and adapter.of == External("requests.adapters.HTTPAdapter")


def _on_another(setting: Site, site: Site) -> bool:
    """Whether a limit is set on a session that another call has made."""
    theirs, mine = ({maker.call for maker in _makers(each)} for each in (setting, site))
    return bool(theirs and mine) and theirs.isdisjoint(mine)


def _is_after(later: Site, site: Site, wait: Wait) -> bool:
    """Whether a later call, on what the call returned, sets the limit: `request.setTimeout(5000)`."""
    for each in options(later.symbol):
        if not isinstance(each, Member):
            continue
        event = later.argument(0)
        about = f"{each.name} {event.value!s}" if isinstance(event, Constant) else each.name
        if each.name not in wait.after and about not in wait.after:
            continue
        here: Symbol = each
        while isinstance(here, Member | Result):
            if isinstance(here, Result) and here.site.call is site.call:
                return True
            here = here.of
    return False


def _spellings(target: facts.Expr) -> Iterator[str]:
    match target:
        case facts.Attr(base, name) | facts.Item(base, facts.Literal(str() as name)):
            yield name
            if isinstance(base, facts.Attr):
                yield f"{base.name}.{name}"


def _is_raced(graph: CallGraph, race: Site, site: Site) -> bool:
    """Whether what waits for the call gives up by itself: `Promise.race([fetch(url), timer])`."""
    code = graph.code
    runs: list[Place] = []
    for expr in (part for argument in race.call.args for part in facts.walk(argument.value)):
        if expr is site.call:
            return True
        called = expr.callee if isinstance(expr, facts.Call) else expr
        for symbol in options(code.resolve(called, race.place)):
            if isinstance(symbol, Result) and symbol.site.call is site.call:
                return True
            if isinstance(symbol, LocalFunction) and (place := code.place(symbol.path, symbol.name)) is not None:
                runs.append(place)
    return site.place in runs or site.place in graph.under((place, 0) for place in runs)[0]


def _stays_near(site: Site) -> bool:
    """Whether the call goes to something inside the sandbox itself."""
    for argument in site.argument_symbols():
        for part in parts_of_symbol(argument):
            if isinstance(part, EnvVar) and part.name == "AWS_LAMBDA_RUNTIME_API":
                return True
            if isinstance(part, Constant) and isinstance(part.value, str) and any(host in part.value for host in NEAR):
                return True
    return False


def _finding(function: Function, site: Site, wait: Wait) -> Finding:
    name = re.sub(r"([A-Z]\w*)\(\)", r"\1", site.title)
    return Finding(
        at=site.call.at,
        message=f"`{name}` {'has no timeout' if wait.seconds is None else 'is given no timeout'}: when the other side "
        f"does not answer, it waits {_how_long(function, wait)}, and all of it is paid for; set one",
        help=f"add `{wait.fix}`, well below the function's own timeout",
        function=function.id,
        path=site.path() if site.place is not site.code.handler else (),
    )


def _how_long(function: Function, wait: Wait) -> str:
    if not isinstance(function.timeout, Known):
        return f"until `{function.id}` is cut off" + (f", or for {wait.seconds} s" if wait.seconds else "")
    if wait.seconds is not None and wait.seconds < function.timeout.value:
        return f"for {wait.seconds} s"
    return f"until `{function.id}` is cut off after {function.timeout.value} s"
