"""A Mermaid flowchart, as GitHub shows it (https://mermaid.js.org/syntax/flowchart.html)."""

from __future__ import annotations

from slslint.app.graph import Verb
from slslint.diagram.picture import Box, Line, Picture

_SHAPES = {
    "function": ("(", ")"), "queue": ("[[", "]]"), "topic": ("{{", "}}"), "event bus": ("{{", "}}"),
    "event rule": (">", "]"), "schedule": ("([", "])"), "bucket": ("[(", ")]"), "table": ("[(", ")]"),
    "stream": ("[[", "]]"), "delivery stream": ("[[", "]]"), "API": ("[/", "\\]"), "state machine": ("[\\", "/]"),
    "user pool": ("((", "))"),
}  # fmt: skip

_CLASSES = {
    "function": "fill:#fdebd3,stroke:#c4631b,color:#241400",
    "store": "fill:#e3ecfb,stroke:#3b5fa8,color:#0b1733",
    "way": "fill:#f6e2ee,stroke:#a8397c,color:#2b0a1f",
    "door": "fill:#e7e3f7,stroke:#6a4fb3,color:#170f33",
    "elsewhere": "stroke-dasharray:4 3",
}
_CLASS_OF = {
    "function": "function", "bucket": "store", "table": "store", "log group": "store", "parameter": "store",
    "secret": "store", "queue": "way", "topic": "way", "event bus": "way", "event rule": "way", "stream": "way",
    "delivery stream": "way", "API": "door", "state machine": "door", "schedule": "door", "user pool": "door",
}  # fmt: skip

_RED = "stroke:#d1242f,stroke-width:3px"


_MOST_LINES = 499
_MOST_CHARACTERS = 50_000
"""What Mermaid draws unless whoever shows it allows more, which GitHub does not."""


def too_large(picture: Picture, text: str) -> str:
    """Why the flowchart is more than Mermaid draws, as a sentence, lower case; "" when it is not."""
    if len(picture.lines) > _MOST_LINES:
        return f"the flowchart has {len(picture.lines):,} lines, and Mermaid draws no more than {_MOST_LINES}"
    if len(text) > _MOST_CHARACTERS:
        return f"the flowchart has {len(text):,} characters, and Mermaid draws no more than {_MOST_CHARACTERS:,}"
    return ""


def write(picture: Picture) -> str:
    """The picture as a flowchart."""
    out = ["flowchart LR", *(f"  %% {_comment(note)}" for note in picture.notes)]
    for number, frame in enumerate(picture.frames):
        out.append(f'  subgraph s{number}["{_escaped(frame.title)}"]')
        out += [f"    {_box(box)}" for box in frame.boxes]
        out.append("  end")
    out += [f"  {_line(line)}" for line in picture.lines]
    boxes = [box for frame in picture.frames for box in frame.boxes]
    for name, style in _CLASSES.items():
        members = [
            box.id for box in boxes if (box.elsewhere if name == "elsewhere" else _CLASS_OF.get(box.kind) == name)
        ]
        if members:
            out += [f"  classDef {name} {style}", f"  class {','.join(members)} {name}"]
    styled: dict[str, list[str]] = {}
    for index, line in enumerate(picture.lines):
        styled.setdefault(_style(line), []).append(str(index))
    # A line takes the style that is given last, and no other with it.
    out += [f"  linkStyle {','.join(lines)} {style}" for style, lines in styled.items() if style]
    return "\n".join(out) + "\n"


def _style(line: Line) -> str:
    styles = [_RED] if line.loop else []
    if line.verb is Verb.FAILS_TO:
        styles.append("stroke-dasharray:1 4")
    elif line.waits:
        styles.append("stroke-dasharray:7 4")
    return ",".join(styles)


def _box(box: Box) -> str:
    before, after = _SHAPES.get(box.kind, ("[", "]"))
    label = _escaped(box.name)
    if box.members:
        label += f"<br/>{len(box.members)} functions"
    elif box.kind != "function":
        label += f"<br/>{_escaped(box.kind)}"
    return f'{box.id}{before}"{label}"{after}'


def _line(line: Line) -> str:
    label = f'|"{_escaped(line.label)}"|' if line.label else ""
    return f"{line.source} -->{label} {line.target}"


def _escaped(text: str) -> str:
    """The text inside a quoted label; what the language or HTML would take for its own, by its number."""
    return "".join(each if each.isalnum() or each in _PLAIN else f"#{ord(each)};" for each in text)


_PLAIN = frozenset(" -_./:,*+()$?=@!'~{}[]…")


def _comment(text: str) -> str:
    """The text of a comment, which braces would make a directive."""
    return text.replace("{", "(").replace("}", ")").replace("\n", " ")
