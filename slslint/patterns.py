"""Patterns as in gitignore(5)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

Decide = Callable[[str], bool | None]
"""Whether patterns speak of a path, relative to their folder; a folder's path ends in `/`. None: none matches it."""

_TOKENS = re.compile(r"/\*\*/|/\*$|^\*\*/|/\*\*$|\*+|\?|\[[!^]?\]?[^\]]*\]|\\.|[^*?\[\\/]+|.")
_REPEATED = re.compile(r"(?<![^/])\*\*/(?:\*\*/)+")
_GLOB = {"/**/": "/(?:.*/)?", "**/": "(?:.*/)?", "/**": "/.+", "/*": "/[^/]+", "*": "[^/]*", "**": "[^/]*", "?": "[^/]"}


@lru_cache(maxsize=64)
def compile_patterns(lines: tuple[str, ...]) -> Decide:
    """What patterns as in gitignore(5) say about a path: the last one that matches decides.

    Neighbours that say the same are one regular expression, so that a path is matched once and not a hundred times.
    """
    groups: list[tuple[bool, list[str]]] = []
    for line in lines:
        pattern = line.rstrip("\r\n ")
        if not pattern.strip("/!") or pattern.startswith("#"):
            continue
        leaves_out = not pattern.startswith("!")
        if not groups or groups[-1][0] is not leaves_out:
            groups.append((leaves_out, []))
        groups[-1][1].append(_regex(pattern.removeprefix("!")))
    compiled = [(leaves_out, re.compile("|".join(patterns))) for leaves_out, patterns in reversed(groups)]
    return lambda path: next((leaves_out for leaves_out, regex in compiled if regex.fullmatch(path)), None)


def _regex(pattern: str) -> str:
    anchored = "/" in pattern.rstrip("/")
    last = "/" if pattern.endswith("/") else "/?"
    parts = _TOKENS.findall(_REPEATED.sub("**/", pattern.strip("/")))
    return ("" if anchored else "(?:.*/)?") + "".join(_GLOB.get(part) or _literal(part) for part in parts) + last


def _literal(part: str) -> str:
    if len(part) > 2 and part.startswith("["):
        inside = part[2:-1] if part[1] in "!^" else part[1:-1]
        safe = inside.replace("\\", r"\\").replace("[", r"\[").replace("]", r"\]")
        return f"(?!/)[{'^' if part[1] in '!^' else ''}{safe}]"
    return re.escape(part.removeprefix("\\") or part)
