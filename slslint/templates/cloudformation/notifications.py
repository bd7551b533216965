"""Services that push events at functions: buckets, topics, logs, user pools, email, IoT, Config, Firehose, ..."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from yaml.nodes import MappingNode

from slslint.model import EVERYTHING, Cause, Delivery, Filter, Invocation, Ref, Source, Text
from slslint.templates.cloudformation.draft import Draft, or_default
from slslint.templates.cloudformation.filters import key_filter, policy_filter, terms_filter
from slslint.templates.cloudformation.template import Resource
from slslint.templates.cloudformation.view import View
from slslint.value import Absent, Known, Origin, Value, surely_not

VIEWER_WAITS = 5.0
ORIGIN_WAITS = 30.0


def own(resource: Resource, attribute: str = "") -> Value[Text]:
    """The resource itself as a trigger's source."""
    return Known(Ref(resource.id, attribute), resource.at)


def lower_bucket(draft: Draft, resource: Resource) -> None:
    """An AWS::S3::Bucket's notifications."""
    configuration = resource.properties.get("NotificationConfiguration")
    if not configuration.present:
        return
    for kind, key in (("Lambda", "Function"), ("Queue", "Queue"), ("Topic", "Topic")):
        for item in configuration.get(f"{kind}Configurations").items():
            target, through = item.get(key).text(), key_filter(item)
            event = item.get("Event").shown()
            draft.add_trigger(
                Source.BUCKET, target, item.at, own(resource), when=item.when, event=event, through=through
            )
            draft.add_delivery(own(resource), target, item.at, when=item.when, through=through)
    bus = configuration.get("EventBridgeConfiguration")
    enabled = or_default(bus.get("EventBridgeEnabled").boolean(), True, bus.at)
    if bus.present and not surely_not(enabled):
        draft.deliveries.append(Delivery(Cause.EVENT, own(resource), Absent(bus.at), bus.at, when=resource.when))


def lower_topic(draft: Draft, resource: Resource) -> None:
    """An AWS::SNS::Topic's own subscriptions, which can have neither a filter nor a dead-letter queue."""
    for item in resource.properties.get("Subscription").items():
        _add_subscription(draft, item, own(resource), EVERYTHING, Absent(item.at))


def lower_subscription(draft: Draft, resource: Resource) -> None:
    """An AWS::SNS::Subscription."""
    properties = resource.properties
    dead_letter = draft.add_dead_letter(properties.get("RedrivePolicy").structured().get("deadLetterTargetArn"))
    topic = properties.get("TopicArn").text()
    _add_subscription(draft, properties, topic, policy_filter(properties), dead_letter)
    draft.add_failure(topic, dead_letter, resource.at, when=resource.when)


def _add_subscription(
    draft: Draft, written: View, topic: Value[Text], through: Filter, dead_letter: Value[Text]
) -> None:
    protocol = written.get("Protocol").string()
    if not isinstance(protocol, Known) or protocol.value not in ("lambda", "sqs", "firehose", "http", "https"):
        return
    target = written.get("Endpoint").text()
    if protocol.value == "lambda":
        draft.add_trigger(
            Source.TOPIC, target, written.lacks, topic, when=written.when, through=through, dead_letter=dead_letter
        )
    draft.add_delivery(topic, target, written.lacks, when=written.when, through=through, dead_letter=dead_letter)


def lower_log_subscription(draft: Draft, resource: Resource) -> None:
    """An AWS::Logs::SubscriptionFilter."""
    properties = resource.properties
    target, group = properties.get("DestinationArn").text(), properties.get("LogGroupName").text()
    through = terms_filter(properties.get("FilterPattern"))
    draft.add_trigger(Source.LOGS, target, resource.at, group, when=resource.when, through=through)
    draft.add_delivery(group, target, resource.at, when=resource.when, through=through)


