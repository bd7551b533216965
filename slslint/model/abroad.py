"""What a unit says of others: the stacks nested in it, and the functions elsewhere that it invokes."""

from __future__ import annotations

from collections.abc import Mapping

from slslint.model.reference import Text
from slslint.model.trigger import Trigger
from slslint.record import record
from slslint.source import Span
from slslint.value import Value


@record()
class Nested:
    """A stack that is deployed as a resource of the unit.

    Attributes:
        id: the resource's id. path: its template, as a reported path; Unknown when it is no local file.
        parameters: what it is given, by name.

    """

    id: str
    at: Span
    path: Value[str]
    parameters: Mapping[str, Value[Text]]


@record()
class Abroad:
    """A trigger of a function that the unit does not define. `function` names it; the trigger's own is ""."""

    function: Text
    trigger: Trigger
