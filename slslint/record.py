"""Records: what dataclasses with slots are, at a tenth of the price. Every start defines a hundred.

To import `dataclasses` takes 10 ms, for it brings `inspect`; a class takes 0.7 ms, most of it to compile its methods.
Here a method is compiled when it is first called, for half of the classes are not needed in one run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, dataclass_transform

if TYPE_CHECKING:
    # Type checkers know what these two do.
    from dataclasses import field as field
    from dataclasses import replace as replace
else:

    def field(**special):
        """What is special about a field, as in `dataclasses`."""
        return _Field(**special)

    def replace(record, /, **changes):
        """The record with other values in some fields, as in `dataclasses`."""
        return record.__class__(**{name: getattr(record, name) for name in record.__match_args__} | changes)


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
            **{method: _Method(shape) for method in methods},
            "__slots__": names if slots else [*names, "__dict__"],
            "__match_args__": tuple(name for name in names if shape.special(name).init),
            "__dataclass_fields__": _DataclassFields(),
        }
        made: type[C] = type(cls)(cls.__name__, cls.__bases__, members)  # type: ignore[misc]
        return made

    return make


class _Field(NamedTuple):
    default_factory: Callable[[], Any] | None = None
    init: bool = True
    repr: bool = True
    compare: bool = True


_PLAIN = _Field()


class _Shape(NamedTuple):
    """What the methods of a record are written from."""

    names: list[str]
    defaults: dict[str, Any]
    ends_init: bool

    def special(self, name: str) -> _Field:
        """What is special about a field."""
        default = self.defaults.get(name)
        return default if isinstance(default, _Field) else _PLAIN

    def source(self, method: str) -> str:
        """The text of a method, in which the default of `x` is called `x_default`."""
        if method == "__init__":
            return "\n".join(self._init())
        if method == "__repr__":
            shown = ", ".join(f"{name}={{self.{name}!r}}" for name in self.names if self.special(name).repr)
            return f"def __repr__(self): return f'{{type(self).__name__}}({shown})'"
        compared = [name for name in self.names if self.special(name).compare]
        mine, others = ("".join(f"{of}.{name}, " for name in compared) for of in ("self", "other"))
        if method == "__hash__":
            return f"def __hash__(self): return hash(({mine}))"
        return (
            f"def {method}(self, other):\n"
            f" if other.__class__ is not self.__class__: return NotImplemented\n"
            f" return ({mine}) {_SIGNS[method]} ({others})"
        )

    def _init(self) -> Iterator[str]:
        taken = [name for name in self.names if self.special(name).init]
        parameters = [f"{name}={name}_default" if name in self.defaults else name for name in taken]
        yield f"def __init__(self, {', '.join(parameters)}):"
        for name in taken:
            if self.special(name).default_factory is not None:
                yield f" if {name} is {name}_default: {name} = {name}_default.default_factory()"
            yield f" self.{name} = {name}"
        yield " self.__post_init__()" if self.ends_init else " return"


_SIGNS = {"__eq__": "==", "__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="}


class _Method:
    """A method of a record, which takes its own place when it is first looked up."""

    def __init__(self, shape: _Shape) -> None:
        self.shape = shape

    def __set_name__(self, owner: type, name: str) -> None:
        self.owner, self.name = owner, name

    def __get__(self, instance: object, owner: type) -> Any:
        made: dict[str, Any] = {}
        defaults = {f"{name}_default": default for name, default in self.shape.defaults.items()}
        exec(self.shape.source(self.name), defaults, made)
        method = made[self.name]
        setattr(self.owner, self.name, method)
        return method if instance is None else method.__get__(instance, owner)


class _DataclassFields:
    """What the functions of `dataclasses` ask a class for: made when one of them does."""

    def __get__(self, instance: object, owner: Any) -> Any:
        from dataclasses import make_dataclass

        made: Any = make_dataclass(owner.__name__, owner.__match_args__)
        owner.__dataclass_fields__ = made.__dataclass_fields__
        return made.__dataclass_fields__
