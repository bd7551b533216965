"""JavaScript and TypeScript source lowered to Facts."""

from __future__ import annotations

from slslint.facts import Facts
from slslint.languages.annotations import names_in
from slslint.languages.javascript import classes, expressions, operators  # noqa: F401 - they enter what they lower
from slslint.languages.javascript.broken import problem_of
from slslint.languages.javascript.grammar import GRAMMAR
from slslint.languages.javascript.statements import read_body
from slslint.languages.scope import Scope, Unit
from slslint.source import SourceFile, start_of


def lower(file: SourceFile, language: str) -> Facts:
    """What a file says; around code that does not parse, what can still be told."""
    root = GRAMMAR.parser.parse(file.data).root_node
    unit = Unit(file)
    start = start_of(file.path)
    module = Scope(unit, "", start, unit.at(root), root, None)
    unit.scopes[""] = module
    read_body(module)
    # Bodies are read breadth first: when a body is read, the final key of its function is known.
    for scope in unit.pending:
        read_body(scope)
    problem = problem_of(unit, root, language)
    if problem is not None and problem.kind == "templated":
        return Facts(file.path, language, {"": Scope(unit, "", start, start, root, None).finish()}, {}, (problem,))
    scopes = sorted(unit.pending, key=lambda scope: scope.whole)
    functions = {scope.key: scope.finish() for scope in (module, *scopes)}
    found = {key: each.finish_class() for key, each in unit.classes.items()}
    exports = {name: tuple(values) for name, values in unit.exports.items()}
    unit.forget()
    problems = () if problem is None else (problem,)
    return Facts(file.path, language, functions, found, problems, names_in(unit.annotations), exports)
