"""One call of an operation of AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slslint.app.objects import entry
from slslint.app.symbols import Constant, EventPart, External, Symbol, any_of, options
from slslint.record import record

if TYPE_CHECKING:
    from slslint.app.site import Site


@record(eq=False)
class SdkCall:
    """One call of an operation of AWS.

    Attributes:
        service: boto3's name of the service: "lambda", "dynamodb", "stepfunctions", "events".
        operation: as the API spells it, as far as the method's name tells: "Invoke", "PutItem"; compare without case.
            "" when it is not known: that of a rare waiter, or of a command that is not in sight.
        site: the call. client: the call that made the client or resource; None when it cannot be followed, but the
            command that is sent can.
        identifiers: arguments that the resource object carries: `dynamodb.Table("orders").put_item()` has TableName.
        input: the object that holds the arguments, wherever it was built; None when the call has them as its own.

    """

    service: str
    operation: str
    site: Site
    client: Site | None
    identifiers: tuple[tuple[str, Symbol], ...] = ()
    input: Symbol | None = None

    @property
    def title(self) -> str:
        """What people call it: "s3:PutObject", or the service alone."""
        return f"{self.service}:{self.operation}" if self.operation else self.service

    def argument(self, name: str) -> Symbol | None:
        """The argument of that name as the API spells it ("FunctionName"); None when it is not given in sight."""
        for own, symbol in self.identifiers:
            if own == name:
                return symbol
        if self.input is None:
            return self.site.argument(name=name)
        if isinstance(self.input, EventPart):
            return EventPart((*self.input.path, name))
        found = entry(self.input, name)
        return None if found is None else any_of(_spelled_out(each) for each in options(found))


def _spelled_out(symbol: Symbol) -> Symbol:
    """The text behind a constant that the SDK exports: "Event" for `InvocationType.Event`."""
    if isinstance(symbol, External) and symbol.dotted.startswith("@aws-sdk/client-"):
        package, _, path = symbol.dotted.partition(".")
        enum, _, member = path.partition(".")
        # An underscore may stand for another character.
        if package and enum and member and "_" not in member:
            return Constant(member)
    return symbol
