"""Findings written for people and for programs: one module per form, each a pure function from a Result to text."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable

from slslint.result import Result
from slslint.rule import Rule
from slslint.source import Reader

FORMS = {
    "text": "the code of each finding; one line each when there are many",
    "full": "the code of each finding, however many",
    "concise": "one line each",
    "json": "for programs",
    "sarif": "SARIF 2.1.0, for code scanning",
}
"""The forms by name, and what each is."""

_MODULES = {"full": "text"}


def write(
    form: str, result: Result, rules: Iterable[Rule], reader: Reader, *, colour: bool = False, width: int | None = None
) -> str:
    """The result in one of FORMS, with a newline at its end (or nothing, when there is nothing to say).

    `rules` are those that were run; `reader` has the files that the findings point into. `colour` and `width` (columns,
    None when it is no terminal) concern the forms for people.
    """
    module = importlib.import_module(f"{__name__}.{_MODULES.get(form, form)}")
    writer: Callable[..., str] = module.write
    if form in ("text", "full"):
        return writer(result, rules, reader, colour=colour, width=width, full=form == "full")
    return writer(result, rules, reader)
