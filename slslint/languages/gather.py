"""From the tree of a file to its Facts, whatever the language of its bodies."""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Node

from slslint.facts import Facts, Function
from slslint.languages.annotations import names_in
from slslint.languages.scope import Scope, Unit
from slslint.source import Problem, SourceFile, start_of


def read_all(unit: Unit, root: Node, read_body: Callable[[Scope], None]) -> None:
    """Read the module body and that of every function in it."""
    module = Scope(unit, "", start_of(unit.file.path), unit.at(root), root, None)
    unit.scopes[""] = module
    read_body(module)
    # Bodies are read breadth first: when a body is read, the final key of its function is known.
    for scope in unit.pending:
        read_body(scope)


def facts_of(unit: Unit, language: str, problem: Problem | None, has_exports: bool = False) -> Facts:
    """What has been read; the unit is done with."""
    module = unit.scopes[""]
    scopes = sorted(unit.pending, key=lambda scope: scope.whole)
    functions = {scope.key: scope.finish() for scope in (module, *scopes)}
    classes = {key: each.finish_class() for key, each in unit.classes.items()}
    exports = {name: tuple(values) for name, values in unit.exports.items()} if has_exports else None
    unit.forget()
    problems = () if problem is None else (problem,)
    return Facts(unit.file.path, language, functions, classes, problems, names_in(unit.annotations), exports)


def unread(file: SourceFile, language: str, problem: Problem, has_exports: bool = False) -> Facts:
    """What is said of a file that is not what it seems: why, and nothing else."""
    start = start_of(file.path)
    functions = {"": Function("", start, start)}
    return Facts(file.path, language, functions, problems=(problem,), exports={} if has_exports else None)
