"""What may be configured, as JSON Schema, by which editors complete and check settings."""

from __future__ import annotations

from slslint.config.keys import KEYS, properties
from slslint.config.kinds import RULE, Schema, schema_of_rules
from slslint.config.vocabulary import Vocabulary
from slslint.pages import HOME

ADDRESS = f"{HOME}slslint.schema.json"
"""Where the schema of the rules that come with slslint can be had."""


def schema(words: Vocabulary) -> Schema:
    """The schema of a slslint.toml, or of the table [tool.slslint], in draft 7, which TOML's editors read."""
    names = [
        f"{name}:{variant}" if variant else name
        for id, rule in words.items()
        for name in (id, *rule.aliases)
        for variant in ("", *filter(None, rule.variants))
    ]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": ADDRESS,
        "title": "Settings of slslint",
        "type": "object",
        "properties": properties(KEYS, words),
        "additionalProperties": False,
        "definitions": {
            "rule": {"enum": names, "description": "A rule, or one of its variants."},
            "rules": {"type": "array", "items": RULE},
            "tables": schema_of_rules(words),
        },
    }
