"""How what several places say becomes the settings: the later one counts, tables are put together."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slslint.config.keys import ADDING, KEYS, values
from slslint.config.layers import Layer, leaves
from slslint.config.settings import Settings, severity_named
from slslint.config.vocabulary import Vocabulary
from slslint.errors import SettingError, UsageError
from slslint.patterns import rebased

Values = dict[str, Any]
"""What is said, by key."""


def read(layer: Layer, words: Vocabulary, root: str) -> Values:
    """The values of one place, with paths absolute and patterns relative to `root`.

    UsageError, with file and line, for what it cannot mean.
    """
    try:
        said = values(layer.table, KEYS, words)
    except SettingError as error:
        if layer.file is None:
            raise UsageError(str(error)) from None
        raise UsageError(f"{layer.place(error.where)}: {error}") from None
    if "baseline" in said:
        said["baseline"] = os.path.join(layer.root, os.path.expanduser(said["baseline"]))

    def at_root(patterns: Sequence[str]) -> tuple[str, ...]:
        return tuple(filter(None, (rebased(pattern, layer.root, root) for pattern in patterns)))

    for key in {"exclude", "extend-exclude"} & said.keys():
        said[key] = at_root(said[key])
    for key in {"per-path-ignores"} & said.keys():
        moved = ((rebased(pattern, layer.root, root), rules) for pattern, rules in said[key].items())
        said[key] = {pattern: rules for pattern, rules in moved if pattern}
    for key in {"overrides"} & said.keys():
        said[key] = tuple({**each, "paths": at_root(each["paths"])} for each in said[key])
    return said


def renamed(layer: Layer, words: Vocabulary) -> Iterator[str]:
    """What to tell of rules that one place names as they were called before."""
    now = {old: id for id, each in words.items() for old in each.aliases}
    for where, value in leaves(layer.table) if now else ():
        names = [*where.split("."), *(value if isinstance(value, list) else ())]
        for rule in [str(name).partition(":")[0] for name in names]:
            if rule in now:
                yield f"{layer.place(where)}: the rule `{rule}` is called `{now[rule]}` now"


def over(lower: Values, upper: Values) -> Values:
    """What both say together."""
    found = dict(lower)
    for key in KEYS:
        if key not in upper:
            continue
        value = upper[key]
        if key in ADDING:
            to = ADDING[key] or key
            found[to] = (*found.get(to, ()), *value)
        elif isinstance(value, dict):
            found[key] = _tables(found.get(key, {}), value)
        else:
            found[key] = value
            if key == "select":
                found.pop("extend-select", None)
    return found


def _tables(lower: Mapping[str, Any], upper: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(lower)
    for key, value in upper.items():
        found[key] = {**found.get(key, {}), **value} if isinstance(value, dict) else value
    return found


def settings(said: Values, root: str, file: str | None, notes: tuple[str, ...]) -> Settings:
    """The settings that these values mean."""
    names = {"with": "beside"}
    plain = ("preset", "select", "extend-select", "ignore", "parameters", "exclude", "format", "output", "baseline",
             "require-reason", "with")  # fmt: skip
    read = {names.get(key, key.replace("-", "_")): said[key] for key in plain if key in said}
    if "fail-on" in said:
        read["fail_on"] = None if said["fail-on"] == "never" else severity_named(said["fail-on"])
    if "per-path-ignores" in said:
        read["per_path_ignores"] = tuple(said["per-path-ignores"].items())
    severities, options = {}, {}
    for rule, table in said.get("rules", {}).items():
        if "severity" in table:
            severities[rule] = None if table["severity"] == "off" else severity_named(table["severity"])
        given = {option.replace("-", "_"): value for option, value in table.items() if option != "severity"}
        if given:
            options[rule] = given
    return Settings(root=root, file=file, severities=severities, options=options, notes=notes, **read)
