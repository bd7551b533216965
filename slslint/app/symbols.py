"""What an expression stands for, once all files of the application are in sight.

The dotted name of a symbol is how rules recognise it: `requests.get`; the result of a call adds `()`, so
`requests.Session().get`, `boto3.client().invoke`, `boto3.resource().Table().put_item`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from slslint.app.code import Site


@dataclass(frozen=True, slots=True)
class External:
    """A name of a package outside the application, or a builtin: "boto3.client", "print"."""

    dotted: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a call of something outside the application returns. `site` is that call."""

    of: Symbol
    site: Site


@dataclass(frozen=True, slots=True)
class Member:
    """An attribute of a Result, Member or Element that is itself outside the application."""

    of: Symbol
    name: str


@dataclass(frozen=True, slots=True)
class Element:
    """An item of something outside the application; `key` is None when it is not one constant."""

    of: Symbol
    key: str | int | None


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal."""

    value: str | int | float | bool | bytes | None


@dataclass(frozen=True, slots=True)
class EnvVar:
    """An environment variable, with the default that the code gives when it is not set."""

    name: str
    default: Symbol | None = None


@dataclass(frozen=True, slots=True)
class EventPart:
    """The handler's event, or a part of it: `event["Records"][0]["s3"]` is ("Records", None, "s3").

    None is an element whose key is not one constant string.
    """

    path: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class ContextPart:
    """The handler's context, or an attribute of it: ("function_name",)."""

    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Joined:
    """Text put together from parts."""

    parts: tuple[Symbol, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A list, tuple or set literal; with `keys` a dict or object: one key per item, None when not constant."""

    items: tuple[Symbol, ...]
    keys: tuple[str | None, ...] | None = None


@dataclass(frozen=True, slots=True)
class LocalFunction:
    """A function of the application: the file's path and its key in `Facts.functions`."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class LocalClass:
    """A class of the application."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class LocalInstance:
    """An instance of a class of the application."""

    of: LocalClass


@dataclass(frozen=True, slots=True)
class LocalModule:
    """A module of the application."""

    path: str


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of several: an `or`, a conditional, a name assigned in several branches, a parameter with several callers."""

    options: tuple[Symbol, ...]


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Could not be told, but made of these parts."""

    parts: tuple[Symbol, ...] = ()


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
    match symbol:
        case External(name):
            return name
        case Result(of, _):
            inner = dotted(of)
            return None if inner is None else f"{inner}()"
        case Member(of, name):
            inner = dotted(of)
            return None if inner is None else f"{inner}.{name}"
        case Element(of, _):
            inner = dotted(of)
            return None if inner is None else f"{inner}[]"
        case _:
            return None


def options(symbol: Symbol) -> tuple[Symbol, ...]:
    """The alternatives of a symbol, itself alone when there is one; nested AnyOf are flattened."""
    if isinstance(symbol, AnyOf):
        return tuple(each for option in symbol.options for each in options(option))
    return (symbol,)


def depends_on_event(symbol: Symbol) -> bool:
    """Whether any part of the symbol comes from the event of the invocation."""
    match symbol:
        case EventPart():
            return True
        case Result(of, site):
            return depends_on_event(of) or any(depends_on_event(each) for each in site.argument_symbols())
        case Member(of, _) | Element(of, _):
            return depends_on_event(of)
        case EnvVar(_, default):
            return default is not None and depends_on_event(default)
        case Joined(parts) | AnyOf(parts) | Unresolved(parts):
            return any(depends_on_event(part) for part in parts)
        case Group(items, _):
            return any(depends_on_event(item) for item in items)
        case _:
            return False
