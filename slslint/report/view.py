"""How a report is to look, as far as its reader decides."""

from __future__ import annotations

from slslint.finding import Severity
from slslint.record import record


@record()
class View:
    """What only some forms heed.

    Attributes:
        colour: with colours. width: columns of the terminal; None when it is none.
        full: the code of every finding, however many there are.
        suppressed: show findings that do not count too, and why.
        fail_on: from which severity on a finding makes the check fail; None when none does.
        blobs: the address under which a web site shows the files of the repository, with a slash at its end, or "".

    """

    colour: bool = False
    width: int | None = None
    full: bool = False
    suppressed: bool = False
    fail_on: Severity | None = Severity.WARNING
    blobs: str = ""


PLAIN = View()
