"""What becomes of the promise that a call of JavaScript gives, as far as the function that makes the call shows."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from slslint.app.code import Code
from slslint.app.place import Place
from slslint.app.scope import Scopes
from slslint.app.symbols import dotted, options
from slslint.facts import (
    ANY,
    Assign,
    Attr,
    Call,
    Closure,
    Exit,
    Expr,
    Item,
    Logic,
    Name,
    OneOf,
    Other,
    Sequence,
    parts_of,
)
from slslint.record import cached_property

SETTLING = frozenset({"then", "catch", "finally"})
"""Methods of a promise that give the promise of what comes next."""

_SAME = SETTLING | {"promise", "json", "text", "buffer", "arrayBuffer"}
"""Methods whose result is settled no sooner than the promise that they are called on."""

COMBINING = frozenset({"Promise.all", "Promise.allSettled", "Promise.race", "Promise.any"})
"""Called with promises, these give one for them all, or for the first of them."""

_REARRANGING = frozenset({"concat", "filter", "flat", "reverse", "slice"})
"""Methods of an array that give another one of the same elements."""

_ADDING = frozenset({"push", "unshift"})


class Fate(Enum):
    """What becomes of a promise."""

    AWAITED = "awaited, by itself or together with others"
    RETURNED = "returned, for the caller to wait for"
    ELSEWHERE = "handed to somebody, kept for later, or not to be told"
    DROPPED = "nobody can wait for it any more"


class Promises:
    """The fates of promises in the code of one function."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self._holders: dict[Place, Holders] = {}
        self._fates: dict[tuple[Place, str, bool], Fate] = {}

    def holders(self, place: Place) -> Holders:
        """What the expressions of a place stand in."""
        found = self._holders.get(place)
        if found is None:
            found = self._holders[place] = Holders(place, self.code.sources.scopes(place.path))
        return found

    def fate(self, place: Place, expr: Expr, several: bool = False) -> Fate:
        """What becomes of the promise that `expr` gives in `place`, or, when it gives `several`, of an array of them.

        To await an array, or to return it to the platform, waits for nothing.
        """
        return self._fate(place, expr, several, frozenset())

    def chain(self, place: Place, call: Call) -> Iterator[Call]:
        """The call and what is chained to it: `send(command)`, `send(command).then(show)`."""
        holders = self.holders(place)
        step: Expr | Assign | Exit | None = call
        while isinstance(step, Call):
            yield step
            method = holders.of(step)
            after = holders.of(method) if isinstance(method, Attr) else None
            step = after if isinstance(after, Call) and after.callee is method else None

    def is_asked(self, place: Place, call: Call) -> bool:
        """Whether what the call gives is told to go, at once or as a variable: `.promise()` or `.send()`."""
        holders = self.holders(place)
        holder = holders.of(call)
        if isinstance(holder, Assign) and isinstance(holder.target, Name):
            return any(_is_told_to_go(holders.of(use)) for use in holders.uses(holder.target.id))
        return _is_told_to_go(holder)

    def _fate(self, place: Place, expr: Expr, several: bool, asked: frozenset[str]) -> Fate:
        if isinstance(expr, Call) and (expr.awaited or expr.discarded):
            return Fate.AWAITED if expr.awaited and not several else Fate.DROPPED
        holders = self.holders(place)
        if holders.awaits(expr):
            return Fate.DROPPED if several else Fate.AWAITED
        holder = holders.of(expr)
        match holder:
            case Assign(Name(name), _, _, _, "="):
                return self._kept(place, name, several, asked)
            case Exit("return"):
                return Fate.DROPPED if several and place is self.code.handler else Fate.RETURNED
            case Attr(_, name):
                call = holders.of(holder)
                if isinstance(call, Call) and call.callee is holder:
                    if name in (_REARRANGING if several else _SAME):
                        return self._fate(place, call, several, asked)
                elif not several:
                    # `const { data } = axios.get(address)`: no promise has such a property.
                    return Fate.DROPPED
            case Call(Attr(Name(name), method)) if method in _ADDING:
                return self._kept(place, name, True, asked)
            case Call(callee) if callee is not expr:
                if any(dotted(each) in COMBINING for each in options(self.code.resolve(callee, place))):
                    return self._fate(place, holder, False, asked)
            case Sequence():
                return self._fate(place, holder, True, asked)
            case Item(base, key) if base is expr and key == ANY:
                # A spread among the elements of another array; or the pages of what is asked for one by one.
                return self._fate(place, holder, False, asked) if several else Fate.AWAITED
            case Other():
                # An array with a spread.
                fate = self._fate(place, holder, True, asked)
                return fate if several or fate is Fate.AWAITED else Fate.ELSEWHERE
            case OneOf(choices) if any(each is expr for each in choices):
                return self._fate(place, holder, several, asked)
            case Logic("and" | "or", operands) if several or operands[-1] is expr:
                return self._fate(place, holder, several, asked)
            case _:
                pass
        return Fate.ELSEWHERE

    def _kept(self, place: Place, name: str, several: bool, asked: frozenset[str]) -> Fate:
        """What becomes of promises in a local variable."""
        if asked:
            return self._of_uses(place, name, several, asked)
        # A variable that is given a promise in a thousand places is used in as many.
        key = (place, name, several)
        if key not in self._fates:
            self._fates[key] = self._of_uses(place, name, several, asked)
        return self._fates[key]

    def _of_uses(self, place: Place, name: str, several: bool, asked: frozenset[str]) -> Fate:
        holders = self.holders(place)
        if name not in place.function.bound or name in holders.shared:
            return Fate.ELSEWHERE
        found = {Fate.DROPPED}
        if name not in asked:
            for use in holders.uses(name):
                if not self._tells_nothing(holders, use):
                    found.add(self._fate(place, use, several, asked | {name}))
        for fate in (Fate.AWAITED, Fate.RETURNED, Fate.ELSEWHERE):
            if fate in found:
                return fate
        return Fate.DROPPED

    def _tells_nothing(self, holders: Holders, use: Name) -> bool:
        """Whether a variable is only asked for a property, or has something put into it: nobody waits by that."""
        if holders.awaits(use):
            return False
        holder = holders.of(use)
        return isinstance(holder, Attr) and holder.name not in _SAME | _REARRANGING | {"forEach", "map", "reduce"}


