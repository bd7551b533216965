"""Settings to start with, from what is found in a repository."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable

from slslint import discover
from slslint.config.schema import ADDRESS
from slslint.finding import counted
from slslint.record import record
from slslint.source import Reader

ASIDE = frozenset(
    {"__tests__", "e2e", "fixtures", "spec", "specs", "test", "testdata", "tests", "third_party", "vendor"}
)
"""Names of folders whose templates nobody deploys, or others wrote."""

LANGUAGES = {".py": "Python", ".ts": "TypeScript", ".mts": "TypeScript", ".cts": "TypeScript", ".tsx": "TypeScript"}


@record()
class Seen:
    """What a repository holds.

    Attributes:
        dialects: how many templates there are of each. languages: of the sources, the most frequent first.
        aside: folders with templates that are probably not to be checked, as patterns.

    """

    dialects: tuple[tuple[str, int], ...]
    languages: tuple[str, ...]
    aside: tuple[str, ...]


def seen(reader: Reader, dialects: tuple[tuple[str, int], ...]) -> Seen:
    """What lies in the folder of the reader and below, where a check has found templates of these dialects."""
    found = discover.find(["."], reader)
    languages = Counter(LANGUAGES.get(posixpath.splitext(path)[1], "JavaScript") for path in found.sources)
    aside = sorted({folder for path in found.templates if (folder := _aside(path))})
    inside = sum(bool(_aside(path)) for path in found.templates)
    # Where most lies in such folders, they are what the repository is about.
    patterns = tuple(f"/{folder}/" for folder in aside) if inside * 2 < len(found.templates) else ()
    return Seen(dialects, tuple(name for name, _ in languages.most_common()), patterns)


def _aside(path: str) -> str:
    """The outermost folder on the way to a file that holds tests or what others wrote; or ""."""
    folders = path.split("/")[:-1]
    return next(("/".join(folders[: count + 1]) for count, name in enumerate(folders) if name in ASIDE), "")


def written(seen: Seen, functions: int, *, shared: bool) -> str:
    """The text of the settings; `shared`: for a pyproject.toml."""
    table = "tool.slslint." if shared else ""
    head = ["[tool.slslint]"] if shared else [f"#:schema {ADDRESS}"]
    exclude = ", ".join(f'"{pattern}"' for pattern in seen.aside)
    lines = [
        *head,
        f"# Here: {told(seen, functions)}.",
        "# `slslint config` shows what holds for a path and why, `slslint rules` lists the rules.",
        "",
        '# How much to say: "default", or "strict", with what good teams may reasonably disagree on.',
        'preset = "default"',
        "",
        '# The severity from which on the exit status is 1: "note", "warning", "error", or "never".',
        'fail-on = "warning"',
        "",
        "# What to leave out, as in .gitignore, beyond what that hides and what is vendored or built.",
        f"exclude = [{exclude}]" if exclude else '# exclude = ["/legacy/"]',
        "",
        "# Values of template parameters, by which conditions are decided.",
        '# parameters = { Stage = "prod" }',
        "",
        '# The severity of a rule ("off" silences it) and its options; `slslint rule NAME` shows them.',
        f"# [{table}rules.sleep-in-handler]",
        '# severity = "note"',
        "# seconds = 5",
        "",
        "# What differs for some paths. A slslint.toml nearer to a template takes the place of this one.",
        f"# [[{table}overrides]]",
        '# paths = ["/services/old/"]',
        '# ignore = ["missing-timeout"]',
    ]
    return "\n".join(lines) + "\n"


def told(seen: Seen, functions: int) -> str:
    """What was found, in a few words."""
    if not seen.dialects and not functions:
        return "no template and no handler yet"
    names = [name for name, _ in seen.dialects]
    kinds = names[0] if len(names) == 1 else _listed(f"{count} {name}" for name, count in seen.dialects)
    total = sum(count for _, count in seen.dialects)
    templates = f"{counted(total, 'template')} ({kinds})" if kinds else "no template"
    languages = f" in {_listed(seen.languages)}" if seen.languages else ""
    return f"{templates}, {counted(functions, 'function')}{languages}"


def _listed(words: Iterable[str]) -> str:
    *rest, last = [*words] or [""]
    return f"{', '.join(rest)} and {last}" if rest else last
