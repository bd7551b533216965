"""What is read from CloudFormation resources."""

import re
from textwrap import dedent, indent

import pytest

from slslint.model import Advice, Invocation, Kind, Packaging, Pattern, Ref, Route, Source, show
from slslint.source import Reader
from slslint.templates import read
from slslint.templates.cloudformation.words import CLOUDFORMATION
from slslint.value import Absent, Either, Known, Origin, Unknown

FUNCTION = """
F:
  Type: AWS::Lambda::Function
  Properties:
    FunctionName: orders
    Handler: app.handler
    Runtime: python3.12
    Role: !GetAtt Role.Arn
    Code: {S3Bucket: b, S3Key: k}
"""


def deploy(resources, head="", parameters=None, path="dir/t.yaml", files=None):
    text = dedent(head) + "Resources:\n" + indent(dedent(resources), "  ")
    found = read(path, Reader("/", ("/",), {path: text.encode(), **(files or {})}), parameters or {})
    assert found is not None
    assert found.problems == ()
    return found


def only_function(resources, head="", **more):
    (function,) = deploy(resources, head, **more).functions
    return function


def plain(value):
    match value:
        case Known(known, _, _):
            return known
        case Absent():
            return None
        case Unknown():
            return "?"
        case Either(branches):
            return {tuple(sorted(when)): plain(each) for when, each in branches}


# --- functions -------------------------------------------------------------------------------------------------------


def test_what_is_not_written_is_the_default_at_the_function():
    function = only_function(FUNCTION)
    assert function.timeout == Known(3, function.at, Origin.DEFAULT)
    assert function.memory == Known(128, function.at, Origin.DEFAULT)
    assert (function.at.line, function.at.column) == (3, 3)


@pytest.mark.parametrize(
    ("setting", "attribute", "expected"),
    [
        ("Timeout: '30'", "timeout", 30),
        ("Timeout: !If [Prod, 30, !Ref AWS::NoValue]", "timeout", {(("Prod", True),): 30, (("Prod", False),): 3}),
        ("Timeout: !Ref Limit", "timeout", "?"),
        ("MemorySize: 512", "memory", 512),
        ("ReservedConcurrentExecutions: 5", "reserved_concurrency", 5),
        ("SnapStart: {ApplyOn: PublishedVersions}", "snap_start", True),
        ("RecursiveLoop: Allow", "recursion_allowed", True),
        ("RecursiveLoop: Terminate", "recursion_allowed", False),
        ("TenancyConfig: {TenantIsolationMode: PER_TENANT}", "tenant_isolation", True),
        ("CapacityProviderConfig: {LambdaManagedInstancesCapacityProviderConfig: {}}", "concurrent", True),
        ("DeadLetterConfig: {TargetArn: !GetAtt Q.Arn}", "dead_letter", Ref("Q", "Arn")),
        ("DeadLetterConfig: !If [Prod, {TargetArn: x}, !Ref AWS::NoValue]", "dead_letter",
         {(("Prod", True),): "x", (("Prod", False),): None}),
    ],
)  # fmt: skip
def test_settings(setting, attribute, expected):
    head = "Parameters: {Limit: {Type: Number}}\nConditions: {Prod: !Equals [!Ref AWS::Region, us-east-1]}\n"
    function = only_function(FUNCTION + f"    {setting}\nQ: {{Type: AWS::SQS::Queue}}", head)
    assert plain(getattr(function, attribute)) == expected


def test_a_setting_beside_properties_does_nothing_and_is_a_gap():
    found = deploy(FUNCTION + "  Timeout: 30\n")
    assert plain(found.functions[0].timeout) == 3
    assert [(gap.at.line, "`Timeout`" in gap.why) for gap in found.gaps] == [(11, True)]


def test_environment_variables():
    function = only_function(
        FUNCTION
        + """\
    Environment:
      Variables:
        TABLE: !Ref T
        MODE: !If [Prod, live, !Ref AWS::NoValue]
        LIMIT: 5
T: {Type: AWS::DynamoDB::Table}
""",
        "Conditions: {Prod: !Equals [!Ref AWS::Region, us-east-1]}\n",
    )
    variables = {name: plain(value) for name, value in function.environment.variables.items()}
    assert variables == {
        "TABLE": Ref("T"),
        "MODE": {(("Prod", True),): "live", (("Prod", False),): None},
        "LIMIT": "5",
    }
    assert function.environment.complete


def test_an_environment_that_cannot_be_decided_is_open():
    assert not only_function(FUNCTION + "    Environment: {Variables: !FindInMap [A, !Ref X, y]}").environment.complete


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("!GetAtt Role.Arn", "Role"),
        ("!Sub '${Role.Arn}'", "Role"),
        ("!Sub 'arn:aws:iam::${AWS::AccountId}:role/${Role}'", "Role"),
        ("!Sub 'arn:aws:iam::${AWS::AccountId}:role/orders'", "Role"),
        ("!Sub 'arn:aws:iam::${AWS::AccountId}:role/other'", "?"),
        ("!ImportValue role", "?"),
    ],
)
def test_the_role_of_a_function(role, expected):
    text = FUNCTION.replace("!GetAtt Role.Arn", role) + "Role: {Type: AWS::IAM::Role, Properties: {RoleName: orders}}"
    assert plain(only_function(text).role) == expected


