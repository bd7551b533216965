"""Notifications of buckets, which the CDK has set by a function of its own, written where CloudFormation has them."""

from __future__ import annotations

from yaml.nodes import MappingNode, Node, SequenceNode

from slslint.templates.building import Literal, build, referred
from slslint.templates.cloudformation.nodes import field

RESOURCE = "Custom::S3BucketNotifications"


def bucket_of(notifications: Node) -> str:
    """The logical id of the bucket that notifies; "" when it is not in the template."""
    return referred(field(notifications, "Properties", "BucketName"))


def with_notifications(bucket: Node, notifications: Node) -> Node:
    """The bucket, which also notifies the functions that the custom resource names."""
    listed = field(notifications, "Properties", "NotificationConfiguration", "LambdaFunctionConfigurations")
    items = listed.value if isinstance(listed, SequenceNode) else []
    configurations = [each for item in items for each in _configurations(item)]
    if not configurations or not isinstance(bucket, MappingNode):
        return bucket
    properties = field(bucket, "Properties")
    kept = properties.value if isinstance(properties, MappingNode) else []
    setting: Literal = {"NotificationConfiguration": {"LambdaConfigurations": list(configurations)}}
    extended = build(setting, notifications)
    assert isinstance(extended, MappingNode)
    others = [pair for pair in bucket.value if pair[0].value != "Properties"]
    at = bucket.start_mark, bucket.end_mark
    whole = MappingNode("", [*kept, *extended.value], *at, True)
    return MappingNode("", [*others, (build("Properties", bucket), whole)], *at, True)


def _configurations(item: Node) -> list[Node]:
    events = field(item, "Events")
    rules = field(item, "Filter", "Key", "FilterRules")
    return [
        build(
            {
                "Event": event,
                "Function": field(item, "LambdaFunctionArn"),
                "Filter": None if rules is None else {"S3Key": {"Rules": rules}},
            },
            item,
        )
        for event in (events.value if isinstance(events, SequenceNode) else [])
    ]
