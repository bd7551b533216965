"""Source files lowered to Facts, one room per language."""

from __future__ import annotations

from slslint.facts import Facts
from slslint.source import SourceFile

_LANGUAGES = {
    ".py": "python",
    **dict.fromkeys((".js", ".mjs", ".cjs", ".jsx"), "javascript"),
    **dict.fromkeys((".ts", ".mts", ".cts", ".tsx"), "typescript"),
}
_DECLARATIONS = (".d.ts", ".d.mts", ".d.cts")


def language_of(path: str) -> str | None:
    """The language that a file's name says it is written in; None when slslint does not read that language."""
    return None if path.endswith(_DECLARATIONS) else _by_suffix(path)


def _by_suffix(path: str) -> str | None:
    _, dot, suffix = path.rpartition(".")
    return _LANGUAGES.get(dot + suffix)


def lower(file: SourceFile, language: str = "") -> Facts:
    """What the file says. Never raises on bad code: that becomes a Problem, beside the facts that could be read.

    The language is what the path says, unless it is given; code inside a template is otherwise taken for Python.
    """
    language = language or _by_suffix(file.path) or "python"
    # Only the grammar and the tables of the language at hand are loaded: a start is to take no longer than it must.
    if language == "python":
        from slslint.languages import python

        return python.lower(file)
    from slslint.languages import javascript

    return javascript.lower(file, language)
