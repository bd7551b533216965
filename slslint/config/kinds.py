"""What the value of a key may be: how it is read, and how an editor is told (JSON Schema)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from slslint.config.settings import COMPANIONS, LEVELS
from slslint.config.vocabulary import Option, Vocabulary, Words, known_rule
from slslint.errors import SettingError, UsageError, nearest, one_of
from slslint.record import record

Schema = dict[str, Any]

RULE = {"$ref": "#/definitions/rule"}
RULES = {"$ref": "#/definitions/rules"}
TEXTS = {"type": "array", "items": {"type": "string"}}
SEVERITIES = (*LEVELS, "off")


@record()
class Kind:
    """What a value may be.

    Attributes:
        read: of what is written and where (`rules.missing-timeout.severity`), the value; raises SettingError for
            what it cannot mean.
        schema: the same as JSON Schema.

    """

    read: Callable[[object, str, Vocabulary], Any]
    schema: Callable[[Vocabulary], Schema]


def choice(names: tuple[str, ...]) -> Kind:
    """One of some words."""

    def read(given: object, where: str, _: Vocabulary) -> object:
        if given not in names:
            raise SettingError(where, f"`{where}` cannot be {given!r}; {one_of(names)}")
        return given

    return Kind(read, lambda _: {"enum": list(names)})


def choices(names: tuple[str, ...]) -> Kind:
    """Some of some words."""
    each = choice(names)

    def read(given: object, where: str, words: Vocabulary) -> object:
        return tuple(each.read(name, where, words) for name in strings(given, where))

    return Kind(read, lambda words: {"type": "array", "items": each.schema(words)})


def strings(given: object, where: str) -> tuple[str, ...]:
    """An array of strings."""
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise SettingError(where, f"`{where}` must be an array of strings")
    return tuple(given)


def table(given: object, where: str) -> Mapping[str, Any]:
    """A table."""
    if not isinstance(given, dict):
        raise SettingError(where, f"`{where}` must be a table")
    return given


def _flag(given: object, where: str, _: Vocabulary) -> object:
    if not isinstance(given, bool):
        raise SettingError(where, f"`{where}` must be true or false")
    return given


def _path(given: object, where: str, _: Vocabulary) -> object:
    if not isinstance(given, str) or not given:
        raise SettingError(where, f"`{where}` must be the path of a file")
    return given


def _rules(given: object, where: str, words: Vocabulary) -> object:
    return tuple(_known(name, where, words) for name in strings(given, where))


def _known(name: str, where: str, words: Vocabulary) -> str:
    try:
        return known_rule(name, words)
    except UsageError as error:
        raise SettingError(where, str(error)) from None


def _rules_by_pattern(given: object, where: str, words: Vocabulary) -> object:
    return {
        pattern: tuple(
            _known_anywhere(name, f"{where}.{pattern}", words) for name in strings(names, f"{where}.{pattern}")
        )
        for pattern, names in table(given, where).items()
    }


def _known_anywhere(name: str, where: str, words: Vocabulary) -> str:
    """The name of a rule, be it another linter's ("cfn-lint:W3005", or "cfn-lint" for all of them)."""
    return name if name.partition(":")[0] in COMPANIONS else _known(name, where, words)


def _parameters(given: object, where: str, _: Vocabulary) -> object:
    found = {}
    for name, each in table(given, where).items():
        if not isinstance(each, str | int | float):
            raise SettingError(f"{where}.{name}", f"`{where}.{name}` must be a string, a number, true or false")
        found[name] = str(each).lower() if isinstance(each, bool) else str(each)
    return found


def _rule_tables(given: object, where: str, words: Vocabulary) -> object:
    found: dict[str, dict[str, object]] = {}
    for name, each in table(given, where).items():
        at = f"{where}.{name}"
        rule = _known(name, at, words)
        found[rule] = {**found.get(rule, {}), **_rule_table(table(each, at), at, rule, words)}
    return found


def _rule_table(given: Mapping[str, Any], at: str, name: str, words: Vocabulary) -> dict[str, object]:
    rule, _, variant = name.partition(":")
    options = words[rule].options
    found: dict[str, object] = {}
    for option, value in given.items():
        where = f"{at}.{option}"
        if option == "severity":
            found[option] = _SEVERITY.read(value, where, words)
        elif variant:
            raise SettingError(where, f"`{where}`: a variant has no option but `severity`; set options on the rule")
        elif option in options:
            found[option] = options[option].read(value, where)
        else:
            near = nearest(option, options)
            known = one_of(("severity", *options))
            raise SettingError(where, f"`{rule}` has no option `{option}`{near}; {known}")
    return found


def schema_of_rules(words: Vocabulary) -> Schema:
    """The tables of rules, each with the rule's options."""
    properties: Schema = {}
    for id, rule in words.items():
        variants = [variant for variant in rule.variants if variant]
        properties[id] = _schema_of_rule(rule)
        for old in rule.aliases:
            properties[old] = {**properties[id], "description": f"The old name of `{id}`."}
        for name in (id, *rule.aliases):
            for variant in variants:
                about = f"The variant `{variant}` of `{id}`: {rule.summary}"
                properties[f"{name}:{variant}"] = _closed({"severity": _SEVERITY_SCHEMA}, about)
    return _closed(properties, "")


def _schema_of_rule(rule: Words) -> Schema:
    options = {name: _schema_of_option(option) for name, option in rule.options.items()}
    return _closed({"severity": _SEVERITY_SCHEMA, **options}, rule.summary)


def _schema_of_option(option: Option) -> Schema:
    types: dict[str, Schema] = {
        "bool": {"type": "boolean"},
        "int": {"type": "integer"},
        "float": {"type": "number"},
        "str": {"type": "string"},
    }
    bounds = {"minimum": option.least, "maximum": option.most}
    default = list(option.default) if isinstance(option.default, tuple | frozenset) else option.default
    of_range = f" ({option.range})" if option.range else ""
    return {
        **types.get(option.kind, TEXTS),
        **{name: bound for name, bound in bounds.items() if bound is not None},
        "default": default,
        "description": f"{option.about[:1].upper()}{option.about[1:]}{of_range}.",
    }


def _closed(properties: Schema, about: str) -> Schema:
    described = {"description": about} if about else {}
    return {"type": "object", **described, "properties": properties, "additionalProperties": False}


_SEVERITY = choice(SEVERITIES)
_SEVERITY_SCHEMA: Schema = {
    "enum": list(SEVERITIES),
    "description": "How severe its findings are; `off` silences it. A rule that has one speaks in every preset.",
}

FLAG = Kind(_flag, lambda _: {"type": "boolean"})
PATH = Kind(_path, lambda _: {"type": "string", "minLength": 1})
PATTERNS = Kind(lambda given, where, _: strings(given, where), lambda _: TEXTS)
RULE_NAMES = Kind(_rules, lambda _: RULES)
_ANYWHERE: Schema = {"anyOf": [RULE, {"type": "string", "pattern": f"^({'|'.join(COMPANIONS)})(:|$)"}]}
RULES_BY_PATTERN = Kind(
    _rules_by_pattern,
    lambda _: {"type": "object", "additionalProperties": {"type": "array", "items": _ANYWHERE}},
)
PARAMETERS = Kind(
    _parameters, lambda _: {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}}
)
RULE_TABLES = Kind(_rule_tables, lambda _: {"$ref": "#/definitions/tables"})
