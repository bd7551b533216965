"""Which files to look at: `walk` finds them, `signs` tell by cheap tests what they may be."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from slslint.config import Configuration, Settings, everywhere
from slslint.discover.signs import configures, gives, may_be_template, takes
from slslint.discover.walk import SOURCE_SUFFIXES, TEMPLATE_SUFFIXES, files_below, folders_above
from slslint.errors import UsageError
from slslint.record import record
from slslint.source import Reader
from slslint.templates.cdk.layout import is_assembly, output_of, stack_in, templates_in
from slslint.templates.definitions import may_be_definition
from slslint.templates.terraform.files import files_in, is_module_file, may_be_plan, root_modules

_MOST_BESIDE = 20
"""Templates in a folder of one project; of more, each is a project of its own."""

_NAME = rb"Name[\"']?\s*:\s*[\"']?([A-Za-z0-9]+[-_.][\w.-]{4,})"


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
        for each in files_below(top, reader, configuration):
            if each.endswith(SOURCE_SUFFIXES):
                (templates if configures(each, reader) else sources).add(each)
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
        source = path.endswith(SOURCE_SUFFIXES) and not configures(path, reader)
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


def _templates_above(path: str, reader: Reader) -> Iterator[str]:
    """The templates that lie directly in the folders above a path, up to the project's root."""
    for folder in folders_above(path, reader):
        if is_assembly(output := output_of(folder, reader), reader):
            yield from templates_in(output, reader)
        yield from root_modules(files_in(folder, reader), reader)
        for name, is_dir in reader.entries(folder).items():
            each = posixpath.normpath(posixpath.join(folder, name))
            if is_dir or is_module_file(name):
                continue
            if configures(each, reader) or (name.endswith(TEMPLATE_SUFFIXES) and may_be_template(reader.peek(each))):
                yield each
