"""Queues, topics, streams, tables, buckets and their notifications."""

from __future__ import annotations

from functools import partial

from yaml.nodes import Node

from slslint.templates.building import Literal, build
from slslint.templates.cloudformation.nodes import Undecided
from slslint.templates.terraform.documents import json_of
from slslint.templates.terraform.instances import Instance
from slslint.templates.terraform.rewriting import Rewrite, Rewriting, get, items, part, renamed
from slslint.templates.terraform.values import Nothing, each_branch, is_list, is_object


def add_queue(rewriting: Rewriting, queue: Instance) -> None:
    """An aws_sqs_queue."""
    properties: dict[str, Literal] = {
        "QueueName": get(queue, "name"),
        "VisibilityTimeout": get(queue, "visibility_timeout_seconds"),
        "RedrivePolicy": json_of(get(queue, "redrive_policy"), rewriting.unit),
        "RedriveAllowPolicy": json_of(get(queue, "redrive_allow_policy"), rewriting.unit),
        "FifoQueue": get(queue, "fifo_queue"),
    }
    rewriting.add(queue, "AWS::SQS::Queue", properties)


def _extend_queue(rewriting: Rewriting, written: Instance, name: str, policy: str) -> None:
    value = json_of(get(written, policy), rewriting.unit)
    if value is not None:
        rewriting.extend(get(written, "queue_url"), "AWS::SQS::Queue", name, value, written.condition)


def add_redrive(rewriting: Rewriting, written: Instance) -> None:
    """An aws_sqs_queue_redrive_policy."""
    _extend_queue(rewriting, written, "RedrivePolicy", "redrive_policy")


def add_redrive_allow(rewriting: Rewriting, written: Instance) -> None:
    """An aws_sqs_queue_redrive_allow_policy."""
    _extend_queue(rewriting, written, "RedriveAllowPolicy", "redrive_allow_policy")


def add_subscription(rewriting: Rewriting, written: Instance) -> None:
    """An aws_sns_topic_subscription."""
    properties: dict[str, Literal] = {
        "Protocol": get(written, "protocol"),
        "Endpoint": get(written, "endpoint"),
        "TopicArn": get(written, "topic_arn"),
        "FilterPolicy": json_of(get(written, "filter_policy"), rewriting.unit),
        "FilterPolicyScope": get(written, "filter_policy_scope"),
        "RawMessageDelivery": get(written, "raw_message_delivery"),
        "RedrivePolicy": json_of(get(written, "redrive_policy"), rewriting.unit),
    }
    rewriting.add(written, "AWS::SNS::Subscription", properties)


def add_notification(rewriting: Rewriting, written: Instance) -> None:
    """An aws_s3_bucket_notification: what it notifies becomes the bucket's."""
    bucket = get(written, "bucket")
    id = rewriting.named(bucket, "AWS::S3::Bucket")
    if id is None:
        # The bucket is another's, but what it invokes is here.
        id = rewriting.add(written, "AWS::S3::Bucket", {"BucketName": bucket})
    for block, (name, target) in _NOTIFIED.items():
        for item in items(written.argument(block)):
            configured = each_branch(item, partial(_notifications, target, f"{block}_arn"))
            for each in configured.value if is_list(configured) else [configured]:
                rewriting.add_to(id, f"NotificationConfiguration.{name}[]", each, written.condition)
    to_bus = get(written, "eventbridge")
    if to_bus is not None:
        enabled: Literal = {"EventBridgeEnabled": to_bus}
        rewriting.add_to(id, "NotificationConfiguration.EventBridgeConfiguration", enabled, written.condition)


_NOTIFIED = {
    "lambda_function": ("LambdaConfigurations", "Function"),
    "queue": ("QueueConfigurations", "Queue"),
    "topic": ("TopicConfigurations", "Topic"),
}


def _notifications(target: str, arn: str, node: Node) -> Node:
    """What a block configures: in CloudFormation, one for each event."""
    if not is_object(node):
        return node
    rules: list[Literal] = []
    for name in ("prefix", "suffix"):
        value = part(node, f"filter_{name}")
        if value is not None:
            rules.append({"Name": name, "Value": value})
    events: list[Node | None] = [*items(part(node, "events"))] or [None]
    configured: list[Literal] = [
        {target: part(node, arn), "Event": event, "Filter": {"S3Key": {"Rules": rules}} if rules else None}
        for event in events
    ]
    return build(configured, node)


