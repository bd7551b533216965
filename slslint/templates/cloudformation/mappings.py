"""Event source mappings: functions that are fed from queues and streams."""

from __future__ import annotations

from slslint.model import Batch, Cause, Invocation, Source, Text, pieces_of
from slslint.templates.cloudformation.branches import only_when
from slslint.templates.cloudformation.draft import Draft, or_default
from slslint.templates.cloudformation.filters import criteria_filter
from slslint.templates.cloudformation.template import Resource
from slslint.templates.cloudformation.view import View
from slslint.value import Known, Origin, Unknown, Value, known_values, surely_not

_BY_TYPE = {
    "AWS::SQS::Queue": Source.QUEUE,
    "AWS::Kinesis::Stream": Source.DATA_STREAM,
    "AWS::Kinesis::StreamConsumer": Source.DATA_STREAM,
    "AWS::DynamoDB::Table": Source.TABLE_STREAM,
    "AWS::DynamoDB::GlobalTable": Source.TABLE_STREAM,
    "AWS::Serverless::SimpleTable": Source.TABLE_STREAM,
    "AWS::MSK::Cluster": Source.KAFKA,
    "AWS::MSK::ServerlessCluster": Source.KAFKA,
    "AWS::AmazonMQ::Broker": Source.BROKER,
    "AWS::DocDB::DBCluster": Source.DOCUMENT_STREAM,
}
_BY_SERVICE = {
    "sqs": Source.QUEUE,
    "kinesis": Source.DATA_STREAM,
    "dynamodb": Source.TABLE_STREAM,
    "kafka": Source.KAFKA,
    "mq": Source.BROKER,
    "rds": Source.DOCUMENT_STREAM,
}


def lower_mapping(draft: Draft, resource: Resource) -> None:
    """An AWS::Lambda::EventSourceMapping."""
    properties = resource.properties
    enabled = properties.get("Enabled").boolean()
    if surely_not(enabled):
        return
    source = properties.get("EventSourceArn").text()
    kind = source_kind(draft, properties, source)
    function = properties.get("FunctionName").text()
    handed = batch(draft, kind, properties, resource)
    draft.add_trigger(
        kind,
        function,
        resource.at,
        source,
        when=resource.when,
        invocation=Invocation.POLLED,
        batch=handed,
        through=criteria_filter(properties.get("FilterCriteria", "Filters")),
    )
    draft.add_outcome(Cause.FAILURE, function, handed.on_failure, resource.at, when=resource.when)


def source_kind(draft: Draft, properties: View, source: Value[Text]) -> Source:
    """What a mapping reads from; OTHER when its properties fit several."""
    for known in known_values(source):
        written = draft.written(known.value)
        if written is not None and written.type in _BY_TYPE:
            return _BY_TYPE[written.type]
        parts = pieces_of(known.value)
        pieces = "".join(part if isinstance(part, str) else "*" for part in parts).split(":")
        if len(pieces) > 5 and pieces[0] == "arn" and pieces[2] in _BY_SERVICE:
            return _BY_SERVICE[pieces[2]]
    if properties.get("SelfManagedEventSource").present or properties.get("Topics").present:
        return Source.KAFKA
    if properties.get("Queues").present:
        return Source.BROKER
    if properties.get("DocumentDBEventSourceConfig").present:
        return Source.DOCUMENT_STREAM
    # Every other source needs a starting position.
    return Source.OTHER if properties.get("StartingPosition").present else Source.QUEUE


def batch(draft: Draft, kind: Source, properties: View, resource: Resource) -> Batch:
    """How records are handed over. Defaults: AWS::Lambda::EventSourceMapping in the CloudFormation reference."""
    at = resource.at
    queue = kind is Source.QUEUE
    retries = properties.get("MaximumRetryAttempts").integer()
    age = properties.get("MaximumRecordAgeInSeconds").integer()
    return Batch(
        size=or_default(properties.get("BatchSize").integer(), 10 if queue else 100, at),
        window=or_default(properties.get("MaximumBatchingWindowInSeconds").integer(), 0, at),
        partial_failures=_reports_failures(properties, resource),
        bisect=or_default(properties.get("BisectBatchOnFunctionError").boolean(), False, at),
        retries=retries if queue else or_default(retries, -1, at),
        age=age if queue else or_default(age, -1, at),
        concurrency=properties.get("ScalingConfig", "MaximumConcurrency").integer(),
        on_failure=draft.add_dead_letter(properties.get("DestinationConfig", "OnFailure", "Destination")),
    )


def _reports_failures(properties: View, resource: Resource) -> Value[bool]:
    view = properties.get("FunctionResponseTypes")
    items = view.items()
    for item in items:
        text = item.string()
        if isinstance(text, Known) and text.value == "ReportBatchItemFailures":
            kept: Value[bool] = Known(True, text.at, text.origin)
            kept = only_when(item.when - resource.when, kept, resource.at)
            return or_default(kept, False, resource.at)
    if not items.complete or any(isinstance(item.string(), Unknown) for item in items):
        return Unknown("its response types cannot be decided", view.at)
    return Known(False, resource.at, Origin.DEFAULT)
