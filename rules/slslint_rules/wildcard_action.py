"""Wildcards in the actions that a function is allowed."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import (
    Advice,
    App,
    Confidence,
    Finding,
    Function,
    Grant,
    Known,
    Role,
    Severity,
    Variant,
    describe,
    iam,
    listed,
    needs_of_all,
    rule,
    statements,
)

VARIANTS = {
    "everything": Variant(Severity.ERROR),
    "sensitive-service": Variant(Severity.ERROR),
    "service": Variant(Severity.WARNING),
    "prefix": Variant(Severity.WARNING),
    "observability": Variant(Severity.NOTE),
}
"""Worst first: a statement makes one finding, for the worst of its actions."""

RANK = tuple(VARIANTS)


@rule(variants=VARIANTS, security=8.0, tags=("permissions",))
def wildcard_action(app: App) -> Iterator[Finding]:
    """A function may do all that a wildcard covers, where its code does a few things."""
    told = set()
    for grant, role, users in statements(app):
        if not grant.allow or grant.via:
            continue
        wild = sorted(_wild(grant), key=lambda each: RANK.index(each[0]))
        if not wild or wild[0][1].at in told:
            continue
        variant, worst = wild[0]
        told.add(worst.at)
        patterns = [action.value for _, action in wild]
        yield Finding(
            at=worst.at,
            message=_message(variant, patterns, grant, listed([user.id for user in users])),
            help=_help(app, role, users, patterns, grant),
            function=users[0].id,
            confidence=Confidence.MEDIUM if grant.limited else Confidence.HIGH,
            variant=variant,
        )


def _wild(grant: Grant) -> Iterator[tuple[str, Known[str]]]:
    """The wild actions of a statement, each with the variant it is."""
    reach = {iam.wild_for(resource.value) for resource in grant.resources}
    everywhere = grant.excludes_resources or iam.EVERY_SERVICE in reach
    if grant.excludes_actions:
        if grant.actions.items:
            yield "everything" if everywhere else "service", grant.actions.items[0]
        return
    for action in grant.actions:
        pattern = action.value
        prefix = iam.service(pattern)
        if iam.covers_everything(pattern):
            yield "everything", action
        elif not iam.is_wild(pattern) or len(iam.expand(pattern)) < 2:
            continue
        elif iam.covers_service(pattern):
            if prefix in iam.OBSERVABILITY:
                yield "observability", action
            elif iam.holds(prefix) and (everywhere or prefix in reach):
                yield "sensitive-service", action
            else:
                yield "service", action
        elif iam.spans_writes(pattern):
            yield "observability" if prefix in iam.OBSERVABILITY else "prefix", action


def _message(variant: str, patterns: list[str], grant: Grant, names: str) -> str:
    worst, *others = patterns
    when = describe(grant.when)
    everywhere = any(iam.wild_for(resource.value) for resource in grant.resources) or grant.excludes_resources
    where = "" if everywhere else " with the resources it names"
    if grant.excludes_actions:
        spared = listed([action.value for action in grant.actions])
        return f"`NotAction` lets {names} do everything but {spared}{where}{when}; name the actions it calls"
    if variant == "everything":
        return f"`{worst}` lets {names} do everything{where}{when}; name the actions it calls"
    covered = iam.expand(worst)
    what = f"{len(covered)} actions"
    if variant == "sensitive-service":
        what = f"all {len(covered)} actions of a service that holds {iam.holds(iam.service(worst))}, on every resource"
    elif iam.covers_service(worst):
        what = f"all {len(covered)} actions of the service"
    also = f" (and so with {listed(others)})" if others else ""
    return (
        f"`{worst}` lets {names} perform {what}, {listed(_telling(worst))} among them{when}{also}; "
        "name the actions it calls"
    )


def _telling(pattern: str) -> list[str]:
    """The covered actions that show best why the wildcard is too wide."""
    covered = iam.expand(pattern)

    def weight(action: iam.Action) -> tuple[bool, int]:
        first = ":Delete" in action.name if iam.covers_service(pattern) else action.level is iam.Level.PERMISSIONS
        return not first, len(action.name)

    changes = [action for action in covered if action.level in (iam.Level.WRITE, iam.Level.PERMISSIONS)]
    return [action.name for action in sorted(changes or covered, key=weight)[:2]]


def _help(app: App, role: Role, users: tuple[Function, ...], patterns: list[str], grant: Grant) -> str:
    if grant.excludes_actions:
        patterns = [action.value for action in grant.actions]
    used = {
        action
        for need in needs_of_all(app, users) or ()
        for action in need.actions
        if any(iam.matches(pattern, action) for pattern in patterns) is not grant.excludes_actions
    }
    services = {"" if grant.excludes_actions else iam.service(pattern) for pattern in patterns}
    unknown = {f"{service or '<service>'}:<action>" for service in services}
    owner = users[0].id if role.implicit else role.id
    return role.dialect.advise(Advice.NARROW_ACTIONS, id=owner, actions=role.dialect.items(sorted(used or unknown)))