def add_user_pool(rewriting: Rewriting, pool: Instance) -> None:
    """An aws_cognito_user_pool."""
    config = get(pool, "lambda_config")
    triggers: dict[str, Literal] = {}
    for item in items(config):
        if not is_object(item):
            triggers["PreSignUp"] = item if isinstance(item, Undecided) else None
            continue
        for name in _TRIGGERS:
            value = part(item, name)
            nested = part(value, "lambda_arn") if name.startswith("custom_") and value is not None else None
            if value is not None and not isinstance(value, Nothing):
                triggers["".join(word.capitalize() for word in name.split("_"))] = nested or value
    renamed = {name.replace("Sms", "SMS"): value for name, value in triggers.items()}
    rewriting.add(pool, "AWS::Cognito::UserPool", {"UserPoolName": get(pool, "name"), "LambdaConfig": renamed})


_TRIGGERS = (
    "create_auth_challenge", "custom_email_sender", "custom_message", "custom_sms_sender", "define_auth_challenge",
    "post_authentication", "post_confirmation", "pre_authentication", "pre_sign_up", "pre_token_generation",
    "user_migration", "verify_auth_challenge_response",
)  # fmt: skip


def add_iot_rule(rewriting: Rewriting, rule: Instance) -> None:
    """An aws_iot_topic_rule."""
    actions: list[Literal] = [
        {"Lambda": {"FunctionArn": part(item, "function_arn")}} if is_object(item) else item
        for item in items(rule.argument("lambda"))
    ]
    for block, (name, key, argument) in _PASSED_ON.items():
        actions += [{name: {key: part(item, argument)}} for item in items(rule.argument(block)) if is_object(item)]
    failed: dict[str, Literal] = {}
    if get(rule, "error_action", "sqs", "queue_url") is not None:
        failed["Sqs"] = {"QueueUrl": get(rule, "error_action", "sqs", "queue_url")}
    if get(rule, "error_action", "sns", "target_arn") is not None:
        failed["Sns"] = {"TargetArn": get(rule, "error_action", "sns", "target_arn")}
    payload: Literal = {"Actions": actions, "ErrorAction": failed or None}
    rewriting.add(rule, "AWS::IoT::TopicRule", {"TopicRulePayload": payload})


_PASSED_ON = {
    "kinesis": ("Kinesis", "StreamName", "stream_name"),
    "s3": ("S3", "BucketName", "bucket_name"),
    "sns": ("Sns", "TargetArn", "target_arn"),
    "sqs": ("Sqs", "QueueUrl", "queue_url"),
}
"""Blocks of an IoT rule by which others get its messages: the action, and what names them in both."""


def add_email_rule(rewriting: Rewriting, rule: Instance) -> None:
    """An aws_ses_receipt_rule."""
    actions: list[Literal] = [
        {"LambdaAction": {"FunctionArn": part(item, "function_arn"), "InvocationType": part(item, "invocation_type")}}
        if is_object(item)
        else item
        for item in items(rule.argument("lambda_action"))
    ]
    for block, name, key, argument in (
        ("s3_action", "S3Action", "BucketName", "bucket_name"),
        ("sns_action", "SNSAction", "TopicArn", "topic_arn"),
    ):
        actions += [{name: {key: part(item, argument)}} for item in items(rule.argument(block)) if is_object(item)]
    rewriting.add(rule, "AWS::SES::ReceiptRule", {"Rule": {"Actions": actions}})


