"""Settings: what the reader decided, from `[tool.slslint]` in pyproject.toml, from slslint.toml, or as options."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from slslint.errors import UsageError
from slslint.finding import Severity
from slslint.record import record
from slslint.source import Reader

FORMATS = ("text", "full", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown")
GRAPH_FORMATS = ("mermaid", "dot", "json", "svg")
PRESETS = ("default", "strict")
"""Smallest first; `strict` holds what good teams may reasonably disagree on."""
LEVELS = ("note", "warning", "error")
COMPANIONS = ("cfn-lint",)
"""Linters whose findings can stand beside ours."""


@record()
class Settings:
    """What the reader decided.

    A rule is named by its id, or one of its variants by `id:variant`.

    Attributes:
        root: the directory that `exclude` and `per_path_ignores` are relative to. file: where settings were read.
        select: when not empty, only these rules speak. ignore: these never do.
        fail_on: findings of this severity or above make the exit status 1; None: nothing does.
        exclude: paths to leave out, as in .gitignore, beyond those that are always left out. Code of functions that
            lies there is read, but nothing is said of it.
        per_path_ignores: (pattern as in .gitignore, rules, those of other linters too).
        parameters: values of template parameters; they decide conditions.
        severities: by rule or variant; None switches it off.
        options: keyword arguments of each rule's check, by rule id.
        output: where reports go, each FORMAT, FORMAT:FILE or FILE; files are relative to `root`.
        baseline: the absolute path of the file that holds the findings of old. require_reason: a suppression without a
            reason is a finding. beside: the linters, of `COMPANIONS`, whose findings are to stand beside ours.

    """

    root: str = "."
    file: str | None = None
    preset: str = "default"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity | None = Severity.WARNING
    format: str = "text"
    exclude: tuple[str, ...] = ()
    per_path_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    parameters: Mapping[str, str] = {}
    severities: Mapping[str, Severity | None] = {}
    options: Mapping[str, Mapping[str, object]] = {}
    output: tuple[str, ...] = ()
    baseline: str | None = None
    require_reason: bool = False
    beside: tuple[str, ...] = ()

    def path(self, reported: str, base: str) -> str:
        """A path relative to `base` as patterns want it: relative to `root`."""
        return os.path.relpath(os.path.join(base, reported), self.root).replace(os.sep, "/")


@record()
class Words:
    """What settings may say about one rule: its variants, and its options (kebab-case) with their defaults."""

    variants: tuple[str, ...]
    options: Mapping[str, object]


Vocabulary = Mapping[str, Words]
"""What may be configured, by rule id."""


def load(vocabulary: Vocabulary, file: str | None = None, start: str = ".") -> Settings:
    """The settings of `file`, or of the nearest slslint.toml or pyproject.toml with `[tool.slslint]` above `start`.

    Raises UsageError, which names the file, for what it cannot mean.
    """
    path = _nearest(os.path.realpath(start)) if file is None else file
    if path is None:
        return Settings(root=os.path.realpath(start))
    table = _table(path)
    if table is None:
        if file is not None and os.path.basename(path) == "pyproject.toml":
            raise UsageError(f"{path}: there is no [tool.slslint] in it; add that table, or name another file")
        return Settings(root=os.path.realpath(start))
    try:
        return _settings(table, vocabulary, path)
    except UsageError as error:
        raise UsageError(f"{os.path.relpath(path)}: {error}") from None


def severity_named(name: str) -> Severity:
    """The severity that users write as "note", "warning" or "error"."""
    return Severity[name.upper()]


def known_rule(name: str, vocabulary: Vocabulary) -> str:
    """The rule or variant name itself. Raises UsageError with the nearest one when there is no such rule."""
    rule, _, variant = name.partition(":")
    if rule not in vocabulary:
        raise UsageError(f"there is no rule `{rule}`{nearest(rule, vocabulary)}; `slslint rules` lists them")
    if variant and variant not in vocabulary[rule].variants:
        raise UsageError(f"`{rule}` has no variant `{variant}`; {_one_of(filter(None, vocabulary[rule].variants))}")
    return name


def nearest(name: str, names: Iterable[str]) -> str:
    """`` (did you mean `missing-timeout`?)`` with a leading space, or nothing."""
    close = closest(name, names)
    return f" (did you mean `{close}`?)" if close else ""


def closest(name: str, names: Iterable[str]) -> str:
    """The one of the names that was probably meant, or ""."""
    import difflib

    return next(iter(difflib.get_close_matches(name, list(names), n=1)), "")


def _nearest(folder: str) -> str | None:
    while True:
        own = os.path.join(folder, "slslint.toml")
        if os.path.isfile(own):
            return own
        shared = os.path.join(folder, "pyproject.toml")
        if os.path.isfile(shared) and _table(shared) is not None:
            return shared
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def _table(path: str) -> dict[str, Any] | None:
    """The settings' table of a TOML file; None when a pyproject.toml has none."""
    data = Reader(base=os.getcwd(), roots=(os.path.abspath(os.sep),)).read(path).data
    shared = os.path.basename(path) == "pyproject.toml"
    if shared and b"tool.slslint" not in data and b"[tool]" not in data:
        return None
    import tomllib

    try:
        document = tomllib.loads(data.decode())
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: it is no valid TOML: {error}") from None
    if not shared:
        return document
    table = document.get("tool", {}).get("slslint")
    return table if isinstance(table, dict) else None


