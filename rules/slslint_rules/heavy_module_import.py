"""Slow imports at every cold start for the sake of nothing, or of a few paths."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import (
    Absent,
    App,
    Branches,
    Code,
    Finding,
    Function,
    ImportCost,
    Invocation,
    Known,
    LoadedImport,
    Mentions,
    Place,
    Related,
    Severity,
    Span,
    Value,
    Variant,
    facts,
    record,
    rule,
    seldom_invoked,
)

SDK = {"boto3", "botocore", "s3transfer", "aioboto3", "aiobotocore"}
"""The AWS SDK and the packages around it: what most functions need is no finding."""

SHOWN = 3
"""Places that a finding names at most."""


@record(eq=False)
class Slow:
    """An import, what it costs beyond what is loaded anyway, and who needs it: nobody, some paths, or every path."""

    loaded: LoadedImport
    cost: ImportCost
    milliseconds: int
    need: str
    users: tuple[Place, ...]

    @property
    def at(self) -> Span:
        return self.loaded.statement.at


@rule(
    variants={
        "unused": Variant(Severity.WARNING),
        "some-paths": Variant(Severity.WARNING),
        "background": Variant(Severity.NOTE),
        "every-path": Variant(Severity.NOTE, "strict"),
    },
    tags=("cold-start",),
)
def heavy_module_import(app: App, *, threshold_ms: int = 200) -> Iterator[Finding]:
    """A package that is slow to import is imported at every cold start, but used on some paths only or not at all."""
    found: dict[Span, tuple[Function, list[Slow], list[str]]] = {}
    for function, code in app.functions_with_code():
        if _kept_warm(app, function):
            continue
        for group in _groups(_slow_imports(code, threshold_ms), threshold_ms):
            # Functions that share a file share the finding.
            found.setdefault(group[0].at, (function, group, []))[2].append(function.id)
    for function, group, names in found.values():
        yield _finding(app, function, group, names)


def _kept_warm(app: App, function: Function) -> bool:
    """Whether instances start from a snapshot or are started ahead, or nobody can say."""
    return any(_may_be_set(app, setting) for setting in (function.snap_start, function.provisioned_concurrency))


def _may_be_set(app: App, setting: Value[bool] | Value[int] | None) -> bool:
    if setting is None or isinstance(setting, Absent):
        return False
    return bool(setting.value) if isinstance(setting, Known) else app.templated


def _slow_imports(code: Code, threshold: int) -> list[Slow]:
    measured: list[tuple[LoadedImport, ImportCost]] = []
    sdk: set[str] = set()
    for loaded in code.loaded_imports():
        statement = loaded.statement
        if not loaded.at_start or loaded.place.name or loaded.path is not None or statement.optional:
            continue
        if statement.module.partition(".")[0] in SDK:
            sdk |= {"boto3", "botocore"}
            continue
        cost = None if statement.binds == "*" else loaded.cost
        if cost is not None:
            measured.append((loaded, cost))
    if sum(cost.milliseconds for _, cost in measured) < threshold:
        return []
    branches = Branches(code)
    needed = [(loaded, cost, *_need(code, branches, loaded)) for loaded, cost in measured]
    slow = []
    for loaded, cost, need, users in needed:
        # What is loaded anyway costs nothing more.
        anyway = set(sdk)
        for _, other, other_need, _ in needed:
            if other_need == "every-path" and (need != "every-path" or other.module != cost.module):
                anyway |= {other.module, *other.brings}
        if cost.module not in anyway and need != "unknown":
            slow.append(Slow(loaded, cost, cost.beyond(anyway), need, users))
    return slow


def _need(code: Code, branches: Branches, loaded: LoadedImport) -> tuple[str, tuple[Place, ...]]:
    """Who needs an import: "every-path", "some-paths", "unused", or "unknown"; and the places that use it."""
    name = loaded.statement.binds
    uses = [use for use in code.users_of(loaded.place.path, name) if use.how != "write"]
    users = tuple(dict.fromkeys(use.place for use in uses))
    if _read_by_definitions(loaded.place.facts, name) or any(
        not use.place.name or branches.always(use.place, use.block) for use in uses
    ):
        return "every-path", users
    # A package's __init__ imports for others, and so does a file that lists its exports.
    if loaded.place.path.endswith("/__init__.py") or any(
        isinstance(each.target, facts.Name) and each.target.id == "__all__"
        for each in loaded.place.facts.module.assigns
    ):
        return "unknown", ()
    reached = {place.name for place in users if place.path == loaded.place.path}
    others = [function for function in _readers(loaded) if function.name not in reached]
    mentions = Mentions(code) if others else None
    if mentions is not None and any(mentions.may_run(function) for function in others):
        return "unknown", ()
    return ("some-paths" if uses else "unused"), users


def _readers(loaded: LoadedImport) -> Iterator[facts.Function]:
    """The functions of the file that read what the import binds."""
    for function in loaded.place.facts.functions.values():
        if function.name and any(read.name == loaded.statement.binds for read in function.reads):
            yield function


def _read_by_definitions(file: facts.Facts, name: str) -> bool:
    """Whether a class or an annotation of the file needs the name as soon as the file is loaded."""
    if name in file.annotated:
        return True
    return any(
        isinstance(part, facts.Name) and part.id == name
        for found in file.classes.values()
        for expr in (*found.bases, *found.decorators, *(assign.value for assign in found.assigns))
        for part in facts.walk(expr)
    )


def _groups(slow: list[Slow], threshold: int) -> Iterator[list[Slow]]:
    """What makes one finding each: an import over the threshold, or those of one file that together are."""
    rest: dict[tuple[str, str], list[Slow]] = {}
    reported: set[tuple[str, str]] = set()
    for each in slow:
        key = (each.loaded.place.path, each.cost.module)
        if key in reported:
            continue
        reported.add(key)
        if each.milliseconds >= threshold:
            yield [each]
        elif each.need != "every-path":
            rest.setdefault((each.loaded.place.path, each.need), []).append(each)
    for group in rest.values():
        brought = {module for each in group for module in each.cost.brings}
        own = [each for each in group if each.cost.module not in brought]
        if len(own) > 1 and sum(each.milliseconds for each in own) >= threshold:
            yield own


def _finding(app: App, function: Function, group: list[Slow], names: list[str]) -> Finding:
    first = group[0]
    total = sum(each.milliseconds for each in group)
    packages = " and ".join(f"`{each.cost.module}`" for each in group)
    it = "it" if len(group) == 1 else "them"
    takes = f"{packages} {'takes' if len(group) == 1 else 'take'} about {total} ms to import at every cold start"
    whose = f"of `{names[0]}`" + (f" and {len(names) - 1} more" if len(names) > 1 else "")
    if first.need == "unused":
        elsewhere = _listed(function.name for function in _readers(first.loaded))
        unused = f"nothing that the handler {whose} reaches uses {it}"
        message = f"{takes}, and {unused}; {f'import {it} only where needed' if elsewhere else 'remove the import'}"
        cure = (
            f"move the import into {elsewhere}" if elsewhere else "leave the package out, too, if nothing else needs it"
        )
    elif first.need == "some-paths":
        users = _listed(user.title for each in group for user in each.users)
        message = f"{takes} {whose}, but only some paths use {it} ({users}); import {it} there"
        cure = f"move the import into {users}: Python keeps the module after the first time"
    else:
        message = f"{takes} {whose}, and every path uses {it}; a snapshot or instances kept warm would hide that"
        cure = "consider SnapStart or provisioned concurrency, or a lighter package"
    variant = first.need
    if variant != "every-path" and _in_background(app, function):
        variant = "background"
    return Finding(
        at=first.at,
        message=message,
        help=cure,
        function=function.id,
        related=tuple(Related(user.function.at, f"`{user.title}` uses it") for user in first.users[:SHOWN])
        if first.need == "some-paths"
        else (),
        variant=variant,
    )


def _listed(names: Iterator[str]) -> str:
    unique = list(dict.fromkeys(names))
    shown = ", ".join(f"`{name}`" for name in unique[:SHOWN])
    return shown + (f" and {len(unique) - SHOWN} more" if len(unique) > SHOWN else "")


def _in_background(app: App, function: Function) -> bool:
    """Whether nobody waits for the function, so that a slow start hurts less."""
    triggers = app.triggers(function)
    if triggers:
        return all(trigger.invocation is not Invocation.WAITS for trigger in triggers)
    code = app.code(function)
    return code is not None and seldom_invoked(code)
