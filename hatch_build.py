"""Puts into wheels and sdists which commit they were made of, for `slslint --version`."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAME = "slslint/commit.txt"
"""What `slslint/version.py` reads. An sdist holds it already, and whatever is built of that takes it along."""


class CommitHook(BuildHookInterface[Any]):
    """Writes "034a315 2026-11-21" when building in a checkout. An editable install asks git whenever it is asked."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before a build; `version` is "editable" or "standard"."""
        if version == "editable" or not Path(self.root, ".git").exists():
            return
        command = ["git", "log", "-1", "--format=%h %cs", "--abbrev=7"]
        # In a hook of git, its variables name the repository that is checked, not this one.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        try:
            commit = subprocess.check_output(command, cwd=self.root, env=environment)
        except (OSError, subprocess.CalledProcessError):
            return
        self._folder = tempfile.TemporaryDirectory()
        made = Path(self._folder.name, "commit.txt")
        made.write_bytes(commit)
        build_data["force_include"][str(made)] = NAME

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Called after a build."""
        if hasattr(self, "_folder"):
            self._folder.cleanup()
