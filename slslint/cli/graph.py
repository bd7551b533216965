"""`slslint graph`: who triggers, invokes, writes to and waits for whom."""

from __future__ import annotations

import argparse
import sys

from slslint.cli import output, reading
from slslint.cli.exit_status import CLEAN
from slslint.config import GRAPH_FORMATS
from slslint.errors import UsageError

EXAMPLES = """\
examples:
  slslint graph                                  a Mermaid flowchart on stdout
  slslint graph --output graph.md                the same as a Markdown file, which GitHub draws
  slslint graph --focus OrdersQueue --depth 1    what is next to one node
  slslint graph --output graph.svg               an image; needs Graphviz

Lines are red where they are part of a loop, dashed where the source waits for the target, and dotted where
only failures go. In JSON everything is there, nothing is put together.
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which applications, which part of them, and in what form."""
    reading.add_options(parser)
    group = parser.add_argument_group("what to show")
    group.add_argument("--focus", metavar="NAME", help="show only what is near this function or resource")
    group.add_argument("--depth", metavar="N", type=_depth, help="how many edges away from --focus to go (default: 2)")
    group.add_argument("--full", action="store_true", help="draw a box for each function, however many there are")
    group = parser.add_argument_group("what comes out")
    group.add_argument(
        "--format", dest="form", choices=GRAPH_FORMATS, help="the form (default: that of the --output file, or mermaid)"
    )
    group.add_argument("--output", metavar="FILE", help="write to this file instead of stdout")


def _depth(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number of edges")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Draw the applications."""
    from slslint import diagram, engine
    from slslint.diagram import mermaid
    from slslint.finding import listed

    ending = (options.output or "").rpartition(".")[2].lower()
    form = options.form or diagram.ENDINGS.get(ending, "mermaid")
    if options.depth is not None and options.focus is None:
        raise UsageError("--depth says how far to go from --focus; name what to start from")
    paths, reader = reading.paths(options)
    sketches = [diagram.sketch(app) for app in engine.understand(paths, reading.configuration(options), reader)]
    if not any(each.things for each in sketches):
        raise UsageError(f"{listed(paths)}: no function was found there; `slslint model` shows what was understood")
    drawn = diagram.picture(sketches, options.focus, options.depth, full=options.full)
    text = diagram.write(form, sketches, drawn)
    if options.output is None:
        sys.stdout.write(text)
    else:
        output.write(options.output, f"```mermaid\n{text}```\n" if ending == "md" and form == "mermaid" else text)
    for note in drawn.notes if form != "json" else ():
        print(f"slslint: {note}; --full shows each", file=sys.stderr)
    large = mermaid.too_large(drawn, text) if form == "mermaid" else ""
    if large:
        print(f"slslint: {large}; name fewer PATHS, use --focus, or --format svg", file=sys.stderr)
    return CLEAN
