"""Joins deployed functions to their source, and records what could not be joined and why."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator

from slslint.app import App, Code, Join, JoinState
from slslint.app.place import Sources
from slslint.facts import Facts
from slslint.languages import lower
from slslint.link.folders import Folders
from slslint.link.handlers import Found, find_handler
from slslint.link.packages import Origin, Source, sources_of
from slslint.link.solo import solo
from slslint.model import Deployment, Function, Packaging
from slslint.source import Problem, Reader
from slslint.value import Either, Known, Unknown, Value, known_values

__all__ = ["link", "solo"]

_WRAPPERS = {
    "datadog_lambda.handler.handler": "DD_LAMBDA_HANDLER",
    "newrelic_lambda_wrapper.handler": "NEW_RELIC_LAMBDA_HANDLER",
    "lumigo_tracer._handler": "LUMIGO_ORIGINAL_HANDLER",
}
"""Handlers that a monitoring layer brings, and the environment variable that names the function's own."""

_OTHERS = {"nodejs": "nodejs", "java": "Java", "dotnet": ".NET", "go": "Go", "ruby": "Ruby",
           "provided": "a custom runtime's"}  # fmt: skip
"""What the code of other runtimes is called, by the start of the runtime's name."""

_FROM_LAYERS = ("/opt/", "datadog_lambda.", "newrelic_lambda_wrapper.", "lumigo_tracer.", "sentry_sdk.", "epsagon.",
                "aws_opentelemetry_wrapper.", "awslambdaric", "run.sh")  # fmt: skip

FactsOf = Callable[[str], Facts]


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
        elif join.file is not None and join.file != deployment.path:
            linker.unjoined.update(dict.fromkeys(facts_of(join.file).problems))
    return App(deployment, joins, codes, unjoined=tuple(linker.unjoined))


def _elsewhere(why: str) -> tuple[Join, None]:
    return Join(JoinState.ELSEWHERE, why), None


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
        package = function.package
        if package.packaging is Packaging.IMAGE:
            return _elsewhere("its code is in a container image")
        if package.packaging is Packaging.REMOTE:
            return _elsewhere(_why(package.path) or "its code is an archive in a store, and not in sight")
        language = _language(function.runtime)
        if language not in ("python", ""):
            return _elsewhere(f"slslint does not read {language} code yet")
        handlers = list(dict.fromkeys(known.value for known in known_values(function.handler)))
        if not handlers:
            return _elsewhere(_why(function.handler) or "no handler is named")
        found = [self._joined(function, self._own(function, handler), language) for handler in handlers]
        return _best(found)

    def _own(self, function: Function, handler: str) -> str:
        """The function's own handler, when the one that is named belongs to a monitoring layer."""
        variable = function.environment.variables.get(_WRAPPERS.get(handler, ""))
        if isinstance(variable, Known) and isinstance(variable.value, str):
            return variable.value
        return handler

    def _joined(self, function: Function, handler: str, language: str) -> tuple[Join, Code | None]:
        if handler.startswith(_FROM_LAYERS) or "/opt/" in handler:
            return Join(JoinState.ELSEWHERE, f"a layer brings the handler `{handler}`", in_layer=True), None
        package = function.package
        if package.packaging is Packaging.INLINE:
            if package.inline is None:
                return _elsewhere("its inline code is known only when deployed")
            return self._inline(function, handler)
        sources = list(sources_of(function, self.deployment, self.folders, self.reader))
        found = [self._in(source, handler, language, function) for source in sources]
        return _best(found) if found else _elsewhere("its code is not in sight")

    def _inline(self, function: Function, handler: str) -> tuple[Join, Code | None]:
        file = function.package.inline
        assert file is not None
        facts = lower(file)
        sources = Sources(
            lambda path: facts if path == file.path else self.facts_of(path), lambda module, importer: None
        )
        module, _, export = handler.partition(".")
        if module != "index" and "." in export:
            return _elsewhere(f"inline code is one file and holds no `{handler}`; perhaps a later step replaces it")
        if module != "index":
            own = handler.rpartition(".")[2]
            why = f"inline code is deployed as the module `index`, so its handler would be `index.{own}`"
            return Join(JoinState.MISSING, why, file.path), None
        join, code = _with_handler(sources, file.path, export, ())
        if code is None:
            self.unjoined.update(dict.fromkeys(facts.problems))
        return join, code

    def _in(self, source: Source, handler: str, language: str, function: Function) -> tuple[Join, Code | None]:
        if source.why:
            return _elsewhere(source.why)
        looked: list[str] = []
        for path, export in _candidates(handler, source.folder, source.file):
            looked.append(path)
            if self.folders.is_file(path) and self.reader.inside(path):
                return _with_handler(self._sources(source, function), path, export, tuple(looked), source.note)
        for folder in source.beside:
            for path, export in _candidates(handler, folder, None):
                if self.folders.is_file(path) and self.reader.inside(path):
                    note = f"`{path}` is taken for the source of `{source.folder}`"
                    return _with_handler(self._sources(source, function, folder), path, export, tuple(looked), note)
        for folder in source.layers:
            for path, export in _candidates(handler, folder, None):
                if self.folders.is_file(path) and self.reader.inside(path):
                    return _with_handler(self._sources(source, function), path, export, tuple(looked))
        if source.origin is not Origin.WRITTEN or not language:
            return _elsewhere(source.excuse or f"no file for the handler `{handler}` is in sight")
        if "." not in handler.strip("."):
            return Join(JoinState.MISSING, "it names no function, as `<file>.<function>` would"), None
        why = f"no file of the module `{_module(handler)}` lies in `{source.folder}`"
        return Join(JoinState.MISSING, f"{why}{self._suggest(source, looked)}", looked_for=tuple(looked)), None

    def _suggest(self, source: Source, looked: list[str]) -> str:
        """A file of nearly the wanted name, as the end of a sentence."""
        if not looked:
            return ""
        from difflib import get_close_matches

        wanted = posixpath.basename(looked[0])
        files: list[str] = []
        for name, is_dir in self.folders.entries(source.folder).items():
            inner = posixpath.normpath(f"{source.folder}/{name}/{wanted}")
            if is_dir and self.folders.is_file(inner):
                return f"; `{inner}` is there"
            if not is_dir and name.endswith(".py"):
                files.append(name)
        near = get_close_matches(wanted, files, 1)
        return f"; `{posixpath.normpath(posixpath.join(source.folder, near[0]))}` is there" if near else ""

    def _sources(self, source: Source, function: Function, folder: str | None = None) -> Sources:
        roots = (source.folder if folder is None else folder, *source.layers)
        if roots not in self.shared:
            self.shared[roots] = Sources(self.facts_of, self.folders.locator(roots))
        return self.shared[roots]


