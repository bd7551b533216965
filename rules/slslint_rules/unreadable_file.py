"""Files that the application needs and that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import App, Finding, Severity, rule


@rule(Severity.ERROR, tags=("program",))
def unreadable_file(app: App) -> Iterator[Finding]:
    """A template, or a file that it needs, cannot be read, so it was not checked."""
    for problem in app.problems:
        if problem.kind == "unreadable":
            yield Finding(problem.at, f"this file was not checked: {problem.message}", "mend the file, or exclude it")
