"""What an expression stands for, once all files of the application are in sight.

The dotted name of a symbol is how rules recognise it: `requests.get`; the result of a call adds `()`, so
`requests.Session().get`, `boto3.client().invoke`, `boto3.resource().Table().put_item`.

A symbol's `weight` is the number of its nodes, counting what is shared each time it occurs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from slslint.record import field, record

if TYPE_CHECKING:
    from slslint.app.code import Site


@record()
class External:
    """A name of a package outside the application, or a builtin: "boto3.client", "print"."""

    weight: ClassVar[int] = 1
    dotted: str


@record()
class Result:
    """What a call of something outside the application returns. `site` is that call."""

    of: Symbol
    site: Site
    weight: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", 1 + self.of.weight)


@record()
class Member:
    """An attribute of a Result, Member or Element that is itself outside the application."""

    of: Symbol
    name: str
    weight: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", 1 + self.of.weight)


@record()
class Element:
    """An item of something outside the application; `key` is None when it is not one constant."""

    of: Symbol
    key: str | int | None
    weight: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", 1 + self.of.weight)


@record()
class Constant:
    """A literal."""

    weight: ClassVar[int] = 1
    value: str | int | float | bool | bytes | None


@record()
class EnvVar:
    """An environment variable, with the default that the code gives when it is not set."""

    name: str
    default: Symbol | None = None
    weight: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", 1 if self.default is None else 1 + self.default.weight)


@record()
class EventPart:
    """The handler's event, or a part of it: `event["Records"][0]["s3"]` is ("Records", None, "s3").

    None is an element whose key is not one constant string.
    """

    weight: ClassVar[int] = 1
    path: tuple[str | None, ...] = ()


@record()
class ContextPart:
    """The handler's context, or an attribute of it: ("function_name",)."""

    weight: ClassVar[int] = 1
    path: tuple[str, ...] = ()


OWN_NAMES = frozenset({"function_name", "invoked_function_arn", "functionName", "invokedFunctionArn"})
"""Attributes of the context that name the function itself."""


@record()
class Joined:
    """Text put together from parts."""

    parts: tuple[Symbol, ...]
    weight: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", 1 + sum(part.weight for part in self.parts))


Key: TypeAlias = str | tuple[str, ...]


@record()
class Group:
    """A list, tuple or set literal; with `keys` a dict or object: one key per item, None when not constant.

    A key of several texts is a tuple: `{("GET", "/users"): list_users}`. Where keys that are not constant stand for
    something all the same, `{os.environ["TABLE"]: requests}`, `computed` has that, else None, for each item.
    """

    items: tuple[Symbol, ...]
    keys: tuple[Key | None, ...] | None = None
    computed: tuple[Symbol | None, ...] = ()
    weight: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", 1 + sum(item.weight for item in self.items))


@record()
class LocalFunction:
    """A function of the application: the file's path and its key in `Facts.functions`."""

    weight: ClassVar[int] = 1
    path: str
    name: str


@record()
class LocalClass:
    """A class of the application."""

    weight: ClassVar[int] = 1
    path: str
    name: str


@record()
class LocalInstance:
    """An instance of a class of the application."""

    weight: ClassVar[int] = 1
    of: LocalClass


@record()
class LocalModule:
    """A module of the application."""

    weight: ClassVar[int] = 1
    path: str


@record()
class AnyOf:
    """One of several: an `or`, a conditional, a name assigned in several branches, a parameter with several callers."""

    options: tuple[Symbol, ...]
    weight: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", 1 + sum(option.weight for option in self.options))


@record()
class Unresolved:
    """Could not be told, but made of these parts."""

    parts: tuple[Symbol, ...] = ()
    weight: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", 1 + sum(part.weight for part in self.parts))


Symbol: TypeAlias = (
    External
    | Result
    | Member
    | Element
    | Constant
    | EnvVar
    | EventPart
    | ContextPart
    | Joined
    | Group
    | LocalFunction
    | LocalClass
    | LocalInstance
    | LocalModule
    | AnyOf
    | Unresolved
)


def dotted(symbol: Symbol) -> str | None:
    """The dotted name of a symbol outside the application; None for everything else."""
    # No `match`, which takes four times as long: every rule asks this of every call.
    if isinstance(symbol, External):
        return symbol.dotted
    if not isinstance(symbol, (Member, Result, Element)):
        return None
    inner = dotted(symbol.of)
    if inner is None:
        return None
    if isinstance(symbol, Member):
        return f"{inner}.{symbol.name}"
    return f"{inner}()" if isinstance(symbol, Result) else f"{inner}[]"


def options(symbol: Symbol) -> tuple[Symbol, ...]:
    """The alternatives of a symbol, itself alone when there is one; nested AnyOf are flattened."""
    if not isinstance(symbol, AnyOf):
        return (symbol,)
    return tuple(each for option in symbol.options for each in options(option))


