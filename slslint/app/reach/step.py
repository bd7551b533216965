"""One place makes another run."""

from __future__ import annotations

from slslint.app.place import Place
from slslint.app.symbols import EventPart
from slslint.record import record
from slslint.source import Span

FROM_EVENT = EventPart((None,))
"""Some part of the event: what a framework hands to the functions registered with it."""


@record(eq=False)
class Step:
    """One place makes another run: `verb` is calls, imports, passes on, registers or is wrapped by."""

    source: Place
    target: Place
    at: Span
    verb: str
