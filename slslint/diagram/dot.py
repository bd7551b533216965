"""Graphviz's language (https://graphviz.org/doc/info/lang.html)."""

from __future__ import annotations

from slslint.app.graph import Verb
from slslint.diagram.picture import Box, Line, Picture

_SHAPES = {
    "function": "box", "queue": "cds", "topic": "hexagon", "event bus": "hexagon", "event rule": "note",
    "schedule": "oval", "bucket": "cylinder", "table": "cylinder", "stream": "cds", "delivery stream": "cds",
    "API": "trapezium", "state machine": "component", "log group": "folder",
}  # fmt: skip
_FILLS = {
    "function": "#fdebd3", "queue": "#f6e2ee", "topic": "#f6e2ee", "event bus": "#f6e2ee", "event rule": "#f6e2ee",
    "stream": "#f6e2ee", "delivery stream": "#f6e2ee", "bucket": "#e3ecfb", "table": "#e3ecfb",
}  # fmt: skip


def write(picture: Picture) -> str:
    """The picture as a directed graph."""
    out = [
        "digraph applications {",
        *(f"  // {note}" for note in picture.notes),
        "  rankdir=LR; compound=true; nodesep=0.3; ranksep=0.8;",
        '  graph [fontname="Helvetica"]; node [fontname="Helvetica", fontsize=11]; '
        'edge [fontname="Helvetica", fontsize=9];',
    ]
    for number, frame in enumerate(picture.frames):
        out += [f"  subgraph cluster_{number} {{", f"    label={_quoted(frame.title)}; color=gray;"]
        out += [f"    {box.id} [{_box(box)}];" for box in frame.boxes]
        out.append("  }")
    out += [f"  {line.source} -> {line.target} [{_line(line)}];" for line in picture.lines]
    return "\n".join([*out, "}"]) + "\n"


def _box(box: Box) -> str:
    below = f"{len(box.members)} functions" if box.members else "" if box.kind == "function" else box.kind
    label = _quoted(f"{box.name}\n{below}" if below else box.name)
    styles = ["rounded"] if box.kind == "function" else []
    fill = _FILLS.get(box.kind, "#f2f2f2")
    styles += ["filled", *(["dashed"] if box.elsewhere else [])]
    return f'label={label}, shape={_SHAPES.get(box.kind, "box")}, style="{",".join(styles)}", fillcolor="{fill}"'


def _line(line: Line) -> str:
    style = "dotted" if line.verb is Verb.FAILS_TO else "dashed" if line.waits else "solid"
    colour = ', color="#d1242f", penwidth=2.5' if line.loop else ""
    label = f", label={_quoted(line.label)}" if line.label else ""
    return f"style={style}{colour}{label}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
