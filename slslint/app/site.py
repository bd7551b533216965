"""A call that stands in reached code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slslint.app.place import Place
from slslint.app.symbols import Symbol
from slslint.facts import Block, Call
from slslint.finding import Related

if TYPE_CHECKING:
    from slslint.app.code import Code
    from slslint.app.sdk import SdkCall


class Site:
    """A call that stands in reached code. Two sites are the same call of the source when their `call` is the same.

    Attributes:
        code, place, call: where it stands.
        symbol: what is called.
        dotted: its dotted name when it lies outside the application: "requests.Session().get"; when it may be one of
            several things, the one name that they agree on.
        sdk: the call as an operation of the AWS SDK, or None.

    """

    code: Code
    place: Place
    call: Call

    @property
    def symbol(self) -> Symbol:
        raise NotImplementedError

    @property
    def dotted(self) -> str | None:
        raise NotImplementedError

    @property
    def sdk(self) -> SdkCall | None:
        raise NotImplementedError

    def argument(self, position: int | None = None, name: str | None = None) -> Symbol | None:
        """What the argument at that position, or of that name, stands for; None when it is not given.

        None is also the answer when `**options` may give it: ask `site.call.open`. A spread whose dict literal is in
        sight (`**{"timeout": 3}`, `options = {...}`) is looked into.
        """
        raise NotImplementedError

    def argument_symbols(self) -> tuple[Symbol, ...]:
        """What all arguments stand for."""
        raise NotImplementedError

    def depends_on_event(self) -> bool:
        """Whether what is called, or any argument, comes from the event."""
        raise NotImplementedError

    def guards(self) -> tuple[Block, ...]:
        """The blocks the call stands in, innermost first: its conditions, loops, try and except."""
        raise NotImplementedError

    def path(self) -> tuple[Related, ...]:
        """The steps from the handler to this call, the call itself last: "`save` calls `boto3.client`"."""
        raise NotImplementedError

    @property
    def per_invocation(self) -> bool:
        """Whether it runs on every (or some) invocation, and not only once when the instance starts."""
        raise NotImplementedError
