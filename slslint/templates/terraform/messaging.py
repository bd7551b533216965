"""Queues, topics, streams, tables, buckets and their notifications."""

from __future__ import annotations

from yaml.nodes import Node

from slslint.templates.building import Literal, build
from slslint.templates.cloudformation.nodes import Undecided
from slslint.templates.terraform.documents import content
from slslint.templates.terraform.instances import Instance
from slslint.templates.terraform.rewriting import Rewrite, Rewriting, get, items, part
from slslint.templates.terraform.values import Nothing, each_branch, is_object


def json_of(node: Node | None) -> Node | None:
    """The object that a JSON argument holds, in every branch."""
    return None if node is None else each_branch(node, lambda branch: content(branch) or branch)


def add_queue(rewriting: Rewriting, queue: Instance) -> None:
    """An aws_sqs_queue."""
    properties: dict[str, Literal] = {
        "QueueName": get(queue, "name"),
        "VisibilityTimeout": get(queue, "visibility_timeout_seconds"),
        "RedrivePolicy": json_of(get(queue, "redrive_policy")),
        "RedriveAllowPolicy": json_of(get(queue, "redrive_allow_policy")),
    }
    rewriting.add(queue, "AWS::SQS::Queue", properties)


def _extend_queue(rewriting: Rewriting, written: Instance, name: str, policy: str) -> None:
    value = json_of(get(written, policy))
    if value is not None:
        rewriting.extend(get(written, "queue_url"), "AWS::SQS::Queue", name, value, written.condition)


def add_redrive(rewriting: Rewriting, written: Instance) -> None:
    """An aws_sqs_queue_redrive_policy."""
    _extend_queue(rewriting, written, "RedrivePolicy", "redrive_policy")


def add_redrive_allow(rewriting: Rewriting, written: Instance) -> None:
    """An aws_sqs_queue_redrive_allow_policy."""
    _extend_queue(rewriting, written, "RedriveAllowPolicy", "redrive_allow_policy")


def add_topic(rewriting: Rewriting, topic: Instance) -> None:
    """An aws_sns_topic."""
    rewriting.add(topic, "AWS::SNS::Topic", {"TopicName": get(topic, "name")})


def add_subscription(rewriting: Rewriting, written: Instance) -> None:
    """An aws_sns_topic_subscription."""
    properties: dict[str, Literal] = {
        "Protocol": get(written, "protocol"),
        "Endpoint": get(written, "endpoint"),
        "TopicArn": get(written, "topic_arn"),
        "FilterPolicy": json_of(get(written, "filter_policy")),
        "RedrivePolicy": json_of(get(written, "redrive_policy")),
    }
    rewriting.add(written, "AWS::SNS::Subscription", properties)


def add_bucket(rewriting: Rewriting, bucket: Instance) -> None:
    """An aws_s3_bucket."""
    rewriting.add(bucket, "AWS::S3::Bucket", {"BucketName": get(bucket, "bucket")})


def add_notification(rewriting: Rewriting, written: Instance) -> None:
    """An aws_s3_bucket_notification: its functions become the bucket's."""
    blocks = written.argument("lambda_function")
    bucket = get(written, "bucket")
    for item in items(blocks):
        configuration = each_branch(item, _notification)
        name = "NotificationConfiguration.LambdaConfigurations[]"
        if not rewriting.extend(bucket, "AWS::S3::Bucket", name, configuration, written.condition):
            id = written.address
            if id not in rewriting.resources:
                rewriting.add(written, "AWS::S3::Bucket", {"BucketName": bucket})
            rewriting.resources[id][1].setdefault(name, [])
            found = rewriting.resources[id][1][name]
            assert isinstance(found, list)
            found.append(configuration)


def _notification(node: Node) -> Node:
    if not is_object(node):
        return node
    rules: list[Literal] = []
    for name, own in (("prefix", "filter_prefix"), ("suffix", "filter_suffix")):
        value = part(node, own)
        if value is not None:
            rules.append({"Name": name, "Value": value})
    events = items(part(node, "events"))
    configuration: dict[str, Literal] = {
        "Function": part(node, "lambda_function_arn"),
        "Event": events[0] if events else None,
        "Filter": {"S3Key": {"Rules": rules}} if rules else None,
    }
    return build(configuration, node)


def nest_notifications(properties: dict[str, Literal]) -> None:
    """Put what was gathered for a bucket where CloudFormation has it."""
    gathered = properties.pop("NotificationConfiguration.LambdaConfigurations[]", None)
    if gathered is None:
        gathered = properties.pop("NotificationConfiguration.LambdaConfigurations", None)
    if gathered is not None:
        properties["NotificationConfiguration"] = {"LambdaConfigurations": gathered}


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


def add_log_subscription(rewriting: Rewriting, written: Instance) -> None:
    """An aws_cloudwatch_log_subscription_filter."""
    properties: dict[str, Literal] = {
        "DestinationArn": get(written, "destination_arn"),
        "LogGroupName": get(written, "log_group_name"),
        "FilterPattern": get(written, "filter_pattern"),
    }
    rewriting.add(written, "AWS::Logs::SubscriptionFilter", properties)


