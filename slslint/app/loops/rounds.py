"""Whether one round of a loop leads to the next: what the conditions on the way say to the event that it makes."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from slslint.app.graph.happenings import changes
from slslint.app.loops.bounds import Bound
from slslint.app.loops.content import ALWAYS_THERE, SERVICES, SHAPES, Slot, slot
from slslint.app.loops.cycles import Hop
from slslint.app.loops.questions import Question
from slslint.app.loops.ways import Way
from slslint.app.routing.event_fields import FieldPath
from slslint.app.symbols import AnyOf, Constant, EventPart, Joined, Symbol, options
from slslint.model import Source
from slslint.record import record

Value = Callable[[Slot, str], Symbol]
"""What the next event has in a part of it; an EventPart stands for what the one before had there."""


class Open(Enum):
    """How much a round that comes again is kept from going on."""

    NOT = 0
    """It never goes on: the events of a round do not get through the conditions on the way."""
    FOR_A_TIME = 1
    ALWAYS = 2


@record(eq=False)
class Passage:
    """Whether an event that arrives leads to the next write; `bound` is what ends it when that is only for a time."""

    open: Open
    bound: Bound | None = None


SHUT = Passage(Open.NOT)
FREE = Passage(Open.ALWAYS)


def passage(all_ways: tuple[Way, ...] | None, arrival: Hop, value: Value) -> Passage:
    """Whether an event that arrives by a hop leads on by any of the ways, and what ends that."""
    if all_ways is None:
        return FREE
    found = [_through(way, arrival, value) for way in all_ways]
    return max(found, key=lambda each: each.open.value, default=SHUT)


def _through(way: Way, arrival: Hop, value: Value) -> Passage:
    bound = None
    for group in way.questions:
        answers = [FREE if each is None else _judged(each, arrival, value) for each in group]
        answer = max(answers, key=lambda each: each.open.value)
        if answer.open is Open.NOT:
            return SHUT
        bound = bound or answer.bound
    bound = bound or way.bound
    return FREE if bound is None else Passage(Open.FOR_A_TIME, bound)


# --- what the next event answers --------------------------------------------------------------------------------------

_PARTS = {"s3": Source.BUCKET, "dynamodb": Source.TABLE_STREAM, "kinesis": Source.DATA_STREAM, "Sns": Source.TOPIC,
          "body": Source.QUEUE}  # fmt: skip
"""What a record has only when it comes from there."""


def _judged(question: Question, arrival: Hop, value: Value) -> Passage:
    path, kind = question.path, _kind(arrival)
    direct = arrival.is_direct
    if not direct and kind is not None and path:
        there = _is_there(path, kind)
        if there is False:
            return SHUT if question.must else FREE
        if question.relation == "there" and len(path) == 1:
            return SHUT if there and not question.must and path[0] in ALWAYS_THERE else FREE
    which, name = slot(path, direct)
    limit = Passage(Open.FOR_A_TIME, Bound(f"the {'counter' if question.counted else 'condition on'} `{question.name}`",
                                           question.at))  # fmt: skip
    if question.relation == "there" and path[-1:] == ("OldImage",) and arrival.edges[0].call is not None:
        # Only a record of a new item has no old one.
        kinds = changes(arrival.edges[0].call)
        if kinds and (("INSERT" not in kinds) is not question.must) and len(set(kinds)) == 1:
            return SHUT
    if which is Slot.SHAPE or not path or (path[-1] is None and len(path) < 3):
        return FREE if question.relation == "there" else limit
    if which is Slot.COUNT:
        # A message that is sent anew is counted anew.
        return FREE if arrival.edges[0].call is not None else limit
    if which is Slot.OTHER:
        return FREE if question.relation == "there" else limit
    service = SERVICES.get(kind) if kind is not None and which is Slot.SERVICE else None
    said = Constant(service) if service is not None else value(which, name)
    answer = _answer(question, said, path)
    if answer is question.must:
        return FREE
    if which is not Slot.FIELD:
        return SHUT
    if answer is None:
        return limit
    is_flag = question.relation == "there" or any(isinstance(each, bool) for each in question.values)
    return limit if is_flag else SHUT


def _kind(arrival: Hop) -> Source | None:
    trigger = arrival.edges[-1].trigger
    return None if trigger is None else trigger.source_kind


def _is_there(path: FieldPath, kind: Source) -> bool | None:
    """Whether events of a kind have a part, as far as their shape tells."""
    shape = SHAPES.get(kind)
    if shape is None or path[0] is None:
        return None
    if path[0] not in shape:
        return False
    return len(path) < 3 or _PARTS.get(path[2] or "", kind) is kind


def _answer(question: Question, said: Symbol, path: FieldPath) -> bool | None:
    """Whether the relation holds of what the next event has there; None when that cannot be told."""
    match said:
        case EventPart():
            return question.must
        case AnyOf():
            found = {_answer(question, each, path) for each in options(said)}
            return found.pop() if len(found) == 1 else None
        case Constant(given):
            return _holds(question, given)
        case Joined(parts):
            return _holds_of_text(question, parts)
        case _:
            return None


def _holds(question: Question, given: object) -> bool | None:
    values = question.values
    match question.relation:
        case "there":
            return bool(given)
        case "in":
            return any(given == each and isinstance(given, bool) == isinstance(each, bool) for each in values)
        case "starts" | "ends" | "contains" if not isinstance(given, str):
            return False
        case "starts":
            return str(given).startswith(tuple(map(str, values)))
        case "ends":
            return str(given).endswith(tuple(map(str, values)))
        case "contains":
            return any(str(each) in str(given) for each in values)
        case _:
            return None


def _holds_of_text(question: Question, parts: tuple[Symbol, ...]) -> bool | None:
    """The same of a text of which only some parts are known."""
    texts = [part.value if isinstance(part, Constant) and isinstance(part.value, str) else None for part in parts]
    as_before = [isinstance(part, EventPart) and part.path == question.path for part in parts]
    values = [str(each) for each in question.values]
    match question.relation:
        case "there":
            return True
        case "in" if len(values) == 1:
            head, tail = texts[0] or "", texts[-1] or ""
            fits = values[0].startswith(head) and values[0].endswith(tail)
            return None if fits and not any(as_before) else False
        case "starts" | "ends":
            starts = question.relation == "starts"
            at = 0 if starts else -1
            if as_before[at]:
                return question.must
            known = texts[at]
            if known is None:
                return None
            if any(known.startswith(each) if starts else known.endswith(each) for each in values):
                return True
            fits = any(each.startswith(known) if starts else each.endswith(known) for each in values)
            return None if fits else False
        case "contains":
            if any(each in text for each in values for text in texts if text is not None):
                return True
            # What was in it before still is.
            return True if any(as_before) and question.must else None
        case _:
            return None
