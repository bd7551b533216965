"""Permissions to invoke: triggers whose other end is not in sight."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.model import Ref, Source, Text, pattern, pieces_of
from slslint.templates.cloudformation.draft import Draft
from slslint.templates.cloudformation.template import Resource
from slslint.value import Known, Unknown, Value, known_values

_PRINCIPALS = {
    "alexa-appkit.amazon.com": Source.CHAT,
    "alexa-connectedhome.amazon.com": Source.CHAT,
    "apigateway.amazonaws.com": Source.REST_API,
    "appsync.amazonaws.com": Source.AUTHORIZER,
    "bedrock.amazonaws.com": Source.CHAT,
    "cloudformation.amazonaws.com": Source.CUSTOM_RESOURCE,
    "codedeploy.amazonaws.com": Source.DEPLOYMENT_HOOK,
    "cognito-idp.amazonaws.com": Source.USER_POOL,
    "config.amazonaws.com": Source.CONFIG,
    "connect.amazonaws.com": Source.CHAT,
    "edgelambda.amazonaws.com": Source.EDGE,
    "elasticloadbalancing.amazonaws.com": Source.LOAD_BALANCER,
    "events.amazonaws.com": Source.RULE,
    "iot.amazonaws.com": Source.IOT,
    "lex.amazonaws.com": Source.CHAT,
    "lexv2.amazonaws.com": Source.CHAT,
    "s3.amazonaws.com": Source.BUCKET,
    "scheduler.amazonaws.com": Source.SCHEDULE,
    "secretsmanager.amazonaws.com": Source.SECRET_ROTATION,
    "ses.amazonaws.com": Source.EMAIL,
    "sns.amazonaws.com": Source.TOPIC,
}
_SAME_PRINCIPAL = (
    frozenset({Source.REST_API, Source.HTTP_API, Source.WEBSOCKET_API, Source.AUTHORIZER}),
    frozenset({Source.RULE, Source.SCHEDULE}),
    frozenset({Source.IOT, Source.AUTHORIZER}),
)
_API_TYPES = {
    "AWS::ApiGatewayV2::Api": Source.HTTP_API,
    "AWS::Serverless::HttpApi": Source.HTTP_API,
}


def lower_permissions(draft: Draft) -> None:
    """A trigger for each AWS::Lambda::Permission whose source no other resource describes; needs all other triggers."""
    known = {(trigger.function, trigger.source_kind) for trigger in draft.triggers}
    for resource in draft.template.of_type("AWS::Lambda::Permission"):
        properties = resource.properties
        if properties.get("Action").is_("lambda:InvokeFunctionUrl"):
            continue
        kind = _kind(draft, resource)
        if kind is None or _told_by_source(draft, resource):
            continue
        alike = next((group for group in _SAME_PRINCIPAL if kind in group), frozenset({kind}))
        source = properties.get("SourceArn").text()
        target = properties.get("FunctionName").text()
        for when, function in tuple(draft.targets(target)):
            if any((function, each) in known for each in alike):
                continue
            waits: Value[float] | None = None
            if kind in (Source.REST_API, Source.HTTP_API, Source.WEBSOCKET_API):
                waits = Unknown("the API is not in sight", resource.at)
            named: Known[Text] = Known(Ref(function, "Arn"), resource.at)
            draft.add_trigger(kind, named, resource.at, source, when=resource.when | when, waits=waits)


def _told_by_source(draft: Draft, resource: Resource) -> bool:
    """Whether the source is of this template and names all its targets itself: a rule, a bucket that notifies any."""
    return any(
        source.type == "AWS::Events::Rule"
        or (source.type == "AWS::S3::Bucket" and source.properties.get("NotificationConfiguration").present)
        for known in known_values(resource.properties.get("SourceArn").text())
        for source in _written(draft, known.value)
    )


def _written(draft: Draft, arn: Text) -> Iterator[Resource]:
    """The resource of this template that an ARN is of: referred to, or a bucket by its name."""
    referred = draft.written(arn)
    if referred is not None:
        yield referred
    named = [part.partition(":::")[2] if isinstance(part, str) else part for part in pieces_of(arn)[:1]]
    name = pattern((*named, *pieces_of(arn)[1:]))
    for bucket in draft.template.of_type("AWS::S3::Bucket"):
        if any(known.value == name for known in known_values(bucket.properties.get("BucketName").text())):
            yield bucket


def _kind(draft: Draft, resource: Resource) -> Source | None:
    principal = resource.properties.get("Principal").string()
    if not isinstance(principal, Known) or not principal.value.endswith((".com", ".com.cn")):
        # An account or role: who invokes, and how, is not in sight.
        return None
    name = principal.value.removesuffix(".cn")
    if name.startswith("logs."):
        return Source.LOGS
    kind = _PRINCIPALS.get(name, Source.OTHER)
    for known in known_values(resource.properties.get("SourceArn").text()):
        written = draft.written(known.value)
        if written is not None and kind is Source.REST_API:
            if written.properties.get("ProtocolType").is_("WEBSOCKET"):
                return Source.WEBSOCKET_API
            return _API_TYPES.get(written.type, kind)
    return kind