# --- code ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "packaging", "path"),
    [
        ("{S3Bucket: b, S3Key: k}", Packaging.REMOTE, None),
        ("{ImageUri: x}", Packaging.IMAGE, None),
        ("src/orders", Packaging.FILES, "dir/src/orders"),
        ("../src", Packaging.FILES, "src"),
        ("s3://bucket/key", Packaging.REMOTE, None),
        ("!Ref Where", Packaging.REMOTE, "?"),
    ],
)
def test_where_the_code_is(code, packaging, path):
    head = "Parameters: {Where: {Type: String}}\n"
    package = only_function(FUNCTION.replace("{S3Bucket: b, S3Key: k}", code), head).package
    assert (package.packaging, plain(package.path)) == (packaging, path)


def test_a_bundled_asset_is_a_local_folder():
    text = FUNCTION + "  Metadata: {'aws:asset:path': asset.1, 'aws:asset:property': Code}\n"
    assert plain(only_function(text).package.path) == "dir/asset.1"


INLINE = ["import os", "", "def handler(event, context):", "    return 'é'"]


def inline(code):
    text = FUNCTION.replace("    Code: {S3Bucket: b, S3Key: k}\n", "") + code
    found = deploy(text, "Parameters: {P: {Type: String}}\n").functions[0].package
    assert found.packaging is Packaging.INLINE
    return found.inline


BLOCK = indent("\n".join(INLINE), " " * 8) + "\n"
QUOTED = """    Code: {ZipFile: "import os\\n\\ndef handler(event, context):\\n    return 'é'"}\n"""
FOLDED = """\
    Code:
      ZipFile: >
        import os


        def handler(event, context):
            return 'é'
"""
CONTINUED = """\
    Code:
      ZipFile: "import os\\n\\
        \\ndef handler(event, context):\\n\\
        \\    return 'é'"
"""
LINES = """\
    Code:
      ZipFile: !Join
        - "\\n"
        - - import os
          - ''
          - 'def handler(event, context):'
          - "    return 'é'"
"""
PIECES = """\
    Code:
      ZipFile:
        Fn::Join: ['', ["import os\\n",
          "\\n", 'def handler(event, ', "context):\\n",
          "    return 'é'"]]
"""


@pytest.mark.parametrize(
    ("code", "starts"),
    [
        ("    Code:\n      ZipFile: |\n" + BLOCK, INLINE),
        ("    Code:\n      ZipFile: |-\n" + BLOCK, INLINE),
        ("    Code:\n      ZipFile: !Sub |\n" + BLOCK, INLINE),
        ("    Code:\n      ZipFile:\n        Fn::Sub: |\n" + indent(BLOCK, "  "), INLINE),
        (QUOTED, ["import", "\\ndef", "def handler", "    return"]),
        (FOLDED, ["import", "", "def handler", "    return"]),
        (CONTINUED, ["import", "", "def handler", "    return"]),
        (LINES, INLINE),
        (PIECES, ["import", "\\n", "def handler(", "    return"]),
    ],
    ids=["block", "stripped", "sub", "long sub", "quoted", "folded", "continued", "join lines", "join pieces"],
)
def test_inline_code_knows_where_each_of_its_lines_stands(code, starts):
    source = inline(code)
    lines = source.text.removesuffix("\n").split("\n")
    assert lines == INLINE
    assert source.path == "dir/t.yaml"
    template = ("Parameters: {P: {Type: String}}\nResources:\n" + indent(FUNCTION, "  ")).split("\n")
    template[-2:] = indent(code, "  ").split("\n")
    for start, (line, column) in zip(starts, source.places, strict=False):
        assert template[line - 1][column - 1 :].startswith(start)


def test_inline_code_that_is_longer_than_its_template_ends_where_the_line_does():
    first = "      ZipFile: !Join ['', [\"u = '\", !Ref P,"
    source = inline(f'    Code:\n{first}\n        "\'; go(u, u, u, u, u, u, u, u)"]]\n')
    span = source.span((0, 5), (0, len(source.data)))
    assert (span.line, span.column) <= (span.end_line, span.end_column)
    assert span.end_column <= len(first) + len("  ") + 1


def test_what_a_sub_puts_into_code_keeps_its_length_and_stays_code():
    source = inline("    Code:\n      ZipFile: !Sub |\n        LIMIT = ${P}\n        NAME = '${F.Arn}'\n")
    assert source.text == "LIMIT = __P_\nNAME = '${F.Arn}'\n"


# --- failure settings ------------------------------------------------------------------------------------------------

ASYNC = """
Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref F, FunctionVersion: !GetAtt V.Version, Name: live}}
V: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref F}}
D: {Type: AWS::SQS::Queue}
"""


