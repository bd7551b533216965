"""What `slslint --version` says: the version, and the commit it was made of where that is known."""

from __future__ import annotations

import os
import pkgutil

from slslint import __version__


def described() -> str:
    """`0.1.0 (034a315 2026-11-21)`: of a wheel or sdist what its build wrote down, of a checkout what git says now."""
    commit = _built() or _checked_out()
    return f"{__version__} ({commit})" if commit else __version__


def _built() -> str:
    try:
        return (pkgutil.get_data("slslint", "commit.txt") or b"").decode().strip()
    except OSError:
        return ""


def _checked_out() -> str:
    root = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    if not os.path.exists(os.path.join(root, ".git")):
        return ""
    import subprocess

    command = ["git", "-C", root, "log", "-1", "--format=%h %cs", "--abbrev=7"]
    # In a hook of git, its variables name the repository that is checked, not ours.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
