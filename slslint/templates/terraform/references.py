"""What resources, data and modules are referred to by: their attributes as references of a template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from yaml.nodes import Node

from slslint.model import show
from slslint.templates.cloudformation.nodes import Undecided
from slslint.templates.terraform.values import (
    Missing,
    Nothing,
    choice,
    hole,
    known_text,
    listed,
    literal,
    number,
    reference,
    string,
)

if TYPE_CHECKING:
    from slslint.templates.terraform.instances import Instance, Instances

_OWN = {
    "aws_api_gateway_resource": ("id",),
    "aws_api_gateway_rest_api": ("id", "name"),
    "aws_apigatewayv2_api": ("id", "name"),
    "aws_apigatewayv2_integration": ("id",),
    "aws_cloudwatch_event_bus": ("id", "name"),
    "aws_cloudwatch_event_rule": ("id", "name"),
    "aws_cloudwatch_log_group": ("id", "name"),
    "aws_cognito_user_pool": ("id",),
    "aws_dynamodb_table": ("id", "name"),
    "aws_iam_policy": ("arn", "id"),
    "aws_iam_role": ("id", "name"),
    "aws_kinesis_firehose_delivery_stream": ("name",),
    "aws_kinesis_stream": ("name",),
    "aws_kms_key": ("id", "key_id"),
    "aws_lambda_alias": ("arn", "id", "invoke_arn"),
    "aws_lambda_function": ("function_name", "id"),
    "aws_lambda_layer_version": ("arn", "id"),
    "aws_s3_bucket": ("bucket", "id"),
    "aws_secretsmanager_secret": ("arn", "id"),
    "aws_sfn_state_machine": ("arn", "id"),
    "aws_sns_topic": ("arn", "id"),
    "aws_sqs_queue": ("id", "url"),
    "aws_ssm_parameter": ("id", "name"),
}
"""By type: the attributes that stand for what CloudFormation's Ref gives."""

_ATTRIBUTES = {
    "arn": "Arn",
    "invoke_arn": "Arn",
    "layer_arn": "LayerArn",
    "qualified_arn": "Arn",
    "qualified_invoke_arn": "Arn",
    "root_resource_id": "RootResourceId",
    "stream_arn": "StreamArn",
}
"""What CloudFormation's GetAtt calls an attribute."""

_SAME_FOR_EVERYONE = {
    ("aws_caller_identity", "account_id"): "AWS::AccountId",
    ("aws_caller_identity", "id"): "AWS::AccountId",
    ("aws_partition", "dns_suffix"): "AWS::URLSuffix",
    ("aws_partition", "id"): "AWS::Partition",
    ("aws_partition", "partition"): "AWS::Partition",
    ("aws_region", "id"): "AWS::Region",
    ("aws_region", "name"): "AWS::Region",
    ("aws_region", "region"): "AWS::Region",
}


class Referred(Undecided):
    """A whole resource, data source or module: one of its instances, or all of them."""

    why = "it is a whole resource"

    def __init__(self, instances: Instances, at: Node, instance: Instance | None = None) -> None:
        self.start_mark, self.end_mark = at.start_mark, at.end_mark
        self.instances = instances
        self.instance = instance or instances.only

    def attribute(self, name: str, at: Node) -> Node:
        """An attribute of the instance."""
        if self.instance is None:
            return Undecided("which of its instances is meant cannot be told", at)
        return attribute_of(self.instance, name, at)

    def index(self, key: Node, at: Node) -> Node:
        """One of the instances."""
        if not self.instances.complete:
            return Referred(self.instances, at, self.instances.items[0])
        name = string(key)
        if name is None:
            return Undecided("which of its instances is meant cannot be told", at)
        place = number(key) if self.instances.counted else None
        if place is not None:
            name = str(int(place))
        for instance in self.instances.items:
            if instance.key == name:
                return self._perhaps(instance, Missing("it is not there", at), at)
        return Missing("there is no such instance", at)

    def listed(self, at: Node) -> Node:
        """All instances, as a splat goes over them."""
        if not self.instances.complete:
            return Undecided("how many instances there are cannot be told", at)
        return listed([self._perhaps(instance, Nothing(at), at) for instance in self.instances.items], at)

    def pairs(self, at: Node) -> list[tuple[Node, Node]] | None:
        """All instances by key, as a `for` goes over them."""
        if not self.instances.complete or self.instances.alone:
            return None
        return [
            (literal(str(instance.key), at), self._perhaps(instance, Nothing(at), at))
            for instance in self.instances.items
        ]

    def _perhaps(self, instance: Instance, otherwise: Node, at: Node) -> Node:
        referred = Referred(self.instances, at, instance)
        return choice(instance.condition, True, referred, otherwise, at) if instance.condition else referred


