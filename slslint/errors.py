"""Every error a user may see. Each says what is wrong and, after a semicolon, what to do next."""

DEBUG = "SLSLINT_TRACEBACK"
"""Set in the environment, an error that nobody expected is raised as it is, for those who work on slslint."""


def told(error: BaseException) -> str:
    """An error that nobody expected, in one line: "KeyError: 'Resources'"."""
    return " ".join(f"{type(error).__name__}: {error}".split()).removesuffix(":")


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
