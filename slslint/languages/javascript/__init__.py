"""JavaScript and TypeScript source lowered to Facts."""

from __future__ import annotations

from tree_sitter import Node

from slslint.facts import Facts
from slslint.grammar import first_error
from slslint.languages.gather import facts_of, read_all, unread
from slslint.languages.javascript import control, declarations, expressions  # noqa: F401 - they enter what they read
from slslint.languages.javascript.broken import problem_of
from slslint.languages.javascript.bundles import bundled
from slslint.languages.javascript.grammar import GRAMMAR, joined
from slslint.languages.javascript.statements import read_body
from slslint.languages.scope import Unit
from slslint.source import SourceFile


def lower(file: SourceFile, language: str) -> Facts:
    """What a file says; around code that does not parse, what can still be told.

    A bundle gives one Problem and nothing else.
    """
    problem = bundled(file)
    if problem is not None:
        return unread(file, language, problem, has_exports=True)
    unit = Unit(file)
    root = _parsed(unit, language)
    read_all(unit, root, read_body)
    problem = problem_of(unit, root, language)
    if problem is not None and problem.kind == "templated":
        return unread(file, language, problem, has_exports=True)
    return facts_of(unit, language, problem, has_exports=True)


def _parsed(unit: Unit, language: str) -> Node:
    root = GRAMMAR.parser.parse(joined(unit.file.data)).root_node
    if not root.has_error or language != "typescript":
        return root
    from slslint.languages.javascript.repairs import repaired

    data, gone = repaired(unit.file.data, elements=unit.file.path.endswith("x"))
    other = GRAMMAR.parser.parse(data).root_node
    if other.has_error and first_error(other).start_byte <= first_error(root).start_byte:
        return root
    unit.annotations += gone
    return other