def _candidates(handler: str, folder: str, file: str | None) -> Iterator[tuple[str, str]]:
    """The files that a handler may name, with the name of the export in each: `a/b.c.fn` is `fn` of `a/b/c.py`."""
    parts = handler.replace("/", ".").strip(".").split(".")
    for count in range(len(parts) - 1, 0, -1):
        export = ".".join(parts[count:])
        if file is not None:
            if posixpath.basename(file) == f"{parts[count - 1]}.py":
                yield file, export
            continue
        base = posixpath.normpath(posixpath.join(folder, *parts[:count]))
        yield f"{base}.py", export
        yield f"{base}/__init__.py", export


def _module(handler: str) -> str:
    return handler.rpartition(".")[0] or handler


def _with_handler(
    sources: Sources, path: str, export: str, looked: tuple[str, ...], note: str = ""
) -> tuple[Join, Code | None]:
    """The join to an export of a file that is there."""
    if not export:
        return Join(JoinState.MISSING, "the handler names a module but no function in it", path), None
    found = find_handler(sources, path, export)
    if not isinstance(found, Found):
        return Join(found.state, found.why, path, looked_for=looked), None
    code = Code(sources, found.place, found.entry, found.note or note)
    return Join(JoinState.JOINED, "", found.place.path, found.place.name, looked), code


def _best(found: list[tuple[Join, Code | None]]) -> tuple[Join, Code | None]:
    """One join for all branches of a setting: the first that was joined; ambiguous when they differ."""
    joined = [each for each in found if each[1] is not None]
    if not joined:
        return next((each for each in found if each[0].state is JoinState.MISSING), found[0])
    places = list(dict.fromkeys((join.file, join.handler) for join, _ in joined))
    if len(places) == 1:
        return joined[0]
    named = " or ".join(f"`{file}`" for file, _ in places)
    return Join(JoinState.AMBIGUOUS, f"it may be {named}, as the template's conditions decide"), None


def _language(runtime: Value[str]) -> str:
    """The language of a runtime for people; "" when it is not decided."""
    for known in known_values(runtime):
        if known.value.startswith("python"):
            return "python"
    if isinstance(runtime, Known):
        return next((words for prefix, words in _OTHERS.items() if runtime.value.startswith(prefix)), "")
    return ""


def _why(value: Value[str]) -> str:
    if isinstance(value, Unknown):
        return value.why
    if isinstance(value, Either):
        return next((plain.why for _, plain in value.branches if isinstance(plain, Unknown)), "")
    return ""
