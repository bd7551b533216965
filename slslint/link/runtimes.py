"""Which language a deployed function's code is written in, as its runtime says."""

from __future__ import annotations

from slslint.model import Function
from slslint.value import Known, Value, known_values

_READ = {"python": "python", "nodejs": "javascript"}
"""The languages that are read, by the start of the runtime's name."""

_OTHERS = {"java": "Java", "dotnet": ".NET", "go": "Go", "ruby": "Ruby", "provided": "a custom runtime's"}
"""What the code of other runtimes is called, by the start of the runtime's name."""


def languages_of(function: Function) -> tuple[str, ...]:
    """The languages that the code may be written in, of those that are read; all of them when nothing decides."""
    found = decided(function.runtime)
    if found or (isinstance(function.runtime, Known) and unread(function.runtime)):
        return found
    inline = function.package.inline
    return tuple(_READ.values()) if inline is None else (_spoken(inline.text),)


def decided(runtime: Value[str]) -> tuple[str, ...]:
    """The languages that are read of those that the runtime names, under whatever condition."""
    found = (_start_of(known.value, _READ) for known in known_values(runtime))
    return tuple(dict.fromkeys(language for language in found if language))


def unread(runtime: Value[str]) -> str:
    """What the code of a runtime that is not read is called, for people; "" when the runtime is not decided."""
    return next((words for known in known_values(runtime) if (words := _start_of(known.value, _OTHERS))), "")


def _start_of(runtime: str, table: dict[str, str]) -> str:
    return next((words for prefix, words in table.items() if runtime.startswith(prefix)), "")


def _spoken(text: str) -> str:
    """The language of code in a template whose runtime is not decided."""
    return "python" if "def " in text and "exports." not in text else "javascript"