@pytest.mark.parametrize("name", ["!Ref F", "orders", "!GetAtt F.Arn", "!Ref Live"])
def test_an_invoke_config_gives_its_function_a_failure_destination(name):
    found = deploy(
        FUNCTION
        + ASYNC
        + f"""\
I:
  Type: AWS::Lambda::EventInvokeConfig
  Properties:
    FunctionName: {name}
    Qualifier: $LATEST
    DestinationConfig: {{OnFailure: {{Destination: !GetAtt D.Arn}}}}
"""
    )
    assert plain(found.functions[0].on_failure) == Ref("D", "Arn")
    assert [plain(text) for text in found.dead_letters] == [Ref("D", "Arn")]


def test_a_failure_destination_under_a_condition_is_absent_otherwise():
    config = """
I:
  Type: AWS::Lambda::EventInvokeConfig
  Condition: Prod
  Properties: {FunctionName: !Ref F, DestinationConfig: {OnFailure: {Destination: x}}}
"""
    head = "Conditions: {Prod: !Equals [!Ref AWS::Region, a]}\n"
    expected = {(("Prod", True),): "x", (("Prod", False),): None}
    assert plain(only_function(FUNCTION + config, head).on_failure) == expected
    same = FUNCTION.replace("  Properties:", "  Condition: Prod\n  Properties:", 1)
    assert plain(only_function(same + config, head).on_failure) == "x"


def test_provisioned_concurrency_of_an_alias_counts_for_the_function():
    text = FUNCTION + ASYNC.replace("Name: live", "ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 2}")
    assert plain(only_function(text).provisioned_concurrency) == 2


@pytest.mark.parametrize("policy", [
    "{deadLetterTargetArn: !GetAtt D.Arn, maxReceiveCount: '3'}",
    "!Sub '{\"deadLetterTargetArn\": \"${D.Arn}\", \"maxReceiveCount\": 3}'",
])  # fmt: skip
def test_queues(policy):
    found = deploy(f"""
Q: {{Type: AWS::SQS::Queue, Properties: {{QueueName: orders, RedrivePolicy: {policy}}}}}
D: {{Type: AWS::SQS::Queue, Properties: {{VisibilityTimeout: 60}}}}
""")
    queue, dead = found.queues
    assert (plain(queue.name), plain(queue.redrive), plain(queue.max_receives)) == ("orders", Ref("D", "Arn"), 3)
    assert queue.visibility_timeout == Known(30, queue.at, Origin.DEFAULT)
    assert (plain(dead.redrive), plain(dead.visibility_timeout)) == (None, 60)
    assert [plain(text) for text in found.dead_letters] == [Ref("D", "Arn")]


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("{Type: AWS::SQS::Queue, Properties: {RedriveAllowPolicy: {redrivePermission: allowAll}}}", Ref("X", "Arn")),
        ("{Type: AWS::SQS::Queue, Properties: {RedriveAllowPolicy: {redrivePermission: denyAll}}}", None),
        ("{Type: AWS::SNS::Subscription, Properties: {Protocol: sqs, RedrivePolicy: {deadLetterTargetArn: d}}}", "d"),
        ("{Type: AWS::Events::Rule, Properties: {Targets: [{Arn: a, DeadLetterConfig: {Arn: d}}]}}", "d"),
        ("{Type: AWS::Scheduler::Schedule, Properties: {Target: {Arn: a, DeadLetterConfig: {Arn: d}}}}", "d"),
        ("{Type: AWS::Pipes::Pipe, Properties: {SourceParameters: "
         "{KinesisStreamParameters: {DeadLetterConfig: {Arn: d}}}}}", "d"),
        ("{Type: AWS::Lambda::EventSourceMapping, Properties: "
         "{DestinationConfig: {OnFailure: {Destination: d}}}}", "d"),
        ("{Type: AWS::IoT::TopicRule, Properties: {TopicRulePayload: {ErrorAction: {Sqs: {QueueUrl: d}}}}}", "d"),
    ],
)  # fmt: skip
def test_places_for_failed_messages(resource, expected):
    assert [plain(text) for text in deploy("X: " + resource).dead_letters] == ([expected] if expected else [])


# --- triggers --------------------------------------------------------------------------------------------------------

WAITS, ASYNCHRONOUS, POLLED = Invocation.WAITS, Invocation.ASYNC, Invocation.POLLED
URI = "!Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F.Arn}/invocations'"
REST = """
Api: {Type: AWS::ApiGateway::RestApi}
Users: {Type: AWS::ApiGateway::Resource, Properties: {ParentId: !GetAtt Api.RootResourceId, PathPart: users}}
One: {Type: AWS::ApiGateway::Resource, Properties: {ParentId: !Ref Users, PathPart: "{id}"}}
"""
HTTP = f"""
Api: {{Type: AWS::ApiGatewayV2::Api, Properties: {{ProtocolType: HTTP}}}}
Int: {{Type: AWS::ApiGatewayV2::Integration, Properties: {{IntegrationUri: {URI}}}}}
Slow: {{Type: AWS::ApiGatewayV2::Integration, Properties: {{IntegrationUri: !GetAtt F.Arn, TimeoutInMillis: 5000}}}}
"""
GRAPHQL = """
Data:
  Type: AWS::AppSync::DataSource
  Properties: {ApiId: a, Name: users, LambdaConfig: {LambdaFunctionArn: !GetAtt F.Arn}}
"""
OPENAPI = """{paths: {/a: {get: {x-amazon-apigateway-integration: {uri: URI, type: aws_proxy}}, parameters: []}},
    securityDefinitions: {auth: {x-amazon-apigateway-authorizer: {authorizerUri: URI}}}}""".replace("URI", URI)


