"""Joins deployed functions to their source, and records what could not be joined and why."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from slslint.app import App, Code, Join, JoinState
from slslint.app.place import Sources
from slslint.facts import Facts
from slslint.languages import language_of, lower
from slslint.link.candidates import module_of
from slslint.link.folders import Folders
from slslint.link.handlers import Found, find_handler
from slslint.link.layers import is_brought, own_handler
from slslint.link.leads import Lead, excuse, leads, looked_for
from slslint.link.packages import ARCHIVES, Origin, Source, sources_of
from slslint.link.runtimes import decided, languages_of, unread
from slslint.model import Deployment, Function, Packaging
from slslint.record import replace
from slslint.source import Problem, Reader, SourceFile
from slslint.value import Either, Unknown, Value, known_values

__all__ = ["link", "modules"]

FactsOf = Callable[[str], Facts]

_PLACEHOLDER = r"(?im)^\s*(#|//).*\bplaceholder\b"
"""A comment in inline code that says that the code proper is deployed by other means."""


def link(deployment: Deployment, facts_of: FactsOf, reader: Reader) -> App:
    """The application of a deployment unit: every function joined to its code as far as it is in sight."""
    linker = _Linker(deployment, facts_of, reader)
    joins: dict[str, Join] = {}
    codes: dict[str, Code] = {}
    for function in deployment.functions:
        join, code = linker.join(function)
        joins[function.id] = join
        if code is not None:
            codes[function.id] = code
        elif join.file is not None and function.package.packaging is not Packaging.INLINE:
            linker.unjoined.update(dict.fromkeys(facts_of(join.file).problems))
    return App(deployment, joins, codes, unjoined=tuple(linker.unjoined))


def modules(reader: Reader) -> Callable[[str, str], str | None]:
    """What finds the file of a module that a file of JavaScript imports."""
    return lambda module, importer: Folders(reader).modules.locate(module, importer)


def _elsewhere(why: str) -> tuple[Join, None]:
    return Join(JoinState.ELSEWHERE, why), None


def _beyond(why: str) -> tuple[Join, None]:
    return Join(JoinState.ELSEWHERE, why, beyond=True), None


class _Linker:
    """Joins the functions of one deployment unit; what they share is read once.

    Attributes:
        unjoined: the problems of files in which a handler was not found.

    """

    def __init__(self, deployment: Deployment, facts_of: FactsOf, reader: Reader) -> None:
        self.deployment = deployment
        self.facts_of = facts_of
        self.reader = reader
        self.folders = Folders(reader)
        self.shared: dict[tuple[str, ...], Sources] = {}
        self.unjoined: dict[Problem, None] = {}

    def join(self, function: Function) -> tuple[Join, Code | None]:
        if function.package.packaging is Packaging.IMAGE:
            return _beyond("its code is in a container image")
        languages = languages_of(function)
        if not languages:
            return _beyond(f"slslint does not read {unread(function.runtime)} code")
        join, code = self._joined_in(function, languages)
        # Where the runtime is open, a file that was found may be another language's.
        if code is not None or join.state is not JoinState.MISSING or decided(function.runtime):
            return join, code
        return replace(join, state=JoinState.ELSEWHERE, beyond=True), None

    def _joined_in(self, function: Function, languages: tuple[str, ...]) -> tuple[Join, Code | None]:
        package = function.package
        if package.packaging is Packaging.REMOTE:
            return _elsewhere(_why(package.path) or "its code is an archive in a store, and not in sight")
        handlers = list(dict.fromkeys(known.value for known in known_values(function.handler)))
        if not handlers:
            return _elsewhere(_why(function.handler) or "no handler is named")
        own = [own_handler(function, handler) for handler in handlers]
        return _best([self._joined(function, handler, language) for handler in own for language in languages])

    def _joined(self, function: Function, handler: str, language: str) -> tuple[Join, Code | None]:
        if is_brought(handler):
            return _beyond(f"a layer brings the handler `{handler}`")
        package = function.package
        if package.packaging is Packaging.INLINE:
            if package.inline is None:
                return _elsewhere("its inline code is known only when deployed")
            return self._inline(package.inline, handler, language)
        sources = list(sources_of(function, self.deployment, self.folders, self.reader))
        found = [self._in(source, handler, language) for source in sources]
        return _best(found) if found else _elsewhere("its code is not in sight")

    def _inline(self, file: SourceFile, handler: str, language: str) -> tuple[Join, Code | None]:
        facts = lower(file, language)
        sources = Sources(
            lambda path: facts if path == file.path else self.facts_of(path),
            lambda module, importer: None,
            lambda package, importer: False,
        )
        module, _, export = handler.partition(".")
        if module != "index" and "." in export:
            return _elsewhere(f"inline code is one file and holds no `{handler}`; perhaps a later step replaces it")
        if module != "index" and re.search(_PLACEHOLDER, file.text):
            return _elsewhere("its inline code says that a later step replaces it")
        if module != "index":
            own = handler.rpartition(".")[2]
            why = f"inline code is deployed as the module `index`, so its handler would be `index.{own}`"
            return Join(JoinState.MISSING, why, file.path), None
        join, code = _with_handler(sources, Lead(file.path, export, ""), ())
        if code is None:
            self.unjoined.update(dict.fromkeys(facts.problems))
        return join, code

    def _in(self, source: Source, handler: str, language: str) -> tuple[Join, Code | None]:
        if source.why:
            return _elsewhere(source.why)
        looked = looked_for(source, handler, language)
        bundle = ""
        for lead in leads(source, handler, language, self.folders):
            if not self.reader.inside(lead.path):
                continue
            if lead.others:
                return Join(JoinState.AMBIGUOUS, _alternatives((lead.path, *lead.others)), looked_for=looked), None
            sources = self._sources(source, lead)
            if _is_bundle(sources, lead.path):
                bundle = bundle or lead.path
                continue
            join, code = _with_handler(sources, lead, looked)
            if code is None and source.origin is not Origin.WRITTEN and source.folder.endswith(ARCHIVES):
                # A file of that name need not be the one that was packed.
                return _elsewhere(source.excuse)
            return join, code
        if bundle:
            return _elsewhere(f"`{bundle}` is a bundle, and its source is not in sight")
        if source.origin is not Origin.WRITTEN:
            return _elsewhere(source.excuse or f"no file for the handler `{handler}` is in sight")
        module = module_of(language, handler)
        if "." not in handler.strip("."):
            return Join(JoinState.MISSING, "it names no function, as `<file>.<function>` would"), None
        why = excuse(source, handler, language, self.folders)
        if why:
            return _elsewhere(why)
        why = f"no file of the module `{module}` lies in `{source.folder}`"
        return Join(JoinState.MISSING, f"{why}{self._suggest(source, looked)}", looked_for=looked), None

    def _suggest(self, source: Source, looked: tuple[str, ...]) -> str:
        """A file of nearly the wanted name, as the end of a sentence."""
        if not looked:
            return ""
        from difflib import get_close_matches

        stem = posixpath.splitext(posixpath.basename(looked[0]))[0]
        wanted = [name for name in map(posixpath.basename, looked) if name.startswith(f"{stem}.")]
        files: list[str] = []
        for name, is_dir in self.folders.entries(source.folder).items():
            inner = [posixpath.normpath(f"{source.folder}/{name}/{each}") for each in wanted if name != "node_modules"]
            there = next((path for path in inner if is_dir and self.folders.is_file(path)), None)
            if there is not None:
                return f"; `{there}` is there"
            if not is_dir and language_of(name) is not None:
                files.append(name)
        near = get_close_matches(wanted[0], files, 1)
        return f"; `{posixpath.normpath(posixpath.join(source.folder, near[0]))}` is there" if near else ""

    def _sources(self, source: Source, lead: Lead) -> Sources:
        # JavaScript looks for its modules from the file that imports them, wherever a function's code begins.
        roots = (lead.folder if lead.path.endswith(".py") else "", *source.layers)
        if roots not in self.shared:
            self.shared[roots] = Sources(self.facts_of, self.folders.locator(roots), self.folders.lists)
        return self.shared[roots]


def _is_bundle(sources: Sources, path: str) -> bool:
    return any(problem.kind == "bundled" for problem in sources.scopes(path).facts.problems)


def _with_handler(sources: Sources, lead: Lead, looked: tuple[str, ...]) -> tuple[Join, Code | None]:
    """The join to an export of a file that is there."""
    if not lead.export:
        return Join(JoinState.MISSING, "the handler names a module but no function in it", lead.path), None
    found = find_handler(sources, lead.path, lead.export)
    if not isinstance(found, Found):
        return Join(found.state, found.why, lead.path, looked_for=looked), None
    code = Code(sources, found.place, found.entry, found.note or lead.note)
    return Join(JoinState.JOINED, "", found.place.path, found.place.name, looked), code


def _best(found: list[tuple[Join, Code | None]]) -> tuple[Join, Code | None]:
    """One join for all branches of a setting: the first that was joined; ambiguous when they differ."""
    joined = [each for each in found if each[1] is not None]
    if not joined:
        return next((each for each in found if each[0].state is JoinState.MISSING), found[0])
    places = list(dict.fromkeys((join.file, join.handler) for join, _ in joined))
    if len(places) == 1:
        return joined[0]
    return Join(JoinState.AMBIGUOUS, _alternatives(tuple(file or "" for file, _ in places))), None


def _alternatives(files: tuple[str, ...]) -> str:
    return f"it may be {' or '.join(f'`{file}`' for file in dict.fromkeys(files))}, and nothing in sight decides"


def _why(value: Value[str]) -> str:
    if isinstance(value, Unknown):
        return value.why
    if isinstance(value, Either):
        return next((plain.why for _, plain in value.branches if isinstance(plain, Unknown)), "")
    return ""
