"""What an object in sight holds, where JavaScript names its arguments by the keys of an object literal."""

from __future__ import annotations

from slslint.app.symbols import (
    AnyOf,
    Constant,
    EnvVar,
    Group,
    Joined,
    LocalFunction,
    Symbol,
    Unresolved,
    any_of,
)


def entry(symbol: Symbol, name: str) -> Symbol | None:
    """What the object holds under that key; None when it does not in sight.

    Where one of several objects lacks it, its alternative is None; where something unknown may replace it, Unresolved.
    """
    match symbol:
        case AnyOf(options):
            found = [entry(each, name) for each in options]
            if not any(found):
                return None
            return any_of(
                _lacking(option) if each is None else each for option, each in zip(options, found, strict=True)
            )
        case Group(items, keys) if keys is not None and name in keys:
            at = len(keys) - 1 - keys[::-1].index(name)
            return items[at] if None not in keys[at:] else any_of((items[at], Unresolved()))
        case _:
            return None


def _lacking(option: Symbol) -> Symbol:
    return Unresolved() if is_open(option) else Constant(None)


def is_open(symbol: Symbol) -> bool:
    """Whether a value may be an object that holds more than is in sight: a parameter, the event, a spread of those."""
    match symbol:
        case Constant() | EnvVar() | Joined() | LocalFunction():
            return False
        case Group(_, keys):
            return keys is not None and None in keys
        case AnyOf(options):
            return any(is_open(each) for each in options)
        case _:
            return True
