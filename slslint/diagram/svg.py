"""An image, drawn by Graphviz's `dot`."""

from __future__ import annotations

import shutil
import subprocess

from slslint.diagram import dot
from slslint.diagram.picture import Picture
from slslint.errors import UsageError


def write(picture: Picture) -> str:
    """The picture as SVG. UsageError when `dot` is not there, or fails."""
    program = shutil.which("dot")
    if program is None:
        raise UsageError(
            "--format svg needs Graphviz's `dot`; install graphviz (apt, dnf, brew), or choose mermaid or dot"
        )
    done = subprocess.run([program, "-Tsvg"], input=dot.write(picture), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        why = (done.stderr.strip().splitlines() or ["it says nothing"])[0]
        raise UsageError(f"`dot` could not draw the graph: {why}; --format dot shows what it was given")
    return done.stdout
