"""Every key there is: what it means, what it may be, and where it may stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slslint.config.kinds import (
    FLAG,
    PARAMETERS,
    PATH,
    PATTERNS,
    RULE_NAMES,
    RULE_TABLES,
    RULES_BY_PATTERN,
    Kind,
    Schema,
    choice,
    choices,
    strings,
    table,
)
from slslint.config.settings import COMPANIONS, FORMATS, LEVELS, PRESETS
from slslint.config.vocabulary import Vocabulary
from slslint.errors import SettingError, nearest, one_of
from slslint.record import record


@record()
class Key:
    """A key of the settings.

    Attributes:
        about: Markdown, for people who write it. default: what holds where nobody says it.
        where: "file", or "path": in `overrides` too, for it can differ from path to path.

    """

    kind: Kind
    about: str
    default: object = None
    where: str = "file"


def _overrides(given: object, where: str, words: Vocabulary) -> object:
    if not isinstance(given, list):
        raise SettingError(where, f"`{where}` must be an array of tables; write [[{where}]]")
    return tuple(_override(table(each, where), f"{where}[{index}]", words) for index, each in enumerate(given))


def _override(given: Mapping[str, Any], where: str, words: Vocabulary) -> dict[str, Any]:
    patterns = strings(given.get("paths"), f"{where}.paths")
    if not patterns:
        raise SettingError(where, f"`{where}.paths` is empty; name the paths that it is about")
    said = {key: value for key, value in given.items() if key != "paths"}
    return {"paths": patterns, **values(said, OVERRIDABLE, words, where)}


def _schema_of_overrides(words: Vocabulary) -> Schema:
    paths = {**PATTERNS.schema(words), "minItems": 1, "description": "Patterns as in .gitignore."}
    each = {
        "type": "object",
        "properties": {"paths": paths, **properties(OVERRIDABLE, words)},
        "required": ["paths"],
        "additionalProperties": False,
    }
    return {"type": "array", "items": each}


KEYS: Mapping[str, Key] = {
    "extend": Key(PATH, "The file whose settings these go on from: tables are put together, the rest is replaced."),
    "preset": Key(choice(PRESETS), "How much to say.", "default", "path"),
    "select": Key(RULE_NAMES, "Only these rules speak; without any, those of the preset do.", [], "path"),
    "extend-select": Key(RULE_NAMES, "These rules speak too.", [], "path"),
    "ignore": Key(RULE_NAMES, "These rules do not speak.", [], "path"),
    "extend-ignore": Key(RULE_NAMES, "These rules do not speak either.", [], "path"),
    "rules": Key(RULE_TABLES, "The severity and the options of each rule.", {}, "path"),
    "parameters": Key(PARAMETERS, "Values of template parameters, by which conditions are decided.", {}, "path"),
    "exclude": Key(PATTERNS, "What to leave out, as in .gitignore, beyond what is always left out.", []),
    "extend-exclude": Key(PATTERNS, "What to leave out, too.", []),
    "per-path-ignores": Key(RULES_BY_PATTERN, "Rules whose findings do not count, by pattern as in .gitignore.", {}),
    "overrides": Key(
        Kind(_overrides, _schema_of_overrides), "What differs for some paths; of several, the last counts.", []
    ),
    "fail-on": Key(choice((*LEVELS, "never")), "The severity from which on the exit status is 1.", "warning"),
    "format": Key(choice(FORMATS), "The form of the report.", "text"),
    "output": Key(PATTERNS, "Where reports go, each `FORMAT`, `FORMAT:FILE` or `FILE`.", []),
    "baseline": Key(PATH, "The file that holds the findings that do not count because they are old."),
    "require-reason": Key(FLAG, "Whether a suppression that does not say why is a finding.", False),
    "with": Key(choices(COMPANIONS), "Linters whose findings are to stand beside ours.", []),
}

OVERRIDABLE: Mapping[str, Key] = {name: key for name, key in KEYS.items() if key.where == "path"}

ADDING = {"extend-select": "", "extend-ignore": "ignore", "extend-exclude": "exclude"}
"""Keys that add to what was said before, and the key to which; `extend-select` adds to the preset, too."""


def values(given: Mapping[str, Any], keys: Mapping[str, Key], words: Vocabulary, where: str = "") -> dict[str, Any]:
    """The value of each key. Raises SettingError for what it cannot mean."""
    start = f"{where}." if where else ""
    unknown = next((key for key in given if key not in keys), None)
    if unknown is not None:
        raise SettingError(start + unknown, f"unknown key `{start}{unknown}`{nearest(unknown, keys)}; {one_of(keys)}")
    return {key: keys[key].kind.read(value, f"{start}{key}", words) for key, value in given.items()}


def properties(keys: Mapping[str, Key], words: Vocabulary) -> Schema:
    """The keys as JSON Schema."""
    return {name: _property(key, words) for name, key in keys.items()}


def _property(key: Key, words: Vocabulary) -> Schema:
    schema = key.kind.schema(words)
    # What stands beside a reference does not count in draft 7.
    schema = {"allOf": [schema]} if "$ref" in schema else schema
    return {**schema, "description": key.about, **({} if key.default is None else {"default": key.default})}
