"""What is said of a file that is no valid Python 3."""

from __future__ import annotations

import warnings

from tree_sitter import Node

from slslint.grammar import first_error
from slslint.languages.scope import Unit
from slslint.source import Problem, SourceFile, Span, templated

_PYTHON2 = "Python 2 source; slslint reads Python 3, so this file is not linted"


def problem_of(unit: Unit, root: Node) -> Problem | None:
    """Why the file is no Python 3, if it is not."""
    if not unit.foreign and not root.has_error and not unit.crooked:
        return None
    # The grammar is not perfect: what the running Python accepts is Python.
    rejection = _rejection(unit)
    if rejection is None:
        return None
    if unit.foreign:
        first = min(unit.foreign, key=lambda node: node.start_byte)
        return Problem("python2", unit.at(first), _PYTHON2)
    at = _place(rejection, unit.file) or unit.at(first_error(root))
    tag = unit.file.tag_near((rejection.lineno or 1) - 1)
    if tag:
        return templated(at, tag)
    said = f"this does not parse as Python: {rejection.msg or 'invalid syntax'}"
    return unit.file.unfinished_merge() or Problem("syntax", at, said)


def _rejection(unit: Unit) -> SyntaxError | None:
    """Why the running Python does not parse the file; None when it does. Nothing is executed."""
    from _ast import PyCF_ONLY_AST  # importing `ast` takes 2 ms

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(unit.file.text, "<source>", "exec", PyCF_ONLY_AST, dont_inherit=True)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError, OverflowError):
        return SyntaxError("invalid syntax")
    return None


def _place(error: SyntaxError, file: SourceFile) -> Span | None:
    """Where Python stopped, to the end of that line: it knows better than a parser that goes on."""
    row = (error.lineno or 0) - 1
    if not 0 <= row < len(file.lines):
        return None
    line = file.lines[row]
    offset = len(line) - len(line.lstrip()) if isinstance(error, IndentationError) else (error.offset or 1) - 1
    column = min(max(offset, 0), max(len(line) - 1, 0))
    return file.span((row, len(line[:column].encode())), (row, max(len(line.encode()), 1)))
