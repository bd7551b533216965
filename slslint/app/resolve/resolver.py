"""The question what an expression stands for, asked once and answered in bounds; each room answers its own part.

Everything is bounded. An expression is resolved once (per frame); one that needs itself adds nothing to its own
alternatives; nesting, alternatives and sizes have limits past which the answer is Unresolved, never a wrong one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ParamSpec

from slslint.app.place import Place, Sources
from slslint.app.resolve import arguments, classes, exports, imports, members, names, results
from slslint.app.resolve.frames import Arrival, Chain, Frame, Touch
from slslint.app.resolve.keys import arithmetic, first_of, key_of, shown, text_of
from slslint.app.site import Site
from slslint.app.symbols import (
    CYCLE,
    Constant,
    External,
    Group,
    Key,
    LocalClass,
    LocalFunction,
    LocalModule,
    Symbol,
    Unresolved,
    any_of,
    bounded,
    unresolved,
)
from slslint.facts import (
    ANY,
    Arithmetic,
    Attr,
    Call,
    Closure,
    Compare,
    Expr,
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

if TYPE_CHECKING:
    from slslint.app.code import Code

P = ParamSpec("P")

_DEPTH = ("", "depth")
"""What an answer depends on that was cut short because the questions are nested too deeply."""

_SAME_FOR_ALL = (External, LocalClass, LocalFunction, LocalModule)
"""What the code alone decides where no caller does, and what holds no call, which belongs to one function's code."""

_DEEPEST = 60
"""Nested questions; each takes a few Python frames, and the interpreter allows a thousand in all."""

_LARGEST_KEY = 16
"""Nodes of a key that is not constant; who asks for it wants to know which table or queue it names."""