def method(more, resource="!Ref One"):
    return REST + (
        f"X: {{Type: AWS::ApiGateway::Method, Properties: {{RestApiId: !Ref Api, ResourceId: {resource},"
        f" HttpMethod: get, Integration: {{Type: AWS_PROXY, Uri: {URI}{more}}}}}}}"
    )


def route(target, key="GET /users"):
    properties = f"ApiId: !Ref Api, RouteKey: '{key}', Target: {target}"
    return HTTP + f"X: {{Type: AWS::ApiGatewayV2::Route, Properties: {{{properties}}}}}"


def resource(kind, properties):
    return f"X: {{Type: AWS::{kind}, Properties: {{{properties}}}}}"


TRIGGERS = [
    # requests
    (method(""), [(Source.REST_API, WAITS, 29.0, Route("GET", "/users/{id}"))]),
    (method("", "!GetAtt Api.RootResourceId"), [(Source.REST_API, WAITS, 29.0, Route("GET", "/"))]),
    (method("", "!ImportValue x"), [(Source.REST_API, WAITS, 29.0, "?")]),
    (method(", TimeoutInMillis: 60000"), [(Source.REST_API, WAITS, 60.0, Route("GET", "/users/{id}"))]),
    (method(", ResponseTransferMode: STREAM"), [(Source.REST_API, WAITS, 900.0, Route("GET", "/users/{id}"))]),
    (method(", RequestParameters: {integration.request.header.X-Amz-Invocation-Type: \"'Event'\"}"),
     [(Source.REST_API, ASYNCHRONOUS, None, Route("GET", "/users/{id}"))]),
    (method(", RequestParameters: {integration.request.header.X-Amz-Invocation-Type: method.request.header.T}"),
     [(Source.REST_API, WAITS, "?", Route("GET", "/users/{id}"))]),
    (resource("ApiGateway::RestApi", f"Body: {OPENAPI}"),
     [(Source.REST_API, WAITS, 29.0, Route("GET", "/a")), (Source.AUTHORIZER, WAITS, "?", None)]),
    (route("!Sub 'integrations/${Int}'"), [(Source.HTTP_API, WAITS, 30.0, Route("GET", "/users"))]),
    (route("!Join ['/', [integrations, !Ref Slow]]"), [(Source.HTTP_API, WAITS, 5.0, Route("GET", "/users"))]),
    (route("!Sub 'integrations/${Int}'", "$default"), [(Source.HTTP_API, WAITS, 30.0, Route("ANY", "$default"))]),
    (route("!Sub 'integrations/${Int}'", "$connect").replace("HTTP}", "WEBSOCKET}"),
     [(Source.WEBSOCKET_API, WAITS, 29.0, Route("ANY", "$connect"))]),
    (resource("ApiGatewayV2::Api", "ProtocolType: HTTP, Target: !GetAtt F.Arn"),
     [(Source.HTTP_API, WAITS, 30.0, Route("ANY", "$default"))]),
    (resource("Lambda::Url", "TargetFunctionArn: !GetAtt F.Arn, AuthType: NONE"),
     [(Source.FUNCTION_URL, WAITS, None, None)]),
    (GRAPHQL, [(Source.GRAPHQL_API, WAITS, 30.0, None)]),
    (GRAPHQL + resource("AppSync::Resolver", "TypeName: Query, FieldName: user, DataSourceName: !GetAtt Data.Name"),
     [(Source.GRAPHQL_API, WAITS, 30.0, Route("Query", "user"))]),
    (GRAPHQL + resource("AppSync::Resolver", "TypeName: Query, FieldName: user, DataSourceName: users"),
     [(Source.GRAPHQL_API, WAITS, 30.0, Route("Query", "user"))]),
    (resource("ApiGateway::Authorizer", f"AuthorizerUri: {URI}"), [(Source.AUTHORIZER, WAITS, "?", None)]),
    (resource("ElasticLoadBalancingV2::TargetGroup", "TargetType: lambda, Targets: [{Id: !GetAtt F.Arn}]"),
     [(Source.LOAD_BALANCER, WAITS, "?", None)]),
    (resource("Cognito::UserPool", "LambdaConfig: {PreSignUp: !GetAtt F.Arn}"),
     [(Source.USER_POOL, WAITS, 5.0, None)]),
    (resource("Cognito::UserPool", "LambdaConfig: {PreTokenGenerationConfig: {LambdaArn: !GetAtt F.Arn}}"),
     [(Source.USER_POOL, WAITS, 5.0, None)]),
    # events
    (resource("S3::Bucket", "NotificationConfiguration: {LambdaConfigurations: "
              "[{Event: s3:ObjectCreated:*, Function: !GetAtt F.Arn}]}"), [(Source.BUCKET, ASYNCHRONOUS, None, None)]),
    (resource("SNS::Topic", "Subscription: [{Protocol: lambda, Endpoint: !GetAtt F.Arn}]"),
     [(Source.TOPIC, ASYNCHRONOUS, None, None)]),
    (resource("SNS::Subscription", "TopicArn: t, Protocol: lambda, Endpoint: !GetAtt F.Arn"),
     [(Source.TOPIC, ASYNCHRONOUS, None, None)]),
    (resource("SNS::Subscription", "TopicArn: t, Protocol: sqs, Endpoint: !GetAtt F.Arn"), []),
    (resource("Events::Rule", "EventPattern: {source: [a]}, Targets: [{Arn: !GetAtt F.Arn}]"),
     [(Source.RULE, ASYNCHRONOUS, None, None)]),
    (resource("Events::Rule", "ScheduleExpression: rate(1 day), Targets: [{Arn: !GetAtt F.Arn}]"),
     [(Source.SCHEDULE, ASYNCHRONOUS, None, None)]),
    (resource("Events::Rule", "State: DISABLED, ScheduleExpression: x, Targets: [{Arn: !GetAtt F.Arn}]"), []),
    (resource("Scheduler::Schedule", "ScheduleExpression: x, Target: {Arn: !GetAtt F.Arn}"),
     [(Source.SCHEDULE, ASYNCHRONOUS, None, None)]),
    (resource("Logs::SubscriptionFilter", "LogGroupName: g, DestinationArn: !GetAtt F.Arn"),
     [(Source.LOGS, ASYNCHRONOUS, None, None)]),
    (resource("IoT::TopicRule", "TopicRulePayload: {Actions: [{Lambda: {FunctionArn: !GetAtt F.Arn}}]}"),
     [(Source.IOT, ASYNCHRONOUS, None, None)]),
    (resource("Config::ConfigRule", "Source: {Owner: CUSTOM_LAMBDA, SourceIdentifier: !GetAtt F.Arn}"),
     [(Source.CONFIG, ASYNCHRONOUS, None, None)]),
    (resource("SES::ReceiptRule", "Rule: {Actions: [{LambdaAction: {FunctionArn: !GetAtt F.Arn}}]}"),
     [(Source.EMAIL, ASYNCHRONOUS, None, None)]),
    (resource("SES::ReceiptRule", "Rule: {Actions: [{LambdaAction: {FunctionArn: !GetAtt F.Arn, "
              "InvocationType: RequestResponse}}]}"), [(Source.EMAIL, WAITS, None, None)]),
    (resource("SecretsManager::RotationSchedule", "SecretId: s, RotationLambdaARN: !GetAtt F.Arn"),
     [(Source.SECRET_ROTATION, ASYNCHRONOUS, None, None)]),
    ("X: {Type: Custom::Thing, Properties: {ServiceToken: !GetAtt F.Arn}}",
     [(Source.CUSTOM_RESOURCE, ASYNCHRONOUS, None, None)]),
    # others that wait
    (resource("KinesisFirehose::DeliveryStream", "ExtendedS3DestinationConfiguration: {ProcessingConfiguration: "
              "{Processors: [{Parameters: [{ParameterName: LambdaArn, ParameterValue: !GetAtt F.Arn}]}]}}"),
     [(Source.DELIVERY_STREAM, WAITS, 300.0, None)]),
    (resource("S3ObjectLambda::AccessPoint", "ObjectLambdaConfiguration: {TransformationConfigurations: "
              "[{ContentTransformation: {AwsLambda: {FunctionArn: !GetAtt F.Arn}}}]}"),
     [(Source.OBJECT_LAMBDA, WAITS, 60.0, None)]),
    (resource("CloudFront::Distribution", "DistributionConfig: {DefaultCacheBehavior: {LambdaFunctionAssociations: "
              "[{EventType: viewer-request, LambdaFunctionARN: !Ref V}]}}") + ASYNC,
     [(Source.EDGE, WAITS, 5.0, None)]),
    (resource("StepFunctions::StateMachine", "DefinitionString: !Sub '{\"Resource\": \"${F.Arn}\"}'"),
     [(Source.WORKFLOW, WAITS, None, None)]),
    (resource("StepFunctions::StateMachine", "Definition: {States: {A: {Parameters: {FunctionName: !Ref F}}, "
              "B: {Resource: !GetAtt F.Arn}}}"), [(Source.WORKFLOW, WAITS, None, None)]),
    (resource("StepFunctions::StateMachine", "DefinitionSubstitutions: {fn: !GetAtt F.Arn}"),
     [(Source.WORKFLOW, WAITS, None, None)]),
    (resource("Pipes::Pipe", "Source: s, Target: !GetAtt F.Arn"), [(Source.PIPE, WAITS, None, None)]),
    (resource("Pipes::Pipe", "Source: s, Target: !GetAtt F.Arn, TargetParameters: "
              "{LambdaFunctionParameters: {InvocationType: FIRE_AND_FORGET}}"),
     [(Source.PIPE, ASYNCHRONOUS, None, None)]),
    # permissions speak where nothing else does
    (resource("Lambda::Permission", "FunctionName: !Ref F, Principal: s3.amazonaws.com"),
     [(Source.BUCKET, ASYNCHRONOUS, None, None)]),
    (resource("Lambda::Permission", "FunctionName: !Ref F, Principal: logs.eu-west-1.amazonaws.com"),
     [(Source.LOGS, ASYNCHRONOUS, None, None)]),
    (resource("Lambda::Permission", "FunctionName: orders, Principal: apigateway.amazonaws.com"),
     [(Source.REST_API, WAITS, "?", None)]),
    (resource("Lambda::Permission", "FunctionName: !Ref F, Principal: '123456789012'"), []),
    (resource("Events::Rule", "State: DISABLED, ScheduleExpression: x, Targets: [{Arn: !GetAtt F.Arn}]") +
     "\nP: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref F, Principal: events.amazonaws.com, "
     "SourceArn: !GetAtt X.Arn}}", []),
    # a bucket that notifies others names all whom it notifies
    (resource("S3::Bucket", "BucketName: !Sub 'b-${AWS::AccountId}', NotificationConfiguration: "
              "{QueueConfigurations: [{Event: 's3:ObjectCreated:*', Queue: q}]}") +
     "\nP: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref F, Principal: s3.amazonaws.com, "
     "SourceArn: !Sub 'arn:aws:s3:::b-${AWS::AccountId}'}}", []),
    (resource("S3::Bucket", "NotificationConfiguration: {EventBridgeConfiguration: {}}") +
     "\nP: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref F, Principal: s3.amazonaws.com, "
     "SourceArn: !GetAtt X.Arn}}", []),
    (resource("S3::Bucket", "BucketName: b") +
     "\nP: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref F, Principal: s3.amazonaws.com, "
     "SourceArn: 'arn:aws:s3:::b'}}", [(Source.BUCKET, ASYNCHRONOUS, None, None)]),
    (resource("Lambda::EventInvokeConfig", "FunctionName: else, "
              "DestinationConfig: {OnFailure: {Destination: !GetAtt F.Arn}}"),
     [(Source.OTHER, ASYNCHRONOUS, None, None)]),
    (method("") + "\nP: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref F, "
     "Principal: apigateway.amazonaws.com}}", [(Source.REST_API, WAITS, 29.0, Route("GET", "/users/{id}"))]),
    (resource("Events::Rule", "ScheduleExpression: x, Targets: [{Arn: !GetAtt F.Arn}]") +
     "\nP: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref F, Principal: events.amazonaws.com}}",
     [(Source.SCHEDULE, ASYNCHRONOUS, None, None)]),
]  # fmt: skip


