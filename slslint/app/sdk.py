"""Calls of the AWS SDK as service, operation and arguments, whichever library makes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slslint.app.symbols import Symbol

if TYPE_CHECKING:
    from slslint.app.site import Site


@dataclass(frozen=True, slots=True, eq=False)
class SdkCall:
    """One call of an operation of AWS.

    Attributes:
        service: the SDK's name of the service: "lambda", "dynamodb", "stepfunctions", "events".
        operation: as the API spells it, as far as the method's name tells: "Invoke", "PutItem"; compare without case.
        site: the call. client: the call that made the client or resource.
        identifiers: arguments that the resource object carries: `dynamodb.Table("orders").put_item()` has TableName.

    """

    service: str
    operation: str
    site: Site
    client: Site
    identifiers: tuple[tuple[str, Symbol], ...] = ()

    def argument(self, name: str) -> Symbol | None:
        """The argument of that name as the API spells it ("FunctionName"); None when it is not given."""
        raise NotImplementedError

    @property
    def region(self) -> Symbol | None:
        """The region that the client was told to use."""
        raise NotImplementedError

    @property
    def endpoint(self) -> Symbol | None:
        """The endpoint that the client was told to use."""
        raise NotImplementedError
