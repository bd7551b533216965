"""What is in force for a path, and who said so: what `slslint config` shows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from slslint.config.configuration import Domain
from slslint.config.keys import ADDING, KEYS
from slslint.config.layers import Layer, leaves
from slslint.config.merging import Values, read
from slslint.record import record

DEFAULT = "default"


@record()
class Row:
    """One setting: its key with dots, its value, and the places that say it, the last of which decided."""

    key: str
    value: object
    places: tuple[str, ...]


def rows(domain: Domain, which: tuple[int, ...], *, everything: bool = False) -> list[Row]:
    """The settings of a domain where some overrides speak, in the order of `KEYS`; `everything`: the defaults, too."""
    told: dict[str, tuple[str, ...]] = {}
    for key, place in _said(domain, which):
        own = _key(key)
        told[own] = (*told.get(own, ()), place) if key in ADDING else (place,)
    values = domain.values(which)
    # A pattern of a folder above that matches nothing here has become an empty one.
    found = [Row(key, value, told.get(key, ())) for key, value in _flat(values) if not key.endswith('""')]
    if everything:
        known = {row.key for row in found}
        found += [row for row in _defaults(domain) if row.key not in known]
    order = list(KEYS)
    return sorted((row for row in found if row.key != "extend"), key=lambda row: order.index(_names(row.key)[0]))


def as_toml(row: Row, width: int) -> str:
    """The setting as a line of TOML, its key and value at least `width` columns wide, its places as a comment."""
    return f"{f'{row.key} = {_written(row.value)}':{width}}  # {', '.join(row.places)}"


def _said(domain: Domain, which: tuple[int, ...]) -> Iterator[tuple[str, str]]:
    """Every key that is said, and where, in the order in which it counts."""
    for layer in domain.files:
        yield from _of(layer, layer.table, read(layer, domain.words, domain.plain.root))
    for index in which:
        layer = [layer for layer in domain.layers if "overrides" in layer.table][-1]
        table = {key: value for key, value in layer.table["overrides"][index].items() if key != "paths"}
        yield from _of(layer, table, table, f"overrides[{index}].")
    if domain.over is not None:
        yield from _of(domain.over, domain.over.table, read(domain.over, domain.words, domain.plain.root))


def _of(layer: Layer, written: Mapping[str, Any], values: Values, start: str = "") -> Iterator[tuple[str, str]]:
    # Patterns may have come out otherwise than they were written, but in the same order.
    keys = (where for where, _ in leaves(written) if where != "overrides")
    for where, (key, _) in zip(keys, _flat(values), strict=False):
        yield key, layer.place(start + where)


def _key(key: str) -> str:
    return ADDING.get(key) or key


def _flat(values: Mapping[str, Any], start: str = "") -> Iterator[tuple[str, Any]]:
    """Every value that is no table, with its key as TOML writes it."""
    for name, value in values.items():
        key = start + (name if re.fullmatch(r"[\w-]+", name, re.ASCII) else json.dumps(name))
        if isinstance(value, dict):
            yield from _flat(value, f"{key}.")
        elif key != "overrides":
            yield key, value


def _names(key: str) -> list[str]:
    return key.split(".")


def _defaults(domain: Domain) -> Iterator[Row]:
    for name, key in KEYS.items():
        if name not in ADDING and key.default not in (None, {}):
            yield Row(name, key.default, (DEFAULT,))
    for id, words in domain.words.items():
        for option in words.options.values():
            yield Row(f"rules.{id}.{option.name}", option.default, (DEFAULT,))


def _written(value: object) -> str:
    if isinstance(value, dict):
        return "{}"
    return json.dumps(value, ensure_ascii=False, default=sorted)
