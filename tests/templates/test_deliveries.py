"""How events get from resource to resource, and which of them come through."""

from textwrap import dedent, indent

import pytest

from slslint.model import Cause, Deployment, Filter, Hole, Over, Pattern, Ref, show
from slslint.source import Reader
from slslint.templates import read
from slslint.value import Absent, Either, Known

HEAD = """
Parameters:
  Free: {Type: String}
  Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: /orders/url}
Conditions: {Prod: !Equals [!Ref Free, prod]}
"""
RESOURCES = """
F:
  Type: AWS::Lambda::Function
  Properties: {Handler: app.handler, Runtime: python3.12, Role: r, Code: {S3Bucket: b, S3Key: k}}
Q: {Type: AWS::SQS::Queue}
D: {Type: AWS::SQS::Queue}
T: {Type: AWS::SNS::Topic}
"""


def deploy(resources: str, rest: str = "") -> Deployment:
    text = dedent(HEAD) + "Resources:\n" + indent(dedent(RESOURCES) + dedent(resources), "  ") + dedent(rest)
    found = read("t.yaml", Reader("/", ("/",), {"t.yaml": text.encode()}), {})
    assert found is not None
    assert (found.problems, found.gaps) == ((), ())
    return found


def shown(value) -> str:
    """A place for people; the default bus is "-"."""
    match value:
        case Known(text):
            return show(text)
        case Absent():
            return "-"
        case Either(branches):
            return " or ".join(shown(plain) for _, plain in branches)
    return "?"


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (
            "X: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt D.Arn}}}",
            ["X fails to D.Arn"],
        ),
        (
            "X: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Protocol: sqs, Endpoint: !GetAtt Q.Arn}]}}",
            ["X passes events on to Q.Arn"],
        ),
        (
            "X: {Type: AWS::SNS::Subscription, Properties: {Protocol: sqs, TopicArn: !Ref T, Endpoint: !GetAtt Q.Arn,"
            " RedrivePolicy: {deadLetterTargetArn: !GetAtt D.Arn}}}",
            ["T passes events on to Q.Arn", "T fails to D.Arn"],
        ),
        ("X: {Type: AWS::SNS::Subscription, Properties: {Protocol: email, TopicArn: !Ref T, Endpoint: a@b.com}}", []),
        (
            "X: {Type: AWS::SNS::Subscription, Properties: {Protocol: lambda, TopicArn: !Ref T,"
            " Endpoint: !GetAtt F.Arn}}",
            [],
        ),
        (
            "X: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {"
            "QueueConfigurations: [{Event: 's3:ObjectCreated:*', Queue: !GetAtt Q.Arn}],"
            "TopicConfigurations: [{Event: 's3:ObjectRemoved:*', Topic: !Ref T}],"
            "EventBridgeConfiguration: {}}}}",
            ["X passes events on to Q.Arn", "X passes events on to T", "X passes events on to -"],
        ),
        (
            "X: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {"
            "EventBridgeConfiguration: {EventBridgeEnabled: false}}}}",
            [],
        ),
        (
            "X: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [a]}, Targets: ["
            "{Arn: !GetAtt F.Arn, DeadLetterConfig: {Arn: !GetAtt D.Arn}}, {Arn: !GetAtt Q.Arn}]}}",
            ["- passes events on to X", "X fails to D.Arn", "X passes events on to Q.Arn"],
        ),
        (
            "X: {Type: AWS::Events::Rule, Properties: {EventBusName: orders, EventPattern: {source: [a]},"
            " Targets: [{Arn: !If [Prod, !GetAtt Q.Arn, !GetAtt F.Arn]}]}}",
            ["orders passes events on to X", "X passes events on to Q.Arn"],
        ),
        (
            "X: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [a]}, Targets: [],"
            " EventBusName: !Sub 'arn:aws:events:${AWS::Region}:${AWS::AccountId}:event-bus/default'}}",
            ["- passes events on to X"],
        ),
        (
            "X: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day), Targets: ["
            "{Arn: !GetAtt Q.Arn}]}}",
            ["X passes events on to Q.Arn"],
        ),
        (
            "X: {Type: AWS::Events::Rule, Properties: {State: DISABLED, EventPattern: {source: [a]}, Targets: ["
            "{Arn: !GetAtt Q.Arn}]}}",
            [],
        ),
        (
            "X: {Type: AWS::Scheduler::Schedule, Properties: {ScheduleExpression: rate(1 day), Target: {"
            "Arn: !GetAtt Q.Arn, DeadLetterConfig: {Arn: !GetAtt D.Arn}}}}",
            ["X passes events on to Q.Arn", "X fails to D.Arn"],
        ),
        (
            "X: {Type: AWS::Pipes::Pipe, Properties: {Source: !GetAtt Q.Arn, Target: !Ref T}}",
            ["Q.Arn passes events on to T"],
        ),
        (
            "X: {Type: AWS::Logs::SubscriptionFilter, Properties: {LogGroupName: /aws/lambda/f,"
            " DestinationArn: !Sub 'arn:aws:kinesis:eu-west-1:1:stream/logs'}}",
            ["/aws/lambda/f passes events on to arn:aws:kinesis:eu-west-1:1:stream/logs"],
        ),
        (
            "X: {Type: AWS::KinesisFirehose::DeliveryStream, Properties: {"
            "KinesisStreamSourceConfiguration: {KinesisStreamARN: 'arn:aws:kinesis:eu-west-1:1:stream/s'},"
            "ExtendedS3DestinationConfiguration: {BucketARN: 'arn:aws:s3:::b'}}}",
            ["arn:aws:kinesis:eu-west-1:1:stream/s passes events on to X", "X passes events on to arn:aws:s3:::b"],
        ),
        (
            "X: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: api, HttpMethod: POST, Integration: {Type: AWS,"
            " Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:sqs:path/${AWS::AccountId}/${Q.QueueName}'}}}",
            ["api passes events on to Q"],
        ),
        (
            "X: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: api, RouteKey: POST /, Target: !Sub"
            " 'integrations/${I}'}}\nI: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: api,"
            " IntegrationType: AWS_PROXY, IntegrationSubtype: SQS-SendMessage, RequestParameters: {QueueUrl: !Ref Q}}}",
            ["api passes events on to Q"],
        ),
        (
            "X: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref F, StartingPosition: LATEST,"
            " EventSourceArn: 'arn:aws:kinesis:eu-west-1:1:stream/s',"
            " DestinationConfig: {OnFailure: {Destination: !GetAtt D.Arn}}}}",
            ["F.Arn fails to D.Arn"],
        ),
        (
            "X: {Type: AWS::Lambda::EventInvokeConfig, Properties: {FunctionName: !Ref F, Qualifier: $LATEST,"
            " DestinationConfig: {OnFailure: {Destination: !GetAtt D.Arn}, OnSuccess: {Destination: !Ref T}}}}",
            ["F.Arn fails to D.Arn", "F.Arn reports to T"],
        ),
    ],
)
def test_what_goes_from_resource_to_resource(resource, expected):
    found = [
        f"{shown(each.source)} {each.cause.value} {shown(each.target)}".replace("${", "").replace("}", "")
        for each in deploy(resource).deliveries
    ]
    assert found == expected