def lower_user_pool(draft: Draft, resource: Resource) -> None:
    """An AWS::Cognito::UserPool's LambdaConfig: a function per trigger, or a mapping with its ARN."""
    for entry in resource.properties.get("LambdaConfig").entries():
        nested = any(isinstance(settled, MappingNode) for _, settled in entry.view.settled())
        target = entry.view.get("LambdaArn") if nested else entry.view
        event = entry.key.removesuffix("Config")
        draft.add_trigger(
            Source.USER_POOL,
            target.text(),
            entry.at,
            own(resource),
            when=entry.view.when,
            # Cognito waits for all triggers but those that send its messages instead of it.
            invocation=Invocation.ASYNC if event in ("CustomEmailSender", "CustomSMSSender") else None,
            event=event,
        )


def lower_iot_authorizer(draft: Draft, resource: Resource) -> None:
    """An AWS::IoT::Authorizer."""
    target = resource.properties.get("AuthorizerFunctionArn").text()
    draft.add_trigger(Source.AUTHORIZER, target, resource.at, own(resource), when=resource.when)


def lower_email_rule(draft: Draft, resource: Resource) -> None:
    """An AWS::SES::ReceiptRule."""
    for item in resource.properties.get("Rule", "Actions").items():
        action = item.get("LambdaAction")
        waits = action.get("InvocationType").is_("RequestResponse")
        draft.add_trigger(
            Source.EMAIL,
            action.get("FunctionArn").text(),
            item.at,
            own(resource),
            when=item.when,
            invocation=Invocation.WAITS if waits else None,
        )
        for keys in (("S3Action", "BucketName"), ("SNSAction", "TopicArn")):
            draft.add_delivery(own(resource), item.get(*keys).text(), item.at, when=item.when)


def lower_iot_rule(draft: Draft, resource: Resource) -> None:
    """An AWS::IoT::TopicRule. Its error action takes what the others could not deliver."""
    payload = resource.properties.get("TopicRulePayload")
    for key in (("Sqs", "QueueUrl"), ("Sns", "TargetArn")):
        draft.add_dead_letter(payload.get("ErrorAction", *key))
    for item in payload.get("Actions").items():
        target = item.get("Lambda", "FunctionArn").text()
        draft.add_trigger(Source.IOT, target, item.at, own(resource), when=item.when)
        for keys in (("Sqs", "QueueUrl"), ("Sns", "TargetArn"), ("Kinesis", "StreamName"), ("S3", "BucketName")):
            draft.add_delivery(own(resource), item.get(*keys).text(), item.at, when=item.when)


def lower_config_rule(draft: Draft, resource: Resource) -> None:
    """An AWS::Config::ConfigRule with a function of its own."""
    source = resource.properties.get("Source")
    if source.get("Owner").is_("CUSTOM_LAMBDA"):
        target = source.get("SourceIdentifier").text()
        draft.add_trigger(Source.CONFIG, target, resource.at, own(resource), when=resource.when)


def lower_rotation(draft: Draft, resource: Resource) -> None:
    """An AWS::SecretsManager::RotationSchedule."""
    secret = resource.properties.get("SecretId").text()
    target = resource.properties.get("RotationLambdaARN").text()
    draft.add_trigger(Source.SECRET_ROTATION, target, resource.at, secret, when=resource.when)


def lower_custom_resource(draft: Draft, resource: Resource) -> None:
    """A custom resource: CloudFormation invokes the function of its ServiceToken when the stack changes."""
    target = resource.properties.get("ServiceToken").text()
    draft.add_trigger(Source.CUSTOM_RESOURCE, target, resource.at, own(resource), when=resource.when)


def lower_delivery_stream(draft: Draft, resource: Resource) -> None:
    """An AWS::KinesisFirehose::DeliveryStream: where it takes records from, its transformations, and its bucket."""
    for entry in resource.properties.entries():
        view = entry.view
        if entry.key == "KinesisStreamSourceConfiguration":
            draft.add_delivery(view.get("KinesisStreamARN").text(), own(resource), entry.at, when=view.when)
        if not entry.key.endswith("DestinationConfiguration"):
            continue
        bucket = view if "S3" in entry.key else view.get("S3Configuration")
        draft.add_delivery(own(resource), bucket.get("BucketARN").text(), entry.at, when=view.when)
        for processor in view.get("ProcessingConfiguration", "Processors").items():
            for parameter in processor.get("Parameters").items():
                if parameter.get("ParameterName").is_("LambdaArn"):
                    target = parameter.get("ParameterValue").text()
                    draft.add_trigger(Source.DELIVERY_STREAM, target, processor.at, own(resource), when=parameter.when)