def _settings(table: Mapping[str, Any], vocabulary: Vocabulary, path: str) -> Settings:
    unknown = next((key for key in table if key not in _READERS), None)
    if unknown is not None:
        raise UsageError(f"unknown key `{unknown}`{nearest(unknown, _READERS)}; {_one_of(_READERS)}")
    read: dict[str, Any] = {}
    for key, value in table.items():
        read.update(_READERS[key](key, value, vocabulary))
    root = os.path.dirname(os.path.realpath(path))
    if "baseline" in read:
        read["baseline"] = os.path.join(root, read["baseline"])
    return Settings(root=root, file=path, **read)


def _rules(key: str, value: object, vocabulary: Vocabulary) -> dict[str, Any]:
    names = _strings(key, value)
    return {key: tuple(known_rule(name, vocabulary) for name in names)}


def _choice(names: tuple[str, ...]) -> Callable[[str, object, Vocabulary], dict[str, Any]]:
    def read(key: str, value: object, _: Vocabulary) -> dict[str, Any]:
        if value not in names:
            raise UsageError(f"`{key}` cannot be {value!r}; {_one_of(names)}")
        return {key: value}

    return read


def _fail_on(key: str, value: object, _: Vocabulary) -> dict[str, Any]:
    if value not in (*LEVELS, "never"):
        raise UsageError(f"`{key}` cannot be {value!r}; {_one_of((*LEVELS, 'never'))}")
    return {"fail_on": None if value == "never" else severity_named(str(value))}


def _texts(key: str, value: object, _: Vocabulary) -> dict[str, Any]:
    return {key: _strings(key, value)}


def _baseline(key: str, value: object, _: Vocabulary) -> dict[str, Any]:
    if not isinstance(value, str) or not value:
        raise UsageError(f"`{key}` must be the path of a file")
    return {key: value}


def _require_reason(key: str, value: object, _: Vocabulary) -> dict[str, Any]:
    if not isinstance(value, bool):
        raise UsageError(f"`{key}` must be true or false")
    return {"require_reason": value}


def _with(key: str, value: object, _: Vocabulary) -> dict[str, Any]:
    names = _strings(key, [value] if isinstance(value, str) else value)
    unknown = next((name for name in names if name not in COMPANIONS), None)
    if unknown is not None:
        raise UsageError(f"`{key}` cannot be {unknown!r}; {_one_of(COMPANIONS)}")
    return {"beside": names}


def _per_path(key: str, value: object, vocabulary: Vocabulary) -> dict[str, Any]:
    pairs = [
        (pattern, tuple(_known_anywhere(name, vocabulary) for name in _strings(f"{key}.{pattern}", names)))
        for pattern, names in _mapping(key, value).items()
    ]
    return {"per_path_ignores": tuple(pairs)}


def _known_anywhere(name: str, vocabulary: Vocabulary) -> str:
    """The name of a rule, be it another linter's ("cfn-lint:W3005", or "cfn-lint" for all of them)."""
    return name if name.partition(":")[0] in COMPANIONS else known_rule(name, vocabulary)


def _parameters(key: str, value: object, _: Vocabulary) -> dict[str, Any]:
    found = {}
    for name, each in _mapping(key, value).items():
        if not isinstance(each, str | int | float):
            raise UsageError(f"`{key}.{name}` must be a string or a number")
        found[name] = str(each).lower() if isinstance(each, bool) else str(each)
    return {key: found}


def _rule_tables(key: str, value: object, vocabulary: Vocabulary) -> dict[str, Any]:
    severities: dict[str, Severity | None] = {}
    options: dict[str, dict[str, object]] = {}
    for name, table in _mapping(key, value).items():
        known_rule(name, vocabulary)
        words = vocabulary[name.partition(":")[0]]
        for option, given in _mapping(f"{key}.{name}", table).items():
            where = f"{key}.{name}.{option}"
            if option == "severity":
                if given not in (*LEVELS, "off"):
                    raise UsageError(f"`{where}` cannot be {given!r}; {_one_of((*LEVELS, 'off'))}")
                severities[name] = None if given == "off" else severity_named(str(given))
                continue
            if ":" in name:
                raise UsageError(f"`{where}`: a variant has no option but `severity`; set options on the rule")
            if option not in words.options:
                close = nearest(option, words.options)
                raise UsageError(f"`{name}` has no option `{option}`{close}; {_one_of(('severity', *words.options))}")
            parameter = option.replace("-", "_")
            options.setdefault(name, {})[parameter] = _like(words.options[option], given, where)
    return {"severities": severities, "options": options}


_READERS: Mapping[str, Callable[[str, object, Vocabulary], dict[str, Any]]] = {
    "preset": _choice(PRESETS),
    "select": _rules,
    "ignore": _rules,
    "fail-on": _fail_on,
    "format": _choice(FORMATS),
    "output": _texts,
    "baseline": _baseline,
    "require-reason": _require_reason,
    "with": _with,
    "exclude": _texts,
    "per-path-ignores": _per_path,
    "parameters": _parameters,
    "rules": _rule_tables,
}


def _like(default: object, given: object, where: str) -> object:
    """The value of an option in the type of its default; tuples and sets are written as arrays of strings."""
    if isinstance(default, tuple | frozenset):
        return type(default)(_strings(where, given))
    if isinstance(default, float) and isinstance(given, int) and not isinstance(given, bool):
        return float(given)
    if default is not None and type(given) is not type(default):
        wanted = {bool: "true or false", int: "a whole number", float: "a number", str: "a string"}
        raise UsageError(f"`{where}` must be {wanted.get(type(default), type(default).__name__)}, not {given!r}")
    return given


def _strings(key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise UsageError(f"`{key}` must be an array of strings")
    return tuple(value)


def _mapping(key: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise UsageError(f"`{key}` must be a table")
    return value


def _one_of(names: Iterable[str]) -> str:
    return "use " + ", ".join(f"`{name}`" for name in names)
