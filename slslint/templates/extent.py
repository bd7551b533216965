"""How far what begins on a line of a template reaches, told by indentation: the same in every notation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from slslint.source import Span

_COMMENT = ("#", "//", "/*")
_CLOSING = ("}", "]", ")")
_SHARED = re.compile(r"(?:[ \t]{1,8}\")?(?:Globals|provider)\"?\s*:")
_HCL = re.compile(
    r"(?:check|data|import|locals|module|moved|output|provider|removed|resource|terraform|variable)\b.*\{"
)


def extent(path: str, lines: Sequence[str], line: int) -> Span:
    """From a line (from 1) to the last one that is part of it: those that are indented more, and what closes it.

    In Terraform what begins at the margin reaches to the next block there, for a heredoc may stand at the margin too.
    """
    depth = _depth(lines[line - 1])
    blocks = path.endswith(".tf") and _HCL.match(lines[line - 1]) is not None
    last = line
    for number, text in enumerate(lines[line:], line + 1):
        stripped = text.lstrip()
        if not stripped or stripped.startswith(_COMMENT):
            continue
        if blocks:
            if _HCL.match(text):
                break
        elif _depth(text) <= depth and not (_depth(text) == depth and stripped.startswith(_CLOSING)):
            break
        last = number
    return Span(path, line, 1, last, len(lines[last - 1]) + 1)


def _depth(text: str) -> int:
    return len(text) - len(text.lstrip())


def shared(path: str, lines: Sequence[str]) -> Iterator[Span]:
    """The parts of a template from which all of its functions inherit: SAM's Globals, a service's provider."""
    if path.endswith(".tf"):
        return
    for number, text in enumerate(lines, 1):
        if _SHARED.match(text):
            yield extent(path, lines, number)
