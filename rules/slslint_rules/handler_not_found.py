"""Functions whose handler is not where the template says."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import Advice, App, Finding, Function, Join, JoinState, Known, Severity, Span, Unknown, Variant, rule

SHOWN = 4
"""Paths that a message names at most."""


@rule(variants={"missing": Variant(Severity.ERROR), "elsewhere": Variant(Severity.NOTE)}, tags=("joining",))
def handler_not_found(app: App) -> Iterator[Finding]:
    """A function's handler is not in the code that the template names, or that code is not in sight."""
    for function in app.functions:
        join = app.joins.get(function.id)
        if join is None or join.beyond:
            continue
        if join.state is JoinState.MISSING:
            yield _missing(function, join)
        elif join.state is JoinState.ELSEWHERE and not _told(app, join):
            yield Finding(
                function.package.at,
                f"the code of `{function.id}` was not checked, because {join.why}",
                _to_do(function),
                function.id,
                variant="elsewhere",
            )


def _to_do(function: Function) -> str:
    if isinstance(function.handler, Unknown):
        return "write the handler out where the function is defined, or ignore this here"
    return "let slslint run where the source is, and write its path out where the function is defined"


def _told(app: App, join: Join) -> bool:
    """Whether the handler's file has a problem of its own, which says it all."""
    return any(problem.at.path == join.file for problem in app.problems)


def _missing(function: Function, join: Join) -> Finding:
    handler = function.handler.value if isinstance(function.handler, Known) else ""
    why = f"{join.why}{_looked(join)}"
    return Finding(
        _written(function),
        f"the handler `{handler}` of `{function.id}` is not there, so every invocation fails: {why}",
        function.dialect.advise(Advice.FIX_HANDLER, id=function.id, handler=f"{_module(handler, join)}.<function>"),
        function.id,
        variant="missing",
    )


def _module(handler: str, join: Join) -> str:
    return "<file>" if join.file is None else handler.rpartition(".")[0]


def _looked(join: Join) -> str:
    if join.file is not None or not join.looked_for:
        return ""
    shown = ", ".join(f"`{path}`" for path in join.looked_for[:SHOWN])
    more = len(join.looked_for) - SHOWN
    return f" (looked for {shown}{f' and {more} more' if more > 0 else ''})"


def _written(function: Function) -> Span:
    return function.handler.at if isinstance(function.handler, Known) else function.at
