"""What makes lists, dicts, maps and sets, and what changes what they hold."""

from __future__ import annotations

from slslint.facts import Attr, Call, Expr, Name

MAKERS = frozenset(
    {
        "list", "dict", "set", "collections.defaultdict", "collections.OrderedDict", "collections.Counter",
        "collections.deque", "defaultdict", "OrderedDict", "deque", "Counter",
        "Map", "Set", "Array", "Object", "Object.create",
    }
)  # fmt: skip
"""Called, they make an empty container, or a copy of the one they are given."""

GROWING = frozenset({"append", "appendleft", "add", "extend", "insert", "push", "unshift"})
"""Methods that put one more item in."""

STORING = frozenset({"update", "setdefault", "set", "assign"})
"""Methods that put items in under keys, in the place of those that are there already."""

SHRINKING = frozenset({"clear", "pop", "popitem", "popleft", "remove", "discard", "shift", "splice", "delete"})
"""Methods that take items out."""

CHANGING = GROWING | STORING | SHRINKING | {"sort", "reverse", "put", "put_nowait"}


def changed_by(call: Call, methods: frozenset[str] = CHANGING) -> Expr | None:
    """The container that a call of one of these methods changes: `x` of `x.append(1)` and `Object.assign(x, more)`."""
    if not isinstance(call.callee, Attr) or call.callee.name not in methods:
        return None
    of = call.callee.base
    return call.positional(0) if isinstance(of, Name) and of.id == "Object" else of


def looked_up(expr: Expr) -> Expr | None:
    """The container of which an expression is an item that a method gave: `x` of `x.get(key)`."""
    match expr:
        case Call(Attr(base, "get" | "setdefault" | "at"), (_, *_)):
            return base
        case _:
            return None


def empties(expr: Expr) -> bool:
    """Whether an assignment to this target empties a container: `items.length = 0`."""
    return isinstance(expr, Attr) and expr.name == "length"
