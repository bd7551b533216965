"""Events from queues and streams: the mappings that Lambda polls for, and what polling takes."""

from __future__ import annotations

from yaml.nodes import Node, SequenceNode

from slslint.model import Source
from slslint.templates.building import Literal, build, plain_fields, referred, text_of
from slslint.templates.cloudformation.nodes import intrinsic
from slslint.templates.document import span
from slslint.templates.serverless.event import Event
from slslint.templates.serverless.naming import alphanumeric
from slslint.templates.serverless.service import Service
from slslint.templates.serverless.texts import text_in
from slslint.templates.serverless.written import items_of, mapping_of

_RECORDS = ["GetRecords", "GetShardIterator", "DescribeStream", "ListStreams"]

_ACTIONS = {
    Source.QUEUE: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    Source.TABLE_STREAM: [f"dynamodb:{each}" for each in _RECORDS],
    Source.DATA_STREAM: [f"kinesis:{each}" for each in _RECORDS],
    Source.KAFKA: ["kafka:DescribeCluster", "kafka:GetBootstrapBrokers"],
    Source.BROKER: ["mq:DescribeBroker"],
}
"""What the framework lets the role do to read from each source."""

_FIELDS = {
    "batchSize": "BatchSize",
    "batchWindow": "MaximumBatchingWindowInSeconds",
    "bisectBatchOnFunctionError": "BisectBatchOnFunctionError",
    "enabled": "Enabled",
    "maximumBatchingWindow": "MaximumBatchingWindowInSeconds",
    "maximumRecordAgeInSeconds": "MaximumRecordAgeInSeconds",
    "maximumRetryAttempts": "MaximumRetryAttempts",
    "parallelizationFactor": "ParallelizationFactor",
    "tumblingWindowInSeconds": "TumblingWindowInSeconds",
}
"""Settings of an event, and the properties that CloudFormation takes them as."""

KINDS = {
    "sqs": Source.QUEUE,
    "msk": Source.KAFKA,
    "kafka": Source.KAFKA,
    "activemq": Source.BROKER,
    "rabbitmq": Source.BROKER,
}
"""By the type of the event; a stream's type is written in it, or in its ARN."""

_IDS = {"sqs": "SQS", "msk": "MSK", "kafka": "Kafka", "activemq": "ActiveMQ", "rabbitmq": "RabbitMQ"}


def add_polled(service: Service, event: Event) -> None:
    """Deploy the mapping that feeds a function from a queue, a stream, a topic of Kafka or a broker."""
    whole = None if plain_fields(event.node) else event.node
    source = whole if whole is not None else event("arn")
    kind = KINDS.get(event.kind) or _stream_kind(event, source)
    mapping: dict[str, Literal] = {
        "FunctionName": event.arn,
        "EventSourceArn": source,
        "FunctionResponseTypes": items_or_none(event("functionResponseType")),
        "FilterCriteria": _filters(event),
        "BatchSize": build(10, event.key) if event.kind in ("sqs", "stream") else None,
    }
    for name, named in _FIELDS.items():
        mapping[named] = event(name) or mapping.get(named)
    concurrency = event("maximumConcurrency")
    mapping["ScalingConfig"] = None if concurrency is None else {"MaximumConcurrency": concurrency}
    if kind is not Source.QUEUE:
        mapping["StartingPosition"] = event("startingPosition") or "TRIM_HORIZON"
    if event.kind in ("msk", "kafka"):
        mapping["Topics"] = items_or_none(event("topic"))
    if event.kind == "kafka":
        servers = event("bootstrapServers")
        mapping["SelfManagedEventSource"] = {"Endpoints": {"KafkaBootstrapServers": servers}}
    if kind is Source.BROKER:
        mapping["Queues"] = items_or_none(event("queue"))
    failure = event("destinations", "onFailure")
    if failure is not None:
        arn = mapping_of(failure).get("arn") if intrinsic(failure) is None else None
        target: Literal = arn[1] if arn is not None else failure
        mapping["DestinationConfig"] = {"OnFailure": {"Destination": target}}
        _allow_sending(service, event, failure, target)
    id = f"{event.prefix}EventSourceMapping{_name(event, kind, source)}"
    service.add(id, event.key, "AWS::Lambda::EventSourceMapping", mapping, event.condition)
    if kind is not None:
        service.polled[span(event.key)] = kind
    if kind in _ACTIONS and source is not None:
        service.allow(event.function.name, _ACTIONS[kind], source)
    _allow_reaching(service, event)


