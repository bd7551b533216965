"""Python source lowered to Facts."""

from __future__ import annotations

from slslint.facts import Facts
from slslint.languages.annotations import names_in
from slslint.languages.python.broken import problem_of
from slslint.languages.python.grammar import GRAMMAR
from slslint.languages.python.statements import read_body
from slslint.languages.scope import Scope, Unit
from slslint.source import SourceFile, start_of


def lower(file: SourceFile) -> Facts:
    """What a Python file says; around code that does not parse, what can still be told.

    A Python 2 file gives one Problem and nothing else.
    """
    root = GRAMMAR.parser.parse(file.data).root_node
    unit = Unit(file)
    start = start_of(file.path)
    module = Scope(unit, "", start, unit.at(root), root, None)
    unit.scopes[""] = module
    read_body(module)
    # Bodies are read breadth first: when a body is read, the final key of its function is known.
    for scope in unit.pending:
        read_body(scope)
    problem = problem_of(unit, root)
    if problem is not None and problem.kind in ("python2", "templated"):
        return Facts(file.path, "python", {"": Scope(unit, "", start, start, root, None).finish()}, {}, (problem,))
    scopes = sorted(unit.pending, key=lambda scope: scope.whole)
    functions = {scope.key: scope.finish() for scope in (module, *scopes)}
    classes = {key: each.finish_class() for key, each in unit.classes.items()}
    unit.forget()
    problems = () if problem is None else (problem,)
    return Facts(file.path, "python", functions, classes, problems, names_in(unit.annotations))
