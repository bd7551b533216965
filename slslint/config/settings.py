"""Settings: what the reader decided, whoever said it and wherever it was written."""

from __future__ import annotations

import os
from collections.abc import Mapping

from slslint.finding import Severity
from slslint.record import record

FORMATS = ("text", "full", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown")
"""The forms of reports. `full` is text with the code of every finding, however many there are."""
GRAPH_FORMATS = ("mermaid", "dot", "json", "svg")
PRESETS = ("default", "strict")
"""Smallest first; `strict` holds what good teams may reasonably disagree on."""
LEVELS = ("note", "warning", "error")
COMPANIONS = ("cfn-lint",)
"""Linters whose findings can stand beside ours."""


@record()
class Settings:
    """What the reader decided.

    A rule is named by its id, or one of its variants by `id:variant`.

    Attributes:
        root: the directory that `exclude` and `per_path_ignores` are relative to. file: where settings were read.
        select: when not empty, only these rules speak. extend_select: these speak too. ignore: these never do.
        fail_on: findings of this severity or above make the exit status 1; None: nothing does.
        exclude: paths to leave out, as in .gitignore, beyond those that are always left out. Code of functions that
            lies there is read, but nothing is said of it.
        per_path_ignores: (pattern as in .gitignore, rules, those of other linters too).
        parameters: values of template parameters; they decide conditions.
        severities: by rule or variant; None switches it off.
        options: keyword arguments of each rule's check, by rule id.
        output: where reports go, each FORMAT, FORMAT:FILE or FILE; files are relative to `root`.
        baseline: the absolute path of the file that holds the findings of old. require_reason: a suppression without a
            reason is a finding. beside: the linters, of `COMPANIONS`, whose findings are to stand beside ours.
        notes: what its author should know of what was read, a sentence each.

    """

    root: str = "."
    file: str | None = None
    preset: str = "default"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity | None = Severity.WARNING
    format: str = "text"
    exclude: tuple[str, ...] = ()
    per_path_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    parameters: Mapping[str, str] = {}
    severities: Mapping[str, Severity | None] = {}
    options: Mapping[str, Mapping[str, object]] = {}
    output: tuple[str, ...] = ()
    baseline: str | None = None
    require_reason: bool = False
    beside: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def path(self, reported: str, base: str) -> str:
        """A path relative to `base` as patterns want it: relative to `root`."""
        return os.path.relpath(os.path.join(base, reported), self.root).replace(os.sep, "/")


def severity_named(name: str) -> Severity:
    """The severity that users write as "note", "warning" or "error"."""
    return Severity[name.upper()]
