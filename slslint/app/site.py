"""A call that stands in reached code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from slslint.app.objects import entry, is_open
from slslint.app.packages import packages_of
from slslint.app.place import Place
from slslint.app.sdk import SdkCall, sdk_call
from slslint.app.symbols import Symbol, depends_on_event, dotted, present
from slslint.data.timeouts import NODE, PYTHON, Wait, wait_of
from slslint.facts import Attr, Block, Call, Name
from slslint.finding import Related
from slslint.record import cached_property

if TYPE_CHECKING:
    from slslint.app.code import Code
    from slslint.app.resolve import Frame

_WAITING = packages_of((*PYTHON, *NODE))


class Site:
    """A call that stands in reached code. Two sites are the same call of the source when their `call` is the same.

    Attributes:
        code, place, call: where it stands.
        eventful: whether an argument comes from the event, once somebody has asked.

    """

    def __init__(self, code: Code, place: Place, call: Call, frame: Frame | None = None) -> None:
        self.code = code
        self.place = place
        self.call = call
        self.frame = frame
        self.eventful: bool | None = None

    def __repr__(self) -> str:
        return f"Site({self.place.path}:{self.call.at.line}:{self.call.at.column})"

    @cached_property
    def symbol(self) -> Symbol:
        """What is called."""
        return self.code.resolver.resolve(self.call.callee, self.place, self.frame)

    @cached_property
    def dotted(self) -> str | None:
        """The dotted name of what is called when it lies outside the application: "requests.Session().get".

        When it may be one of several things, the one name that they agree on; None when they do not.
        """
        names = {dotted(each) for each in present(self.symbol)}
        return names.pop() if len(names) == 1 else None

    @property
    def in_python(self) -> bool:
        """Whether it is written in Python, where arguments have names of their own."""
        return self.place.facts.language == "python"

    @cached_property
    def sdk(self) -> SdkCall | None:
        """The call as an operation of the AWS SDK; None when it is none or its service is not known."""
        return sdk_call(self)

    @property
    def wait(self) -> Wait | None:
        """How the call is told how long to wait; None when it gives up by itself, or is not known."""
        if self.code.packages.isdisjoint(_WAITING):
            return None
        return wait_of(self.dotted or "", self.place.facts.language)

    def argument(self, position: int | None = None, name: str | None = None) -> Symbol | None:
        """What the argument at that position, or of that name, stands for; None when it is not given.

        In JavaScript arguments have names as keys of an object: `fetch(url, { method })`, `fetch(url, options)`.
        None is also the answer when something that is not in sight may give it: ask `open`. A spread whose content is
        in sight (`**{"timeout": 3}`, `options = {...}`) is looked into.
        """
        if self.in_python:
            return self.code.resolver.argument(self.call, self.place, self.frame, position, name)
        if name is not None:
            # Where several arguments are objects, what is named stands in the last: data first, then how to send it.
            found = (entry(each, name) for each in reversed(self.argument_symbols()))
            named = next((each for each in found if each is not None), None)
            if named is not None:
                return named
        return self.code.resolver.argument(self.call, self.place, self.frame, position, None)

    @property
    def open(self) -> bool:
        """Whether more may be given by name than is in sight: by a spread, in JavaScript also by any argument."""
        if self.in_python:
            return any(
                each.spread and is_open(symbol)
                for each, symbol in zip(self.call.args, self.argument_symbols(), strict=True)
            )
        return self.call.open or any(is_open(each) for each in self.argument_symbols())

    def argument_symbols(self) -> tuple[Symbol, ...]:
        """What all arguments stand for."""
        return tuple(self.code.resolver.resolve(each.value, self.place, self.frame) for each in self.call.args)

    def from_callers(self) -> Iterator[Site]:
        """The call as it is when each caller of a function around it runs it: its parameters are one call's."""
        from slslint.app.resolve.frames import frame_of

        around: Place | None = self.place
        while around is not None and around.name:
            for arrival in self.code.resolver.arrivals.get((around.path, around.name), ()):
                if arrival.call is not None:
                    frame = frame_of(self.code.resolver, ((arrival, around),))
                    yield Site(self.code, self.place, self.call, frame)
            around = self.code.place(around.path, around.function.outer)

    def depends_on_event(self) -> bool:
        """Whether what is called, or any argument, comes from the event."""
        if self.eventful is None:
            self.eventful = any(depends_on_event(each) for each in self.argument_symbols())
        return self.eventful or depends_on_event(self.symbol)

    def guards(self) -> tuple[Block, ...]:
        """The blocks the call stands in, innermost first: its conditions, loops, try and except."""
        return tuple(self.place.function.enclosing(self.call.block))

    def path(self) -> tuple[Related, ...]:
        """The steps from the handler to this call, the call itself last: "`save` calls `boto3.client`"."""
        return (*self.code.path_to(self.place), Related(self.call.at, f"`{self.place.title}` calls `{self.title}`"))

    @property
    def title(self) -> str:
        """What people call the callee: its dotted name, or as it is written."""
        if self.dotted is not None:
            return self.dotted
        match self.call.callee:
            case Name(name) | Attr(_, name):
                return name
            case _:
                return "a function"

    @property
    def per_invocation(self) -> bool:
        """Whether it runs on every (or some) invocation, and not only once when the instance starts."""
        return self.code.per_invocation(self.place)
