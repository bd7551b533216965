"""The Events of a function: each becomes the rule, mapping, subscription, ... that SAM makes for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from yaml.nodes import MappingNode, Node, SequenceNode

from slslint.model import Source
from slslint.templates.cloudformation.nodes import field, fields_of, intrinsic
from slslint.templates.document import span
from slslint.templates.sam.api import add_http_event, add_rest_event
from slslint.templates.sam.expansion import Expansion, Written
from slslint.templates.sam.nodes import Literal, build, each_branch, referred, text_of
from slslint.templates.sam.policies import Policies

SEND_ACTIONS = {
    "SQS": "sqs:SendMessage",
    "SNS": "sns:Publish",
    "EventBridge": "events:PutEvents",
    "Lambda": "lambda:InvokeFunction",
}
"""What sending to a destination of each type takes."""


class Event(NamedTuple):
    """An event of a function. `id` is that of the resource it becomes, `at` its name in the template."""

    id: str
    at: Node
    properties: MappingNode
    function: Written
    policies: Policies

    def __call__(self, *keys: str) -> Node | None:
        return field(self.properties, *keys)

    @property
    def arn(self) -> Literal:
        return {"Fn::GetAtt": [self.function.id, "Arn"]}


def add_event(expansion: Expansion, function: Written, policies: Policies, name: str, key: Node, written: Node) -> None:
    """Deploy what one entry of Events stands for."""
    type = text_of(field(written, "Type"))
    properties = field(written, "Properties")
    if not isinstance(properties, MappingNode):
        properties = MappingNode("", [], key.start_mark, key.end_mark, True)
    event = Event(function.id + name, key, properties, function, policies)
    add = _EVENTS.get(type)
    if add is None:
        expansion.gap(key, f"`{type}` is no event type that slslint knows" if type else "this event has no Type")
        return
    add(expansion, event)


def grant_sending(policies: Policies, kind: str, destination: Literal, via: str, at: Node) -> None:
    """Let the function's role send to a destination of this kind, as SAM does."""
    if destination is None:
        return
    if kind == "S3Bucket":
        objects: Literal = {"Fn::Join": ["/", [destination, "*"]]}
        policies.grant(
            via,
            at,
            {"Action": "s3:PutObject", "Resource": objects},
            {"Action": "s3:ListBucket", "Resource": destination},
        )
    elif kind in SEND_ACTIONS:
        policies.grant(via, at, {"Action": SEND_ACTIONS[kind], "Resource": destination})


class _Polled(NamedTuple):
    """A source that Lambda polls: the property that names it, and the managed policy that reading it takes."""

    kind: Source
    source: str = ""
    policy: str = ""


_POLLED = {
    "SQS": _Polled(Source.QUEUE, "Queue", "AWSLambdaSQSQueueExecutionRole"),
    "Kinesis": _Polled(Source.DATA_STREAM, "Stream", "AWSLambdaKinesisExecutionRole"),
    "DynamoDB": _Polled(Source.TABLE_STREAM, "Stream", "AWSLambdaDynamoDBExecutionRole"),
    "MSK": _Polled(Source.KAFKA, "Stream", "AWSLambdaMSKExecutionRole"),
    "MQ": _Polled(Source.BROKER, "Broker"),
    "DocumentDB": _Polled(Source.DOCUMENT_STREAM, "Cluster"),
    "SelfManagedKafka": _Polled(Source.KAFKA),
}


def _add_polled(type: str) -> Callable[[Expansion, Event], None]:
    kind, source, policy = _POLLED[type]

    def add(expansion: Expansion, event: Event) -> None:
        mapping: dict[str, Literal] = {name: value for name, (_, value) in fields_of(event.properties).items()}
        servers = mapping.pop("KafkaBootstrapServers", None)
        mapping |= {
            "FunctionName": {"Ref": event.function.id},
            "EventSourceArn": mapping.pop(source, None),
            "SelfManagedEventSource": {"Endpoints": {"KafkaBootstrapServers": servers}} if servers else None,
        }
        for own in ("DatabaseName", "CollectionName"):
            mapping.pop(own, None)
        if type == "DocumentDB":
            mapping["DocumentDBEventSourceConfig"] = {"DatabaseName": event("DatabaseName")}
        expansion.add(event.id, event.at, "AWS::Lambda::EventSourceMapping", mapping, event.function.condition)
        expansion.polled[span(event.at)] = kind
        if policy:
            event.policies.attach(f"service-role/{policy}", event.function.key)
        _grant_polling(event, type)
        failure = event("DestinationConfig", "OnFailure")
        to = text_of(field(failure, "Type")).replace("S3", "S3Bucket")
        grant_sending(event.policies, to, field(failure, "Destination"), type, event.at)

    return add