def _is_told_to_go(holder: Expr | Assign | Exit | None) -> bool:
    return isinstance(holder, Attr) and holder.name in ("promise", "send")


def beginning(call: Call) -> Call | None:
    """The call that a chain begins with: `send(command)` in `send(command).promise().then(show)`."""
    base: Expr = call
    while isinstance(base, Call) and isinstance(base.callee, Attr) and base.callee.name in _SAME:
        base = base.callee.base
    return base if isinstance(base, Call) and base is not call else None


class Holders:
    """What each expression of a place stands in: the expression around it, an assignment, an exit.

    Attributes:
        closures: what each function that is written as a value in this place stands in, by its key.

    """

    def __init__(self, place: Place, scopes: Scopes) -> None:
        function = place.function
        self._place = place
        self._scopes = scopes
        self._awaited = {id(expr) for expr, _ in function.awaits}
        self._of: dict[int, Expr | Assign | Exit | None] = {}
        self._uses: dict[str, list[Name]] = {}
        self.closures: dict[str, Expr | Assign | Exit | None] = {}
        targets = set()
        for expr, _ in function.expressions:
            for part in parts_of(expr):
                self._put(part, expr)
        for assign in function.assigns:
            self._put(assign.value, assign)
            targets.add(id(assign.target))
        for leave in function.exits:
            if leave.value is not None:
                self._put(leave.value, leave)
        for expr, _ in function.expressions:
            if isinstance(expr, Name) and id(expr) not in targets:
                self._uses.setdefault(expr.id, []).append(expr)
            elif isinstance(expr, Closure):
                self.closures[expr.function] = self._of.get(id(expr))

    @cached_property
    def shared(self) -> frozenset[str]:
        """The names whose values functions inside this one may use."""
        names: set[str] = set()
        todo = [*self._scopes.children.get(self._place.name, ())]
        while todo:
            function = self._place.facts.functions[todo.pop()]
            names.update(read.name for read in function.reads)
            names |= function.outer_names
            todo += self._scopes.children.get(function.name, ())
        return frozenset(names)

    def _put(self, expr: Expr, holder: Expr | Assign | Exit) -> None:
        # What stands in two places, as in `a = b = start()`, can be followed in none.
        self._of[id(expr)] = None if self._of.get(id(expr), holder) is not holder else holder

    def of(self, expr: Expr) -> Expr | Assign | Exit | None:
        """What the expression stands in; None for a statement of its own, a condition, or when there are several."""
        return self._of.get(id(expr))

    def awaits(self, expr: Expr) -> bool:
        """Whether the function awaits the expression itself."""
        return expr.awaited if isinstance(expr, Call) else id(expr) in self._awaited

    def uses(self, name: str) -> list[Name]:
        """Where the place reads the name."""
        return self._uses.get(name, [])
