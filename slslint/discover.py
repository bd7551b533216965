"""Which files to look at: what .gitignore leaves, without vendored and built trees, told apart by cheap tests."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from slslint.config import Configuration, Settings, everywhere
from slslint.config.layers import NAMES
from slslint.errors import UsageError
from slslint.patterns import Decide, compile_patterns
from slslint.record import record
from slslint.source import Reader
from slslint.templates import is_script, may_be_service
from slslint.templates.cdk.layout import is_app, is_assembly, output_of, stack_in, templates_in
from slslint.templates.definitions import may_be_definition
from slslint.templates.terraform.files import files_in, is_module_file, may_be_plan, root_modules

DOCUMENT_SUFFIXES = (".yaml", ".yml", ".json", ".template")
TEMPLATE_SUFFIXES = (*DOCUMENT_SUFFIXES, ".tf", ".tofu")
SOURCE_SUFFIXES = (".py", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
SUFFIXES = TEMPLATE_SUFFIXES + SOURCE_SUFFIXES

SKIPPED = frozenset(
    {
        ".aws-sam", ".build", ".bzr", ".eggs", ".esbuild", ".git", ".hg", ".idea", ".mypy_cache", ".next", ".nox",
        ".nuxt", ".nyc_output", ".output", ".pytest_cache", ".ruff_cache", ".serverless", ".sst", ".svelte-kit", ".svn",
        ".terraform", ".tox", ".turbo", ".venv", ".vscode", ".webpack", ".yarn", "__pycache__", "bower_components",
        "cdk.out", "dist", "node_modules", "site-packages", "venv",
    }
)  # fmt: skip
"""Folders that hold what others wrote, or what a build made."""

NO_TEMPLATES = frozenset(
    {
        "cdk.json", "jest.config.json", "jsconfig.json", "npm-shrinkwrap.json", "package-lock.json", "package.json",
        "pnpm-lock.yaml", "tsconfig.json",
    }
)  # fmt: skip
"""Names of other programs' files, which need not be opened to know that; in some trees every fourth is one."""

# Compiled when the first source is found that no template claims: in many runs there is none.
_TESTS = (
    r"(^|/)(tests?/|conftest\.py$|test_[^/]*$|[^/]*_test\.py$|setup\.py$"
    r"|__(tests|mocks)__/|cypress/|e2e/|[^/]*[.-](test|spec|stories|config|min|d)\.[cm]?[jt]sx?$|(gulp|Grunt)file\.)"
)
_PYTHON = rb"def\s+\w+\s*\(\s*(?:\w*[Ee]vent\w*|_\w*)\s*[,:]"
_JAVASCRIPT = rb"vent\w*\s*(?:=>|[,:=]|\)\s*(?:=>|[:{]))"
_TELLTALE = (b"aws-lambda", b"Records", b"requestContext", b"evt", b"pathParameters", b"queryStringParameters")
_NO_HANDLER = (b"'aws-cdk-lib", b'"aws-cdk-lib', b"@aws-cdk/", b"from 'react", b'from "react')
"""What deployments and pages import; `link` would ask no more of them."""


Ignores = tuple[tuple[str, Decide], ...]
"""What the ignore files say that hold in a folder, innermost first, each with the way from its own folder to this one:
"" or `a/b/`."""


@record()
class Found:
    """What to look at, each sorted.

    Attributes:
        templates: files that may be templates, by their bytes or because they were named.
        definitions: files that may be definitions of state machines, by their bytes; a template may name them.
        sources: source files that may hold handlers, by their names; see `may_hold_handler`.
        named: the files that were named one by one.
        relating: templates that may name each other, by their bytes.
        naming: templates of one folder of which the second may have a name that the first gives to something.
        above: further templates in the folders above, which may deploy what was asked for.
        unsynthesised: the folders of applications of the CDK that have left no assembly to read.

    """

    templates: tuple[str, ...]
    sources: tuple[str, ...]
    named: frozenset[str]
    relating: frozenset[str] = frozenset()
    naming: tuple[tuple[str, str], ...] = ()
    definitions: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    unsynthesised: tuple[str, ...] = ()


