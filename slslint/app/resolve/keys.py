"""Constants as keys, and literals put together or computed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from slslint.app.symbols import (
    Constant,
    ContextPart,
    EnvVar,
    EventPart,
    Group,
    Joined,
    Key,
    Symbol,
    any_of,
    bounded,
    joined,
    present,
    unresolved,
)


def text_of(symbol: Symbol | None) -> str | None:
    """The text that a symbol surely is."""
    return symbol.value if isinstance(symbol, Constant) and isinstance(symbol.value, str) else None


def key_of(symbol: Symbol) -> Key | None:
    """The key of a dict's item: a text, or the texts of a tuple."""
    if isinstance(symbol, Group) and symbol.keys is None:
        texts = [text_of(item) for item in symbol.items]
        return None if None in texts else tuple(text for text in texts if text is not None)
    return text_of(symbol)


def symbol_of(key: Key) -> Symbol:
    """The key of a dict's item as a value."""
    return Constant(key) if isinstance(key, str) else Group(tuple(Constant(text) for text in key))


def constant_key(symbol: Symbol | None) -> str | int | None:
    """What an item is asked for by, when it is one text or number."""
    if isinstance(symbol, Constant) and isinstance(symbol.value, str | int):
        return symbol.value
    return None


def extended(
    symbol: Symbol, surely: list[tuple[Key | None, Symbol]], perhaps: list[tuple[Key | None, Symbol]]
) -> Symbol:
    """A list or dict with further items, and some that it may have instead."""
    if not isinstance(symbol, Group):
        return symbol
    if symbol.keys is None:
        return bounded(Group((*symbol.items, *(value for _, value in (*surely, *perhaps)))))
    entries = [*zip(symbol.keys, symbol.items, strict=True), *surely]
    last = {key: index for index, (key, _) in enumerate(entries) if key is not None}
    for key, value in perhaps:
        index = last.get(key) if key is not None else None
        if index is None:
            entries.append((key, value))
        else:
            entries[index] = key, any_of((entries[index][1], value))
    return bounded(Group(tuple(value for _, value in entries), tuple(key for key, _ in entries)))


def first_of(operands: list[Symbol]) -> Symbol:
    """`a or b`: one of them; the rest is the default of an environment variable that comes first."""
    first, *rest = operands
    if isinstance(first, EnvVar) and first.default is None and rest:
        return bounded(EnvVar(first.name, first_of(rest)))
    *others, last = operands
    return any_of((*(each for one in others for each in present(one)), last))


def shown(parts: Iterable[Symbol]) -> Symbol:
    """Text put together from parts; of one text alone, that text."""
    kept = tuple(parts)
    if len(kept) == 1 and isinstance(kept[0], EventPart | EnvVar | ContextPart | Joined):
        return kept[0]
    return joined(kept)


_TEXT_METHODS: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "casefold": str.lower,
    "toLowerCase": str.lower,
    "upper": str.upper,
    "toUpperCase": str.upper,
    "strip": str.strip,
    "trim": str.strip,
    "lstrip": str.lstrip,
    "trimStart": str.lstrip,
    "rstrip": str.rstrip,
    "trimEnd": str.rstrip,
}


def same_text(symbol: Symbol, method: str) -> Symbol:
    """The text after a method that changes nothing in where it comes from; a literal is changed indeed."""
    change = _TEXT_METHODS.get(method)
    text = text_of(symbol)
    return symbol if change is None or text is None else Constant(change(text))


def arithmetic(left: Symbol, op: str, right: Symbol) -> Symbol:
    """`left op right`: computed when both are small numbers, text when one side surely is text."""
    if op == "+" and (isinstance(left, EnvVar | Joined) or isinstance(right, EnvVar | Joined)):
        return joined((left, right))
    if isinstance(left, Constant) and isinstance(right, Constant):
        a, b = left.value, right.value
        if isinstance(a, int | float) and isinstance(b, int | float) and abs(a) < 1e12 and abs(b) < 1e12:
            match op:
                case "+":
                    return Constant(a + b)
                case "-":
                    return Constant(a - b)
                case "*":
                    return Constant(a * b)
                case "/" if b:
                    return Constant(a / b)
    return unresolved((left, right))
