"""Text in templates that names other resources, wholly or in part."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from slslint.record import record


@record()
class Ref:
    """A reference to a resource of the same deployment unit.

    `attribute` is the attribute asked for ("Arn", "QueueUrl"), or "" for the resource's own identifier.
    """

    id: str
    attribute: str = ""


@record()
class Hole:
    """A part of a text that is known only when deployed: "AWS::Region", a parameter without a default, ...

    "import:NAME" is what another stack exports under that name, "cf:STACK.NAME" what one has as an output,
    "resolve:ssm:NAME" what a parameter in the store holds.
    """

    name: str


@record()
class Pattern:
    """Text with references and holes in it, such as `arn:aws:s3:::${Bucket}/*`. Adjacent plain parts are merged."""

    parts: tuple[str | Ref | Hole, ...]


Text: TypeAlias = str | Ref | Pattern


def pieces_of(text: Text | Hole) -> tuple[str | Ref | Hole, ...]:
    """What a text, or a part of one, is made of, in order."""
    return text.parts if isinstance(text, Pattern) else (text,)


def pattern(pieces: Iterable[str | Ref | Hole]) -> Text:
    """The simplest text that is made of these pieces."""
    whole: list[str | Ref | Hole] = []
    run: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            if piece:
                run.append(piece)
            continue
        if run:
            whole.append("".join(run))
            run.clear()
        whole.append(piece)
    if run:
        whole.append("".join(run))
    match whole:
        case []:
            return ""
        case [str() | Ref() as only]:
            return only
        case _:
            return Pattern(tuple(whole))


def show(text: Text) -> str:
    """The text for people, references and holes as `${Name}`."""
    match text:
        case str():
            return text
        case Ref(id, attribute):
            return f"${{{id}.{attribute}}}" if attribute else f"${{{id}}}"
        case Pattern(parts):
            return "".join(f"${{{part.name}}}" if isinstance(part, Hole) else show(part) for part in parts)
