"""The source files around an application of the CDK, listed when an asset is looked for among them."""

from __future__ import annotations

from collections.abc import Mapping

from slslint.source import Reader

HANDLERS = (".py", ".js", ".mjs", ".cjs", ".ts", ".mts")
SOURCES = (*HANDLERS, ".cts", ".jsx", ".tsx")

UNSEARCHED = frozenset(
    {
        ".aws-sam", ".git", ".hg", ".mypy_cache", ".nox", ".pytest_cache", ".ruff_cache", ".serverless", ".terraform",
        ".tox", ".venv", ".yarn", "__pycache__", "bower_components", "cdk.out", "env", "node_modules", "site-packages",
        "venv",
    }
)  # fmt: skip
"""Folders in which nobody's handlers lie."""

_MOST = 30_000
"""Entries of folders that are looked through."""


def files_in(folder: str, reader: Reader) -> Mapping[str, list[str]]:
    """The source files in and below a folder by their names, nearest first; of a large tree those on top."""
    known = reader.keep(_known)
    if folder not in known:
        known[folder] = _listed(folder, reader)
    return known[folder]


def _known(reader: Reader) -> dict[str, Mapping[str, list[str]]]:
    return {}


def _listed(folder: str, reader: Reader) -> Mapping[str, list[str]]:
    named: dict[str, list[str]] = {}
    pending = [folder]
    count = 0
    for each in pending:
        entries = reader.entries(each)
        if "manifest.json" in entries and "cdk.out" in entries:
            continue
        for name, is_dir in entries.items():
            path = name if each == "." else f"{each}/{name}"
            if is_dir and name not in UNSEARCHED:
                pending.append(path)
            elif not is_dir and name.endswith(SOURCES):
                named.setdefault(name, []).append(path)
        count += len(entries)
        if count > _MOST:
            break
    return named
