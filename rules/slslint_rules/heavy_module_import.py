"""Slow imports at every cold start for the sake of nothing, or of a few paths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from slslint.api import (
    App,
    Branches,
    Code,
    Finding,
    Function,
    ImportCost,
    LoadedImport,
    Mentions,
    Option,
    Place,
    Related,
    Severity,
    Span,
    Variant,
    facts,
    in_background,
    is_bundled,
    kept_warm,
    listed,
    needed_to_load,
    record,
    rule,
    used_whole,
)

SDK = {"boto3", "botocore", "s3transfer", "aioboto3", "aiobotocore", "aws-sdk", "@aws-sdk", "@smithy"}
"""The AWS SDKs and the packages around them: what most functions need is no finding."""

SHOWN = 3
"""Places that a finding names at most."""

EXTENSIONS = {
    r"@typegoose/|@nestjs/mongoose|mongoose-": "mongoose",
    r"sequelize-typescript|@nestjs/sequelize": "sequelize",
    r"typeorm-|@nestjs/typeorm": "typeorm",
}
"""Patterns of packages that were not measured, and the slow one that each of them loads."""


@record(eq=False)
class Slow:
    """A package that a file imports, what it costs beyond what is loaded anyway, and who needs it.

    Attributes:
        imports: the statements, or the names of one, in the order of the file.
        need: "every-path", "some-paths", "unused", or "unknown".
        users: the places that use it.

    """

    imports: list[LoadedImport]
    cost: ImportCost
    milliseconds: int
    need: str
    users: tuple[Place, ...]

    @property
    def place(self) -> Place:
        return self.imports[0].place

    @property
    def at(self) -> Span:
        return self.imports[0].statement.at


@rule(
    variants={
        "unused": Variant(Severity.WARNING),
        "some-paths": Variant(Severity.WARNING),
        "background": Variant(Severity.NOTE),
        "every-path": Variant(Severity.NOTE, "strict"),
    },
    options={
        "threshold_ms": Option("from how long on an import is reported", "milliseconds", least=1, most=60_000),
    },
    tags=("cold-start",),
)
def heavy_module_import(app: App, *, threshold_ms: int = 200) -> Iterator[Finding]:
    """A package that is slow to import is imported at every cold start, but used on some paths only or not at all."""
    found: dict[Span, tuple[Function, Code, list[Slow], list[str]]] = {}
    for function, code in app.functions_with_code():
        if kept_warm(app, function):
            continue
        for group in _groups(_slow_imports(function, code, threshold_ms), threshold_ms):
            # Functions that share a file share the finding.
            found.setdefault(group[0].at, (function, code, group, []))[3].append(function.id)
    for function, code, group, names in found.values():
        yield _finding(app, function, code, group, names)


def _slow_imports(function: Function, code: Code, threshold: int) -> list[Slow]:
    measured: dict[tuple[str, str], tuple[ImportCost, list[LoadedImport]]] = {}
    anyway: set[str] = set()
    for loaded in code.loaded_imports():
        cost = loaded.cost
        if loaded.at_start and not loaded.place.name and cost is None:
            anyway |= {each for name, each in EXTENSIONS.items() if re.match(name, loaded.statement.module)}
        if cost is None or not loaded.at_start or loaded.place.name or loaded.statement.optional or loaded.left_out:
            continue
        if re.split("[./]", cost.module)[0] in SDK:
            anyway |= {cost.module, *cost.brings}
        else:
            measured.setdefault((loaded.place.path, cost.module), (cost, []))[1].append(loaded)
    if sum(cost.milliseconds for cost, _ in measured.values()) < threshold:
        return []
    paths = _Paths(code)
    needed = [(cost, imports, *_need(paths, imports)) for cost, imports in measured.values()]
    slow = []
    said: set[str] = set()
    for cost, imports, need, users in needed:
        # Of files that all need a package on every path, the first to be loaded stands for them.
        if need == "every-path":
            if cost.module in said:
                continue
            said.add(cost.module)
        # What is loaded anyway costs nothing more.
        there = anyway.union(
            *(
                {other.module, *other.brings}
                for other, _, other_need, _ in needed
                if other_need == "every-path" and (need != "every-path" or other.module != cost.module)
            )
        )
        if need == "unused" and cost.pure and is_bundled(function, imports[0].place.facts):
            continue
        if cost.module not in there and need != "unknown":
            slow.append(Slow(imports, cost, cost.beyond(there), need, users))
    return slow


class _Paths:
    """What runs when, of a function's code: looked up where the imports alone do not tell."""

    def __init__(self, code: Code) -> None:
        self.code = code

    @cached_property
    def branches(self) -> Branches:
        return Branches(self.code)

    @cached_property
    def mentions(self) -> Mentions:
        return Mentions(self.code)


def _need(paths: _Paths, imports: list[LoadedImport]) -> tuple[str, tuple[Place, ...]]:
    """Who needs what the imports of one package bind, and the places that use it."""
    code = paths.code
    file, path = imports[0].place.facts, imports[0].place.path
    names = {loaded.statement.binds for loaded in imports}
    uses = [use for name in sorted(names) for use in code.users_of(path, name) if use.by is None]
    users = tuple(dict.fromkeys(use.place for use in uses))
    if (
        any(_is_for_effect(code, path, name) for name in names)
        or any(needed_to_load(file, name) for name in names)
        or any(not use.place.name for use in uses)
        or any(paths.branches.always(use.place, use.block) for use in uses)
    ):
        return "every-path", users
    if _is_passed_on(file, names) or _is_handed_over(code, path):
        return "unknown", ()
    reached = {place.name for place in users if place.path == path}
    if any(paths.mentions.may_run(function) for function in _readers(imports) if function.name not in reached):
        return "unknown", ()
    return ("some-paths" if uses else "unused"), users


