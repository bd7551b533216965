"""What the files of Terraform hold: top-level blocks or values of variables, and why some are missing."""

from __future__ import annotations

from itertools import accumulate, pairwise

from tree_sitter import Node as Tree

from slslint.grammar import first_error
from slslint.source import Problem, SourceFile, Span, start_of
from slslint.templates.document import compose
from slslint.templates.terraform import lines
from slslint.templates.terraform.grammar import GRAMMAR, parsed
from slslint.templates.terraform.places import Source
from slslint.templates.terraform.syntax import Block, Written
from slslint.templates.terraform.trees import BODY, attributes_in, blocks_in, whole_blocks_in

MAX_NESTING = 150
"""Brackets inside brackets; people write a dozen."""

_BRACKETS = bytes(b for b in range(256) if b not in b"[]{}()")
_STEP = {ord(opening): 1 for opening in "[{("} | {ord(closing): -1 for closing in "]})"}


def blocks_of(file: SourceFile) -> tuple[list[Block], list[Problem]]:
    """The top-level blocks of a file, and why some are missing."""
    source = Source(file)
    if file.path.endswith(".json"):
        from slslint.templates.terraform import in_json  # few write it so

        document = compose(file)
        return ([], [document]) if isinstance(document, Problem) else (list(in_json.blocks_in(source, document)), [])
    if _is_abyss(file):
        return [], [_too_deep(file)]
    found = lines.blocks_in(source)
    if found is not None:
        return found, []
    root = GRAMMAR.parser.parse(file.data).root_node
    return _piecewise(source, root) if root.has_error else (list(blocks_in(source, root)), [])


def attributes_of(file: SourceFile) -> tuple[dict[str, Written], list[Problem]]:
    """The attributes of a file that holds nothing else: values of variables."""
    source = Source(file)
    if file.path.endswith(".json"):
        from slslint.templates.terraform import in_json

        document = compose(file)
        return ({}, [document]) if isinstance(document, Problem) else (in_json.attributes_in(source, document), [])
    if _is_abyss(file):
        return {}, [_too_deep(file)]
    root = GRAMMAR.parser.parse(file.data).root_node
    found = {
        name: written for body in root.children if body.kind_id in BODY for name, written in attributes_in(source, body)
    }
    return found, [_problem(file, root)] if root.has_error else []


def _is_abyss(file: SourceFile) -> bool:
    steps = map(_STEP.__getitem__, file.data.translate(None, _BRACKETS))
    return max(accumulate(steps), default=0) > MAX_NESTING


def _too_deep(file: SourceFile) -> Problem:
    return Problem("syntax", start_of(file.path), "it is nested too deeply to be read")


def _piecewise(source: Source, root: Tree) -> tuple[list[Block], list[Problem]]:
    """The blocks of a file that does not parse: each is parsed alone, so that one does not hide the others."""
    found: list[Block] = []
    problems: list[Problem] = []
    file = source.file
    for start, end in pairwise(lines.edges_of(file.data)):
        piece = parsed(file.data, start, end)
        if piece.has_error:
            problems.append(_problem(file, piece))
        found += whole_blocks_in(source, piece)
    return found, problems[:1] or [_problem(file, root)]


_CLOSING = {
    "}": "`}`",
    "]": "`]`",
    ")": "`)`",
    "heredoc_identifier": "the end of the heredoc",
    "quoted_template_end": '`"`',
    "template_directive_end": "`}`",
    "template_interpolation_end": "`}`",
}
"""How signs that end something are written. What else the parser would put in is a guess."""


def _problem(file: SourceFile, root: Tree) -> Problem:
    merge = file.unfinished_merge()
    if merge is not None:
        return merge
    error = first_error(root)
    start = error.start_byte
    if error == root:
        # What is not ended swallows all that follows it: the last sign that fits is nearer to the mistake.
        start = _last_leaf(error).start_byte
    row = min(file.data.count(b"\n", 0, start), len(file.lines) - 1)
    tag = file.tag_near(row)
    message = "this is no HCL that can be read; mend it here or just above"
    if error.is_missing and error.type in _CLOSING:
        message = f"{_CLOSING[error.type]} is missing; mend it here or just above"
    elif tag.startswith(("<%", "{%", "{{")):
        message = f"`{tag}` is no HCL; slslint reads what the other program renders"
    elif ";" in "".join(file.lines[row].split('"')[::2]):
        message = "`;` separates nothing in HCL; write each argument on a line of its own"
    column = start - file.data.rfind(b"\n", 0, start) - 1
    column = min(column, len(file.lines[row].encode()))
    at = file.span((row, column), (row, column))
    return Problem("syntax", Span(at.path, at.line, at.column, at.line, at.column + 1), message)


def _last_leaf(node: Tree) -> Tree:
    while node.children:
        node = node.children[-1]
    return node
