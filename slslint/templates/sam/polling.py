"""Events from queues and streams: the mappings that Lambda polls for, and what polling takes."""

from __future__ import annotations

from yaml.nodes import Node, SequenceNode

from slslint.model import Source
from slslint.templates.building import Literal, text_of
from slslint.templates.cloudformation.nodes import field, fields_of, intrinsic
from slslint.templates.document import span
from slslint.templates.sam.events import Event
from slslint.templates.sam.expansion import Expansion

POLLED = {
    "SQS": (Source.QUEUE, "Queue", "AWSLambdaSQSQueueExecutionRole"),
    "Kinesis": (Source.DATA_STREAM, "Stream", "AWSLambdaKinesisExecutionRole"),
    "DynamoDB": (Source.TABLE_STREAM, "Stream", "AWSLambdaDynamoDBExecutionRole"),
    "MSK": (Source.KAFKA, "Stream", "AWSLambdaMSKExecutionRole"),
    "MQ": (Source.BROKER, "Broker", ""),
    "DocumentDB": (Source.DOCUMENT_STREAM, "Cluster", ""),
    "SelfManagedKafka": (Source.KAFKA, "", ""),
}
"""The sources that Lambda polls, by the type of the event: the property that names one, and the managed policy that
reading it takes.
"""


def add_polled(expansion: Expansion, event: Event) -> None:
    """Deploy the mapping that feeds a function from a queue or stream."""
    kind, source, policy = POLLED[event.type]
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
    event.policies.allow_sending(to, field(failure, "Destination"), event.type, event.at)


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