_NETWORK_ACTIONS = [
    f"ec2:{action}"
    for action in (
        "CreateNetworkInterface", "DescribeNetworkInterfaces", "DeleteNetworkInterface", "DescribeVpcs",
        "DescribeSubnets", "DescribeSecurityGroups",
    )
]  # fmt: skip

_SECRETS = {
    "MQ": ("BASIC_AUTH",),
    "DocumentDB": ("BASIC_AUTH",),
    "MSK": ("CLIENT_CERTIFICATE_TLS_AUTH",),
    "SelfManagedKafka": (
        "SASL_SCRAM_256_AUTH", "SASL_SCRAM_512_AUTH", "BASIC_AUTH", "CLIENT_CERTIFICATE_TLS_AUTH", "OAUTHBEARER_AUTH",
        "SERVER_ROOT_CA_CERTIFICATE",
    ),
}  # fmt: skip
"""The access configurations whose URI is a secret that the poller reads."""


def _grant_polling(event: Event, type: str) -> None:
    """What SAM lets the role do so that Lambda can poll, beyond the managed policies."""
    statements: list[dict[str, Literal]] = []
    access = event("SourceAccessConfigurations")
    kinds = set()
    for item in access.value if isinstance(access, SequenceNode) else ():
        kind = text_of(field(item, "Type"))
        kinds.add(kind)
        secret = field(item, "URI")
        if kind in _SECRETS.get(type, ()) and secret is not None:
            statements.append({"Action": "secretsmanager:GetSecretValue", "Resource": secret})
    if type == "MQ" and event("Broker"):
        statements.append({"Action": "mq:DescribeBroker", "Resource": event("Broker")})
    if type == "DocumentDB" and event("Cluster"):
        prefix = "arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}"
        statements += [
            {"Action": "rds:DescribeDBClusterParameters", "Resource": {"Fn::Sub": f"{prefix}:cluster-pg:*"}},
            {"Action": "rds:DescribeDBSubnetGroups", "Resource": {"Fn::Sub": f"{prefix}:subgrp:*"}},
            {"Action": "rds:DescribeDBClusters", "Resource": event("Cluster")},
        ]
    if type == "DocumentDB" or {"VPC_SUBNET", "VPC_SECURITY_GROUP"} <= kinds:
        statements.append({"Action": list(_NETWORK_ACTIONS), "Resource": "*"})
    key = text_of(event("SecretsManagerKmsKeyId"))
    if key and type in _SECRETS and type != "MSK":
        arn = "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/"
        statements.append({"Action": "kms:Decrypt", "Resource": {"Fn::Sub": arn + key}})
    if statements:
        event.policies.grant(type, event.at, *statements)


def _add_bucket(expansion: Expansion, event: Event) -> None:
    bucket = referred(event("Bucket"))
    if bucket not in expansion.written:
        expansion.gap(event.at, "SAM takes S3 events only from a bucket of the same template")
        return
    kinds = event("Events")
    for kind in kinds.value if isinstance(kinds, SequenceNode) and intrinsic(kinds) is None else [kinds]:
        configuration: Literal = {"Event": kind, "Filter": event("Filter"), "Function": event.arn}
        if event.function.condition is not None:
            configuration = {"Fn::If": [event.function.condition, configuration, {"Ref": "AWS::NoValue"}]}
        expansion.notifications.setdefault(bucket, []).append(build(configuration, event.at))


def _add_user_pool(expansion: Expansion, event: Event) -> None:
    pool = referred(event("UserPool"))
    if pool not in expansion.written:
        expansion.gap(event.at, "SAM takes Cognito events only from a user pool of the same template")
        return
    triggers = event("Trigger")
    for trigger in triggers.value if isinstance(triggers, SequenceNode) else [triggers]:
        if text_of(trigger):
            pair = build(text_of(trigger), event.at), build(event.arn, event.at)
            expansion.triggers.setdefault(pool, []).append(pair)


def _add_topic(expansion: Expansion, event: Event) -> None:
    through = event("SqsSubscription")
    subscription: dict[str, Literal] = {
        "TopicArn": event("Topic"),
        "Region": event("Region"),
        "FilterPolicy": event("FilterPolicy"),
        "FilterPolicyScope": event("FilterPolicyScope"),
        "RedrivePolicy": event("RedrivePolicy"),
    }
    condition = event.function.condition
    if through is None or text_of(through).lower() == "false":
        subscription |= {"Protocol": "lambda", "Endpoint": event.arn}
        expansion.add(event.id, event.at, "AWS::SNS::Subscription", subscription, condition)
        return
    queue: Literal = field(through, "QueueArn")
    if queue is None:
        expansion.add(f"{event.id}Queue", event.at, "AWS::SQS::Queue", {}, condition)
        queue = {"Fn::GetAtt": [f"{event.id}Queue", "Arn"]}
    subscription |= {"Protocol": "sqs", "Endpoint": queue}
    expansion.add(event.id, event.at, "AWS::SNS::Subscription", subscription, condition)
    mapping: dict[str, Literal] = {
        "FunctionName": {"Ref": event.function.id},
        "EventSourceArn": queue,
        "BatchSize": field(through, "BatchSize") or 10,
    }
    expansion.add(f"{event.id}EventSourceMapping", event.at, "AWS::Lambda::EventSourceMapping", mapping, condition)
    event.policies.attach("service-role/AWSLambdaSQSQueueExecutionRole", event.function.key)


