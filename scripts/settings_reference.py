"""What may stand in settings, as a page of the documentation: made of their schema and of the rules."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from slslint import registry
from slslint.config import Option

SCHEMA = Path(__file__).parent.parent / "docs" / "slslint.schema.json"

HEAD = """\
# All settings

What may stand in `slslint.toml`, and under `[tool.slslint]` in `pyproject.toml`; [Settings](../settings.md) tells how
they are found and put together. Editors complete and check them by the [schema](../slslint.schema.json).
"""

OPTIONS = """
## Options of rules

Each rule has `severity` (one of `note`, `warning`, `error`, `off`), and some have more:

| rule | option | default | |
|---|---|---|---|
"""


def text() -> str:
    """The whole page."""
    properties = json.loads(SCHEMA.read_text())["properties"]
    keys = (f"\n## {key}\n\n{' '.join(_facts(described))}\n" for key, described in properties.items())
    return HEAD + "".join(keys) + OPTIONS + "".join(_options())


def _facts(described: dict[str, object]) -> Iterable[str]:
    yield str(described["description"])
    listed = described.get("items")
    choices = described.get("enum") or (listed.get("enum") if isinstance(listed, dict) else None)
    if isinstance(choices, list):
        yield f"One of {', '.join(f'`{choice}`' for choice in choices)}."
    if "default" in described:
        yield f"Default: `{json.dumps(described['default'])}`."


def _options() -> Iterable[str]:
    for rule in registry.load():
        for option in rule.options:
            default = json.dumps(option.default, default=list)
            yield f"| [{rule.id}](../rules/{rule.id}.md#options) | `{option.name}` | `{default}` | {_about(option)} |\n"


def _about(option: Option) -> str:
    return f"{option.about}: {option.range}" if option.range else option.about
