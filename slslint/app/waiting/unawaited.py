"""Requests of JavaScript that are still on their way when the invocation ends, because nobody waits for them."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.app.code import Code
from slslint.app.site import Site
from slslint.record import record


@record(eq=False)
class Unawaited:
    """A call that starts requests for which nobody waits.

    Attributes:
        site: the call.
        work: the requests; never empty.
        how: "call", or a callback starts them: for the elements of an array ("each"), when a promise is settled
            ("after"), when time has passed ("timer"). Of a call that is itself the one request: "evented" when what it
            returns is no promise, but a request to listen to; "unsent" when nothing ever sends it.

    """

    site: Site
    work: tuple[Site, ...]
    how: str


def unawaited(code: Code) -> Iterator[Unawaited]:
    """Every call on an invocation that starts requests for which nobody waits, in the order of places.

    Only where the platform does not wait either: it does for handlers with a callback, until nothing is under way.
    """
    if code.entry.facts.language == "python":
        return
    from slslint.app.graph.calls import reaches_out

    if reaches_out(code):
        # What tells what becomes of promises is loaded for the languages that have them.
        from slslint.app.waiting.started import search

        yield from search(code)