def present(symbol: Symbol) -> tuple[Symbol, ...]:
    """The alternatives of a symbol but null, of which nobody can ask an attribute or item."""
    return tuple([each for each in options(symbol) if not (isinstance(each, Constant) and each.value is None)])


def parts_of(symbol: Symbol) -> tuple[Symbol, ...]:
    """The symbols that a symbol is directly made of; a Result's arguments are not among them."""
    if isinstance(symbol, (Result, Member, Element)):
        return (symbol.of,)
    if isinstance(symbol, (Joined, Unresolved)):
        return symbol.parts
    if isinstance(symbol, AnyOf):
        return symbol.options
    if isinstance(symbol, Group):
        return symbol.items
    return (symbol.default,) if isinstance(symbol, EnvVar) and symbol.default is not None else ()


def depends_on_event(symbol: Symbol) -> bool:
    """Whether any part of the symbol, arguments of the calls in it included, comes from the event of the invocation."""
    stack = [symbol]
    asked: set[int] = set()
    sites: list[Site] = []
    while stack:
        here = stack.pop()
        if isinstance(here, EventPart):
            return True
        if isinstance(here, Result) and id(here.site) not in asked:
            asked.add(id(here.site))
            sites.append(here.site)
            if here.site.eventful:
                return True
            if here.site.eventful is None:
                stack.extend(here.site.argument_symbols())
        stack.extend(parts_of(here))
    # The arguments of every site on the way have been searched to the end.
    for site in sites:
        site.eventful = False
    return False


LARGEST = 300
"""How many nodes a symbol may have; a larger one is summed up, so that work stays linear on any source."""

MOST_OPTIONS = 16


CYCLE = Unresolved()
"""Stands for a value that is defined by itself, or by nothing; it adds nothing to the alternatives around it."""


def any_of(found: Iterable[Symbol]) -> Symbol:
    """One symbol for several alternatives; past sixteen, the rest is Unresolved."""
    distinct: list[Symbol] = []
    for symbol in found:
        if not (distinct or isinstance(symbol, AnyOf) or symbol is CYCLE):
            distinct.append(symbol)
            continue
        for option in symbol.options if isinstance(symbol, AnyOf) else (symbol,):
            if option is CYCLE or option in distinct:
                continue
            if len(distinct) == MOST_OPTIONS:
                return bounded(AnyOf((*distinct[:-1], Unresolved(tuple(_atoms([distinct[-1], option]))))))
            distinct.append(option)
    if not distinct:
        return CYCLE
    return distinct[0] if len(distinct) == 1 else bounded(AnyOf(tuple(distinct)))


def unresolved(parts: Iterable[Symbol]) -> Symbol:
    """Something that could not be told, made of these parts; parts that say nothing are left out."""
    kept = tuple(part for part in parts if not isinstance(part, Constant) and part != CYCLE)
    if len(kept) == 1 and isinstance(kept[0], Unresolved):
        return kept[0]
    return bounded(Unresolved(kept))


def joined(parts: Iterable[Symbol]) -> Symbol:
    """Text put together; a Constant when all parts are."""
    kept = tuple(parts)
    if kept and all(isinstance(part, Constant) for part in kept):
        return Constant("".join(str(part.value) for part in kept if isinstance(part, Constant)))
    return bounded(Joined(kept))


def bounded(symbol: Symbol) -> Symbol:
    """The symbol, or, when it has grown too large, an Unresolved that still tells what it depends on."""
    if symbol.weight <= LARGEST:
        return symbol
    return Unresolved(tuple(_atoms(parts_of(symbol))))


def _atoms(symbols: Iterable[Symbol]) -> Iterator[Symbol]:
    stack = list(symbols)[::-1]
    seen: list[Symbol] = []
    events: list[Symbol] = []
    steps = 0
    while stack and steps < LARGEST * MOST_OPTIONS:
        steps += 1
        here = stack.pop()
        if isinstance(here, EventPart):
            events = events or [here]
        elif isinstance(here, Result | ContextPart | EnvVar):
            if len(seen) < MOST_OPTIONS and here not in seen:
                seen.append(here)
        else:
            stack.extend(parts_of(here))
    yield from events
    yield from seen


def parts_of_symbol(*symbols: Symbol) -> Iterator[Symbol]:
    """The symbols and everything they are made of, each once, the arguments of the calls that made it included."""
    todo = list(symbols)[::-1]
    calls = set()
    # Symbols are asked for by identity, and so kept: one that is gone leaves its identity to another.
    seen: dict[int, Symbol] = {}
    while todo:
        here = todo.pop()
        if id(here) in seen:
            continue
        seen[id(here)] = here
        yield here
        todo.extend(parts_of(here))
        # A value can go in circles through a loop.
        if isinstance(here, Result) and here.site.call not in calls:
            calls.add(here.site.call)
            todo.extend(here.site.argument_symbols())
