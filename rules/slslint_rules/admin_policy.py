"""Managed policies that make a function an administrator."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import (
    Advice,
    App,
    Finding,
    Function,
    ManagedPolicy,
    Severity,
    Variant,
    describe,
    iam,
    known_values,
    listed,
    managed_policies,
    needs_of_all,
    rule,
    show,
)

VARIANTS = {
    iam.Reach.ACCOUNT: "administrator",
    iam.Reach.SERVICE: "full-access",
    iam.Reach.OBSERVABILITY: "observability",
}


@rule(
    variants={
        "administrator": Variant(Severity.ERROR),
        "full-access": Variant(Severity.ERROR),
        "observability": Variant(Severity.NOTE),
    },
    security=9.0,
    tags=("permissions",),
)
def admin_policy(app: App) -> Iterator[Finding]:
    """A managed policy gives a function the whole account, or everything in a service."""
    for policy, role, users in managed_policies(app):
        reach = iam.reach(policy.name)
        if reach is None or not _from_aws(policy):
            continue
        yield Finding(
            at=policy.at,
            message=f"`{policy.name}` lets {listed([user.id for user in users])} {_what(reach)}"
            f"{describe(policy.when)}; grant the actions that it calls on the resources that it works on",
            help=role.dialect.advise(
                Advice.REPLACE_MANAGED_POLICY, id=users[0].id if role.implicit else role.id, policy=policy.name
            )
            + _used(app, users, policy.name, reach),
            function=users[0].id,
            variant=VARIANTS[reach],
        )


def _from_aws(policy: ManagedPolicy) -> bool:
    """Whether it is AWS's policy of that name, and not the author's own of the same name."""
    texts = [show(known.value) for known in known_values(policy.arn)]
    return any(":" not in text or "::aws:policy/" in text for text in texts)


def _what(reach: iam.Reach) -> str:
    match reach:
        case iam.Reach.ACCOUNT:
            return "do an administrator's work all over the account"
        case iam.Reach.SERVICE:
            return "do everything in its service, on every resource"
        case iam.Reach.OBSERVABILITY:
            return "do everything with logs, metrics and traces, where it only writes its own"


def _used(app: App, users: tuple[Function, ...], policy: str, reach: iam.Reach) -> str:
    """The actions that the code calls of what the policy is about: "s3" is in the name AmazonS3FullAccess."""
    actions = {action for need in needs_of_all(app, users) or () for action in need.actions}
    if reach is iam.Reach.SERVICE:
        actions = {action for action in actions if iam.service(action) in policy.lower()}
    elif reach is iam.Reach.OBSERVABILITY:
        actions = {action for action in actions if iam.service(action) in iam.OBSERVABILITY}
    return f": {listed(sorted(actions), most=8)}" if actions else ""
