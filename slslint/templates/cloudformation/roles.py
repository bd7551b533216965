"""Roles and their policies, in all the places where policies can be written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from slslint.model import Grant, ManagedPolicy, Ref, Role, Text, pieces_of, show
from slslint.record import field, record, replace
from slslint.templates.cloudformation.draft import Draft
from slslint.templates.cloudformation.nodes import Granted
from slslint.templates.cloudformation.template import Resource
from slslint.templates.cloudformation.view import View
from slslint.value import ALWAYS, Absent, Items, Known, Value, When, known_values

T = TypeVar("T")


@record(eq=False, frozen=False)
class Attached:
    """The policies of a role, gathered."""

    grants: list[Grant] = field(default_factory=list)
    managed: list[ManagedPolicy] = field(default_factory=list)
    complete: bool = True
    managed_complete: bool = True

    def add(self, grants: Items[Grant], when: When | None = None) -> None:
        """Add the grants of a policy, under what it additionally assumes."""
        for grant in grants:
            self.grants.append(grant if not when else replace(grant, when=grant.when | when))
        self.complete &= grants.complete


def lower_roles(draft: Draft) -> None:
    """Every AWS::IAM::Role with the policies written in it and those that other resources attach to it."""
    template = draft.template
    attached: dict[str, Attached] = {}
    names: dict[str, Value[Text]] = {}
    for resource in template.of_type("AWS::IAM::Role"):
        attached[resource.id] = Attached()
        names[resource.id] = resource.properties.get("RoleName").text()
        for name in known_values(names[resource.id]):
            draft.role_names.setdefault(name.value, resource.id)
    policies = {
        resource.id: grants(resource.properties.get("PolicyDocument"), _policy_name(resource))
        for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")
        for resource in template.of_type(kind)
    }
    for resource in template.of_type("AWS::IAM::Role"):
        _add_own(draft, resource, attached[resource.id], policies)
    for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        for resource in template.of_type(kind):
            for item in resource.properties.get("Roles").items():
                for role in _roles_named(draft, item):
                    attached[role].add(policies[resource.id], item.when)
    for resource in template.of_type("AWS::IAM::RolePolicy"):
        for role in _roles_named(draft, resource.properties.get("RoleName")):
            attached[role].add(policies[resource.id])
    for resource in template.of_type("AWS::IAM::Role"):
        found = attached[resource.id]
        draft.roles[resource.id] = Role(
            id=resource.id,
            at=resource.at,
            dialect=draft.dialect_of(resource.id),
            grants=Items(tuple(found.grants), found.complete),
            managed=Items(tuple(found.managed), found.managed_complete),
            boundary=resource.properties.get("PermissionsBoundary").present,
            name=names[resource.id],
            when=resource.when,
        )


def grants(document: View, policy: str, via: str = "") -> Items[Grant]:
    """The statements of a policy document; one that is written as JSON text is read too."""
    found: list[Grant] = []
    document = document.structured()
    statements = document.get("Statement").items()
    complete = statements.complete and document.present
    for statement in statements:
        lowered = tuple(_statement(statement, policy, via))
        found.extend(lowered)
        complete &= bool(lowered)
    return Items(tuple(found), complete)


def managed_policy(arn: View) -> ManagedPolicy | None:
    """A managed policy attached by ARN; None when its name cannot be told."""
    text = arn.text()
    for known in known_values(text):
        name = show(known.value).rpartition("/")[2]
        if name and "${" not in name:
            return ManagedPolicy(name, text, arn.at, arn.when)
    return None


def _add_own(draft: Draft, resource: Resource, attached: Attached, policies: dict[str, Items[Grant]]) -> None:
    properties = resource.properties
    inline = properties.get("Policies").items()
    attached.complete &= inline.complete
    for item in inline:
        policy = item.branches[0][1]
        if isinstance(policy, Granted):
            attached.add(Items(policy.grants), item.when)
            continue
        attached.add(grants(item.get("PolicyDocument"), item.get("PolicyName").shown()))
    arns = properties.get("ManagedPolicyArns").items()
    attached.managed_complete &= arns.complete
    for item in arns:
        text = item.text()
        own = text.value.id if isinstance(text, Known) and isinstance(text.value, Ref) else ""
        if own in policies:
            attached.add(policies[own], item.when)
            continue
        managed = managed_policy(item)
        if managed is None:
            attached.managed_complete = False
            # A policy that is not in sight may grant anything.
            attached.complete = False
        else:
            attached.managed.append(managed)


def _roles_named(draft: Draft, view: View) -> Iterator[str]:
    for known in known_values(view.text()):
        parts = pieces_of(known.value)
        ids = [part.id for part in parts if isinstance(part, Ref)]
        named = draft.role_names.get(known.value)
        for name in ids or ([named] if named else []):
            if draft.template.is_type(name, "AWS::IAM::Role"):
                yield name


def _policy_name(resource: Resource) -> str:
    for key in ("PolicyName", "ManagedPolicyName"):
        name = resource.properties.get(key).shown()
        if name:
            return name
    return resource.id


def _statement(statement: View, policy: str, via: str) -> Iterator[Grant]:
    """A statement; in several Grants when some of its actions or resources are there only under a condition."""
    effect = statement.get("Effect").string()
    if not isinstance(effect, Known):
        return
    excludes_actions, excludes_resources = statement.has("NotAction"), statement.has("NotResource")
    actions, all_actions = _grouped(statement.get("NotAction" if excludes_actions else "Action"), View.string)
    resources, all_resources = _grouped(statement.get("NotResource" if excludes_resources else "Resource"), View.text)
    limited = statement.has("Condition")
    if len(actions) * len(resources) > 1 and (excludes_actions or excludes_resources):
        # What an exclusion leaves depends on all of it at once.
        return
    for when, some in actions.items():
        for more, others in resources.items():
            yield Grant(
                at=statement.at,
                allow=effect.value != "Deny",
                actions=Items(tuple(some), all_actions),
                resources=Items(tuple(others), all_resources),
                excludes_actions=excludes_actions,
                excludes_resources=excludes_resources,
                limited=limited,
                via=via,
                policy=policy,
                when=statement.when | when | more,
            )


def _grouped(view: View, read: Callable[[View], Value[T]]) -> tuple[dict[When, list[Known[T]]], bool]:
    """The decided items of a list by what they assume beyond the list itself, and whether those are all."""
    items = view.items()
    groups: dict[When, list[Known[T]]] = {}
    complete = items.complete
    for item in items:
        value = read(item)
        if isinstance(value, Known):
            groups.setdefault(item.when - view.when, []).append(value)
        elif not isinstance(value, Absent):
            complete = False
    return groups or {ALWAYS: []}, complete