@pytest.mark.parametrize(("resources", "expected"), TRIGGERS)
def test_triggers(resources, expected):
    found = deploy(FUNCTION + resources.lstrip("\n")).triggers
    assert [(t.source_kind, t.invocation, plain(t.caller_waits), plain(t.route)) for t in found] == expected
    assert {trigger.function for trigger in found} <= {"F"}


@pytest.mark.parametrize(
    "named",
    [
        "!Ref F",
        "!GetAtt F.Arn",
        "!Sub '${F.Arn}:live'",
        "orders",
        "orders:live",
        "arn:aws:lambda:eu-west-1:123456789012:function:orders:1",
        "!Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:orders'",
        "!Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${F}'",
        "!Ref Live",
        "!Ref V",
    ],
)
def test_a_function_may_be_named_in_many_ways(named):
    found = deploy(FUNCTION + ASYNC + f"X: {{Type: AWS::Lambda::Url, Properties: {{TargetFunctionArn: {named}}}}}")
    assert [trigger.function for trigger in found.triggers] == ["F"]


@pytest.mark.parametrize("named", ["other", "!ImportValue x", "!Sub 'arn:aws:lambda:eu-west-1:1:function:orders-old'"])
def test_other_functions_are_nobody_here(named):
    assert deploy(FUNCTION + resource("Lambda::Url", f"TargetFunctionArn: {named}")).triggers == ()