EVERYWHERE = everywhere(Settings())


def find(paths: Sequence[str], reader: Reader, configuration: Configuration = EVERYWHERE) -> Found:
    """The files under `paths` (files or folders, as reported paths). UsageError for a path that is not there.

    A file that is named is always taken.
    """
    templates: set[str] = set()
    sources: set[str] = set()
    definitions: set[str] = set()
    unsynthesised: set[str] = set()
    relating: set[str] = set()
    modules: set[str] = set()
    assembled: dict[str, set[str]] = {}
    named = {posixpath.normpath(path) for path in paths if reader.is_file(path)}
    for path in paths:
        if posixpath.normpath(path) in named:
            continue
        if not reader.is_dir(path):
            raise UsageError(f"{path}: there is no such file or folder; check the path")
        top = posixpath.normpath(path)
        ignores = (*_ignores_above(top, reader), *_excluding(top, reader, configuration))
        for each in _walk(top, reader, ignores, configuration):
            if each.endswith(SOURCE_SUFFIXES):
                (templates if _configures(each, reader) else sources).add(each)
            elif each.endswith("cdk.json"):
                unsynthesised.add(posixpath.dirname(each) or ".")
            elif each.endswith("manifest.json") and is_assembly(posixpath.dirname(each) or ".", reader):
                left = templates_in(posixpath.dirname(each) or ".", reader)
                stacks = {template for template in left if not configuration.excludes(template, reader)}
                templates |= stacks
                assembled[posixpath.normpath(posixpath.join(posixpath.dirname(each) or ".", ".."))] = stacks
                relating |= {stack for stack in stacks if len(stacks) > 1 and takes(reader.peek(stack))}
            elif is_module_file(each):
                modules.add(each)
            elif may_be_template(data := reader.peek(each)):
                templates.add(each)
                if takes(data) or gives(data):
                    relating.add(each)
            elif may_be_plan(data) and not any(map(is_module_file, reader.entries(posixpath.dirname(each) or "."))):
                # A plan beside what it was made of says the same again.
                templates.add(each)
            elif may_be_definition(data):
                definitions.add(each)
    templates -= set(_printed(templates, assembled, reader))
    for path in named:
        source = path.endswith(SOURCE_SUFFIXES) and not _configures(path, reader)
        defines = not source and not is_module_file(path) and not may_be_template(data := reader.peek(path))
        (sources if source else definitions if defines and may_be_definition(data) else templates).add(path)
        if not source and not defines and (takes(data := reader.peek(path)) or gives(data)):
            relating.add(path)
    modules |= {path for path in templates if is_module_file(path)}
    templates = {path for path in templates if not is_module_file(path)} | set(root_modules(modules, reader))
    above = {each for path in paths for each in _templates_above(path, reader)} - templates
    return Found(
        tuple(sorted(templates)),
        tuple(sorted(sources)),
        frozenset(named),
        frozenset(relating),
        tuple(sorted(_naming(templates, reader))),
        tuple(sorted(definitions)),
        tuple(sorted(above)),
        tuple(sorted(unsynthesised)),
    )


def may_be_template(data: bytes) -> bool:
    """Whether bytes can be those of a template: of CloudFormation, of SAM, of a service of the Serverless Framework."""
    if b"Resources" in data and (b"AWS::" in data or b"AWSTemplateFormatVersion" in data):
        return True
    return may_be_service(data)


def takes(data: bytes) -> bool:
    """Whether a template with these bytes may take something from another one: a cheap test."""
    return any(mark in data for mark in _TAKING)


def gives(data: bytes) -> bool:
    """Whether a template with these bytes may have something that others take by name: a cheap test."""
    return b"Outputs" in data or b"SSM::Parameter" in data


def _printed(templates: Iterable[str], assembled: Mapping[str, set[str]], reader: Reader) -> Iterator[str]:
    """The templates that say again what the assembly of their application says: what `cdk synth` printed into a file.

    `assembled` has the templates of each assembly by the folder that it lies in.
    """
    for project, stacks in assembled.items():
        known = {stack_in(reader.peek(each)) for each in stacks} - {""}
        for each in templates if known else ():
            beside = project == "." or each.startswith(f"{project}/")
            if beside and each not in stacks and stack_in(reader.peek(each)) in known:
                yield each


