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
    """The bucket, which also notifies whatever the custom resource names."""
    given = field(notifications, "Properties", "NotificationConfiguration")
    setting: dict[str, Literal] = {
        "LambdaConfigurations": _configurations(given, "LambdaFunction", "Function"),
        "QueueConfigurations": _configurations(given, "Queue", "Queue"),
        "TopicConfigurations": _configurations(given, "Topic", "Topic"),
        "EventBridgeConfiguration": field(given, "EventBridgeConfiguration"),
    }
    if not any(setting.values()) or not isinstance(bucket, MappingNode):
        return bucket
    properties = field(bucket, "Properties")
    kept = properties.value if isinstance(properties, MappingNode) else []
    extended = build({"NotificationConfiguration": setting}, notifications)
    assert isinstance(extended, MappingNode)
    others = [pair for pair in bucket.value if pair[0].value != "Properties"]
    at = bucket.start_mark, bucket.end_mark
    whole = MappingNode("", [*kept, *extended.value], *at, True)
    return MappingNode("", [*others, (build("Properties", bucket), whole)], *at, True)


def _configurations(given: Node | None, target: str, key: str) -> Literal:
    """The notifications of one kind of target, which the template names `target` and CloudFormation `key`."""
    listed = field(given, f"{target}Configurations")
    configurations: list[Literal] = []
    for item in listed.value if isinstance(listed, SequenceNode) else []:
        events = field(item, "Events")
        rules = field(item, "Filter", "Key", "FilterRules")
        for event in events.value if isinstance(events, SequenceNode) else []:
            configuration: Literal = {
                "Event": event,
                key: field(item, f"{target}Arn"),
                "Filter": None if rules is None else {"S3Key": {"Rules": rules}},
            }
            configurations.append(build(configuration, item))
    return configurations or None
