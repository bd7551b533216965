"""State machines: what their states do, and what happens when one fails."""

from __future__ import annotations

from slslint.model.dialect import Dialect
from slslint.model.notation import Notation
from slslint.model.reference import Text, pieces_of
from slslint.record import record
from slslint.source import Span
from slslint.value import ALWAYS, Items, Value, When


@record()
class Integration:
    """What a Task asks of a service: "arn:aws:states:::sqs:sendMessage.waitForTaskToken".

    Attributes:
        service, operation: as the ARN spells them: "lambda", "invoke"; of the SDK's integrations too.
        pattern: "" when it goes on with the service's answer, "sync" or "sync:2" when it waits for what it started to
            finish, "waitForTaskToken".

    """

    service: str
    operation: str
    pattern: str


def integration(resource: Text) -> Integration | None:
    """What the resource of a Task asks of a service; None when it is a function or an activity."""
    parts = pieces_of(resource)
    written = "".join(part if isinstance(part, str) else "?" for part in parts)
    head, _, asked = written.partition(":::")
    if not head.endswith(":states"):
        return None
    service, _, operation = asked.removeprefix("aws-sdk:").partition(":")
    operation, _, pattern = operation.partition(".")
    return Integration(service, operation, pattern) if service and operation else None


@record()
class State:
    """One state of a state machine, those inside Parallel and Map states too.

    Attributes:
        name, type: as written: "Charge", "Task". at: the state's name in the definition.
        within: the names of the states around it, outermost first.
        resource: for a Task what it runs, as written: a function's ARN or "arn:aws:states:::lambda:invoke".
        target: for a Task the resource that it works on: the function, queue, topic, ...; Absent when it names none.
        waits_for_token: it pauses until somebody returns the task's token (`.waitForTaskToken`, activities).
        timeout, heartbeat: seconds; Absent when not written, Unknown when taken from the input.
        retries, catches: whether it has a non-empty Retry, Catch; Unknown when that cannot be decided. A Map that
            tolerates failed items catches them.
        next: the states that may follow it, in the order in which they are written, those of a Choice too.
        first: the machine around it starts there.
        reachable: whether any way leads to it from the first state around it.

    """

    name: str
    type: str
    at: Span
    within: tuple[str, ...]
    resource: Value[Text]
    target: Value[Text]
    waits_for_token: Value[bool]
    timeout: Value[int]
    heartbeat: Value[int]
    retries: Value[bool]
    catches: Value[bool]
    next: tuple[str, ...] = ()
    first: bool = False
    reachable: bool = True


@record()
class Workflow:
    """A state machine.

    Attributes:
        express: it is an Express workflow: at most five minutes, no waiting for tokens.
        states: open when the definition is not wholly in sight.
        missing: names that `StartAt`, `Next` or `Default` point to and that no state has, each with its place.
        notation: how the definition is written.
        file: the file that the definition is written in.

    """

    id: str
    at: Span
    dialect: Dialect
    name: Value[Text]
    express: Value[bool]
    states: Items[State]
    timeout: Value[int]
    missing: tuple[tuple[str, Span], ...] = ()
    notation: Notation = Notation.YAML
    file: str = ""
    when: When = ALWAYS