_NETWORK = [
    f"ec2:{action}"
    for action in (
        "CreateNetworkInterface", "DescribeNetworkInterfaces", "DescribeVpcs", "DeleteNetworkInterface",
        "DescribeSubnets", "DescribeSecurityGroups",
    )
]  # fmt: skip


def _allow_reaching(service: Service, event: Event) -> None:
    """What Lambda needs to reach brokers and clusters inside a network, and the secrets for them."""
    configured = mapping_of(event("accessConfigurations")) if event.kind == "kafka" else {}
    secrets = [
        secret
        for name, (_, written) in configured.items()
        if name not in ("vpcSubnet", "vpcSecurityGroup")
        for secret in items_of(written)
    ]
    secrets += items_of(event("basicAuthArn")) if event.kind in ("activemq", "rabbitmq") else []
    for secret in secrets:
        service.allow(event.function.name, ["secretsmanager:GetSecretValue"], secret)
    if event.kind in ("activemq", "rabbitmq", "msk") or "vpcSubnet" in configured or "vpcSecurityGroup" in configured:
        service.allow(event.function.name, _NETWORK, "*")


def items_or_none(node: Node | None) -> Literal:
    """A list of one thing, or the list that it is; None for nothing."""
    found: list[Literal] = list(items_of(node))
    return found or None


def _stream_kind(event: Event, source: Node | None) -> Source | None:
    kinds = {"dynamodb": Source.TABLE_STREAM, "kinesis": Source.DATA_STREAM}
    named = text_in(source)
    arn = named if isinstance(named, str) else ""
    kind = text_of(event("type")) or (arn.split(":")[2] if arn.count(":") > 2 else "")
    return kinds.get(kind)


def _name(event: Event, kind: Source | None, source: Node | None) -> str:
    """What tells this mapping from the others of its function."""
    prefix = _IDS.get(event.kind) or {Source.TABLE_STREAM: "Dynamodb", Source.DATA_STREAM: "Kinesis"}.get(
        kind or Source.OTHER, ""
    )
    topic = text_of(event("topic") or event("queue"))
    return prefix + (alphanumeric(_last(source) + topic) or str(event.number))


def _last(source: Node | None) -> str:
    """The name of a queue or stream in its ARN, or the id that is referred to."""
    if source is None:
        return ""
    call = intrinsic(source)
    if call is not None and call[0] == "Fn::Join" and isinstance(call[1], SequenceNode) and len(call[1].value) == 2:
        items = items_of(call[1].value[1])
        return text_of(items[-1]).split("/")[-1] if items else ""
    if call is not None and call[0] == "Fn::ImportValue":
        return text_of(call[1])
    text = referred(source)
    if not text.startswith("arn:"):
        return text
    return text.split("/")[1] if "/" in text else text.rpartition(":")[2]


def _filters(event: Event) -> Literal:
    filters: list[Literal] = [
        {"Pattern": {"Fn::ToJsonString": pattern}} for pattern in items_of(event("filterPatterns"))
    ]
    return {"Filters": filters} if filters else None


def _allow_sending(service: Service, event: Event, failure: Node, target: Literal) -> None:
    named = text_in(failure)
    arn = named if isinstance(named, str) else ""
    kind = text_of(event("destinations", "onFailure", "type")) if not arn else arn.split(":")[2 if ":" in arn else 0]
    actions = ["sns:Publish"] if kind == "sns" else ["sqs:ListQueues", "sqs:SendMessage"]
    service.allow(event.function.name, actions, target)