def _naming(templates: Iterable[str], reader: Reader) -> Iterator[tuple[str, str]]:
    """Every two templates of one folder of which the first gives a name to something that is written in the second."""
    folders: dict[str, list[str]] = {}
    for path in templates:
        if not is_module_file(path) and not path.endswith(".template.json"):
            folders.setdefault(posixpath.dirname(path), []).append(path)
    for paths in folders.values():
        data = {path: reader.peek(path) for path in paths} if 1 < len(paths) <= _MOST_BESIDE else {}
        for path, own in data.items():
            names = set(re.findall(_NAME, own))
            for other, each in data.items() if names else ():
                if other != path and any(name in each for name in names):
                    yield path, other


_MOST_BESIDE = 20
"""Templates in a folder of one project; of more, each is a project of its own."""
_NAME = rb"Name[\"']?\s*:\s*[\"']?([A-Za-z0-9]+[-_.][\w.-]{4,})"
_TAKING = (b"ImportValue", b"CloudFormation::Stack", b"Serverless::Application", b"resolve:ssm", b"Parameter::Value<",
           b"${ssm:", b"${cf:")  # fmt: skip


def _configures(path: str, reader: Reader) -> bool:
    """Whether a source file configures a service."""
    if not is_script(path):
        return False
    compiled_from = posixpath.join(posixpath.dirname(path), "..", "serverless.ts")
    if not path.endswith("ts") and reader.is_file(compiled_from):
        return False
    data = reader.peek(path)
    return b"service" in data and (b"provider" in data or b"functions" in data)


def may_hold_handler(path: str, data: bytes) -> bool:
    """Whether a source file that no template claims is worth parsing."""
    if re.search(_TESTS, path) is not None:
        return False
    if path.endswith(".py"):
        return re.search(_PYTHON, data) is not None
    if b"export" not in data or any(word in data for word in _NO_HANDLER):
        return False
    return any(word in data for word in _TELLTALE) or re.search(_JAVASCRIPT, data) is not None


def _templates_above(path: str, reader: Reader) -> Iterator[str]:
    """The templates that lie directly in the folders above a path, up to the project's root."""
    for folder in _folders_above(path, reader):
        if is_assembly(output := output_of(folder, reader), reader):
            yield from templates_in(output, reader)
        yield from root_modules(files_in(folder, reader), reader)
        for name, is_dir in reader.entries(folder).items():
            each = posixpath.normpath(posixpath.join(folder, name))
            if is_dir or is_module_file(name):
                continue
            if _configures(each, reader) or (name.endswith(TEMPLATE_SUFFIXES) and may_be_template(reader.peek(each))):
                yield each


def _folders_above(path: str, reader: Reader) -> Iterator[str]:
    """The folders above a path, innermost first, up to the project's root."""
    below, folder = reader.real(path), posixpath.join(path, "..")
    # The root of a file system lies in itself.
    while reader.is_dir(folder) and (real := reader.real(folder)) != below:
        yield posixpath.normpath(folder)
        below, folder = real, posixpath.join(folder, "..")