MAPPED = "X: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref F, %s}}"


@pytest.mark.parametrize(
    ("properties", "kind", "size"),
    [
        ("EventSourceArn: !GetAtt Q.Arn", Source.QUEUE, 10),
        ("EventSourceArn: !GetAtt T.StreamArn, StartingPosition: LATEST", Source.TABLE_STREAM, 100),
        ("EventSourceArn: 'arn:aws:kinesis:eu-west-1:1:stream/s', StartingPosition: LATEST", Source.DATA_STREAM, 100),
        ("EventSourceArn: !ImportValue q, BatchSize: 1", Source.QUEUE, 1),
        ("EventSourceArn: !ImportValue s, StartingPosition: LATEST", Source.OTHER, 100),
        ("SelfManagedEventSource: {}, Topics: [t], StartingPosition: LATEST", Source.KAFKA, 100),
        ("EventSourceArn: !ImportValue q, Queues: [q]", Source.BROKER, 100),
    ],
)
def test_event_source_mappings(properties, kind, size):
    text = FUNCTION + "Q: {Type: AWS::SQS::Queue}\nT: {Type: AWS::DynamoDB::Table}\n" + MAPPED % properties
    (trigger,) = deploy(text).triggers
    assert (trigger.source_kind, trigger.invocation, plain(trigger.batch.size)) == (kind, POLLED, size)


