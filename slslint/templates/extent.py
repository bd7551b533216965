"""How far what begins on a line of a template reaches, told by indentation: the same in every notation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slslint.source import Span
from slslint.templates.terraform.files import is_hcl

JSON_INDENT = 4
"""Spaces before the first keys of a JSON file, at most."""

_COMMENT = ("#", "//", "/*")
_CLOSING = ("}", "]", ")")
_BLOCKS = frozenset(
    {
        "check", "data", "import", "locals", "module", "moved", "output", "provider", "removed", "resource",
        "terraform", "variable",
    }
)  # fmt: skip


def extent(path: str, lines: Sequence[str], line: int) -> Span:
    """From a line (from 1) to the last one that is part of it: those that are indented more, and what closes it.

    In Terraform what begins at the margin reaches to the next block there, for a heredoc may stand at the margin too.
    """
    depth = _depth(lines[line - 1])
    blocks = is_hcl(path) and _begins_block(lines[line - 1])
    last = line
    for number, text in enumerate(lines[line:], line + 1):
        stripped = text.lstrip()
        if not stripped or stripped.startswith(_COMMENT):
            continue
        if blocks:
            ended = _begins_block(text)
        else:
            inward = len(text) - len(stripped) - depth
            ended = inward < 0 or (inward == 0 and not stripped.startswith(_CLOSING))
        if ended:
            break
        last = number
    return Span(path, line, 1, last, len(lines[last - 1]) + 1)


def _begins_block(text: str) -> bool:
    return text[:1].isalpha() and text.partition(" ")[0] in _BLOCKS and "{" in text


def _depth(text: str) -> int:
    return len(text) - len(text.lstrip())


def shared(path: str, lines: Sequence[str]) -> Iterator[Span]:
    """The parts of a template from which all of its functions inherit: SAM's Globals, a service's provider."""
    if is_hcl(path):
        return
    for number, text in enumerate(lines, 1):
        if "Globals" not in text and "provider" not in text:
            continue
        key, colon, _ = text.partition(":")
        top = _depth(text) == 0 or ('"' in key and _depth(text) <= JSON_INDENT)
        if colon and top and key.strip(' \t"') in ("Globals", "provider"):
            yield extent(path, lines, number)
