"""What a finding stands in: the function of the source, the resource of the template, the deployed function."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

from slslint.app import App, JoinState
from slslint.errors import UnreadableFileError
from slslint.facts import Facts
from slslint.finding import Context, Finding
from slslint.languages import language_of
from slslint.layout import layout
from slslint.layout.parts import Part
from slslint.record import record, replace
from slslint.source import Reader, SourceFile, Span, start_of


@record()
class _Scope:
    name: str
    whole: Span


@record()
class _Written:
    """A template as it is written; `inherited` are the sections from which all of its functions inherit."""

    lines: Sequence[str]
    parts: Sequence[Part]
    inherited: tuple[Span, ...]


def in_context(app: App, loaded: Mapping[str, Facts], reader: Reader) -> Callable[[Finding], Finding]:
    """A function that gives findings of the application their context. `loaded` has the facts of its source files."""
    # A template may hold hundreds of functions, and to lay it out takes as long as to read it.
    written = cache(lambda path: _written(path, reader))

    @cache
    def scopes(path: str) -> tuple[_Scope, ...]:
        facts = loaded.get(path)
        return tuple(_in_template(path, app, written) if facts is None else _in_source(facts))

    def around(span: Span) -> _Scope | None:
        return next((each for each in scopes(span.path) if _begins_in(each.whole, span)), None)

    @cache
    def deployed(function: str) -> tuple[Span, ...]:
        return tuple(_parts(function, app, loaded, around, written))

    def with_context(finding: Finding) -> Finding:
        here = around(finding.at)
        places = map(around, (finding.at, *(each.at for each in finding.related)))
        wholes = [scope.whole for scope in places if scope is not None]
        parts = () if finding.function is None else deployed(finding.function)
        if any(_begins_in(part, finding.at) for part in parts):
            wholes += parts
        return replace(finding, context=Context("" if here is None else here.name, tuple(dict.fromkeys(wholes))))

    return with_context


def _begins_in(whole: Span, span: Span) -> bool:
    return span.path == whole.path and whole.holds(replace(span, end_line=span.line, end_column=span.column))


def _in_source(facts: Facts) -> Iterator[_Scope]:
    """The functions of a file, the inner ones first; what has no name belongs to what is around it."""
    functions = sorted(
        (each for each in facts.functions.values() if each.name),
        key=lambda each: (not each.name.rpartition(".")[2].startswith("<lambda>"), each.whole),
        reverse=True,
    )
    return (_Scope(_without_place(each.name), each.whole) for each in functions)


def _without_place(name: str) -> str:
    """A function's key without the part that tells its place, where several have one name, or it has none."""
    return re.sub(r"#\d+|@\d+:\d+", "", name) if "#" in name or "@" in name else name


def _written(path: str, reader: Reader) -> _Written:
    try:
        file = reader.read(path)
    except UnreadableFileError:
        return _Written((), (), ())
    parts = layout(file).parts
    return _Written(file.lines, parts, tuple(_inherited(file, parts)))


def _in_template(path: str, app: App, written: Callable[[str], _Written]) -> Iterator[_Scope]:
    """The resources that are written in a file, the outer ones first, called as they are there.

    Their ids would not do: what a resource brings along stands at its place too, and may come and go.
    """
    named = sorted({each.at for each in app.deployment.resources.values() if each.at.path == path})
    if not named:
        return
    file = written(path)
    for at in named:
        # What a construct's trace says of its place may be older than the file.
        if at.line <= len(file.lines):
            yield _Scope(_name(file.lines, at), _whole(at, file.parts))


def _whole(at: Span, parts: Sequence[Part]) -> Span:
    """The largest part that begins at a place; else the smallest around it: the statement that makes a construct."""
    start = at.line, at.column
    here = [each.end for each in parts if each.start == start]
    around = [(each.end, each.start) for each in parts if each.start <= start < each.end]
    if not around:
        return at
    end = max(here) if here else max(around, key=lambda each: each[1])[0]
    return Span(at.path, *start, *end)


def _name(lines: Sequence[str], at: Span) -> str:
    """What a resource is called where it is written; a construct of the CDK by its first text, "new Queue Orders"."""
    if at.end_line == at.line and language_of(at.path) is None:
        return lines[at.line - 1][at.column - 1 : at.end_column - 1].strip("\"'")
    text = " ".join([lines[at.line - 1][at.column - 1 :], *lines[at.line : at.end_line]])
    made, _, arguments = text.partition("(")
    first = re.search(r"[\"'`]([^\"'`]*)", arguments)
    return made if first is None else f"{made} {first[1]}"


def _parts(
    id: str,
    app: App,
    loaded: Mapping[str, Facts],
    around: Callable[[Span], _Scope | None],
    written: Callable[[str], _Written],
) -> Iterator[Span]:
    """Where a deployed function is written: its resource, what that inherits, its handler or where that should be."""
    function, join = app.function(id), app.joins.get(id)
    resource = None if function is None else around(function.at)
    if resource is not None:
        yield resource.whole
        yield from written(resource.whole.path).inherited
    if join is None:
        return
    if join.state is JoinState.MISSING:
        yield from map(start_of, join.looked_for)
    facts = loaded.get(join.file or "")
    if facts is not None and join.handler and join.handler in facts.functions:
        yield facts.functions[join.handler].whole


def _inherited(file: SourceFile, parts: Sequence[Part]) -> Iterator[Span]:
    """The sections of a template from which all of its functions inherit: SAM's Globals, a service's provider."""
    if b"Globals" not in file.data and b"provider" not in file.data:
        return
    for part in parts:
        line, column = part.start
        key = file.lines[line - 1][column - 1 :].partition(":")[0].strip("\"' ")
        if not part.below and key in ("Globals", "provider"):
            yield Span(file.path, *part.start, *part.end)
