"""Functions that JavaScript hands on: callbacks of arrays, promises, timers, streams, frameworks and SDKs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from slslint.app import runtime
from slslint.app.place import Place
from slslint.app.reach.step import FROM_EVENT
from slslint.app.resolve import Arrival
from slslint.app.runtime import javascript
from slslint.app.symbols import (
    ContextPart,
    EventPart,
    External,
    Group,
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
from slslint.facts import Attr, Call, Closure, Expr, Function, Item, Literal, Name, Sequence, Table, walk

if TYPE_CHECKING:
    from slslint.app.reach.explore import Reach

_MOST_FUNCTIONS = 200
"""Functions in one object that is handed on."""

_INVOCATION = (EventPart(), ContextPart(), External("callback"))
_RECORD = EventPart(("Records", None))
_REQUEST = Group((EventPart(), ContextPart()), ("event", "context"))


def handed_on(reach: Reach, place: Place, call: Call, callee: Symbol) -> None:
    """Local functions, and objects that hold some, which are given to something that is no function of ours."""
    resolver = reach.resolver
    name = dotted(callee) or ""
    for position, argument in enumerate(call.args):
        if not may_hold_function(reach, place, argument.value):
            continue
        reach.handed.update(id(part) for part in _literal_parts(argument.value) if isinstance(part, Closure))
        for symbol in _callable(resolver.resolve(argument.value, place)):
            if isinstance(symbol, LocalFunction):
                function = reach.function(symbol)
                if function is not None:
                    _given(reach, place, call, callee, function, name, position)
            else:
                reach.handed_over(place, call, symbol)


def _given(reach: Reach, place: Place, call: Call, callee: Symbol, function: Place, name: str, position: int) -> None:
    if name.startswith(javascript.IN_BROWSERS):
        return
    if not reach.step(place, function, call.at, "passes on") and (call, function) in reach.given:
        return
    reach.given.add((call, function))
    last = call.callee.name if isinstance(call.callee, Attr) else name
    if name == javascript.STREAMING:
        streamed = Arrival(given=(EventPart(), External("responseStream"), ContextPart()))
        reach.resolver.arrivals.pop((function.path, function.name), None)
        reach.arrive(function, streamed)
    elif function is not reach.code.handler:
        reach.arrive(function, _arrival(reach, place, call, callee, function, name, last, position))
    if (not place.name and _registers(name, last)) or _routes(call, callee, last, position):
        reach.registered[function] = None


def _routes(call: Call, callee: Symbol, last: str, position: int) -> bool:
    """Whether an object that a package made keeps the function for requests, wherever it is told: `app.get("/", f)`."""
    if last not in javascript.ROUTING or not isinstance(callee, Member):
        return False
    return last == "use" or (position > 0 and isinstance(call.args[0].value, Literal))


def _registers(name: str, last: str) -> bool:
    """Whether what a module body hands on runs when an invocation comes: `app.get("/users", list_users)`."""
    if not name or name in javascript.AT_ONCE or name in javascript.TIMERS:
        return False
    array = javascript.ELEMENTWISE | javascript.FOLDING | javascript.ORDERING
    return last not in array and last not in javascript.SETTLING and last not in javascript.LISTENING


def _arrival(
    reach: Reach, place: Place, call: Call, callee: Symbol, function: Place, name: str, last: str, position: int
) -> Arrival:
    resolver = reach.resolver
    base = resolver.resolve(call.callee.base, place) if isinstance(call.callee, Attr) else Unresolved()
    if name in runtime.BATCH_PROCESSORS:
        return Arrival(given=(_RECORD,), rest=FROM_EVENT)
    if name.startswith(javascript.REQUEST_HOOKS) and last in ("use", "before", "after", "onError"):
        return Arrival(given=(_REQUEST,), rest=Unresolved())
    if not place.name and position == 0 and name.startswith(javascript.HANDLER_WRAPPERS):
        return Arrival(given=_INVOCATION, rest=Unresolved())
    if last in javascript.ELEMENTWISE or name == "Array.from":
        many = base if position == 0 else resolver.argument(call, place, None, 0, None) or Unresolved()
        return Arrival(given=(resolver.element(many),), rest=Unresolved())
    if last in javascript.FOLDING:
        first = resolver.argument(call, place, None, 1, None)
        element = resolver.element(base)
        return Arrival(given=(unresolved((element,) if first is None else (element, first)), element))
    if last in javascript.ORDERING:
        element = resolver.element(base)
        return Arrival(given=(element, element))
    if last in javascript.SETTLING:
        return Arrival(given=(base,) if last == "then" and position == 0 else (), rest=Unresolved())
    if name in javascript.TIMERS and position == 0:
        return Arrival(place, call, skip=2 if name in javascript.DELAYED else 1)
    if name == "Promise":
        return Arrival(given=(External("resolve"), External("reject")))
    if _takes_error(function.function) and position == len(call.args) - 1:
        return Arrival(given=(Unresolved(), Result(callee, resolver.site(call, place))), rest=Unresolved())
    if (not place.name and _registers(name, last)) or _routes(call, callee, last, position):
        return Arrival(rest=FROM_EVENT)
    others = [resolver.resolve(each.value, place) for index, each in enumerate(call.args) if index != position]
    return Arrival(rest=unresolved((callee, *others)))


def _takes_error(function: Function) -> bool:
    """Whether a function is a callback of Node's: `(err, data) => ...`."""
    return len(function.parameters) > 1 and function.parameters[0].name.lower() in javascript.ERROR_NAMES


