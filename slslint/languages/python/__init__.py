"""Python source lowered to Facts."""

from __future__ import annotations

from slslint.facts import Facts
from slslint.languages.gather import facts_of, read_all, unread
from slslint.languages.python import control, definitions, expressions, imports, operators  # noqa: F401 - for what they enter
from slslint.languages.python.broken import problem_of
from slslint.languages.python.grammar import GRAMMAR
from slslint.languages.python.statements import read_body
from slslint.languages.scope import Unit
from slslint.source import SourceFile


def lower(file: SourceFile) -> Facts:
    """What a Python file says; around code that does not parse, what can still be told.

    A Python 2 file gives one Problem and nothing else.
    """
    root = GRAMMAR.parser.parse(file.data).root_node
    unit = Unit(file)
    read_all(unit, root, read_body)
    problem = problem_of(unit, root)
    if problem is not None and problem.kind in ("python2", "templated"):
        return unread(file, "python", problem)
    return facts_of(unit, "python", problem)
