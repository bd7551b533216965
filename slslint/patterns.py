"""Patterns as in gitignore(5)."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from functools import lru_cache

Decide = Callable[[str], bool | None]
"""Whether patterns speak of a path, relative to their folder; a folder's path ends in `/`. None: none matches it."""

_TOKENS = re.compile(r"/\*\*/|/\*$|^\*\*/|/\*\*$|\*+|\?|\[[!^]?\]?[^\]]*\]|\\.|[^*?\[\\/]+|.")
_SPECIAL = re.compile(r"[*?\[\\]")
_REPEATED = re.compile(r"(?<![^/])(?:\*\*/)+(?=\*\*(?:/|$))")
_GLOB = {"/**/": "/(?:.*/)?", "**/": "(?:.*/)?", "/**": "/.+", "/*": "/[^/]+", "*": "[^/]*", "**": "[^/]*", "?": "[^/]"}


@lru_cache(maxsize=256)
def compile_patterns(lines: tuple[str, ...]) -> Decide:
    """What patterns as in gitignore(5) say about a path: the last one that matches decides.

    Neighbours that say the same are asked at once, so that a path is matched once and not a hundred times.
    """
    groups: list[tuple[bool, list[str]]] = []
    for line in lines:
        pattern = line.rstrip("\r\n ")
        if not pattern.strip("/!") or pattern.startswith("#"):
            continue
        leaves_out = not pattern.startswith("!")
        if not groups or groups[-1][0] is not leaves_out:
            groups.append((leaves_out, []))
        groups[-1][1].append(pattern.removeprefix("!"))
    compiled = [(leaves_out, _any_of(patterns)) for leaves_out, patterns in reversed(groups)]
    return lambda path: next((leaves_out for leaves_out, matches in compiled if matches(path)), None)


def covers(lines: tuple[str, ...], path: str) -> bool:
    """Whether patterns leave out a file, by itself or with a folder that it lies in."""
    decide = compile_patterns(lines)
    parts = path.split("/")
    folders = ("/".join(parts[:count]) + "/" for count in range(1, len(parts)))
    return bool(decide(path)) or any(decide(folder) for folder in folders)


def _any_of(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Whether one of the patterns matches a path.

    Most are a name or `*.ending`: looking these up takes a tenth of the time of a regular expression.
    """
    names: set[str] = set()
    endings: list[str] = []
    globs: list[str] = []
    of_paths: list[str] = []
    for pattern in patterns:
        name = pattern.rstrip("/")
        forms = (f"{name}/",) if pattern.endswith("/") else (name, f"{name}/")
        if "/" in name:
            of_paths.append(_regex(pattern))
        elif not _SPECIAL.search(name):
            names.update(forms)
        elif name.startswith("*") and not _SPECIAL.search(name, 1):
            endings += [form[1:] for form in forms]
        else:
            globs.append(_regex(pattern))
    glob, of_path, ends = _union(globs), _union(of_paths), tuple(endings)

    def matches(path: str) -> bool:
        name = path[path.rfind("/", 0, -1) + 1 :]
        return (
            name in names
            or name.endswith(ends)
            or (glob is not None and glob(name) is not None)
            or (of_path is not None and of_path(path) is not None)
        )

    return matches


def _union(patterns: list[str]) -> Callable[[str], object] | None:
    return re.compile("|".join(patterns)).fullmatch if patterns else None


def _regex(pattern: str) -> str:
    """A regular expression for the path, or for its last part when the pattern holds for every folder."""
    last = "/" if pattern.endswith("/") else "/?"
    parts = _TOKENS.findall(_REPEATED.sub("", pattern.strip("/")))
    return "".join(_GLOB.get(part) or _literal(part) for part in parts) + last


def _literal(part: str) -> str:
    if len(part) > 2 and part.startswith("["):
        inside = part[2:-1] if part[1] in "!^" else part[1:-1]
        safe = inside.replace("\\", r"\\").replace("[", r"\[").replace("]", r"\]")
        return f"(?!/)[{'^' if part[1] in '!^' else ''}{safe}]"
    return re.escape(part.removeprefix("\\") or part)


def rebased(pattern: str, folder: str, to: str) -> str:
    """A pattern of one real folder as a pattern of another, above or below it; elsewhere it is left as it is.

    What cannot match below the other folder becomes a pattern that matches nothing.
    """
    if folder == to:
        return pattern
    way, sign = os.path.relpath(to, folder).replace(os.sep, "/"), "!" if pattern.startswith("!") else ""
    path = pattern.removeprefix("!")
    everywhere = "/" not in path.rstrip("/")
    if set(way.split("/")) == {".."}:
        down = os.path.relpath(folder, to).replace(os.sep, "/")
        return f"{sign}/{down}/{'**/' if everywhere else ''}{path.lstrip('/')}"
    if everywhere or way.startswith("../"):
        return pattern
    parts = path.lstrip("/").split("/")
    for part in way.split("/"):
        if parts in ([], [""]):
            return f"{sign}/**"
        if parts[0] == "**":
            return sign + "/".join(parts)
        if not re.fullmatch(_regex(parts[0]), part):
            return ""
        del parts[0]
    return f"{sign}/{'/'.join(parts)}" if any(parts) else f"{sign}/**"
