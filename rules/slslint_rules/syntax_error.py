"""Files that do not parse, so that not all of them was checked."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import App, Finding, Severity, Variant, rule

HELP = {
    "syntax": "mend it; slslint checks the rest of the application meanwhile",
    "duplicate-key": "keep the one that is meant",
    "templated": "let slslint run where the files are that the other program makes, or exclude this one",
    "python2": "port it to Python 3; no Lambda runtime runs Python 2 any more",
}
"""By kind of problem, what to do about it."""


@rule(
    variants={
        "": Variant(Severity.ERROR),
        "duplicate-key": Variant(Severity.WARNING),
        "templated": Variant(Severity.NOTE),
        "python2": Variant(Severity.NOTE),
    },
    tags=("program",),
)
def syntax_error(app: App) -> Iterator[Finding]:
    """A template or source file does not parse, so it was not checked as a whole."""
    for problem in app.problems:
        if problem.kind in HELP:
            variant = "" if problem.kind == "syntax" else problem.kind
            yield Finding(problem.at, problem.message, HELP[problem.kind], variant=variant)