def _dead_letters(expansion: Expansion, event: Event) -> Literal:
    """The DeadLetterConfig of a target; SAM makes the queue when only its type is given."""
    config = event("DeadLetterConfig")
    if config is None:
        return None

    def target(config: Node) -> Literal:
        arn = field(config, "Arn")
        if arn is not None:
            return {"Arn": arn}
        queue = text_of(field(config, "QueueLogicalId")) or f"{event.id}Queue"
        expansion.add(queue, event.at, "AWS::SQS::Queue", {}, event.function.condition)
        return {"Arn": {"Fn::GetAtt": [queue, "Arn"]}}

    return each_branch(config, target)


def _state(event: Event) -> Literal:
    enabled = event("Enabled")
    if enabled is None:
        return event("State")
    return "DISABLED" if text_of(enabled).lower() == "false" else "ENABLED"


def _add_rule(expansion: Expansion, event: Event) -> None:
    target: Literal = {
        "Arn": event.arn,
        "Id": event.id,
        "DeadLetterConfig": _dead_letters(expansion, event),
        "RetryPolicy": event("RetryPolicy"),
        "Input": event("Input"),
    }
    rule: dict[str, Literal] = {
        "ScheduleExpression": event("Schedule"),
        "EventPattern": event("Pattern"),
        "EventBusName": event("EventBusName"),
        "Name": event("Name") or event("RuleName"),
        "State": _state(event),
        "Targets": [target],
    }
    expansion.add(event.id, event.at, "AWS::Events::Rule", rule, event.function.condition)


def _add_schedule(expansion: Expansion, event: Event) -> None:
    target: Literal = {
        "Arn": event.arn,
        "RoleArn": event("RoleArn"),
        "DeadLetterConfig": _dead_letters(expansion, event),
        "RetryPolicy": event("RetryPolicy"),
        "Input": event("Input"),
    }
    schedule: dict[str, Literal] = {
        "ScheduleExpression": event("ScheduleExpression"),
        "Name": event("Name"),
        "State": event("State"),
        "Target": target,
    }
    expansion.add(event.id, event.at, "AWS::Scheduler::Schedule", schedule, event.function.condition)


def _add_logs(expansion: Expansion, event: Event) -> None:
    subscription: dict[str, Literal] = {
        "LogGroupName": event("LogGroupName"),
        "FilterPattern": event("FilterPattern"),
        "DestinationArn": event.arn,
    }
    expansion.add(event.id, event.at, "AWS::Logs::SubscriptionFilter", subscription, event.function.condition)


def _add_iot(expansion: Expansion, event: Event) -> None:
    payload: Literal = {"Sql": event("Sql"), "Actions": [{"Lambda": {"FunctionArn": event.arn}}]}
    expansion.add(event.id, event.at, "AWS::IoT::TopicRule", {"TopicRulePayload": payload}, event.function.condition)


def _add_skill(expansion: Expansion, event: Event) -> None:
    permission: dict[str, Literal] = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": {"Ref": event.function.id},
        "Principal": "alexa-appkit.amazon.com",
        "EventSourceToken": event("SkillId"),
    }
    expansion.add(f"{event.id}Permission", event.at, "AWS::Lambda::Permission", permission, event.function.condition)


def _add_rest(expansion: Expansion, event: Event) -> None:
    add_rest_event(expansion, event.function, event.id, event.at, event.properties)


def _add_http(expansion: Expansion, event: Event) -> None:
    add_http_event(expansion, event.function, event.id, event.at, event.properties)


_EVENTS: dict[str, Callable[[Expansion, Event], None]] = {
    **{type: _add_polled(type) for type in _POLLED},
    "AlexaSkill": _add_skill,
    "Api": _add_rest,
    "CloudWatchEvent": _add_rule,
    "CloudWatchLogs": _add_logs,
    "Cognito": _add_user_pool,
    "EventBridgeRule": _add_rule,
    "HttpApi": _add_http,
    "IoTRule": _add_iot,
    "S3": _add_bucket,
    "SNS": _add_topic,
    "Schedule": _add_rule,
    "ScheduleV2": _add_schedule,
}
