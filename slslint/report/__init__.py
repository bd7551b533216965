"""Findings written for people and for programs: one module per form, each a pure function from a Result to text."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable

from slslint.report.view import PLAIN
from slslint.report.view import View as View
from slslint.result import Result
from slslint.rule import Rule
from slslint.source import Reader

FINGERPRINTED = frozenset({"gitlab", "json", "sarif"})
"""The forms that tell a finding again in another run."""

_MODULES = {"full": "text"}


def write(form: str, result: Result, rules: Iterable[Rule], reader: Reader, view: View = PLAIN) -> str:
    """The result in one of `config.FORMATS`, with a newline at its end (or nothing, when there is nothing to say).

    `rules` are those that were run; `reader` has the files that the findings point into.
    """
    from slslint.record import replace

    module = importlib.import_module(f"{__name__}.{_MODULES.get(form, form)}")
    writer: Callable[[Result, Iterable[Rule], Reader, View], str] = module.write
    return writer(result, rules, reader, replace(view, full=True) if form == "full" else view)