@pytest.mark.parametrize(
    ("properties", "attribute", "expected"),
    [
        ("FunctionResponseTypes: [ReportBatchItemFailures]", "partial_failures", True),
        ("FunctionResponseTypes: !Ref Types", "partial_failures", "?"),
        ("Enabled: true", "partial_failures", False),
        ("MaximumBatchingWindowInSeconds: 5", "window", 5),
        ("Enabled: true", "window", 0),
        ("Enabled: true", "retries", None),
        ("StartingPosition: LATEST", "retries", -1),
        ("BisectBatchOnFunctionError: true", "bisect", True),
        ("DestinationConfig: {OnFailure: {Destination: d}}", "on_failure", "d"),
    ],
)
def test_batches(properties, attribute, expected):
    head = "Parameters: {Types: {Type: CommaDelimitedList}}\n"
    (trigger,) = deploy(FUNCTION + MAPPED % ("EventSourceArn: !ImportValue q, " + properties), head).triggers
    assert plain(getattr(trigger.batch, attribute)) == expected


def test_a_mapping_that_is_switched_off_is_no_trigger():
    assert deploy(FUNCTION + MAPPED % "EventSourceArn: !ImportValue q, Enabled: false").triggers == ()


def test_a_trigger_says_what_it_is_about():
    found = deploy(
        FUNCTION
        + """
B:
  Type: AWS::S3::Bucket
  Properties:
    NotificationConfiguration:
      LambdaConfigurations:
        - Event: s3:ObjectCreated:Put
          Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}]}}
          Function: !GetAtt F.Arn
R: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(5 minutes), Targets: [{Arn: !GetAtt F.Arn}]}}
"""
    )
    bucket, rule = found.triggers
    assert (bucket.event, bucket.filter.written, plain(bucket.source)) == (
        "s3:ObjectCreated:Put",
        ("prefix in/",),
        Ref("B"),
    )
    assert (bucket.at.line, rule.event) == (17, "rate(5 minutes)")


def test_a_trigger_is_there_only_under_its_conditions():
    rule = """
X:
  Type: AWS::Events::Rule
  Condition: Prod
  Properties: {ScheduleExpression: x, Targets: !If [Big, [{Arn: !GetAtt F.Arn}], []]}
"""
    head = "Conditions: {Prod: !Equals [!Ref AWS::Region, a], Big: !Equals [!Ref AWS::AccountId, b]}\n"
    (trigger,) = deploy(FUNCTION + rule, head).triggers
    assert trigger.when == {("Prod", True), ("Big", True)}


# --- roles -----------------------------------------------------------------------------------------------------------


def statement(action):
    return f"{{Statement: [{{Effect: Allow, Action: {action}, Resource: '*'}}]}}"


ROLES = f"""
Role:
  Type: AWS::IAM::Role
  Properties:
    RoleName: orders
    PermissionsBoundary: b
    Policies: [{{PolicyName: own, PolicyDocument: {statement("s3:*")}}}]
    ManagedPolicyArns:
      - arn:aws:iam::aws:policy/AdministratorAccess
      - !Sub arn:${{AWS::Partition}}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
      - !Ref Shared
P1: {{Type: AWS::IAM::Policy, Properties: {{PolicyName: p1, Roles: [!Ref Role], PolicyDocument: {statement("a:b")}}}}}
P2: {{Type: AWS::IAM::ManagedPolicy, Properties: {{Roles: [orders], PolicyDocument: {statement("c:d")}}}}}
P3:
  Type: AWS::IAM::RolePolicy
  Properties: {{RoleName: !Ref Role, PolicyName: p3, PolicyDocument: {statement("e:f")}}}
Shared: {{Type: AWS::IAM::ManagedPolicy, Properties: {{PolicyDocument: {statement("[g:h, i:j]")}}}}}
Other: {{Type: AWS::IAM::Policy, Properties: {{PolicyName: x, Roles: [else], PolicyDocument: {statement("k:l")}}}}}
"""


