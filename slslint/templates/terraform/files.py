"""Which files make up a module, and which give values to its variables."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from slslint import late
from slslint.source import Reader

SUFFIXES = (".tf", ".tf.json", ".tofu", ".tofu.json")

_HCL = (".tf", ".tofu", ".hcl")

_LOCAL_SOURCE = late.pattern(rb"[\"']?\bsource[\"']?\s*[=:]\s*\"(\.\.?/[^\"$%]*)\"")


def is_module_file(path: str) -> bool:
    """Whether a file is part of a module, by its name."""
    return path.endswith(SUFFIXES)


def is_hcl(path: str) -> bool:
    """Whether a file is written in Terraform's language, and not in JSON, by its name."""
    return path.endswith(_HCL)


def may_be_plan(data: bytes) -> bool:
    """Whether bytes can be the beginning of what `terraform show -json` says of a plan: a cheap test."""
    return b'"planned_values"' in data and b'"terraform_version"' in data and data.lstrip()[:1] == b"{"


def files_in(folder: str, reader: Reader) -> list[str]:
    """The files of the module in a folder, overrides last. OpenTofu's own take the place of Terraform's."""
    names = [name for name, is_dir in reader.entries(folder).items() if not is_dir and is_module_file(name)]
    replaced = {name.replace(".tofu", ".tf") for name in names if name.endswith((".tofu", ".tofu.json"))}
    names = sorted((name for name in names if name not in replaced), key=lambda name: (_overrides(name), name))
    return [posixpath.normpath(posixpath.join(folder, name)) for name in names]


def _overrides(name: str) -> bool:
    stem = name.partition(".")[0]
    return stem == "override" or stem.endswith("_override")


def settings_in(folder: str, reader: Reader) -> list[str]:
    """The files in a folder that always give values to the variables of a root module; later ones win."""
    names = [name for name, is_dir in reader.entries(folder).items() if not is_dir]
    always: list[str] = [name for name in ("terraform.tfvars", "terraform.tfvars.json") if name in names]
    always += sorted(name for name in names if name.endswith((".auto.tfvars", ".auto.tfvars.json")))
    return [posixpath.normpath(posixpath.join(folder, name)) for name in always]


def called_folders(folder: str, data: bytes) -> list[str]:
    """The folders of the local modules that a file in a folder calls: by a cheap test of its bytes."""
    sources = (match.decode(errors="replace") for match in _LOCAL_SOURCE.findall(data))
    return [posixpath.normpath(posixpath.join(folder, source)) for source in sources]


def root_modules(paths: Iterable[str], reader: Reader) -> list[str]:
    """One file of each folder that is a root module: of all those that no other calls.

    Modules that call each other in a ring count as roots, so that none is left out.
    """
    files: dict[str, list[str]] = {}
    for path in paths:
        files.setdefault(posixpath.dirname(path) or ".", []).append(path)
    calls: dict[str, set[str]] = {}
    for folder, inside in files.items():
        calls[folder] = {each for path in inside for each in called_folders(folder, reader.peek(path))} - {folder}
    called = {each for folders in calls.values() for each in folders}
    roots = [folder for folder in files if folder not in called]
    reached: set[str] = set()
    pending = list(roots)
    while pending:
        folder = pending.pop()
        if folder not in reached:
            reached.add(folder)
            pending.extend(calls.get(folder, ()))
    roots += [folder for folder in files if folder not in reached]
    return sorted(_first(files[folder]) for folder in roots if _is_of_aws(files[folder], reader))


def _first(paths: list[str]) -> str:
    """The file that stands for a module."""
    return min(paths, key=lambda path: (not posixpath.basename(path).startswith("main."), path))


def _is_of_aws(paths: list[str], reader: Reader) -> bool:
    return any(b"aws" in data or b"module" in data for data in map(reader.peek, paths))