class Resolver:
    """Resolves expressions of one deployed function's code.

    Attributes:
        arrivals: how each function, by (path, key), gets its arguments; a class without a constructor of its own is
            there under its own key. Filled while reachability is explored.
        wraps: for a wrapper that a decorator returns: the functions that it stands in for.
        files: the paths that were loaded.
        changed: what has changed since the last `forget`, a bit each.
        settled: reachability is known, so that answers that depend on callers may be kept for good.
        touched: what the answer being made depends on that may still change, a bit each: callers, classes, the loaded
            files, and the questions around it at which it was cut short.
        active: the questions that are being answered.
        starred: the modules whose star imports are being asked, and for what name.
        cuts: how often an answer was cut short.

    """

    def __init__(self, code: Code, sources: Sources) -> None:
        self.code = code
        self.sources = sources
        self.arrivals: dict[tuple[str, str], list[Arrival]] = {}
        self.wraps: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self.files: dict[str, None] = {}
        self.changed = 0
        self.settled = False
        self.touched = 0
        self.active: set[object] = set()
        self.starred: set[tuple[str, str]] = set()
        self.stars: dict[str, exports.Stars] = {}
        self.frames: dict[tuple[int, str, int], Frame] = {}
        self.chains: dict[Chain, Frame] = {}
        self._memo: dict[object, Symbol] = {}
        self._provisional: dict[object, int] = {}
        self._bits: dict[object, int] = {}
        self.cuts = 0
        self._depth = 0
        self._sites: dict[int, Site] = {}

    name = names.name
    module_name = names.module_name
    module_binding = names.module_binding
    exported = exports.exported
    module = exports.module
    as_a_whole = exports.as_a_whole
    public_names = exports.public_names
    binding_of = exports.binding_of
    all_exported = exports.all_exported
    assigned = names.assigned
    imported = imports.imported
    member = members.member
    item = members.item
    element = members.element
    environment = members.environment
    lineage = classes.lineage
    method = classes.method
    constructor = classes.constructor
    fields = classes.fields
    receiver = classes.receiver
    class_member = classes.class_member
    instance_member = classes.instance_member
    is_property = classes.is_property
    is_classmethod = classes.is_classmethod
    decorated_by = classes.decorated_by
    argument = arguments.argument
    parameter = arguments.parameter
    skip = arguments.skip
    result_of = results.result_of
    returns = results.returns
    applied = results.applied

    def resolve(self, expr: Expr, place: Place, frame: Frame | None = None) -> Symbol:
        """What `expr`, which stands in `place`, stands for; in a frame, its function's parameters are the call's."""
        if isinstance(expr, Literal):
            return Constant(expr.value)
        key = (id(expr), place, frame)
        found = self._memo.get(key)
        if found is None:
            found = self.sources.answers.get(key)
            return self._answer(key, expr, place, frame) if found is None else found
        if not self.settled and key in self._provisional:
            self.touched |= self._provisional[key]
        return found

    def _answer(self, key: tuple[int, Place, Frame | None], expr: Expr, place: Place, frame: Frame | None) -> Symbol:
        outermost = not self.active and not self.starred
        before, self.touched = self.touched, 0
        found = self.once(key, self._expression, expr, place, frame)
        if outermost and frame is None and not self.touched and not self.settled and isinstance(found, _SAME_FOR_ALL):
            self.sources.answers[key] = found
        self.touched |= before
        return found

    def arrive(self, path: str, key: str, arrival: Arrival) -> None:
        """Take up a way in which a function or class gets its arguments."""
        self.arrivals.setdefault((path, key), []).append(arrival)
        self.change((path, key))

    def change(self, what: Touch) -> None:
        """Note that answers that depend on it may be others by now."""
        self.changed |= self._bit(what)

    def touch(self, what: Touch) -> None:
        """Note that the answer being made depends on it, as far as it is known by now."""
        if not self.settled:
            self.touched |= self._bit(what)

    def _bit(self, what: object) -> int:
        return self._bits.setdefault(what, 1 << len(self._bits))

    def forget(self) -> int:
        """Drop the answers that depend on what has changed since, or were cut short at a question around them.

        Returns:
            What has changed, a bit each.

        """
        changed, self.changed = self.changed, 0
        for key in [key for key, on in self._provisional.items() if on & changed]:
            del self._memo[key], self._provisional[key]
        return changed

    def settle(self) -> None:
        """Everything that runs is known: from now on every answer is kept."""
        self.change(_DEPTH)
        self.forget()
        self._provisional.clear()
        self.settled = True

    def site(self, call: Call, place: Place, frame: Frame | None = None) -> Site:
        """The site of a call; one object per call outside frames."""
        if frame is not None:
            return Site(self.code, place, call, frame)
        found = self._sites.get(id(call))
        if found is None:
            found = self._sites[id(call)] = Site(self.code, place, call)
        return found

    def kept(self, key: object) -> Symbol | None:
        found = self._memo.get(key)
        if found is not None and not self.settled and key in self._provisional:
            self.touched |= self._provisional[key]
        return found

    def once(self, key: object, make: Callable[P, Symbol], *args: P.args, **options: P.kwargs) -> Symbol:
        if key in self.active or self._depth > _DEEPEST:
            self._cut(key if key in self.active else _DEPTH)
            return CYCLE
        before, self.touched = self.touched, 0
        self.active.add(key)
        self._depth += 1
        try:
            found = make(*args, **options)
        finally:
            self._depth -= 1
            self.active.discard(key)
        if self.touched and key in self._bits:
            # It is whole, though answers inside it were cut short at it.
            self.touched &= ~self._bits[key]
        self._keep(key, found)
        self.touched |= before
        return found

    def _cut(self, at: object) -> None:
        """Note that an answer is cut short at a question around it, or too deep down.

        The one is worked out anew in the next round. The other would be cut at the same place, since rounds ask in the
        same order: it waits until rules ask.
        """
        self.cuts += 1
        if not self.settled:
            bit = self._bit(at)
            self.touched |= bit
            if at is not _DEPTH:
                self.changed |= bit

    def held(self, key: object, make: Callable[P, Symbol], *args: P.args, **options: P.kwargs) -> Symbol:
        """What a name holds, worked out once for all who read it unless the answer was cut short.

        It is no question of its own: a name that is given a value made of its own is cut short at that value.
        """
        found = self.kept(key)
        if found is not None:
            return found
        before, self.touched = self.touched, 0
        cuts = self.cuts
        found = make(*args, **options)
        if self.cuts == cuts:
            self._keep(key, found)
        self.touched |= before
        return found

    def _keep(self, key: object, found: Symbol) -> None:
        """Keep an answer, while files are explored only until what it depends on changes."""
        self._memo[key] = found
        if self.touched and not self.settled:
            self._provisional[key] = self.touched

    def _expression(self, expr: Expr, place: Place, frame: Frame | None) -> Symbol:
        # Most are one of these three, and a `match` takes three times as long to tell that.
        if isinstance(expr, Name):
            return self.name(expr.id, expr.at, place, frame)
        if isinstance(expr, Attr):
            return self.member(self.resolve(expr.base, place, frame), expr.name, place.path)
        if isinstance(expr, Call):
            return self.result_of(expr, place, frame)
        match expr:
            case Item(base, key):
                if frame is not None and (kept := names.kept_under(expr, place)) is not None:
                    return self.resolve(kept, place, frame)
                return self._item(self.resolve(base, place, frame), self._key(key, place, frame), place)
            case Join(parts):
                return shown(self.resolve(part, place, frame) for part in parts)
            case OneOf(alternatives, test):
                if len(alternatives) == 2 and (decided := self.decided(test, place, frame)) is not None:
                    return self.resolve(alternatives[0 if decided else 1], place, frame)
                return any_of(self.resolve(each, place, frame) for each in alternatives)
            case Logic("and", operands):
                return self.resolve(operands[-1], place, frame)
            case Logic("not", operands):
                return unresolved(self.resolve(each, place, frame) for each in operands)
            case Logic(_, operands):
                return first_of([self.resolve(each, place, frame) for each in operands])
            case Arithmetic(left, op, right):
                return arithmetic(self.resolve(left, place, frame), op, self.resolve(right, place, frame))
            case Compare(left, _, right):
                return unresolved((self.resolve(left, place, frame), self.resolve(right, place, frame)))
            case Sequence(items, _):
                return bounded(Group(tuple(self.resolve(each, place, frame) for each in items)))
            case Table(entries):
                return self._table(entries, place, frame)
            case Closure(key):
                return (LocalFunction if key in place.facts.functions else LocalClass)(place.path, key)
            case Other(parts):
                return unresolved(self.resolve(part, place, frame) for part in parts)
            case _:
                return Unresolved()

    def decided(self, test: Expr | None, place: Place, frame: Frame | None) -> bool | None:
        """Whether a test that only asks for a parameter holds, where a call, or all callers alike, decide that."""
        if not isinstance(test, Name) or not place.name or test.id not in place.function.bound:
            return None
        found = self.resolve(test, place, frame)
        return bool(found.value) if isinstance(found, Constant) else None

    def _item(self, base: Symbol, key: Symbol | None, place: Place) -> Symbol:
        text = text_of(key)
        if text is not None and not place.in_python:
            # `a["b"]` is `a.b`.
            return self.member(base, text, place.path)
        if key is None and not place.in_python and isinstance(base, Group) and base.keys is not None:
            return members.pair(base)
        return self.item(base, key)

    def _table(self, entries: Iterable[tuple[Expr | None, Expr]], place: Place, frame: Frame | None) -> Symbol:
        keys: list[Key | None] = []
        items: list[Symbol] = []
        computed: dict[int, Symbol] = {}
        for key, value in entries:
            found = self.resolve(value, place, frame)
            if key is None and isinstance(found, Group) and found.keys is not None:
                keys.extend(found.keys)
                items.extend(found.items)
                continue
            named = None if key is None else self.resolve(key, place, frame)
            keys.append(None if named is None else key_of(named))
            if named is not None and keys[-1] is None and named.weight <= _LARGEST_KEY:
                computed[len(items)] = named
            items.append(found)
        by_item = tuple(computed.get(index) for index in range(len(items))) if computed else ()
        return bounded(Group(tuple(items), tuple(keys), by_item))

    def _key(self, key: Expr, place: Place, frame: Frame | None) -> Symbol | None:
        """What an item is asked for by; None for any element."""
        if key is ANY or key == ANY:
            return None
        return self.resolve(key, place, frame)