def _walk(top: str, reader: Reader, ignores: Ignores, configuration: Configuration) -> Iterator[str]:
    """Every file with a suffix of interest."""
    stack = [(top, reader.real(top), ignores)]
    visited = set()
    while stack:
        folder, real, ignores = stack.pop()
        # A link may lead back up, or out of the project.
        if real is None or real in visited:
            continue
        visited.add(real)
        try:
            with os.scandir(real) as found:
                entries = {entry.name: entry for entry in found}
        except OSError:
            continue
        listing = reader.note(folder, entries.values())
        if "pyvenv.cfg" in entries:
            continue
        if ".gitignore" in entries:
            ignores = (("", _gitignore(folder, reader)), *ignores)
        if folder != top and not entries.keys().isdisjoint(NAMES):
            ignores = (*_own_excludes(folder, reader, configuration), *ignores)
        if "cdk.out" in entries or "cdk.json" in entries:
            yield from _left_by_cdk(folder, reader)
            if is_assembly(folder, reader):
                continue
        vendored = _vendored(folder, entries, reader)
        start = "" if folder == "." else f"{folder}/"
        for name, is_dir in listing.items():
            wanted = name.endswith(SUFFIXES) and name not in NO_TEMPLATES
            is_dir = not wanted and is_dir and name not in SKIPPED
            if not (wanted or is_dir) or name not in entries or name in vendored:
                continue
            if _left_out(f"{name}/" if is_dir else name, ignores):
                continue
            entry = entries[name]
            path = start + name
            if is_dir:
                inside = reader.real(path) if entry.is_symlink() else os.path.join(real, name)
                stack.append((path, inside, tuple((f"{way}{name}/", decide) for way, decide in ignores)))
            elif _is_file(entry) and not (entry.is_symlink() and _is_again(real, name, entries, ignores)):
                yield path


def _excluding(folder: str, reader: Reader, configuration: Configuration) -> Ignores:
    """What the settings that hold in a folder leave out there."""
    excluded = configuration.excluded(folder, reader)
    return tuple((_way(root, folder, reader), compile_patterns(patterns)) for root, patterns in excluded)


def _own_excludes(folder: str, reader: Reader, configuration: Configuration) -> Ignores:
    """What a folder's own file with settings leaves out there."""
    own = os.path.realpath(configuration.domain(folder, reader).plain.root)
    return _excluding(folder, reader, configuration)[:1] if own == reader.real(folder) else ()


def _left_by_cdk(folder: str, reader: Reader) -> Iterator[str]:
    """The manifest of the assembly that an application of the CDK has left, ignored or not; else its `cdk.json`."""
    output = folder if is_assembly(folder, reader) else output_of(folder, reader)
    if is_assembly(output, reader):
        yield posixpath.join(output, "manifest.json")
    elif is_app(folder, reader):
        yield posixpath.join(folder, "cdk.json")


def _is_again(real: str, name: str, entries: Container[str], ignores: Ignores) -> bool:
    """Whether a link in a folder is another name of a template beside it, which is looked at itself."""
    folder, target = os.path.split(os.path.realpath(os.path.join(real, name)))
    if folder != real or target not in entries or not target.endswith(DOCUMENT_SUFFIXES):
        return False
    return target not in NO_TEMPLATES and not _left_out(target, ignores)


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False


def _left_out(name: str, ignores: Ignores) -> bool:
    """Whether an entry is ignored: the innermost ignore file that says anything decides."""
    for way, decide in ignores:
        left_out = decide(way + name)
        if left_out is not None:
            return left_out
    return False


def _vendored(folder: str, names: Iterable[str], reader: Reader) -> frozenset[str]:
    """The names in a folder that installed distributions brought, as their own records say."""
    found: set[str] = set()
    for name in names:
        if not name.endswith(".dist-info"):
            continue
        record = reader.peek(posixpath.join(folder, name, "RECORD")).decode(errors="replace")
        found.update(line.partition(",")[0].partition("/")[0] for line in record.splitlines())
        found.update({name, name.partition("-")[0], name.partition("-")[0].lower()})
    return frozenset(found)


def _ignores_above(top: str, reader: Reader) -> Ignores:
    """What the ignore files say between `top`, which is left out, and the project's root."""
    return tuple(
        (_way(reader.real(folder) or "", top, reader), _gitignore(folder, reader))
        for folder in _folders_above(top, reader)
        if reader.is_file(posixpath.join(folder, ".gitignore"))
    )


def _way(base: str, top: str, reader: Reader) -> str:
    """The way from a real folder to `top`."""
    way = os.path.relpath(reader.real(top) or "", base).replace(os.sep, "/")
    return "" if way == "." else f"{way}/"


def _gitignore(folder: str, reader: Reader) -> Decide:
    data = reader.peek(posixpath.join(folder, ".gitignore"))
    return compile_patterns(tuple(data.decode(errors="replace").splitlines()))
