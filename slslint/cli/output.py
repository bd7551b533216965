"""Where commands write: a file, or a terminal that may show colours."""

from __future__ import annotations

import os
import stat
import sys
from typing import TextIO

from slslint.errors import UsageError


def write(path: str, text: str) -> None:
    """Write a file: whole, or not at all, so that nobody reads half of it. UsageError when that cannot be."""
    data = text.encode("utf-8", "backslashreplace")
    real = os.path.realpath(path)
    try:
        if not replaced(real, data):
            with open(real, "wb") as stream:
                stream.write(data)
    except OSError as error:
        folder = os.path.dirname(path)
        if folder and not os.path.isdir(folder):
            raise UsageError(f"{path}: there is no folder {folder}; make it first, or choose another place") from None
        why = (error.strerror or str(error)).lower()
        raise UsageError(f"{path}: {why}; choose another place") from None


def replaced(path: str, data: bytes) -> bool:
    """Whether a new file could take the place of what was there, which must be a plain file in a folder of ours."""
    mode = None
    if os.path.lexists(path):
        there = os.stat(path)
        if not stat.S_ISREG(there.st_mode):
            return False
        mode = stat.S_IMODE(there.st_mode)
    new = f"{path}.{os.getpid()}.tmp"
    try:
        with open(new, "xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
            if mode is not None:
                os.chmod(new, mode)
        os.replace(new, path)
    except PermissionError:
        _forget(new)
        return False
    except BaseException:
        _forget(new)
        raise
    return True


def _forget(path: str) -> None:
    if os.path.lexists(path):
        os.unlink(path)


def open_closed_streams() -> None:
    """Let something stand in for standard streams that were closed before we came; who did it wants to hear nothing."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115


def coloured(asked: str, terminal: bool) -> bool:
    """Whether stdout gets colours: what is `asked` (always, never, auto), then NO_COLOR, FORCE_COLOR, and the terminal.

    https://no-color.org, https://force-color.org: any text but the empty one counts. Where both are set, colours stay
    away, as Python itself has it. A log of CI is no terminal; most show colours to who sets FORCE_COLOR.
    """
    if asked != "auto":
        return asked == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return terminal and os.environ.get("TERM") != "dumb"


def width(terminal: TextIO) -> int | None:
    """Columns of a terminal: what COLUMNS says, else what it says itself; None when it does not."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return int(columns)
    return os.get_terminal_size(terminal.fileno()).columns or None


def blobs() -> str:
    """The address of the repository's files on GitHub, in a run of GitHub Actions; else nothing."""
    names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_SHA")
    server, repository, commit = (os.environ.get(name) for name in names)
    return f"{server}/{repository}/blob/{commit}/" if server and repository and commit else ""
