"""The graph for programs: every node and edge, nothing left out or put together.

One object: `version` (1; it grows only when something changes its meaning or goes), and `applications`, one for each
template or lone handler, with
- `path`, `dialect`: the template, or the source file of a lone handler;
- `nodes`: `id` (unique in the application), `name`, `kind` ("function", "queue", ...), `at` ("path:line:column", or
  null for what is defined elsewhere);
- `edges`: `from` and `to` (ids), `verb` ("triggers", "invokes", "writes to", "reads from" or "fails to"), `waits` (the
  source waits for the target), `loop` (it is part of one), `filter` (what comes through, as written), `from_event`
  (the event names the target), `confidence` ("high", "medium" or "low"), `when` (conditions of the template, by name),
  `at`, and `proof` (the steps that show it, each with `at` and `message`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from slslint.diagram.sketch import Sketch, plain


def write(sketches: Sequence[Sketch]) -> str:
    """The sketches as one JSON object."""
    return json.dumps({"version": 1, "applications": [plain(each) for each in sketches]}, indent=1) + "\n"
