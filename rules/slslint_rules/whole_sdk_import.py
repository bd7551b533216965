"""All of an AWS SDK for JavaScript, loaded for the sake of a client or two."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import (
    App,
    Code,
    Finding,
    Function,
    Known,
    LoadedImport,
    Severity,
    Variant,
    everything,
    facts,
    import_cost,
    is_bundled,
    kept_warm,
    listed,
    package_of,
    rule,
    service_of_class,
    used_whole,
)

WHOLE = {"aws-sdk", "aws-sdk/clients/all", "aws-sdk/index", "aws-sdk/lib/aws"}
"""Modules of version 2 that load every client."""

CLIENT = "@aws-sdk/client-"

LAST_WITH_VERSION_2 = 16
"""The last Node.js whose Lambda runtime brings version 2; from 18 on, runtimes bring version 3
(https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html)."""

END_OF_SUPPORT = "version 2 has had no updates since September 8, 2025; the runtimes from nodejs18.x on bring version 3"

SHOWN = 3
"""Clients that a finding names at most."""


@rule(
    variants={
        "missing": Variant(Severity.WARNING),
        "version-2": Variant(Severity.WARNING),
        "namespace": Variant(Severity.WARNING),
        "namespace-by-name": Variant(Severity.NOTE, preset="strict"),
    },
    tags=("cold-start",),
)
def whole_sdk_import(app: App) -> Iterator[Finding]:
    """All clients of the AWS SDK for JavaScript, or all commands of one, are loaded where a few would do."""
    for function, code in app.functions_with_code():
        warm = kept_warm(app, function)
        said: set[tuple[str, str]] = set()
        for loaded in code.loaded_imports():
            statement = loaded.statement
            if not loaded.at_start or loaded.place.name or loaded.path is not None or statement.optional:
                continue
            finding = None
            if (loaded.place.path, statement.module) not in said:
                if statement.module in WHOLE and not loaded.left_out:
                    finding = _missing(function, code, loaded) or (None if warm else _version_2(function, loaded))
                elif statement.module.startswith(CLIENT) and not warm:
                    finding = _namespace(function, loaded)
            if finding is not None:
                said.add((loaded.place.path, statement.module))
                yield finding


# --- version 2 -------------------------------------------------------------------------------------------------------


def _missing(function: Function, code: Code, loaded: LoadedImport) -> Finding | None:
    """That nothing brings version 2: not the runtime, not a layer, not the project."""
    runtime, file = _runtime_without(function), loaded.place.path
    if not runtime or function.layers.items or not function.layers.complete or code.lists("aws-sdk", file) is not False:
        return None
    inline = function.package.inline is not None
    where = "inline code can bring no package" if inline else "no package.json lists it"
    packages = listed([package_of(service_of_class(name) or name) for name in _clients(loaded)], SHOWN)
    return Finding(
        at=loaded.statement.at,
        message=f"`{runtime}` brings no `aws-sdk`, and {where}, so unless something else does, `{function.id}` fails "
        f"when it starts; move to version 3, which the runtime brings{f' ({packages})' if packages else ''}",
        help=END_OF_SUPPORT,
        function=function.id,
        variant="missing",
    )


def _version_2(function: Function, loaded: LoadedImport) -> Finding:
    clients, runtime = _clients(loaded), _runtime_without(function)
    packages = [package_of(service_of_class(name) or name) for name in clients]
    alone = [f"aws-sdk/clients/{name.lower()}" for name in clients]
    message = f"`{loaded.statement.module}` loads every client of version 2 at every cold start of `{function.id}`"
    message += _costs(clients, alone)
    brought = f", which `{runtime}` brings" if runtime else ""
    if clients:
        message += f"; import {listed(alone, SHOWN)}, or move to version 3 ({listed(packages, SHOWN)}){brought}"
    elif loaded.statement.binds and not _is_used(loaded):
        message += ", and this file uses nothing of it; remove the import"
    else:
        message += f"; move to the packages of version 3{brought}"
    return Finding(
        at=loaded.statement.at,
        message=message,
        help=END_OF_SUPPORT,
        function=function.id,
        variant="version-2",
    )


def _costs(clients: list[str], alone: list[str]) -> str:
    """What the whole costs, and what is used of it."""
    whole = import_cost("aws-sdk", "javascript")
    text = "" if whole is None else f", about {whole.milliseconds} ms"
    if not clients:
        return text
    text += f", for {listed(clients)} alone"
    cost = import_cost(alone[0], "javascript") if len(clients) == 1 else None
    return text if cost is None else f"{text} (about {cost.milliseconds} ms by itself)"


def _is_used(loaded: LoadedImport) -> bool:
    name = loaded.statement.binds
    return any(isinstance(each, facts.Name) and each.id == name for each in everything(loaded.place.facts))


def _runtime_without(function: Function) -> str:
    """The runtime, when it is surely one that does not bring version 2; else ""."""
    runtime = function.runtime.value if isinstance(function.runtime, Known) else ""
    version = runtime.removeprefix("nodejs").partition(".")[0]
    without = version != runtime and version.isdigit() and int(version) > LAST_WITH_VERSION_2
    return runtime if without else ""


def _clients(loaded: LoadedImport) -> list[str]:
    """The classes of clients that the file uses: `S3` of `AWS.S3`, and of `import { S3 }`."""
    file = loaded.place.facts
    imports = [each for each in file.module.imports if each.module == loaded.statement.module]
    named = [each.member for each in imports if each.member is not None]
    spaces = {each.binds for each in imports if each.member in (None, "default")}
    # `const AWS = AWSXRay.captureAWS(require("aws-sdk"))`
    spaces |= {
        assign.target.id
        for assign in file.module.assigns
        if isinstance(assign.target, facts.Name) and isinstance(assign.value, facts.Call)
        for given in assign.value.args
        if isinstance(given.value, facts.Name) and given.value.id in spaces
    }
    named += [
        expr.name
        for expr in everything(file)
        if isinstance(expr, facts.Attr) and isinstance(expr.base, facts.Name) and expr.base.id in spaces
    ]
    return [name for name in dict.fromkeys(named) if service_of_class(name) is not None]


# --- version 3 -------------------------------------------------------------------------------------------------------


def _namespace(function: Function, loaded: LoadedImport) -> Finding | None:
    """A namespace, of which a bundler keeps everything once it is used as a value."""
    statement, file = loaded.statement, loaded.place.facts
    if not is_bundled(function, file) or not statement.aliased or statement.member is not None:
        return None
    whole = used_whole(file, statement.binds)
    if whole:
        message = (
            f"`{statement.binds}` is used as a whole, so a bundler keeps every command of `{statement.module}` "
            f"for `{function.id}`; import the client and the commands that it needs by name"
        )
    else:
        message = (
            f"`{statement.binds}` is all of `{statement.module}`, and one use of it as a value makes a bundler "
            "keep every command; import the client and the commands by name"
        )
    return Finding(
        at=statement.at,
        message=message,
        help="of names that are imported one by one, or used as `s3.PutObjectCommand`, a bundler keeps what is needed",
        function=function.id,
        variant="namespace" if whole else "namespace-by-name",
    )