def add_delivery_stream(rewriting: Rewriting, stream: Instance) -> None:
    """An aws_kinesis_firehose_delivery_stream: its source and bucket, and the functions that transform in between."""
    source = get(stream, "kinesis_source_configuration", "kinesis_stream_arn")
    properties: dict[str, Literal] = {
        "DeliveryStreamName": get(stream, "name"),
        "KinesisStreamSourceConfiguration": {"KinesisStreamARN": source} if source is not None else None,
    }
    destination: dict[str, Literal] = {}
    for name in stream.arguments:
        if not name.endswith("_configuration"):
            continue
        bucket = get(stream, name, "bucket_arn") or get(stream, name, "s3_configuration", "bucket_arn")
        if bucket is not None:
            destination["BucketARN"] = bucket
        processors: list[Literal] = []
        for processor in items(get(stream, name, "processing_configuration", "processors")):
            parameters: list[Literal] = [
                {"ParameterName": part(item, "parameter_name"), "ParameterValue": part(item, "parameter_value")}
                for item in items(part(processor, "parameters"))
                if is_object(item)
            ]
            processors.append(build({"Parameters": parameters}, processor))
        if processors:
            destination["ProcessingConfiguration"] = {"Processors": processors}
    properties["ExtendedS3DestinationConfiguration"] = destination
    rewriting.add(stream, "AWS::KinesisFirehose::DeliveryStream", properties)


REWRITES: dict[str, Rewrite] = {
    "aws_cloudwatch_log_group": renamed("AWS::Logs::LogGroup", {"LogGroupName": "name"}),
    "aws_cloudwatch_log_subscription_filter": renamed(
        "AWS::Logs::SubscriptionFilter",
        {"DestinationArn": "destination_arn", "FilterPattern": "filter_pattern", "LogGroupName": "log_group_name"},
    ),
    "aws_cognito_user_pool": add_user_pool,
    "aws_config_config_rule": renamed(
        "AWS::Config::ConfigRule",
        {"Source.Owner": "source.owner", "Source.SourceIdentifier": "source.source_identifier"},
    ),
    "aws_dynamodb_table": renamed(
        "AWS::DynamoDB::Table", {"TableName": "name", "StreamSpecification.StreamViewType": "stream_view_type"}
    ),
    "aws_iot_topic_rule": add_iot_rule,
    "aws_kinesis_firehose_delivery_stream": add_delivery_stream,
    "aws_kinesis_stream": renamed("AWS::Kinesis::Stream", {"Name": "name"}),
    "aws_kinesis_stream_consumer": renamed(
        "AWS::Kinesis::StreamConsumer", {"ConsumerName": "name", "StreamARN": "stream_arn"}
    ),
    "aws_db_proxy": renamed("AWS::RDS::DBProxy", {"DBProxyName": "name"}),
    "aws_kms_key": renamed("AWS::KMS::Key", {"Description": "description"}),
    "aws_mq_broker": renamed("AWS::AmazonMQ::Broker", {"BrokerName": "broker_name"}),
    "aws_msk_cluster": renamed("AWS::MSK::Cluster", {"ClusterName": "cluster_name"}),
    "aws_msk_serverless_cluster": renamed("AWS::MSK::ServerlessCluster", {"ClusterName": "cluster_name"}),
    "aws_docdb_cluster": renamed("AWS::DocDB::DBCluster", {"DBClusterIdentifier": "cluster_identifier"}),
    "aws_s3_bucket": renamed("AWS::S3::Bucket", {"BucketName": "bucket"}),
    "aws_secretsmanager_secret": renamed("AWS::SecretsManager::Secret", {"Name": "name"}),
    "aws_secretsmanager_secret_rotation": renamed(
        "AWS::SecretsManager::RotationSchedule",
        {"RotationLambdaARN": "rotation_lambda_arn", "SecretId": "secret_id"},
    ),
    "aws_ses_receipt_rule": add_email_rule,
    "aws_sns_topic": renamed("AWS::SNS::Topic", {"TopicName": "name", "FifoTopic": "fifo_topic"}),
    "aws_sns_topic_subscription": add_subscription,
    "aws_sqs_queue": add_queue,
    "aws_ssm_parameter": renamed("AWS::SSM::Parameter", {"Name": "name", "Value": "value"}),
}

EXTENSIONS: dict[str, Rewrite] = {
    "aws_s3_bucket_notification": add_notification,
    "aws_sqs_queue_redrive_allow_policy": add_redrive_allow,
    "aws_sqs_queue_redrive_policy": add_redrive,
}