def _callable(symbol: Symbol) -> Iterator[LocalFunction | LocalClass | LocalInstance]:
    """The functions, classes and instances of the application that a value is or holds."""
    stack: list[Symbol] = [symbol]
    steps = 0
    while stack and steps < _MOST_FUNCTIONS:
        steps += 1
        here = stack.pop()
        if isinstance(here, LocalFunction | LocalClass | LocalInstance):
            yield here
        elif isinstance(here, Group):
            stack.extend(reversed(here.items))
        else:
            stack.extend(each for each in reversed(options(here)) if each is not here)


def may_hold_function(reach: Reach, place: Place, value: Expr) -> bool:
    """A cheap test before resolving: whether an argument may be or hold a local function, class or instance."""
    if isinstance(value, Literal):
        return False
    names = reach.callable_names(place)
    match value:
        case Closure():
            return True
        case Name(name):
            return name in names or reach.derived or any(each.name == name for each in place.function.parameters)
        case Attr(base, name):
            return name in reach.methods or name in names or (isinstance(base, Name) and base.id in names)
        case Call(Name(name), _):
            return name in names or reach.derived
        case Call(Attr(base, "bind"), _):
            return may_hold_function(reach, place, base)
        case Call():
            return reach.derived
        case Table() | Sequence():
            return any(
                not isinstance(part, Table | Sequence) and may_hold_function(reach, place, part)
                for part in _literal_parts(value)
            )
        case _:
            return False


def _literal_parts(value: Expr) -> Iterator[Expr]:
    """The expression, and the values in it as far as it is an object or array literal."""
    stack = [value]
    while stack:
        here = stack.pop()
        yield here
        if isinstance(here, Table):
            stack.extend(entry for _, entry in here.entries)
        elif isinstance(here, Sequence):
            stack.extend(here.items)


def definitions(function: Function) -> set[int]:
    """The expressions, by identity, that define functions without handing them on.

    `const save = () => {}` and `const orders = { save() {} }` define them, as `def` and `class` do in Python; to export
    them is to hand them to nobody.
    """
    found: set[int] = set()
    for assign in function.assigns:
        if _is_export(assign.target):
            found.update(id(part) for part in walk(assign.value))
        elif isinstance(assign.target, Name):
            found.add(id(assign.target))
            own = assign.value
            found.update(id(part) for part in _literal_parts(own) if part is not own or isinstance(own, Closure))
    return found


def _is_export(target: Expr) -> bool:
    while isinstance(target, Attr | Item):
        target = target.base
    return isinstance(target, Name) and target.id == "exports"


def named_objects(place: Place) -> set[str]:
    """The names of a file that hold objects or arrays with functions in them."""
    return {
        assign.target.id
        for function in place.facts.functions.values()
        for assign in function.assigns
        if isinstance(assign.target, Name)
        and isinstance(assign.value, Table | Sequence)
        and any(isinstance(part, Closure | Name | Attr) for part in _literal_parts(assign.value))
    }
