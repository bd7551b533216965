"""Events that services push: the rule, subscription, notification, ... that the framework makes of each."""

from __future__ import annotations

from yaml.nodes import MappingNode, Node, ScalarNode

from slslint.record import replace
from slslint.templates.building import Literal, build, plain_fields, properties, referred, text_of
from slslint.templates.cloudformation.nodes import Undecided, field, intrinsic
from slslint.templates.serverless.event import Event
from slslint.templates.serverless.merging import merge
from slslint.templates.serverless.naming import alphanumeric
from slslint.templates.serverless.service import Planned, Service
from slslint.templates.serverless.texts import text_in
from slslint.templates.serverless.written import items_of, mapping_of


def add_bucket(service: Service, event: Event) -> None:
    """`s3`: a notification of a bucket that the framework makes, unless it exists."""
    named = _named(event, "bucket")
    if named is None or isinstance(named, Undecided):
        service.gap(event.key, "which bucket it is, is known only when deployed")
        return
    rules: list[Literal] = [
        {"Name": name, "Value": value}
        for rule in items_of(event("rules"))
        for name, (_, value) in mapping_of(rule).items()
    ]
    configuration: Literal = {
        "Event": event("event") or "s3:ObjectCreated:*",
        "Function": event.arn,
        "Filter": {"S3Key": {"Rules": rules}} if rules else None,
    }
    settings = mapping_of(service.provider("s3", text_of(named))) if text_of(named) else {}
    name = settings["name"][1] if "name" in settings else named
    found = _referred(service, named) or _written_as(service, "AWS::S3::Bucket", "BucketName", name)
    given: dict[str, Literal] = {
        "BucketName": name if found is None else None,
        "NotificationConfiguration": {"LambdaConfigurations": [build(configuration, event.key)]},
    }
    id = found or f"S3Bucket{alphanumeric(_plain(named))}"
    _extend(service, id, event.key, "AWS::S3::Bucket", properties(given, event.key))


def add_topic(service: Service, event: Event) -> None:
    """`sns`: a subscription to a topic, which the framework makes where only its name is given."""
    arn, name = _named(event, "arn"), event("topicName")
    text = text_in(arn) or ""
    plain = isinstance(text, str) and bool(text) and ":" not in text
    redrive: Literal = None
    if event("redrivePolicy") is not None:
        redrive = {"deadLetterTargetArn": _dead_letters(event)}
    subscription: dict[str, Literal] = {
        "Protocol": "lambda",
        "Endpoint": event.arn,
        "FilterPolicy": event("filterPolicy"),
        "FilterPolicyScope": event("filterPolicyScope"),
        "RedrivePolicy": redrive,
    }
    if arn is not None and not plain:
        last = text.rpartition(":")[2] if isinstance(text, str) else ""
        id = f"{event.prefix}SnsSubscription{alphanumeric(_plain(name) or last or referred(arn)) or event.number}"
        service.add(id, event.key, "AWS::SNS::Subscription", {"TopicArn": arn, **subscription}, event.condition)
        return
    named = name if name is not None else arn
    if named is None:
        service.gap(event.key, "which topic it is, is known only when deployed")
        return
    topic = f"SNSTopic{alphanumeric(_plain(named))}"
    _extend(service, topic, event.key, "AWS::SNS::Topic", properties({"TopicName": named}, event.key))
    id = f"{event.prefix}SnsSubscription{alphanumeric(_plain(named))}"
    service.add(id, event.key, "AWS::SNS::Subscription", {"TopicArn": {"Ref": topic}, **subscription}, event.condition)


def _dead_letters(event: Event) -> Literal:
    """The queue of a subscription's redrive policy: by its ARN, its logical id, or what another stack exports."""
    written = event("redrivePolicy", "deadLetterTargetArn")
    named, imported = event("redrivePolicy", "deadLetterTargetRef"), event("redrivePolicy", "deadLetterTargetImport")
    if written is None and named is not None:
        return {"Fn::GetAtt": [named, "Arn"]}
    if written is None and imported is not None:
        return {"Fn::ImportValue": event("redrivePolicy", "deadLetterTargetImport", "arn")}
    return written


def add_log_subscription(service: Service, event: Event) -> None:
    """`cloudwatchLog`: a subscription filter of a log group."""
    group = _named(event, "logGroup")
    given: dict[str, Literal] = {
        "LogGroupName": group,
        "FilterPattern": event("filter") or "",
        "DestinationArn": event.arn,
    }
    id = f"{event.prefix}LogsSubscriptionFilterCloudWatchLog{event.number}"
    service.add(id, event.key, "AWS::Logs::SubscriptionFilter", given, event.condition)


