"""Records: what dataclasses with slots are, at a tenth of the price. Every start defines a hundred.

To import `dataclasses` takes 10 ms, for it brings `inspect`; a class takes 0.7 ms, most of it to compile its methods.
Here a method is made when it is first called, for half of the classes are not needed in one run, and compiled once for
all records with as many fields. There are no named tuples: each of those is compiled.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

if TYPE_CHECKING:
    # Type checkers know what these two do.
    from dataclasses import field as field
    from dataclasses import replace as replace
    from functools import cached_property as cached_property
else:

    def field(**special):
        """What is special about a field, as in `dataclasses`."""
        return _Field(**special)

    def replace(record, /, **changes):
        """The record with other values in some fields, as in `dataclasses`."""
        cls = record.__class__
        values_of = _values_of(cls)
        if values_of is None:
            return cls(**{name: getattr(record, name) for name in record.__match_args__} | changes)
        # A deployment in its author's terms is one with every record of it replaced.
        made = cls(*values_of(record))
        for name, value in changes.items():
            setattr(made, name, value)
        return made

    @cache
    def _values_of(cls):
        """What gets all values of a record at once, or None where that is not all that there is to a record."""
        if hasattr(cls, "__post_init__") or len(cls.__match_args__) < 2:
            return None
        return attrgetter(*cls.__match_args__)

    class cached_property:  # noqa: N801
        """As in `functools`, without the lock that Python 3.11 still takes every time."""

        def __init__(self, make):
            self.make = make
            self.__doc__ = make.__doc__

        def __set_name__(self, owner, name):
            self.name = name

        def __get__(self, instance, owner):
            if instance is None:
                return self
            made = instance.__dict__[self.name] = self.make(instance)
            return made


C = TypeVar("C")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(
    *, eq: bool = True, order: bool = False, frozen: bool = True, slots: bool = True
) -> Callable[[type[C]], type[C]]:
    """A class of the fields that its annotations name, compared and hashed by them.

    It is `frozen` for type checkers, not while the program runs: that would make construction up to five times as slow,
    and some are made by the million. Without `eq` each is itself alone; without `slots` it may have cached properties.
    The functions of `dataclasses` work on records.
    """
    methods = ["__init__", "__repr__"]
    if eq:
        methods += ["__eq__", "__hash__"]
    if order:
        methods += ["__lt__", "__le__", "__gt__", "__ge__"]

    def make(cls: type[C]) -> type[C]:
        names = [name for name, kind in cls.__annotations__.items() if "ClassVar" not in str(kind)]
        defaults = {name: cls.__dict__[name] for name in names if name in cls.__dict__}
        shape = _Shape(names, defaults, hasattr(cls, "__post_init__"))
        gone = (*names, "__dict__", "__weakref__")
        members: dict[str, Any] = {
            **{name: value for name, value in cls.__dict__.items() if name not in gone},
            **{method: _Method(method, shape) for method in methods},
            "__slots__": names if slots else [*names, "__dict__"],
            "__match_args__": tuple(shape.used_by("init")),
            "__dataclass_fields__": _DataclassFields(),
        }
        made: type[C] = type(cls)(cls.__name__, cls.__bases__, members)  # type: ignore[misc]
        return made

    return make


class _Field:
    default_factory: Callable[[], Any] | None = None
    init = True
    repr = True
    compare = True

    def __init__(self, **special: Any) -> None:
        self.__dict__.update(special)


_PLAIN = _Field()


class _Shape:
    """What the methods of a record are made from."""

    def __init__(self, names: list[str], defaults: dict[str, Any], ends_init: bool) -> None:
        self.names, self.defaults, self.ends_init = names, defaults, ends_init
        self.special = {name: default for name, default in defaults.items() if isinstance(default, _Field)}

    def used_by(self, what: str) -> list[str]:
        """The fields that are used by "init", "repr" or "compare"."""
        if not self.special:
            return self.names
        return [name for name in self.names if getattr(self.special.get(name, _PLAIN), what)]

    def method(self, method: str) -> Callable[..., Any]:
        """A method, from the code that every record with as many fields has."""
        if method == "__repr__":
            return _repr(self.used_by("repr"))
        if method == "__init__":
            names = self.used_by("init")
            code = _code(method, len(names), self.ends_init)
        else:
            names = self.used_by("compare")
            code = _code(method, len(names))
        own = {f"_{index}": name for index, name in enumerate(names)}
        code = code.replace(
            co_names=tuple(own.get(name, name) for name in code.co_names),
            co_varnames=tuple(own.get(name, name) for name in code.co_varnames),
        )
        if method != "__init__":
            return FunctionType(code, {}, method)
        defaults = tuple(self.defaults[name] for name in names if name in self.defaults)
        init = FunctionType(code, {}, method, defaults)
        makers = [
            (names.index(name), name, field.default_factory)
            for name, field in self.special.items()
            if field.init and field.default_factory is not None
        ]
        return _with_made(init, makers) if makers else init


def _with_made(init: Callable[..., None], makers: list[tuple[int, str, Any]]) -> Callable[..., None]:
    """The `__init__` that makes the values of some fields, given by position and name, unless it is given them."""

    def __init__(self: Any, *given: Any, **named: Any) -> None:  # noqa: N807
        for index, name, make in makers:
            if index >= len(given) and name not in named:
                named[name] = make()
        init(self, *given, **named)

    return __init__


def _repr(names: list[str]) -> Callable[[Any], str]:
    def represent(self: Any) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__name__}({shown})"

    return represent


@cache
def _code(method: str, count: int, ends_init: bool = False) -> CodeType:
    """The code of a method of a record with so many fields, which are called `_0`, `_1`, ...

    To give its fields other names takes a twentieth of the time that compiling it for each record would take.
    """
    names = [f"_{index}" for index in range(count)]
    if method == "__init__":
        lines = [f"def __init__({', '.join(('self', *names))}):", *(f" self.{name} = {name}" for name in names)]
        lines.append(" self.__post_init__()" if ends_init else " return")
    else:
        mine, others = ("".join(f"{of}.{name}, " for name in names) for of in ("self", "other"))
        if method == "__hash__":
            lines = [f"def __hash__(self): return hash(({mine}))"]
        else:
            lines = [
                f"def {method}(self, other):",
                " if other.__class__ is not self.__class__: return NotImplemented",
                f" return ({mine}) {_SIGNS[method]} ({others})",
            ]
    made_here: dict[str, Any] = {}
    exec("\n".join(lines), made_here)
    code: CodeType = made_here[method].__code__
    return code


_SIGNS = {"__eq__": "==", "__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="}


class _Method:
    """A method of a record, which takes its own place when it is first looked up."""

    def __init__(self, name: str, shape: _Shape) -> None:
        self.name, self.shape = name, shape

    def __get__(self, instance: object, owner: type) -> Any:
        method: Any = self.shape.method(self.name)
        setattr(owner, self.name, method)
        return method if instance is None else method.__get__(instance, owner)


class _DataclassFields:
    """What the functions of `dataclasses` ask a class for: made when one of them does."""

    def __get__(self, instance: object, owner: Any) -> Any:
        from dataclasses import make_dataclass

        made: Any = make_dataclass(owner.__name__, owner.__match_args__)
        owner.__dataclass_fields__ = made.__dataclass_fields__
        return made.__dataclass_fields__