def add_iot_rule(rewriting: Rewriting, rule: Instance) -> None:
    """An aws_iot_topic_rule."""
    actions: list[Literal] = [
        {"Lambda": {"FunctionArn": part(item, "function_arn")}} if is_object(item) else item
        for item in items(rule.argument("lambda"))
    ]
    failed: dict[str, Literal] = {}
    if get(rule, "error_action", "sqs", "queue_url") is not None:
        failed["Sqs"] = {"QueueUrl": get(rule, "error_action", "sqs", "queue_url")}
    if get(rule, "error_action", "sns", "target_arn") is not None:
        failed["Sns"] = {"TargetArn": get(rule, "error_action", "sns", "target_arn")}
    payload: Literal = {"Actions": actions, "ErrorAction": failed or None}
    rewriting.add(rule, "AWS::IoT::TopicRule", {"TopicRulePayload": payload})


def add_email_rule(rewriting: Rewriting, rule: Instance) -> None:
    """An aws_ses_receipt_rule."""
    actions: list[Literal] = [
        {"LambdaAction": {"FunctionArn": part(item, "function_arn"), "InvocationType": part(item, "invocation_type")}}
        if is_object(item)
        else item
        for item in items(rule.argument("lambda_action"))
    ]
    rewriting.add(rule, "AWS::SES::ReceiptRule", {"Rule": {"Actions": actions}})


def add_rotation(rewriting: Rewriting, written: Instance) -> None:
    """An aws_secretsmanager_secret_rotation."""
    properties: dict[str, Literal] = {
        "SecretId": get(written, "secret_id"),
        "RotationLambdaARN": get(written, "rotation_lambda_arn"),
    }
    rewriting.add(written, "AWS::SecretsManager::RotationSchedule", properties)


def add_config_rule(rewriting: Rewriting, rule: Instance) -> None:
    """An aws_config_config_rule."""
    source: Literal = {
        "Owner": get(rule, "source", "owner"),
        "SourceIdentifier": get(rule, "source", "source_identifier"),
    }
    rewriting.add(rule, "AWS::Config::ConfigRule", {"Source": source})


def add_delivery_stream(rewriting: Rewriting, stream: Instance) -> None:
    """An aws_kinesis_firehose_delivery_stream: the functions that transform what it delivers."""
    properties: dict[str, Literal] = {}
    for name in stream.arguments:
        if not name.endswith("_configuration"):
            continue
        processors: list[Literal] = []
        for processor in items(get(stream, name, "processing_configuration", "processors")):
            parameters: list[Literal] = [
                {"ParameterName": part(item, "parameter_name"), "ParameterValue": part(item, "parameter_value")}
                for item in items(part(processor, "parameters"))
                if is_object(item)
            ]
            processors.append(build({"Parameters": parameters}, processor))
        if processors:
            properties["ExtendedS3DestinationConfiguration"] = {"ProcessingConfiguration": {"Processors": processors}}
    rewriting.add(stream, "AWS::KinesisFirehose::DeliveryStream", properties)


def _named(type: str, name: str, argument: str = "name") -> Rewrite:
    """A rewrite of a resource of which nothing but the name matters."""

    def rewrite(rewriting: Rewriting, written: Instance) -> None:
        rewriting.add(written, type, {name: get(written, argument)})

    return rewrite


REWRITES: dict[str, Rewrite] = {
    "aws_cloudwatch_log_group": _named("AWS::Logs::LogGroup", "LogGroupName"),
    "aws_cloudwatch_log_subscription_filter": add_log_subscription,
    "aws_cognito_user_pool": add_user_pool,
    "aws_config_config_rule": add_config_rule,
    "aws_dynamodb_table": _named("AWS::DynamoDB::Table", "TableName"),
    "aws_iot_topic_rule": add_iot_rule,
    "aws_kinesis_firehose_delivery_stream": add_delivery_stream,
    "aws_kinesis_stream": _named("AWS::Kinesis::Stream", "Name"),
    "aws_kinesis_stream_consumer": _named("AWS::Kinesis::StreamConsumer", "ConsumerName"),
    "aws_kms_key": _named("AWS::KMS::Key", "Description", "description"),
    "aws_mq_broker": _named("AWS::AmazonMQ::Broker", "BrokerName", "broker_name"),
    "aws_msk_cluster": _named("AWS::MSK::Cluster", "ClusterName", "cluster_name"),
    "aws_msk_serverless_cluster": _named("AWS::MSK::ServerlessCluster", "ClusterName", "cluster_name"),
    "aws_docdb_cluster": _named("AWS::DocDB::DBCluster", "DBClusterIdentifier", "cluster_identifier"),
    "aws_s3_bucket": add_bucket,
    "aws_secretsmanager_secret": _named("AWS::SecretsManager::Secret", "Name"),
    "aws_secretsmanager_secret_rotation": add_rotation,
    "aws_ses_receipt_rule": add_email_rule,
    "aws_sns_topic": add_topic,
    "aws_sns_topic_subscription": add_subscription,
    "aws_sqs_queue": add_queue,
    "aws_ssm_parameter": _named("AWS::SSM::Parameter", "Name"),
}

EXTENSIONS: dict[str, Rewrite] = {
    "aws_s3_bucket_notification": add_notification,
    "aws_sqs_queue_redrive_allow_policy": add_redrive_allow,
    "aws_sqs_queue_redrive_policy": add_redrive,
}
