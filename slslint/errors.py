"""Every error a user may see. Each says what is wrong and, after a semicolon, what to do next."""

from __future__ import annotations

from collections.abc import Iterable

DEBUG = "SLSLINT_TRACEBACK"
"""Set in the environment, an error that nobody expected is raised as it is, for those who work on slslint."""


class SlslintError(Exception):
    """A mistake that the person at the keyboard can mend; front doors print it without a traceback."""


class UsageError(SlslintError):
    """A wrong option, setting, rule id or path: exit status 2."""


class SettingError(UsageError):
    """A setting that means nothing. `where` is its key, with dots: `rules.missing-timeout.severity`."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(message)
        self.where = where


class UnreadableFileError(SlslintError):
    """A file that is named but cannot be read: missing, too large, binary, not UTF-8, outside the project.

    Attributes:
        path: the file, as reports show it.
        why: one clause, lower case, without the path.

    """

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path
        self.why = why


def told(error: BaseException) -> str:
    """An error that nobody expected, in one line: "KeyError: 'Resources'"."""
    return " ".join(f"{type(error).__name__}: {error}".split()).removesuffix(":")


def nearest(name: str, names: Iterable[str]) -> str:
    """`` (did you mean `missing-timeout`?)`` with a leading space, or nothing."""
    close = closest(name, names)
    return f" (did you mean `{close}`?)" if close else ""


def closest(name: str, names: Iterable[str]) -> str:
    """The one of the names that was probably meant, or ""."""
    import difflib

    return next(iter(difflib.get_close_matches(name, list(names), n=1)), "")


def one_of(names: Iterable[str]) -> str:
    """The end of a message that says what can be used."""
    listed = ", ".join(f"`{name}`" for name in names)
    return f"use {listed}" if listed else "it has none"