def test_a_functions_own_dead_letter_queue_is_a_delivery():
    text = """
    G:
      Type: AWS::Lambda::Function
      Properties:
        {Handler: a.b, Runtime: python3.12, Role: r, Code: {S3Bucket: b, S3Key: k},
         DeadLetterConfig: {TargetArn: !GetAtt D.Arn}}
    """
    (delivery,) = deploy(text).deliveries
    assert (delivery.cause, shown(delivery.source), shown(delivery.target)) == (Cause.FAILURE, "${G.Arn}", "${D.Arn}")


def test_a_delivery_assumes_what_leads_to_its_target():
    text = """
    X: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day), Targets: [
      {Arn: !If [Prod, !GetAtt Q.Arn, !GetAtt F.Arn]}]}}
    """
    found = deploy(text)
    (delivery,) = found.deliveries
    (trigger,) = found.triggers
    assert (delivery.when, trigger.when) == (frozenset({("Prod", True)}), frozenset({("Prod", False)}))


RULE = "X: {Type: AWS::Events::Rule, Properties: {EventPattern: %s, Targets: [{Arn: !GetAtt F.Arn}]}}"
MAPPING = (
    "X: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref F, EventSourceArn: !GetAtt Q.Arn,"
    " FilterCriteria: {Filters: %s}}}"
)
SUBSCRIPTION = (
    "X: {Type: AWS::SNS::Subscription, Properties: {Protocol: lambda, TopicArn: !Ref T, Endpoint: !GetAtt F.Arn, %s}}"
)
LOGS = (
    "X: {Type: AWS::Logs::SubscriptionFilter, Properties: {LogGroupName: l, DestinationArn: !GetAtt F.Arn,"
    " FilterPattern: %s}}"
)
BUCKET = (
    "X: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {LambdaConfigurations: ["
    "{Event: 's3:ObjectCreated:*', Function: !GetAtt F.Arn, Filter: {S3Key: {Rules: %s}}}]}}}"
)
CREATED = ("s3:ObjectCreated:*",)


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (RULE % "{source: [shop], detail: {paid: [true, null, 'true'], total: [{numeric: ['>', 10]}]}}", Filter(
            patterns=({"source": ("shop",), "detail": {
                "paid": (True, None, "true"), "total": ({"numeric": (">", 10)},)}},))),
        (RULE % "{source: [!Ref Free, !GetAtt Q.Arn, !If [Prod, a, b]], account: !If [Prod, !Ref AWS::NoValue, [x]]}",
         Filter(patterns=({
             "source": (Pattern((Hole("Free"),)), Ref("Q", "Arn"), Hole("...")), "account": Hole("...")},))),
        (RULE % """'{"source": ["shop"]}'""", Filter(patterns=({"source": ("shop",)},))),
        (RULE % "!If [Prod, {source: [a]}, {source: [b]}]",
         Filter(patterns=({"source": ("a",)}, {"source": ("b",)}), complete=False)),
        (RULE % "{source: !Ref AWS::NoValue}", Filter(patterns=({},))),
        (MAPPING % """[{Pattern: '{"body": {"kind": ["a"]}}'}, {Pattern: '{"body": {"n": [1]}}'}]""",
         Filter(patterns=({"body": {"kind": ("a",)}}, {"body": {"n": (1,)}}))),
        (MAPPING % "[{Pattern: !Ref Free}]", Filter(complete=False)),
        (SUBSCRIPTION % "FilterPolicy: {kind: [order]}",
         Filter(patterns=({"kind": ("order",)},), over=Over.ATTRIBUTES)),
        (SUBSCRIPTION % "FilterPolicyScope: MessageBody, FilterPolicy: {kind: [order]}",
         Filter(patterns=({"kind": ("order",)},), over=Over.BODY)),
        (SUBSCRIPTION % "FilterPolicyScope: MessageBody", Filter()),
        (LOGS % "ERROR", Filter(terms="ERROR")),
        (LOGS % "''", Filter()),
        (BUCKET % "[{Name: Prefix, Value: in/}, {Name: suffix, Value: .csv}]", Filter("in/", ".csv", CREATED)),
        (BUCKET % "[{Name: prefix, Value: !Sub '${Free}/in'}]", Filter(Pattern((Hole("Free"), "/in")), "", CREATED)),
        (BUCKET % "[!If [Prod, {Name: prefix, Value: in/}, !Ref AWS::NoValue]]",
         Filter("", "", CREATED, complete=False)),
    ],
)  # fmt: skip
def test_what_a_filter_lets_through(resource, expected):
    (trigger,) = deploy(resource).triggers
    assert trigger.filter == expected


