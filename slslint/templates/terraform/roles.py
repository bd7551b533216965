"""Roles and everything that gives them permissions."""

from __future__ import annotations

from functools import partial

from yaml.nodes import Node

from slslint.templates.building import Literal, build
from slslint.templates.cloudformation.nodes import Undecided
from slslint.templates.terraform.documents import json_of
from slslint.templates.terraform.instances import Instance
from slslint.templates.terraform.rewriting import Rewrite, Rewriting, get, items, part
from slslint.templates.terraform.values import each_branch, is_object


def add_role(rewriting: Rewriting, role: Instance) -> None:
    """An aws_iam_role."""
    properties: dict[str, Literal] = {
        "RoleName": get(role, "name"),
        "Policies": [each_branch(item, partial(_inline, rewriting)) for item in items(role.argument("inline_policy"))],
        "ManagedPolicyArns": [*items(get(role, "managed_policy_arns"))],
        "PermissionsBoundary": get(role, "permissions_boundary"),
    }
    rewriting.add(role, "AWS::IAM::Role", properties)


def _inline(rewriting: Rewriting, node: Node) -> Node:
    if not is_object(node):
        return node
    policy: Node | None = part(node, "policy")
    if policy is None:
        # An empty block takes away what others have added by hand.
        policy = build({"Statement": []}, node)
    return build({"PolicyName": part(node, "name"), "PolicyDocument": json_of(policy, rewriting.unit)}, node)


def add_role_policy(rewriting: Rewriting, written: Instance) -> None:
    """An aws_iam_role_policy."""
    properties: dict[str, Literal] = {
        "PolicyName": get(written, "name"),
        "PolicyDocument": json_of(get(written, "policy"), rewriting.unit),
        "RoleName": get(written, "role"),
    }
    rewriting.add(written, "AWS::IAM::RolePolicy", properties)


def add_policy(rewriting: Rewriting, policy: Instance) -> None:
    """An aws_iam_policy."""
    properties: dict[str, Literal] = {
        "ManagedPolicyName": get(policy, "name"),
        "PolicyDocument": json_of(get(policy, "policy"), rewriting.unit),
    }
    rewriting.add(policy, "AWS::IAM::ManagedPolicy", properties)


def attach(rewriting: Rewriting, written: Instance) -> None:
    """An aws_iam_role_policy_attachment."""
    policy = get(written, "policy_arn") or Undecided("which policy it is cannot be told", written.at)
    _attach(rewriting, written, get(written, "role"), policy)


def attach_all(rewriting: Rewriting, written: Instance) -> None:
    """An aws_iam_policy_attachment."""
    policy = get(written, "policy_arn") or Undecided("which policy it is cannot be told", written.at)
    for role in items(get(written, "roles")):
        _attach(rewriting, written, role, policy)


def attach_many(rewriting: Rewriting, written: Instance) -> None:
    """An aws_iam_role_policy_attachments_exclusive."""
    for policy in items(get(written, "policy_arns")):
        _attach(rewriting, written, get(written, "role_name"), policy)


def _attach(rewriting: Rewriting, written: Instance, role: Node | None, policy: Node) -> None:
    rewriting.extend(role, "AWS::IAM::Role", "ManagedPolicyArns[]", policy, written.condition)


REWRITES: dict[str, Rewrite] = {
    "aws_iam_policy": add_policy,
    "aws_iam_role": add_role,
    "aws_iam_role_policy": add_role_policy,
}

EXTENSIONS: dict[str, Rewrite] = {
    "aws_iam_policy_attachment": attach_all,
    "aws_iam_role_policy_attachment": attach,
    "aws_iam_role_policy_attachments_exclusive": attach_many,
}