def attribute_of(instance: Instance, name: str, at: Node) -> Node:
    """An attribute of a resource, data source or module."""
    if instance.kind == "module":
        return instance.output(name, at)
    if instance.kind == "data":
        return _of_data(instance, name, at)
    if instance.type == "archive_file":
        return _of_archive(instance, name, at)
    own = _OWN.get(instance.type, ("id", "name"))
    if not instance.type.startswith("aws_"):
        return _or_hole(instance.argument(name), instance, name, at)
    known = "" if name in own else _ATTRIBUTES.get(name)
    if known is not None:
        return reference(instance.address, known, at)
    written = instance.argument(name)
    return reference(instance.address, name, at) if written is None or isinstance(written, Nothing) else written


def _or_hole(written: Node | None, instance: Instance, name: str, at: Node) -> Node:
    return hole(f"{instance.address}.{name}", at) if written is None or isinstance(written, Nothing) else written


def _of_data(instance: Instance, name: str, at: Node) -> Node:
    from slslint.templates.terraform.documents import document
    from slslint.templates.terraform.functions.files import contents

    if instance.type == "aws_iam_policy_document" and name in ("json", "minified_json"):
        return document(instance, at)
    if instance.type == "archive_file":
        return _of_archive(instance, name, at)
    same = _SAME_FOR_EVERYONE.get((instance.type, name))
    if same is not None:
        return hole(same, at)
    if instance.type == "local_file" and name == "content":
        path = string(instance.argument("filename"))
        return contents(instance.context, path, at) if path is not None else Undecided("it lies in a file", at)
    if instance.type == "template_file" and name == "rendered":
        return _rendered(instance, at)
    if instance.type == "aws_ssm_parameter" and name in ("value", "insecure_value"):
        stored = known_text(instance.argument("name"))
        if stored is not None:
            return hole(f"resolve:ssm:{show(stored)}", at)
    written = instance.argument(name)
    if (
        instance.type == "aws_iam_policy"
        and name in ("arn", "id")
        and (written is None or isinstance(written, Nothing))
    ):
        policy = string(instance.argument("name"))
        if policy is not None:
            return literal(f"arn:aws:iam::aws:policy/{policy}", at)
    return _or_hole(written, instance, name, at)


def _rendered(instance: Instance, at: Node) -> Node:
    from slslint.templates.terraform.functions.files import Contents, rendered
    from slslint.templates.terraform.strings import template
    from slslint.templates.terraform.values import entries_of

    text, values = instance.argument("template"), instance.argument("vars")
    names: Mapping[str, Node] = entries_of(values) if values is not None else {}
    if isinstance(text, Contents):
        return rendered(instance.context, text.path, names, at)
    written = string(text)
    if written is None:
        return Undecided("its template is known only when deployed", at)
    return template(instance.context.alone(names), written, at)


def _of_archive(instance: Instance, name: str, at: Node) -> Node:
    from slslint.templates.terraform.archives import Packed

    if name == "output_path":
        return Packed(instance, at)
    return hole(f"{instance.address}.{name}", at)
