"""The Events of a function: each becomes the rule, mapping, subscription, ... that SAM makes for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from yaml.nodes import MappingNode, Node, SequenceNode

from slslint.model import Source
from slslint.templates.cloudformation.nodes import field, fields_of, intrinsic
from slslint.templates.document import span
from slslint.templates.sam.api import add_http_event, add_rest_event
from slslint.templates.sam.expansion import Expansion, Written
from slslint.templates.sam.nodes import Literal, build, each_branch, plain_fields, referred, text_of
from slslint.templates.sam.policies import Policies

SEND_ACTIONS = {
    "SQS": "sqs:SendMessage",
    "SNS": "sns:Publish",
    "EventBridge": "events:PutEvents",
    "Lambda": "lambda:InvokeFunction",
}
"""What sending to a destination of each type takes."""


class Event(NamedTuple):
    """An event of a function, or of a state machine, whose `policies` no event touches.

    `id` is that of the resource it becomes, `at` its name in the template.
    """

    id: str
    at: Node
    type: str
    properties: MappingNode
    owner: Written
    policies: Policies

    def __call__(self, *keys: str) -> Node | None:
        return field(self.properties, *keys)

    @property
    def arn(self) -> Literal:
        function = self.owner.type == "AWS::Serverless::Function"
        return {"Fn::GetAtt": [self.owner.id, "Arn"]} if function else {"Ref": self.owner.id}


def events_of(owner: Written, policies: Policies) -> Iterator[Event]:
    """The entries of a resource's Events."""
    written = owner["Events"]
    for name, (key, entry) in (fields_of(written) if plain_fields(written) else {}).items():
        properties = field(entry, "Properties")
        if not isinstance(properties, MappingNode):
            properties = MappingNode("", [], key.start_mark, key.end_mark, True)
        yield Event(owner.id + name, key, text_of(field(entry, "Type")), properties, owner, policies)


def add_event(expansion: Expansion, event: Event) -> None:
    """Deploy what an event of a function stands for."""
    add = _EVENTS.get(event.type)
    if add is not None:
        add(expansion, event)
        return
    known = f"`{event.type}` is no event type that slslint knows" if event.type else "this event has no Type"
    expansion.gap(event.at, known)


def add_start(expansion: Expansion, event: Event) -> None:
    """Deploy the rule or schedule that an event of a state machine stands for; an API starts it without a function."""
    if event.type == "ScheduleV2":
        _add_schedule(expansion, event)
    elif event.type != "Api":
        _add_rule(expansion, event)


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


def _add_polled(expansion: Expansion, event: Event) -> None:
    kind, source, policy = _POLLED[event.type]
    mapping: dict[str, Literal] = {name: value for name, (_, value) in fields_of(event.properties).items()}
    servers = mapping.pop("KafkaBootstrapServers", None)
    mapping |= {
        "FunctionName": {"Ref": event.owner.id},
        "EventSourceArn": mapping.pop(source, None),
        "SelfManagedEventSource": {"Endpoints": {"KafkaBootstrapServers": servers}} if servers else None,
        "DocumentDBEventSourceConfig": {"DatabaseName": event("DatabaseName")} if event.type == "DocumentDB" else None,
    }
    expansion.add(event.id, event.at, "AWS::Lambda::EventSourceMapping", mapping, event.owner.condition)
    # Only the event's type tells which kind of source a parameter or an import names.
    expansion.polled[span(event.at)] = kind
    if policy:
        event.policies.attach(f"service-role/{policy}", event.owner.key)
    _grant_polling(event)
    failure = event("DestinationConfig", "OnFailure")
    to = text_of(field(failure, "Type")).replace("S3", "S3Bucket")
    grant_sending(event.policies, to, field(failure, "Destination"), event.type, event.at)


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


def _grant_polling(event: Event) -> None:
    """What SAM lets the role do so that Lambda can poll, beyond the managed policies."""
    secrets, kinds = _secrets(event)
    statements: list[dict[str, Literal]] = [
        {"Action": "secretsmanager:GetSecretValue", "Resource": secret} for secret in secrets
    ]
    if event.type == "MQ":
        statements.append({"Action": "mq:DescribeBroker", "Resource": event("Broker")})
    if event.type == "DocumentDB":
        prefix = "arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}"
        statements += [
            {"Action": "rds:DescribeDBClusterParameters", "Resource": {"Fn::Sub": f"{prefix}:cluster-pg:*"}},
            {"Action": "rds:DescribeDBSubnetGroups", "Resource": {"Fn::Sub": f"{prefix}:subgrp:*"}},
            {"Action": "rds:DescribeDBClusters", "Resource": event("Cluster")},
        ]
    if event.type == "DocumentDB" or {"VPC_SUBNET", "VPC_SECURITY_GROUP"} <= kinds:
        statements.append({"Action": list(_NETWORK_ACTIONS), "Resource": "*"})
    key = text_of(event("SecretsManagerKmsKeyId"))
    if key and event.type in _SECRETS and event.type != "MSK":
        arn = "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/"
        statements.append({"Action": "kms:Decrypt", "Resource": {"Fn::Sub": arn + key}})
    registry = event("SchemaRegistryConfig", "SchemaRegistryURI")
    if registry is not None and event.type in ("MSK", "SelfManagedKafka"):
        name = _shown(registry).partition(":registry/")[2]
        if name:
            schemas = "arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:schema/"
            statements += [
                {"Action": "glue:GetRegistry", "Resource": registry},
                {"Action": "glue:GetSchemaVersion", "Resource": {"Fn::Sub": f"{schemas}{name}/*"}},
            ]
    if statements:
        event.policies.grant(event.type, event.at, *statements)