def test_a_role_has_its_policies_from_wherever_they_are_attached():
    role = deploy(ROLES).roles["Role"]
    granted = {(grant.policy, tuple(known.value for known in grant.actions)) for grant in role.grants}
    assert granted == {
        ("own", ("s3:*",)),
        ("p1", ("a:b",)),
        ("P2", ("c:d",)),
        ("p3", ("e:f",)),
        ("Shared", ("g:h", "i:j")),
    }
    assert [policy.name for policy in role.managed] == ["AdministratorAccess", "AWSLambdaBasicExecutionRole"]
    assert (role.boundary, role.grants.complete, role.managed.complete) == (True, True, True)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{Effect: Allow, Action: [a:b, c:d], Resource: [x, !GetAtt Q.Arn]}",
         [(True, ["a:b", "c:d"], ["x", Ref("Q", "Arn")], False, ())]),
        ("{Effect: Deny, Action: a:b, Resource: '*'}", [(False, ["a:b"], ["*"], False, ())]),
        ("{Effect: Allow, Action: a:b, Resource: '*', Condition: {Bool: {x: y}}}",
         [(True, ["a:b"], ["*"], True, ())]),
        ("{Effect: Allow, Action: [a:b, !If [Prod, 'c:*', !Ref AWS::NoValue]], Resource: '*'}",
         [(True, ["a:b"], ["*"], False, ()), (True, ["c:*"], ["*"], False, (("Prod", True),))]),
        ("!If [Prod, {Effect: Allow, Action: a:b, Resource: '*'}, !Ref AWS::NoValue]",
         [(True, ["a:b"], ["*"], False, (("Prod", True),))]),
        ("{Effect: Allow, Action: a:b, Resource: !Sub '${Q.Arn}/*'}",
         [(True, ["a:b"], [Pattern((Ref("Q", "Arn"), "/*"))], False, ())]),
    ],
)  # fmt: skip
def test_statements(written, expected):
    head = "Conditions: {Prod: !Equals [!Ref AWS::Region, a]}\n"
    text = f"""
Role:
  Type: AWS::IAM::Role
  Properties: {{Policies: [{{PolicyName: p, PolicyDocument: {{Statement: [{written}]}}}}]}}
Q: {{Type: AWS::SQS::Queue}}
"""
    found = [
        (g.allow, [a.value for a in g.actions], [r.value for r in g.resources], g.limited, tuple(g.when))
        for g in deploy(text, head).roles["Role"].grants
    ]
    assert found == expected


@pytest.mark.parametrize(
    "policies",
    ["ManagedPolicyArns: [!ImportValue x]", "Policies: !Ref More", "Policies: [{PolicyDocument: !ImportValue x}]"],
)
def test_a_role_with_policies_out_of_sight_is_open(policies):
    text = f"Role: {{Type: AWS::IAM::Role, Properties: {{{policies}}}}}"
    assert not deploy(text, "Parameters: {More: {Type: CommaDelimitedList}}\n").roles["Role"].grants.complete


# --- the rest --------------------------------------------------------------------------------------------------------


def test_every_resource_is_there_with_its_kind():
    found = deploy("""
B: {Type: AWS::S3::Bucket, Properties: {BucketName: orders}}
W: {Type: AWS::StepFunctions::StateMachine}
L: {Type: AWS::Lambda::LayerVersion, Properties: {Content: layer/}}
X: {Type: AWS::New::Thing}
""")
    kinds = {name: (resource.kind, plain(resource.name)) for name, resource in found.resources.items()}
    assert kinds == {
        "B": (Kind.BUCKET, "orders"),
        "W": (Kind.WORKFLOW, None),
        "L": (Kind.LAYER, None),
        "X": (Kind.OTHER, None),
    }
    assert [plain(layer.path) for layer in found.layers] == ["dir/layer"]
    assert found.gaps == ()


def test_metadata_may_suppress_rules():
    found = deploy(
        FUNCTION + "  Metadata: {slslint: {ignore: [missing-timeout, {rule: shared-role, reason: one team}]}}\n",
        "Metadata: {slslint: {ignore: open-endpoint}}\n",
    )
    ignored = [(each.rule.value, each.reason, each.whole.line, each.whole.end_line) for each in found.ignores]
    assert ignored == [
        ("open-endpoint", "", 1, 12),
        ("missing-timeout", "", 4, 12),
        ("shared-role", "one team", 4, 12),
    ]


def test_json_reads_like_yaml():
    text = b'{"Resources": {"F": {"Type": "AWS::Lambda::Function",\n\t"Properties": {"Timeout": {"Fn::Sub": "5"}}}}}'
    (function,) = read("t.json", Reader("/", ("/",), {"t.json": text}), {}).functions
    assert (function.timeout.value, function.timeout.at.line) == (5, 2)


def test_the_dialect_has_words_for_every_advice():
    fields = dict.fromkeys(("id", "seconds", "actions", "resources", "policy", "handler", "lines", "most"), "X")
    for advice in Advice:
        assert not re.search(r"\{\w*\}", CLOUDFORMATION.advise(advice, **fields))


def test_texts_are_shown_for_people():
    assert show(Pattern((Ref("Q", "Arn"), "/*"))) == "${Q.Arn}/*"
