"""The invocation graph for people and programs: one module per form, each with a function from data to text."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence

from slslint.diagram.picture import Picture, picture
from slslint.diagram.sketch import Sketch, sketch

ENDINGS = {"mmd": "mermaid", "mermaid": "mermaid", "md": "mermaid", "dot": "dot", "gv": "dot", "json": "json",
           "svg": "svg"}  # fmt: skip
"""The form of a file by the end of its name."""

__all__ = ["ENDINGS", "Picture", "Sketch", "picture", "sketch", "write"]


def write(form: str, sketches: Sequence[Sketch], drawn: Picture) -> str:
    """The graphs in one of `GRAPH_FORMATS`, with a newline at the end.

    JSON has all of the sketches, the others show the picture. UsageError when a program that a form needs is not there.
    """
    module = importlib.import_module(f"{__name__}.{form}")
    writer: Callable[..., str] = module.write
    return writer(sketches) if form == "json" else writer(drawn)
