"""What functions are allowed, and what their code needs to be allowed as far as its SDK calls tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from slslint import iam
from slslint.app.application import App
from slslint.app.sdk import SdkCall, sdk_calls, signed_call
from slslint.model import Function, Grant, ManagedPolicy, Resource, Role
from slslint.record import record, replace

_NAMED_BY = (
    "TableName",
    "Bucket",
    "QueueUrl",
    "TopicArn",
    "TargetArn",
    "FunctionName",
    "stateMachineArn",
    "SecretId",
    "StreamName",
    "StreamARN",
    "DeliveryStreamName",
    "EventBusName",
    "KeyId",
    "UserPoolId",
    "logGroupName",
    "Name",
)
"""The arguments in which operations name the resource that they work on."""


@record()
class Need:
    """An SDK call in reached code, or a request that it signs for others, and what it needs.

    `actions` is empty when they are not known; `resource` is the one of this unit that the call surely names.
    """

    call: SdkCall
    actions: tuple[str, ...]
    resource: Resource | None


def needs(app: App, function: Function) -> Iterator[Need] | None:
    """What each SDK call needs that the function's code reaches; None when the code is not in sight."""
    code = app.code(function)
    if code is None:
        return None
    calls = (call for site in code.sites() for call in (*sdk_calls(site), signed_call(site)))
    return (
        Need(call, iam.needed_actions(call.service, call.operation), _resource(app, function, call))
        for call in calls
        if call is not None
    )


def needs_of_all(app: App, functions: Iterable[Function]) -> tuple[Need, ...] | None:
    """What the functions need together; None when one's code is not in sight or calls something unknown."""
    found: list[Need] = []
    for function in functions:
        own = needs(app, function)
        if own is None:
            return None
        found.extend(own)
    return tuple(found) if all(need.actions for need in found) else None


def statements(app: App) -> tuple[tuple[Grant, Role, tuple[Function, ...]], ...]:
    """Each statement that functions get, with the first role that has it and all the functions.

    One that is written once for several roles (a managed policy of the unit, a YAML anchor) comes once. Roles with a
    permissions boundary are left out: it may forbid what they grant.
    """
    return app.keep(_statements)


def _statements(app: App) -> tuple[tuple[Grant, Role, tuple[Function, ...]], ...]:
    found: dict[Grant, tuple[Grant, Role, dict[str, Function]]] = {}
    for role, users in _taken(app):
        for grant in role.grants:
            unnamed = replace(grant, policy="") if grant.policy else grant
            found.setdefault(unnamed, (grant, role, {}))[2].update(users)
    return tuple((grant, role, tuple(users.values())) for grant, role, users in found.values())


def managed_policies(app: App) -> Iterator[tuple[ManagedPolicy, Role, tuple[Function, ...]]]:
    """Each managed policy that functions get, likewise."""
    found: dict[ManagedPolicy, tuple[ManagedPolicy, Role, dict[str, Function]]] = {}
    for role, users in _taken(app):
        for policy in role.managed:
            found.setdefault(policy, (policy, role, {}))[2].update(users)
    return ((policy, role, tuple(users.values())) for policy, role, users in found.values())


def _taken(app: App) -> Iterator[tuple[Role, dict[str, Function]]]:
    for role in app.deployment.roles.values():
        users = app.users(role)
        if users and not role.boundary:
            yield role, {user.id: user for user in users}


def _resource(app: App, function: Function, call: SdkCall) -> Resource | None:
    for name in _NAMED_BY:
        symbol = call.argument(name)
        if symbol is not None:
            return app.names(function, symbol)
    return None