def test_a_filter_is_written_for_people():
    text = "[{Name: prefix, Value: !Sub '${Free}/in'}]"
    (bucket,) = deploy(BUCKET % text).triggers
    (rule,) = deploy(RULE % "{source: [!Ref Free, 1, !If [Prod, a, b]]}").triggers
    assert (bucket.filter.written, rule.filter.written) == (
        ("prefix ${Free}/in",),
        ('{"source":["${Free}",1,"${...}"]}',),
    )


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (RULE % "{source: [a]}", "-"),
        (SUBSCRIPTION % "RedrivePolicy: {deadLetterTargetArn: !GetAtt D.Arn}", "${D.Arn}"),
        ("X: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Protocol: lambda, Endpoint: !GetAtt F.Arn}]}}", "-"),
        ("X: {Type: AWS::Scheduler::Schedule, Properties: {Target: {Arn: !GetAtt F.Arn,"
         " DeadLetterConfig: {Arn: !GetAtt D.Arn}}}}", "${D.Arn}"),
    ],
)  # fmt: skip
def test_where_what_cannot_be_delivered_goes(resource, expected):
    (trigger,) = deploy(resource).triggers
    assert shown(trigger.dead_letter) == expected


def test_what_knows_no_dead_letters_says_so():
    (trigger,) = deploy(MAPPING % "[]").triggers
    assert trigger.dead_letter is None


def test_what_other_stacks_and_the_store_know_has_its_name():
    found = deploy(
        """
        P: {Type: AWS::SSM::Parameter, Properties: {Name: /orders/queue, Type: String, Value: !Ref Q}}
        B: {Type: AWS::DynamoDB::Table, Properties: {StreamSpecification: {StreamViewType: NEW_IMAGE}}}
        O: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}
        G:
          Type: AWS::Lambda::Function
          Properties:
            Handler: a.b
            Runtime: python3.12
            Role: r
            Code: {S3Bucket: b, S3Key: k}
            Environment: {Variables: {
              A: !ImportValue orders-queue, B: !Ref Stored, C: '{{resolve:ssm:/orders/queue:1}}',
              D: !Sub '${AWS::StackName}-x'}}
        """,
        """
        Outputs:
          Plain: {Value: !Ref T}
          Queue: {Value: !Ref Q, Export: {Name: !Sub '${AWS::StackName}-queue'}}
        """,
    )
    variables = found.functions[1].environment.variables
    assert {name: shown(value) for name, value in variables.items()} == {
        "A": "${import:orders-queue}",
        "B": "${resolve:ssm:/orders/url}",
        "C": "${resolve:ssm:/orders/queue}",
        "D": "${AWS::StackName}-x",
    }
    assert {name: shown(value) for name, value in found.exports.items()} == {"${AWS::StackName}-queue": "${Q}"}
    resources = found.resources
    assert [shown(each) for each in (resources["P"].value, resources["B"].stream)] == ["${Q}", "NEW_IMAGE"]
    assert (resources["O"].fifo.value, resources["Q"].fifo.value, resources["T"].stream) == (True, False, None)
