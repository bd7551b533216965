"""JavaScript and TypeScript source lowered to Facts."""

from __future__ import annotations

from tree_sitter import Node

from slslint.facts import Facts, Function
from slslint.languages.annotations import names_in
from slslint.languages.grammar import first_error
from slslint.languages.javascript import classes, expressions, operators  # noqa: F401 - they enter what they lower
from slslint.languages.javascript.broken import problem_of
from slslint.languages.javascript.bundles import bundled
from slslint.languages.javascript.grammar import GRAMMAR
from slslint.languages.javascript.statements import read_body
from slslint.languages.scope import Scope, Unit
from slslint.source import Problem, SourceFile, start_of


def lower(file: SourceFile, language: str) -> Facts:
    """What a file says; around code that does not parse, what can still be told.

    A bundle gives one Problem and nothing else.
    """
    problem = bundled(file)
    if problem is not None:
        return _nothing(file, language, problem)
    unit = Unit(file)
    root = _parsed(unit, language)
    start = start_of(file.path)
    module = Scope(unit, "", start, unit.at(root), root, None)
    unit.scopes[""] = module
    read_body(module)
    # Bodies are read breadth first: when a body is read, the final key of its function is known.
    for scope in unit.pending:
        read_body(scope)
    problem = problem_of(unit, root, language)
    if problem is not None and problem.kind == "templated":
        return _nothing(file, language, problem)
    scopes = sorted(unit.pending, key=lambda scope: scope.whole)
    functions = {scope.key: scope.finish() for scope in (module, *scopes)}
    found = {key: each.finish_class() for key, each in unit.classes.items()}
    exports = {name: tuple(values) for name, values in unit.exports.items()}
    unit.forget()
    problems = () if problem is None else (problem,)
    return Facts(file.path, language, functions, found, problems, names_in(unit.annotations), exports)


def _parsed(unit: Unit, language: str) -> Node:
    root = GRAMMAR.parser.parse(unit.file.data).root_node
    if not root.has_error or language != "typescript":
        return root
    from slslint.languages.javascript.repairs import repaired

    data, gone = repaired(unit.file.data, elements=unit.file.path.endswith("x"))
    other = GRAMMAR.parser.parse(data).root_node
    if other.has_error and first_error(other).start_byte <= first_error(root).start_byte:
        return root
    unit.annotations += gone
    return other


def _nothing(file: SourceFile, language: str, problem: Problem) -> Facts:
    start = start_of(file.path)
    return Facts(file.path, language, {"": Function("", start, start)}, {}, (problem,), exports={})
