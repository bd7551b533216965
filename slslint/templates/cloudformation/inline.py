"""Code written inside a template: its text, and where each of its lines stands."""

from __future__ import annotations

import re

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint import late
from slslint.model import Text
from slslint.source import SourceFile
from slslint.templates.cloudformation.nodes import Computed, field, intrinsic
from slslint.templates.cloudformation.template import Template
from slslint.templates.document import last_row
from slslint.value import Known, When

_VARIABLE = late.pattern(r"\$\{(!?)([^}]*)\}")
_NO_IDENTIFIER = late.pattern(r"\W")

Place = tuple[int, int]


def inline_source(template: Template, code: MappingNode, given: When) -> SourceFile | None:
    """The source in a Code's `ZipFile`; None when there is none or its text cannot be told."""
    node = field(code, "ZipFile")
    return None if node is None else source_at(template, node, given)


def source_at(template: Template, node: Node, given: When) -> SourceFile | None:
    """Code written at a node: a scalar, an Fn::Sub of one, or an Fn::Join of lines."""
    pieces = _pieces(template, node, given)
    if pieces is None:
        return None
    text = "".join(piece for piece, _ in pieces)
    places: list[Place] = []
    fresh = True
    for piece, starts in pieces:
        lines = piece.split("\n")
        # A line starts where its first piece does; what follows a line's end may stand in the next piece.
        ended = len(lines) > 1 and not lines[-1]
        numbers = range(0 if fresh else 1, len(lines) - ended)
        places.extend(starts[min(number, len(starts) - 1)] for number in numbers)
        fresh = ended
    if not text.strip():
        return None
    if fresh:
        places.append((places[-1][0] + 1, places[-1][1]))
    name = node.start_mark.name
    return SourceFile(name, text.encode(), tuple(places), template.reader.read(name).lines)


def _pieces(template: Template, node: Node, given: When) -> list[tuple[str, list[Place]]] | None:
    """The text in pieces, each with the places of its lines."""
    call = intrinsic(node)
    if call is None:
        return [(node.value, _line_places(template, node))] if isinstance(node, ScalarNode) else None
    name, argument = call
    if name == "Fn::Sub":
        text = argument.value[0] if isinstance(argument, SequenceNode) and argument.value else argument
        if not isinstance(text, ScalarNode):
            return None
        return [(_keep_length(text.value), _line_places(template, text))]
    if name == "Fn::Join":
        return _joined(template, argument, given)
    if name == "Fn::If":
        settled = [each for _, each in template.resolve(node, given) if isinstance(each, ScalarNode)]
        plain = settled[0] if settled and not isinstance(settled[0], Computed) else None
        return None if plain is None else [(plain.value, _line_places(template, plain))]
    return None


def _joined(template: Template, argument: Node, given: When) -> list[tuple[str, list[Place]]] | None:
    if not isinstance(argument, SequenceNode) or len(argument.value) != 2:
        return None
    delimiter, items = argument.value
    if not isinstance(delimiter, ScalarNode) or not isinstance(items, SequenceNode):
        return None
    pieces: list[tuple[str, list[Place]]] = []
    for index, item in enumerate(items.value):
        here = item.start_mark.line + 1, item.start_mark.column + 1
        if index and delimiter.value:
            pieces.append((delimiter.value, [here, here]))
        inner = _pieces(template, item, given)
        if inner is None:
            # What is put in when it is deployed stands for some name or text: an identifier is good for both.
            inner = [(_text(template, item, given), [here])]
        pieces.extend(inner)
    return pieces


def _text(template: Template, node: Node, given: When) -> str:
    branches = template.text(node, given)
    plain = branches[0][1]
    value: Text | None = plain.value if isinstance(plain, Known) else None
    return value if isinstance(value, str) else "deployed_value"


def _keep_length(text: str) -> str:
    """The text of an Fn::Sub as code of the same length: what is no part of a string becomes an identifier."""

    def stand_in(match: re.Match[str]) -> str:
        literal, name = match.groups()
        start = text.rfind("\n", 0, match.start()) + 1
        before = text[start : match.start()]
        if literal or (before.count('"') + before.count("'")) % 2:
            return match.group()
        return "__" + _NO_IDENTIFIER.sub("_", name) + "_"

    return _VARIABLE.sub(stand_in, text)


def _line_places(template: Template, node: ScalarNode) -> list[Place]:
    """Where each line of a scalar's text starts in the template."""
    first = node.start_mark.line
    lines = template.reader.read(node.start_mark.name).lines
    if node.style == "|":
        return _block_places(node, lines)
    column = node.start_mark.column + (2 if node.style else 1)
    if node.style == '"' and last_row(node) == first and first < len(lines):
        return _escaped_places(lines[first], first + 1, column)
    return _folded_places(node, lines, (first, column))


def _block_places(node: ScalarNode, lines: tuple[str, ...]) -> list[Place]:
    first = node.start_mark.line + 1
    texts = node.value.split("\n")
    indent = 0
    for number, text in enumerate(texts):
        if text.strip() and first + number < len(lines):
            indent = len(lines[first + number].rstrip()) - len(text.rstrip())
            break
    return [(first + number + 1, indent + 1) for number in range(len(texts))]


def _escaped_places(line: str, number: int, column: int) -> list[Place]:
    r"""Where the text goes on after each `\n` of a quoted scalar that stands on one line."""
    places = [(number, column)]
    index = column - 1
    while index < len(line) and line[index] != '"':
        if line[index] == "\\":
            if line[index + 1 : index + 2] == "n":
                places.append((number, index + 3))
            index += 1
        index += 1
    return places


def _folded_places(node: ScalarNode, lines: tuple[str, ...], start: Place) -> list[Place]:
    """Where each line of a scalar stands whose lines are folded, so that one may hold several of the template."""
    quote = node.style if node.style in ("'", '"') else ""
    written = "''" if quote == "'" else f"\\{quote}"
    row, after = start[0], start[1] - 1
    places: list[Place] = []
    for number, text in enumerate(node.value.split("\n")):
        if number and quote != '"':
            # Only in double quotes can a line of the text end within a line of the template.
            row, after = row + 1, 0
        found = _found(text, lines, (row, after), last_row(node), (written, quote))
        if found is None:
            places.append((row + 1, after + 1))
            continue
        row, column, after = found
        places.append((row + 1, column + 1))
    return places


def _found(
    text: str, lines: tuple[str, ...], start: Place, last: int, quoted: tuple[str, str]
) -> tuple[int, int, int] | None:
    """The row, the column where a text starts, and the one after what was found; its first word has to do."""
    words = text.split(None, 1)
    for wanted in (text.strip(), *words[:1]):
        for row in range(start[0], min(last + 1, len(lines)) if wanted else 0):
            line = lines[row].replace(*quoted) if quoted[1] else lines[row]
            column = line.find(wanted, start[1] if row == start[0] else 0)
            if column >= 0:
                return row, max(column - text.index(wanted), 0), column + len(wanted)
    return None