def add_user_pool(service: Service, event: Event) -> None:
    """`cognitoUserPool`: a trigger of a pool that the framework makes, unless it exists."""
    pool, trigger = event("pool"), text_of(event("trigger"))
    if pool is None or isinstance(pool, Undecided) or not trigger:
        service.gap(event.key, "which trigger of which user pool it is, is known only when deployed")
        return
    found = _referred(service, pool) or _written_as(service, "AWS::Cognito::UserPool", "UserPoolName", pool)
    id = found or f"CognitoUserPool{alphanumeric(_plain(pool))}"
    nested = trigger in ("CustomEmailSender", "CustomSMSSender")
    target: Literal = {"LambdaArn": event.arn} if nested else event.arn
    given: dict[str, Literal] = {"UserPoolName": None if found else pool, "LambdaConfig": {trigger: target}}
    _extend(service, id, event.key, "AWS::Cognito::UserPool", properties(given, event.key))


def add_iot_rule(service: Service, event: Event) -> None:
    """`iot`: a topic rule."""
    payload: Literal = {
        "Sql": event("sql"),
        "Actions": [] if event.disabled else [{"Lambda": {"FunctionArn": event.arn}}],
    }
    id = f"{event.prefix}IotTopicRule{event.number}"
    given: dict[str, Literal] = {"RuleName": event("name"), "TopicRulePayload": payload}
    service.add(id, event.key, "AWS::IoT::TopicRule", given, event.condition)


_PRINCIPALS = {
    "alexaSkill": ("LambdaPermissionAlexaSkill", "alexa-appkit.amazon.com"),
    "alexaSmartHome": ("LambdaPermissionAlexaSmartHome", "alexa-connectedhome.amazon.com"),
    "iotFleetProvisioning": ("LambdaPermissionIotProvisioningTemplate", "iot.amazonaws.com"),
}


def add_permission(service: Service, event: Event) -> None:
    """Events of which the function's permission is all there is: Alexa's, and hooks of IoT."""
    name, principal = _PRINCIPALS[event.kind]
    if event.disabled:
        return
    token = _named(event, "appId")
    given: dict[str, Literal] = {
        "FunctionName": event.arn,
        "Action": "lambda:InvokeFunction",
        "Principal": principal,
        "EventSourceToken": token if event.kind == "alexaSkill" else None,
    }
    service.add(f"{event.prefix}{name}{event.number}", event.key, "AWS::Lambda::Permission", given, event.condition)


def add_edge(service: Service, event: Event) -> None:
    """`cloudFront`: a function at the edge of the distribution that the framework makes."""
    logs: Literal = {"Fn::Sub": "arn:${AWS::Partition}:logs:*:*:*"}
    actions = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:TagResource"]
    service.allow(event.function.name, actions, logs)
    association: Literal = {"EventType": event("eventType"), "LambdaFunctionARN": event.arn}
    behavior: Literal = {
        "PathPattern": event("pathPattern") or "*",
        "LambdaFunctionAssociations": [build(association, event.key)],
    }
    config = properties({"DistributionConfig": {"CacheBehaviors": [build(behavior, event.key)]}}, event.key)
    _extend(service, "CloudFrontDistribution", event.key, "AWS::CloudFront::Distribution", config)


def _named(event: Event, name: str) -> Node | None:
    """What an event names under `name`, or in its short form alone."""
    return event(name) if plain_fields(event.node) else event.node


def _plain(node: Node | None) -> str:
    return node.value if isinstance(node, ScalarNode) and intrinsic(node) is None else ""


def _extend(service: Service, id: str, at: Node, type: str, given: MappingNode) -> None:
    """Add to a resource of the framework, or to one that `resources` will bring; lists grow."""
    known = service.resources.get(id)
    if known is None:
        service.resources[id] = Planned(at, type, given)
        return
    merged = merge(known.properties, given)
    assert isinstance(merged, MappingNode)
    service.resources[id] = replace(known, properties=merged)


def _referred(service: Service, node: Node) -> str | None:
    """The resource under `resources` that a `Ref` names."""
    call = intrinsic(node)
    id = referred(node) if call is not None and call[0] == "Ref" else ""
    return id or None


def _written_as(service: Service, type: str, name: str, wanted: Node) -> str | None:
    """The resource under `resources` that has this physical name."""
    text = text_in(wanted)
    for id, (_, node) in service.written.items():
        if text_of(field(node, "Type")) == type:
            if text is not None and text_in(field(node, "Properties", name)) == text:
                return id
    return None
