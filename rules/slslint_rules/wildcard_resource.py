"""Actions that are allowed on every resource though they can be limited to some."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import (
    Advice,
    App,
    Finding,
    Function,
    Grant,
    Kind,
    Known,
    Need,
    Role,
    Severity,
    Text,
    describe,
    iam,
    listed,
    needs,
    needs_of_all,
    rule,
    show,
    statements,
)

STREAMS = {"kinesis"}
"""Services whose `Get` reads what others wrote, and not a description of what there is."""


@rule(Severity.WARNING, security=6.0, tags=("permissions",))
def wildcard_resource(app: App) -> Iterator[Finding]:
    """A function may use every resource of a service, though the actions can be limited to those it works on."""
    told = set()
    for grant, role, users in statements(app):
        resource = _wild_resource(grant)
        if resource is None or resource.at in told or _does_everything(role):
            continue
        actions = list(_limitable(grant, resource))
        if any(iam.matches(action, "sns:Publish") for action in actions) and _may_text(app, users):
            actions = [action for action in actions if not iam.matches(action, "sns:Publish")]
        if not actions:
            continue
        told.add(resource.at)
        yield Finding(
            at=resource.at,
            message=f"`{show(resource.value)}` lets {listed([user.id for user in users])} perform {listed(actions)} on "
            f"every resource of the account{describe(grant.when)}; name the ones that it works on",
            help=role.dialect.advise(
                Advice.NARROW_RESOURCES,
                id=users[0].id if role.implicit else role.id,
                resources=", ".join(_touched(role, actions, needs_of_all(app, users) or ())) or "<ARN>",
            ),
            function=users[0].id,
        )


def _does_everything(role: Role) -> bool:
    """Whether admin-policy or wildcard-action says that the role may do everything."""
    if any(iam.reach(policy.name) is iam.Reach.ACCOUNT for policy in role.managed):
        return True
    return any(
        grant.allow and any(iam.covers_everything(action.value) for action in grant.actions) for grant in role.grants
    )


def _wild_resource(grant: Grant) -> Known[Text] | None:
    if not grant.allow or grant.limited or grant.excludes_actions or grant.excludes_resources:
        return None
    for resource in grant.resources:
        # SAM's own policy templates have `*` where they must; a name in an ARN is the author's.
        if iam.made_wild(resource.value) if grant.via else iam.wild_for(resource.value):
            return resource
    return None


def _limitable(grant: Grant, resource: Known[Text]) -> Iterator[str]:
    service = iam.wild_for(resource.value) or iam.EVERY_SERVICE
    surveyed = _surveyed(grant)
    for action in grant.actions:
        pattern = action.value
        prefix, _, name = pattern.partition(":")
        if service not in (iam.EVERY_SERVICE, prefix.lower()):
            continue
        if prefix.lower() in surveyed and name.startswith(("Describe", "Get", "List")):
            continue
        # On a whole service, wildcard-action speaks.
        if iam.limitable(pattern) and not iam.covers_service(pattern) and not iam.runtime_needs(pattern):
            yield pattern


def _surveyed(grant: Grant) -> set[str]:
    """The services of which the statement lists every resource: who lists them all looks at them all.

    Where data, keys, identities or secrets are kept, a look is already too much.
    """
    listing = {
        iam.service(covered.name)
        for action in grant.actions
        for covered in iam.expand(action.value)
        if covered.level is iam.Level.LIST and not covered.limitable
    }
    return {service for service in listing if iam.holds(service) is None} - STREAMS


def _may_text(app: App, users: tuple[Function, ...]) -> bool:
    """Whether `sns:Publish` may be for text messages, which go to a number that no ARN names."""
    known = [needs(app, user) for user in users]
    if any(need.call.argument("PhoneNumber") for own in known for need in own or ()):
        return True
    has_topic = any(resource.kind is Kind.TOPIC for resource in app.deployment.resources.values())
    return None in known and not has_topic


def _touched(role: Role, actions: list[str], known: tuple[Need, ...]) -> list[str]:
    """The ARNs of what the code works on; none when a call that uses one of these actions does not tell."""
    arns: dict[str, None] = {}
    for need in known:
        used = [action for action in need.actions if any(iam.matches(pattern, action) for pattern in actions)]
        if not used:
            continue
        if need.resource is None:
            return []
        for action in used:
            within = need.resource.kind is Kind.BUCKET and "Object" in action
            kind = f"{need.resource.kind.value}/*" if within else need.resource.kind.value
            arns[role.dialect.arn(kind, need.resource.id)] = None
    return sorted(arns)
