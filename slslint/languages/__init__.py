"""Source files lowered to Facts, one room per language."""

from __future__ import annotations

from slslint.facts import Facts
from slslint.source import SourceFile

_LANGUAGES = {".py": "python"}


def language_of(path: str) -> str | None:
    """The language that a file's name says it is written in; None when slslint does not read that language."""
    return next((language for suffix, language in _LANGUAGES.items() if path.endswith(suffix)), None)


def lower(file: SourceFile) -> Facts:
    """What the file says. Never raises on bad code: that becomes a Problem, beside the facts that could be read.

    Code inside a template is taken for Python.
    """
    from slslint.languages import python

    return python.lower(file)
