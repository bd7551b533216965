"""How a suppression, or part of one, is taken out of a file so that every other byte stays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from slslint.finding import Edit
from slslint.layout.in_yaml import end_of
from slslint.layout.parts import Position
from slslint.source import Problem, SourceFile, Span
from slslint.suppress import Mark
from slslint.templates.document import compose, span


def removal(file: SourceFile, written: Sequence[Mark], dead: Sequence[Mark]) -> tuple[Edit, ...]:
    """The edits that take the `dead` ones of what is written together out of the file; none when that is not safe."""
    if any(_text(file, mark.name) != mark.rule for mark in written if mark.name is not None):
        return ()  # Made from something else, such as an escaped text, so what is here is not what was read.
    if written[0].kind == "metadata":
        return tuple(_from_metadata(file, [mark.name for mark in dead if mark.name is not None]))
    if len(dead) == len(written):
        return tuple(_comment(file, dead[0].at))
    names = [mark.name for mark in written if mark.name is not None]
    return tuple(Edit(each, "") for each in _without(names, [mark in dead for mark in written]))


def _without(places: Sequence[Span], dead: Sequence[bool]) -> Iterator[Span]:
    """The stretches that go when some of the items in a list go, with their commas; never all of them."""
    first = dead.index(False)
    if first:
        yield _between(places[0], _start(places[0]), _start(places[first]))
    for index in range(first + 1, len(places)):
        if dead[index]:
            yield _between(places[0], _end(places[index - 1]), _end(places[index]))


# --- comments --------------------------------------------------------------------------------------------------------


def _comment(file: SourceFile, at: Span) -> Iterator[Edit]:
    line = file.lines[at.line - 1]
    before, said, after = line[: at.column - 1], line[at.column - 1 : at.end_column - 1], line[at.end_column - 1 :]
    if said.startswith("/*"):
        if not after.lstrip().startswith("*/"):
            return  # A comment of several lines says more than this.
        after = after.lstrip()[2:]
    elif not said.startswith(("#", "//")) or "slslint:" not in said:
        return
    if not before.strip() and not after.strip():
        yield Edit(_lines(file, at.line, at.line), "")
        return
    if not after.strip():
        start, end = len(before.rstrip()), len(line)
    elif not before.strip():
        start, end = len(before), len(line) - len(after.lstrip())
    elif after[0].isspace():
        start, end = len(before.rstrip()), len(line) - len(after)
    else:
        return  # Two words might become one.
    yield Edit(Span(file.path, at.line, start + 1, at.line, end + 1), "")


def _lines(file: SourceFile, first: int, last: int) -> Span:
    """Whole lines with their ends; of the last line of a file that ends without one, the end before it."""
    lines = file.lines
    if last < len(lines):
        return Span(file.path, first, 1, last + 1, 1)
    if first == 1:
        return Span(file.path, 1, 1, last, len(lines[-1]) + 1)
    return Span(file.path, first - 1, len(lines[first - 2]) + 1, last, len(lines[-1]) + 1)


# --- metadata --------------------------------------------------------------------------------------------------------


def _from_metadata(file: SourceFile, names: Sequence[Span]) -> Iterator[Edit]:
    """Items of a list, and every mapping around it that would be empty without them."""
    root = compose(file)
    way = None if root is None or isinstance(root, Problem) else _way(root, names[0])
    if way is None:
        return
    owners = [node for node in way if isinstance(node, CollectionNode)]
    at = next((index for index, node in enumerate(owners) if _key(node, names[0]) == "ignore"), -1)
    if at + 1 < len(owners) and isinstance(owners[at + 1], SequenceNode):
        dead = [any(_holds(item, name) for name in names) for item in owners[at + 1].value]
        if not all(dead):
            yield from _items(file, owners[at + 1], dead)
            return
    # What holds nothing but what goes, goes too.
    for owner in reversed(owners[: at + 1]):
        goes = [_holds(value, names[0]) for _, value in owner.value]
        if not all(goes):
            yield from _items(file, owner, goes)
            return


def _key(node: Node, at: Span) -> str:
    """The key of a mapping under which a place lies."""
    pairs = node.value if isinstance(node, MappingNode) else ()
    return next((str(key.value) for key, value in pairs if _holds(value, at)), "")


def _way(root: Node, at: Span) -> list[Node] | None:
    """The nodes from the root down to a text."""
    way = [root]
    while not isinstance(way[-1], ScalarNode):
        node = way[-1]
        children = node.value if isinstance(node, SequenceNode) else [value for _, value in node.value]
        child = next((each for each in children if _holds(each, at)), None)
        if child is None:
            return None
        way.append(child)
    return way if span(way[-1]) == at else None


def _holds(node: Node, at: Span) -> bool:
    return _start_of(node) <= _start(at) and _end(at) <= end_of(node)


def _items(file: SourceFile, owner: CollectionNode, dead: Sequence[bool]) -> Iterator[Edit]:
    """The edits that take entries out of a mapping or list; some stay."""
    entries = [each if isinstance(each, tuple) else (each, each) for each in owner.value]
    places = [_between(span(first), _start_of(first), end_of(last)) for first, last in entries]
    if owner.flow_style:
        yield from (Edit(each, "") for each in _without(places, dead))
        return
    sign = "-" if isinstance(owner, SequenceNode) else ""
    edits = [_whole_lines(file, place, sign) for place, goes in zip(places, dead, strict=True) if goes]
    yield from (Edit(each, "") for each in edits if each is not None and None not in edits)


def _whole_lines(file: SourceFile, place: Span, sign: str) -> Span | None:
    """The lines that an entry of a block stands on, behind its `sign`; None when something else does too."""
    if file.lines[place.line - 1][: place.column - 1].strip() != sign:
        return None
    ends_before = place.end_column == 1 and place.end_line > place.line
    last = place.end_line - ends_before
    after = "" if ends_before else file.lines[last - 1][place.end_column - 1 :].strip()
    return _lines(file, place.line, last) if not after or after.startswith("#") else None


# --- places ----------------------------------------------------------------------------------------------------------


def _text(file: SourceFile, at: Span) -> str:
    return file.lines[at.line - 1][at.column - 1 : at.end_column - 1].strip("\"'") if at.line == at.end_line else ""


def _start_of(node: Node) -> Position:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _start(at: Span) -> Position:
    return at.line, at.column


def _end(at: Span) -> Position:
    return at.end_line, at.end_column


def _between(file: Span, start: Position, end: Position) -> Span:
    return Span(file.path, *start, *end)