def _secrets(event: Event) -> tuple[list[Node], set[str]]:
    """The secrets that polling reads, and the kinds of access that are configured."""
    secrets: list[Node] = []
    kinds: set[str] = set()
    for item in _listed(event("SourceAccessConfigurations")):
        kind, secret = text_of(field(item, "Type")), field(item, "URI")
        kinds.add(kind)
        if secret is not None and kind in _SECRETS.get(event.type, ()):
            secrets.append(secret)
    for item in _listed(event("SchemaRegistryConfig", "AccessConfigs")):
        secret = field(item, "URI")
        if secret is not None:
            secrets.append(secret)
    return secrets, kinds


def _listed(node: Node | None) -> list[Node]:
    return node.value if isinstance(node, SequenceNode) else []


def _shown(node: Node) -> str:
    """A text, or that of a Fn::Sub, as written."""
    call = intrinsic(node)
    return text_of(call[1] if call is not None and call[0] == "Fn::Sub" else node)


def _add_bucket(expansion: Expansion, event: Event) -> None:
    bucket = referred(event("Bucket"))
    if bucket not in expansion.written:
        expansion.gap(event.at, "SAM takes S3 events only from a bucket of the same template")
        return
    kinds = event("Events")
    for kind in kinds.value if isinstance(kinds, SequenceNode) and intrinsic(kinds) is None else [kinds]:
        configuration: Literal = {"Event": kind, "Filter": event("Filter"), "Function": event.arn}
        if event.owner.condition is not None:
            configuration = {"Fn::If": [event.owner.condition, configuration, {"Ref": "AWS::NoValue"}]}
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
    condition = event.owner.condition
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
        "FunctionName": {"Ref": event.owner.id},
        "EventSourceArn": queue,
        "BatchSize": field(through, "BatchSize") or 10,
    }
    expansion.add(f"{event.id}EventSourceMapping", event.at, "AWS::Lambda::EventSourceMapping", mapping, condition)
    event.policies.attach("service-role/AWSLambdaSQSQueueExecutionRole", event.owner.key)


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
        expansion.add(queue, event.at, "AWS::SQS::Queue", {}, event.owner.condition)
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
    expansion.add(event.id, event.at, "AWS::Events::Rule", rule, event.owner.condition)


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
    expansion.add(event.id, event.at, "AWS::Scheduler::Schedule", schedule, event.owner.condition)


def _add_logs(expansion: Expansion, event: Event) -> None:
    subscription: dict[str, Literal] = {
        "LogGroupName": event("LogGroupName"),
        "FilterPattern": event("FilterPattern"),
        "DestinationArn": event.arn,
    }
    expansion.add(event.id, event.at, "AWS::Logs::SubscriptionFilter", subscription, event.owner.condition)


def _add_iot(expansion: Expansion, event: Event) -> None:
    payload: Literal = {"Sql": event("Sql"), "Actions": [{"Lambda": {"FunctionArn": event.arn}}]}
    expansion.add(event.id, event.at, "AWS::IoT::TopicRule", {"TopicRulePayload": payload}, event.owner.condition)


def _add_skill(expansion: Expansion, event: Event) -> None:
    permission: dict[str, Literal] = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": {"Ref": event.owner.id},
        "Principal": "alexa-appkit.amazon.com",
        "EventSourceToken": event("SkillId"),
    }
    expansion.add(f"{event.id}Permission", event.at, "AWS::Lambda::Permission", permission, event.owner.condition)


def _add_rest(expansion: Expansion, event: Event) -> None:
    add_rest_event(expansion, event.owner, event.id, event.at, event.properties)


def _add_http(expansion: Expansion, event: Event) -> None:
    add_http_event(expansion, event.owner, event.id, event.at, event.properties)


_EVENTS: dict[str, Callable[[Expansion, Event], None]] = {
    **dict.fromkeys(_POLLED, _add_polled),
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