def _is_for_effect(code: Code, path: str, name: str) -> bool:
    """Whether an import is there for what loading does: `import "m"`, or a `require("m")` whose value nobody takes."""
    return not name or (name.startswith("require ") and not any(code.users_of(path, name)))


def _is_passed_on(file: facts.Facts, names: set[str]) -> bool:
    """Whether the file imports it for others: a package's __init__, a file that lists its exports."""
    if file.path.endswith("/__init__.py") or "*" in names or any(name.startswith("export ") for name in names):
        return True
    exported = (part for values in (file.exports or {}).values() for value in values for part in facts.walk(value))
    return any(isinstance(part, facts.Name) and part.id in names for part in exported) or any(
        isinstance(each.target, facts.Name) and each.target.id == "__all__" for each in file.module.assigns
    )


def _is_handed_over(code: Code, path: str) -> bool:
    """Whether some file hands over the module as a whole, so that anybody may use what it exports."""
    files = [path]
    for file in files:
        loads = code.loads(file)
        passing = {loaded.place.path for loaded in loads if loaded.statement.binds == "*"}
        files += sorted(passing.difference(files))
        for loaded in loads:
            whole = loaded.statement.member is None and loaded.place.path not in passing
            if whole and used_whole(loaded.place.facts, loaded.statement.binds):
                return True
    return False


def _readers(imports: list[LoadedImport]) -> Iterator[facts.Function]:
    """The functions of the file that read what the imports bind."""
    names = {loaded.statement.binds for loaded in imports}
    for function in imports[0].place.facts.functions.values():
        if function.name and any(read.name in names for read in function.reads):
            yield function


def _groups(slow: list[Slow], threshold: int) -> Iterator[list[Slow]]:
    """What makes one finding each: an import over the threshold, or those of one file that together are."""
    rest: dict[tuple[str, str], list[Slow]] = {}
    for each in slow:
        if each.milliseconds >= threshold:
            yield [each]
        elif each.need != "every-path":
            rest.setdefault((each.place.path, each.need), []).append(each)
    for group in rest.values():
        brought = {module for each in group for module in each.cost.brings}
        own = [each for each in group if each.cost.module not in brought]
        if len(own) > 1 and sum(each.milliseconds for each in own) >= threshold:
            yield own


def _finding(app: App, function: Function, code: Code, group: list[Slow], names: list[str]) -> Finding:
    first = group[0]
    total = sum(each.milliseconds for each in group)
    packages = " and ".join(f"`{each.cost.module}`" for each in group)
    it = "it" if len(group) == 1 else "them"
    takes = f"{packages} {'takes' if len(group) == 1 else 'take'} about {total} ms to import at every cold start"
    whose = f"of `{names[0]}`" + (f" and {len(names) - 1} more" if len(names) > 1 else "")
    if first.need == "unused":
        elsewhere = listed(_names(_readers(first.imports), first.place.facts), SHOWN)
        unused = f"nothing that the handler {whose} reaches uses {it}{_brought_by(code, first.place)}"
        message = f"{takes}, and {unused}; {f'import {it} only where needed' if elsewhere else 'remove the import'}"
        cure = (
            f"{first.imports[0].made_lazy} into {elsewhere}"
            if elsewhere
            else "leave the package out, too, if nothing else needs it"
        )
    elif first.need == "some-paths":
        users = listed([name for each in group for user in each.users for name in _names([user.function], user.facts)])
        message = f"{takes} {whose}, but only some paths use {it} ({users}); import {it} there"
        cure = f"{first.imports[0].made_lazy} into {users}; the module is kept after the first time"
    else:
        message = f"{takes} {whose}, and every path uses {it}; instances that are started ahead would hide that"
        cure = "consider provisioned concurrency, SnapStart where the runtime has it, or a lighter package"
    variant = first.need
    if variant != "every-path" and in_background(app, function):
        variant = "background"
    return Finding(
        at=first.at,
        message=message,
        help=cure,
        function=function.id,
        related=tuple(Related(user.function.at, f"`{user.title}` uses it") for user in first.users[:SHOWN])
        if first.need == "some-paths"
        else (),
        path=code.path_to(first.place) if first.need == "unused" else (),
        variant=variant,
    )


def _brought_by(code: Code, place: Place) -> str:
    """The file that passes on what another file exports, and so loads it for all who import anything from there."""
    steps = code.path_to(place)
    loader = code.place(steps[-1].at.path) if steps else None
    if loader is None:
        return ""
    passed_on = (each for each in loader.function.imports if each.binds == "*" or each.binds.startswith("export "))
    if all(each.at != steps[-1].at for each in passed_on):
        return ""
    return f" (`{loader.path}` loads it for whoever imports anything from there)"


def _names(functions: Iterable[facts.Function], file: facts.Facts) -> list[str]:
    """What people call the functions; one without a name is part of the one around it."""
    found: dict[str, None] = {}
    for function in functions:
        while "<lambda>" in function.name:
            function = file.functions[function.outer]
        found[function.name or file.path.rpartition("/")[2]] = None
    return list(found)
