"""What the reader decided: `[tool.slslint]` in pyproject.toml, slslint.toml, and the command line over them."""

from slslint.config.configuration import Configuration, configuration, everywhere, load
from slslint.config.settings import COMPANIONS, FORMATS, GRAPH_FORMATS, LEVELS, PRESETS, Settings
from slslint.config.vocabulary import Option, Vocabulary, Words, known_rule

__all__ = [
    "COMPANIONS",
    "FORMATS",
    "GRAPH_FORMATS",
    "LEVELS",
    "PRESETS",
    "Configuration",
    "Option",
    "Settings",
    "Vocabulary",
    "Words",
    "configuration",
    "everywhere",
    "known_rule",
    "load",
]