def lower_table(draft: Draft, resource: Resource) -> None:
    """An AWS::DynamoDB::Table: the Kinesis stream that its changes go to. Its own stream is the table itself."""
    target = resource.properties.get("KinesisStreamSpecification", "StreamArn")
    draft.add_delivery(own(resource), target.text(), target.at, when=resource.when)


def lower_object_lambda(draft: Draft, resource: Resource) -> None:
    """An AWS::S3ObjectLambda::AccessPoint."""
    configuration = resource.properties.get("ObjectLambdaConfiguration")
    for item in configuration.get("TransformationConfigurations").items():
        target = item.get("ContentTransformation", "AwsLambda", "FunctionArn").text()
        draft.add_trigger(Source.OBJECT_LAMBDA, target, item.at, own(resource), when=item.when)


def lower_distribution(draft: Draft, resource: Resource) -> None:
    """An AWS::CloudFront::Distribution's functions at the edge."""
    config = resource.properties.get("DistributionConfig")
    behaviors = [config.get("DefaultCacheBehavior"), *config.get("CacheBehaviors").items()]
    for behavior in behaviors:
        for item in behavior.get("LambdaFunctionAssociations").items():
            event = item.get("EventType").shown()
            draft.add_trigger(
                Source.EDGE,
                item.get("LambdaFunctionARN").text(),
                item.at,
                own(resource),
                when=item.when,
                waits=Known(VIEWER_WAITS if event.startswith("viewer") else ORIGIN_WAITS, item.at, Origin.DEFAULT),
                event=event,
            )


def lower_agent(draft: Draft, resource: Resource) -> None:
    """An AWS::Bedrock::Agent's action groups."""
    for group in resource.properties.get("ActionGroups").items():
        target = group.get("ActionGroupExecutor", "Lambda").text()
        draft.add_trigger(Source.CHAT, target, group.at, own(resource), when=group.when)


def lower_bot(draft: Draft, resource: Resource) -> None:
    """An AWS::Lex::Bot's or BotAlias's code hooks."""
    for settings in (
        resource.properties.get("BotAliasLocaleSettings"),
        resource.properties.get("TestBotAliasSettings", "BotAliasLocaleSettings"),
    ):
        for item in settings.items():
            target = item.get("BotAliasLocaleSetting", "CodeHookSpecification", "LambdaCodeHook", "LambdaArn").text()
            draft.add_trigger(Source.CHAT, target, item.at, own(resource), when=item.when)


NOTIFIERS: Mapping[str, Callable[[Draft, Resource], None]] = {
    "AWS::Bedrock::Agent": lower_agent,
    "AWS::CloudFormation::CustomResource": lower_custom_resource,
    "AWS::CloudFront::Distribution": lower_distribution,
    "AWS::Cognito::UserPool": lower_user_pool,
    "AWS::Config::ConfigRule": lower_config_rule,
    "AWS::DynamoDB::Table": lower_table,
    "AWS::IoT::Authorizer": lower_iot_authorizer,
    "AWS::IoT::TopicRule": lower_iot_rule,
    "AWS::KinesisFirehose::DeliveryStream": lower_delivery_stream,
    "AWS::Lex::Bot": lower_bot,
    "AWS::Lex::BotAlias": lower_bot,
    "AWS::Logs::SubscriptionFilter": lower_log_subscription,
    "AWS::S3::Bucket": lower_bucket,
    "AWS::S3ObjectLambda::AccessPoint": lower_object_lambda,
    "AWS::SES::ReceiptRule": lower_email_rule,
    "AWS::SNS::Subscription": lower_subscription,
    "AWS::SNS::Topic": lower_topic,
    "AWS::SecretsManager::RotationSchedule": lower_rotation,
}
