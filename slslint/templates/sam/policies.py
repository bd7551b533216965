"""The Policies of a SAM resource, and the role that it gets unless one is given."""

from __future__ import annotations

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint import data
from slslint.record import field, record
from slslint.templates.building import (
    Literal,
    build,
    each_branch,
    if_parts,
    is_no_value,
    no_value,
    plain_fields,
    text_of,
)
from slslint.templates.cloudformation.nodes import field as field_of
from slslint.templates.cloudformation.nodes import fields_of, intrinsic
from slslint.templates.sam.expansion import Expansion, Written

AWS_MANAGED = "arn:aws:iam::aws:policy/"

_SEND_ACTIONS = {
    "SQS": "sqs:SendMessage",
    "SNS": "sns:Publish",
    "EventBridge": "events:PutEvents",
    "Lambda": "lambda:InvokeFunction",
}
"""What sending to a destination of each type takes."""


@record(eq=False, frozen=False)
class Policies:
    """What goes into a role: managed policies, inline policies, and which of these SAM brings.

    `brought` is policy name -> what brought it, for people.
    """

    managed: list[Node] = field(default_factory=list)
    inline: list[Node] = field(default_factory=list)
    brought: dict[str, str] = field(default_factory=dict)

    def attach(self, name: str, at: Node) -> None:
        """Add a managed policy of AWS that SAM brings, once."""
        if all(text_of(node) != AWS_MANAGED + name for node in self.managed):
            self.managed.append(build(AWS_MANAGED + name, at))

    def grant(self, via: str, at: Node, *statements: dict[str, Literal]) -> None:
        """Add an inline policy that SAM brings."""
        name = f"{via}{len(self.inline)}"
        self.brought[name] = via
        allowed: Literal = [{"Effect": "Allow", **statement} for statement in statements]
        self.inline.append(build({"PolicyName": name, "PolicyDocument": {"Statement": allowed}}, at))

    def allow_sending(self, kind: str, destination: Literal, via: str, at: Node) -> None:
        """Let the role send to a destination of this type, as SAM does for failed events and results."""
        if destination is None:
            return
        if kind == "S3Bucket":
            objects: Literal = {"Fn::Join": ["/", [destination, "*"]]}
            listing: dict[str, Literal] = {"Action": "s3:ListBucket", "Resource": destination}
            self.grant(via, at, {"Action": "s3:PutObject", "Resource": objects}, listing)
        elif kind in _SEND_ACTIONS:
            self.grant(via, at, {"Action": _SEND_ACTIONS[kind], "Resource": destination})

    def add_written(self, written: Node | None, role: str, expansion: Expansion) -> None:
        """Add the author's Policies: names, ARNs, documents, policy templates, one or a list of them."""
        if written is None:
            return
        for entry in _entries(written):
            self._add_entry(entry, role, expansion)

    def _add_entry(self, entry: Node, role: str, expansion: Expansion) -> None:
        kinds = _kinds(entry)
        if "managed" in kinds:
            self.managed.append(_only(entry, "managed"))
        if "inline" in kinds:
            name = f"{role}Policy{len(self.inline)}"
            self.inline.append(
                each_branch(_only(entry, "inline"), lambda node: {"PolicyName": name, "PolicyDocument": node})
            )
        if not kinds and not is_no_value(entry):
            expansion.gap(entry, "this is no policy that SAM knows: no name, no document with a Statement, no template")
        if "template" in kinds:
            self.inline.append(each_branch(_only(entry, "template"), lambda node: self._template(node, expansion)))

    def _template(self, node: Node, expansion: Expansion) -> Literal:
        assert isinstance(node, MappingNode)
        key, arguments = node.value[0]
        template = text_of(key)
        table = data.table("sam_policy_templates").get(template)
        if table is None:
            expansion.gap(key, f"`{template}` is no policy template that SAM knows")
            # A call that nothing can evaluate: what the role may do stays open.
            return build({"Fn::Transform": template}, key)
        name = f"{template}{len(self.brought)}"
        self.brought[name] = template
        given = fields_of(arguments) if plain_fields(arguments) else {}
        variables: dict[str, Literal] = {
            parameter: given[parameter][1] for parameter in table["parameters"] if parameter in given
        }
        statements: Literal = [table_statement(statement, variables) for statement in table["statements"]]
        return build({"PolicyName": name, "PolicyDocument": {"Statement": statements}}, key)


def table_statement(statement: dict[str, list[str]], variables: dict[str, Literal]) -> Literal:
    """A statement of one of the tables, with its variables."""
    resources: Literal = [
        {"Fn::Sub": [text, dict(variables)]} if "${" in text else text for text in statement["resources"]
    ]
    return {
        "Effect": "Allow",
        "Action": list(statement["actions"]),
        "Resource": resources,
        "Condition": {} if statement.get("limited") else None,
    }


def add_role(expansion: Expansion, owner: Written, policies: Policies, condition: Literal = None) -> None:
    """Deploy the role that SAM makes for a resource, under the resource's name with `Role` after it."""
    id = f"{owner.id}Role"
    properties: dict[str, Literal] = {
        "ManagedPolicyArns": list(policies.managed),
        "Policies": list(policies.inline),
        "PermissionsBoundary": owner["PermissionsBoundary"],
    }
    expansion.add(id, owner.key, "AWS::IAM::Role", properties, condition or owner.condition)
    for name, via in policies.brought.items():
        expansion.brought[id, name] = via


def _entries(written: Node) -> list[Node]:
    parts = if_parts(written)
    if parts is not None:
        # A list in each branch: the entries are taken one by one, each under its branch.
        condition, then, otherwise = parts
        return [
            *(build({"Fn::If": [condition, entry, no_value(entry)]}, entry) for entry in _entries(then)),
            *(build({"Fn::If": [condition, no_value(entry), entry]}, entry) for entry in _entries(otherwise)),
        ]
    if isinstance(written, SequenceNode) and intrinsic(written) is None:
        return list(written.value)
    return [] if is_no_value(written) else [written]


def _kinds(entry: Node) -> set[str]:
    parts = if_parts(entry)
    if parts is not None:
        return _kinds(parts[1]) | _kinds(parts[2])
    if is_no_value(entry):
        return set()
    if isinstance(entry, ScalarNode) or intrinsic(entry) is not None:
        return {"managed"}
    if field_of(entry, "Statement") is not None:
        return {"inline"}
    return {"template"} if isinstance(entry, MappingNode) and len(entry.value) == 1 else set()


def _only(entry: Node, kind: str) -> Node:
    """The entry with the branches of another kind left out."""
    parts = if_parts(entry)
    if parts is not None:
        condition, then, otherwise = parts
        return build({"Fn::If": [condition, _only(then, kind), _only(otherwise, kind)]}, entry)
    return entry if kind in _kinds(entry) else no_value(entry)
